//! Leads, as their partner sees them. A [`Lead`] can be made only from what a pull hands out, and a pull hands out only
//! what the disclosure rule lets through.
//!
//! These are the derived types: they give the schema its shape and answer whatever [`plan`](super::plan) does not. Both
//! take every value from [`column`](super::column).
//!
//! What a pull handed out makes leads:
//! ```no_run
//! # use {consentry::{graphql::partner::Lead, services::disclosure::pull::Pulled}, std::sync::Arc};
//! fn leads(pulled: &Arc<Pulled>) -> Vec<Lead> {
//!     Lead::all(pulled)
//! }
//! ```
//! A row of the table of leads makes none, nor does a registration, and neither can be put into what was handed out:
//! ```compile_fail,E0308
//! # use {consentry::{graphql::partner::Lead, services::disclosure::pull::Pulled}, std::sync::Arc};
//! fn leads(rows: &Arc<consentry_entity::lead::Model>) -> Vec<Lead> {
//!     Lead::all(rows)
//! }
//! ```
//! ```compile_fail,E0308
//! # use {consentry::{graphql::partner::Lead, services::disclosure::pull::Pulled}, std::sync::Arc};
//! fn leads(rows: &Arc<consentry_entity::registration::Model>) -> Vec<Lead> {
//!     Lead::all(rows)
//! }
//! ```
//! ```compile_fail,E0308
//! # use {consentry::{graphql::partner::Lead, services::disclosure::pull::Pulled}, std::sync::Arc};
//! fn smuggle(pulled: &mut Pulled, row: consentry_entity::lead::Model) {
//!     pulled.leads.push(row);
//! }
//! ```

use std::sync::Arc;

use async_graphql::{ID, Object, SimpleObject};
use consentry_domain::{Field, FieldMask, LeadValues, OrganizationId};

use super::column::{self, Row};
use crate::graphql::connection::PageInfo;
use crate::graphql::public::PostalAddress;
use crate::graphql::scalars::{Date, Locale};
use crate::graphql::vocabulary::{AttendeeField, LegalBasis, Purpose};
use crate::platform::keys::Keys;
use crate::services::disclosure::facts::StreamFacts;
use crate::services::disclosure::labels;
use crate::services::disclosure::pull::Pulled;

/// One attendee who granted you something for one purpose, at this moment.
#[derive(Clone)]
pub struct Lead {
    pulled: Arc<Pulled>,
    number: usize,
}

impl Lead {
    /// The leads that were handed out.
    #[must_use]
    pub fn all(pulled: &Arc<Pulled>) -> Vec<Self> {
        (0..pulled.leads.len())
            .map(|number| Self {
                pulled: Arc::clone(pulled),
                number,
            })
            .collect()
    }

    fn row(&self) -> Row<'_> {
        Row {
            pulled: &self.pulled,
            lead: &self.pulled.leads[self.number],
        }
    }
}

/// One attendee who granted you something for one purpose, at this moment.
#[Object]
impl Lead {
    /// Random, and yours alone: another partner, or another purpose, sees another id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ID(column::id(self.row()))
    }
    /// Random, the same for all purposes of yours at this event.
    async fn contact_key(&self) -> ID {
        ID(column::contact_key(self.row()))
    }
    /// What it was granted for.
    async fn purpose(&self) -> Purpose {
        self.pulled.stream.in_force.purpose.into()
    }
    /// On what ground in law.
    async fn legal_basis(&self) -> LegalBasis {
        LegalBasis::Consent
    }
    /// The day (UTC) on which it was granted.
    async fn consented_on(&self) -> Date {
        column::consented_on(self.row()).into()
    }
    /// The version of your offer that was consented to: its text is the one that was shown.
    async fn consented_version(&self) -> i32 {
        self.row().lead.consented_version
    }
    /// The version of your offer that is in force, which that consent covers.
    async fn offer_version(&self) -> i32 {
        self.row().lead.offer_version
    }
    /// The last day on which you may keep it: the later of the event's end and the consent, plus your offer's retention.
    async fn delete_by(&self) -> Date {
        column::delete_by(self.row()).into()
    }
    /// What is disclosed, and nothing else: a field that is not leaves no trace.
    async fn fields(&self) -> Vec<LeadField> {
        column::fields(self.row())
            .map(|field| LeadField {
                source: Source::Lead(self.clone()),
                field,
            })
            .collect()
    }
    /// Whole name.
    async fn full_name(&self) -> Option<&str> {
        self.row().lead.values.full_name.as_deref()
    }
    /// Given name.
    async fn given_name(&self) -> Option<&str> {
        self.row().lead.values.given_name.as_deref()
    }
    /// Family name.
    async fn family_name(&self) -> Option<&str> {
        self.row().lead.values.family_name.as_deref()
    }
    /// Mail address.
    async fn email(&self) -> Option<&str> {
        self.row().lead.values.email.as_deref()
    }
    /// Telephone number.
    async fn phone(&self) -> Option<&str> {
        self.row().lead.values.phone.as_deref()
    }
    /// Company.
    async fn company(&self) -> Option<&str> {
        self.row().lead.values.company.as_deref()
    }
    /// Job title.
    async fn job_title(&self) -> Option<&str> {
        self.row().lead.values.job_title.as_deref()
    }
    /// Town.
    async fn city(&self) -> Option<&str> {
        self.row().lead.values.city.as_deref()
    }
    /// Country, ISO 3166-1 alpha-2.
    async fn country(&self) -> Option<&str> {
        self.row().lead.values.country.as_deref()
    }
    /// Postal address.
    async fn postal_address(&self) -> Option<PostalAddress> {
        self.row()
            .lead
            .values
            .postal_address
            .as_ref()
            .cloned()
            .map(PostalAddress::from)
    }
    /// Address of a profile.
    async fn social_profile(&self) -> Option<&str> {
        self.row().lead.values.social_profile.as_deref()
    }
    /// The name of the ticket type, in the wished language where there is one.
    async fn ticket_type(&self, locale: Option<Locale>) -> Option<&str> {
        column::ticket_type(self.row(), wished(locale.as_ref()))
    }
    /// True, or absent: that somebody was not there is never said.
    async fn attended(&self) -> Option<bool> {
        column::attended(self.row())
    }
}

/// One field of a lead, or of what a lead would show of oneself.
pub struct LeadField {
    source: Source,
    field: Field,
}

/// Where a field's value comes from.
enum Source {
    /// From a lead that was handed out.
    Lead(Lead),
    /// From one's own registration, for oneself.
    Own {
        organization: OrganizationId,
        facts: Arc<StreamFacts>,
        values: Arc<LeadValues>,
    },
}

impl Source {
    fn organization(&self) -> OrganizationId {
        match self {
            Self::Lead(lead) => lead.pulled.organization,
            Self::Own { organization, .. } => *organization,
        }
    }

    fn facts(&self) -> &StreamFacts {
        match self {
            Self::Lead(lead) => &lead.pulled.stream.facts,
            Self::Own { facts, .. } => facts,
        }
    }

    fn values(&self) -> &LeadValues {
        match self {
            Self::Lead(lead) => &lead.row().lead.values,
            Self::Own { values, .. } => values,
        }
    }
}

impl LeadField {
    /// What a lead of these fields would show, in one's own values: only fields that have one.
    #[must_use]
    pub fn preview(
        organization: OrganizationId,
        facts: &Arc<StreamFacts>,
        values: &Arc<LeadValues>,
        fields: FieldMask,
    ) -> Vec<Self> {
        let own = || Source::Own {
            organization,
            facts: Arc::clone(facts),
            values: Arc::clone(values),
        };
        let shown = fields.intersect(values.mask_of_present());
        shown.iter().map(|field| Self { source: own(), field }).collect()
    }
}

/// One field of a lead, or of what a lead would show of oneself.
#[Object]
impl LeadField {
    /// The standard field; absent for a question.
    async fn field(&self) -> Option<AttendeeField> {
        match self.field {
            Field::Standard(field) => Some(field.into()),
            Field::Question(_) => None,
        }
    }
    /// The question; absent for a standard field.
    async fn question_id(&self) -> Option<ID> {
        column::question_id(self.source.organization(), self.source.facts(), self.field).map(ID)
    }
    /// What it is called, in the wished language where there is one.
    async fn label(&self, locale: Option<Locale>) -> String {
        column::label(self.source.facts(), self.field, wished(locale.as_ref())).to_owned()
    }
    /// What it holds: one text, or one for each choice or line of an address.
    async fn values(&self, locale: Option<Locale>) -> Vec<String> {
        labels::values(
            self.source.facts(),
            self.source.values(),
            self.field,
            wished(locale.as_ref()),
        )
    }
}

fn wished(locale: Option<&Locale>) -> Option<&str> {
    locale.map(|locale| locale.0.as_str())
}

/// A lead with its place.
#[derive(SimpleObject)]
pub struct LeadEdge {
    /// The place, to go on after.
    pub cursor: String,
    /// The lead.
    pub node: Lead,
}

/// A page of leads, in the order that was asked for.
#[derive(SimpleObject)]
pub struct LeadConnection {
    /// The leads with their places.
    pub edges: Vec<LeadEdge>,
    /// The leads.
    pub nodes: Vec<Lead>,
    /// Where the page stands. A short page, or an empty one, can have a next page.
    pub page_info: PageInfo,
}

impl LeadConnection {
    /// From what a pull handed out.
    #[must_use]
    pub fn new(keys: &Keys, pulled: &Arc<Pulled>) -> Self {
        let nodes = Lead::all(pulled);
        let edges = nodes.iter().map(|lead| LeadEdge {
            cursor: pulled.cursor(keys, lead.row().lead),
            node: lead.clone(),
        });
        Self {
            edges: edges.collect(),
            page_info: column::page_info(keys, pulled),
            nodes,
        }
    }
}
