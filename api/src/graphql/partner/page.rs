//! The page of leads that is served: the connection's type, written as JSON by a plan made once per request instead of a
//! future per field (a tenth of the time). Where there is no plan the derived type answers, with the same bytes.
//!
//! It writes what a pull handed out:
//! ```no_run
//! # use {consentry::{graphql::partner::LeadPage, platform::keys::Keys, services::disclosure::pull::Pulled}, std::sync::Arc};
//! let page: fn(Arc<Keys>, Pulled, _) -> LeadPage = LeadPage::new;
//! ```
//! and neither rows of the table of leads nor registrations:
//! ```compile_fail,E0308
//! # use {consentry::{graphql::partner::LeadPage, platform::keys::Keys, services::disclosure::pull::Pulled}, std::sync::Arc};
//! let page: fn(Arc<Keys>, Vec<consentry_entity::lead::Model>, _) -> LeadPage = LeadPage::new;
//! ```
//! ```compile_fail,E0308
//! # use {consentry::{graphql::partner::LeadPage, platform::keys::Keys, services::disclosure::pull::Pulled}, std::sync::Arc};
//! let page: fn(Arc<Keys>, Vec<consentry_entity::registration::Model>, _) -> LeadPage = LeadPage::new;
//! ```

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, SelectionField, ServerResult, Value};
use consentry_domain::{Field as LeadsField, FieldMask};

use super::column::{self, Row};
use super::lead::LeadConnection;
use super::plan::{AddressPart, ConnectionPart, ConnectionPlan, EdgePart, FieldPart, LeadPart, shown_by_name};
use crate::graphql::ids;
use crate::graphql::json::{self, JsonPages};
use crate::graphql::selection::Selection;
use crate::platform::keys::Keys;
use crate::services::disclosure::labels;
use crate::services::disclosure::pull::Pulled;

/// What a document selects of a page: looked at before the pull, because only that is handed out.
pub struct Selected {
    plan: Option<ConnectionPlan>,
    fields: FieldMask,
}

impl Selected {
    /// Of the field that answers with the page.
    #[must_use]
    pub fn of(field: SelectionField<'_>) -> Self {
        let plan = ConnectionPlan::of(field);
        let fields = match &plan {
            Some(plan) => plan.selected(),
            None => shown(field),
        };
        Self { plan, fields }
    }

    /// The fields of leads that are shown.
    #[must_use]
    pub fn fields(&self) -> FieldMask {
        self.fields
    }

    /// Whether a plan could be made.
    #[cfg(test)]
    pub(super) fn has_plan(&self) -> bool {
        self.plan.is_some()
    }
}

/// What is shown where no plan can be made.
pub(super) fn shown(field: SelectionField<'_>) -> FieldMask {
    let leads = |parent: SelectionField<'_>| {
        parent
            .selection_set()
            .fold(FieldMask::EMPTY, |mask, field| mask.union(shown_by_name(field.name())))
    };
    let part = |part: SelectionField<'_>| match part.name() {
        "nodes" => leads(part),
        "edges" => part
            .selection_set()
            .filter(|field| field.name() == "node")
            .fold(FieldMask::EMPTY, |mask, node| mask.union(leads(node))),
        _ => FieldMask::EMPTY,
    };
    field
        .selection_set()
        .fold(FieldMask::EMPTY, |mask, field| mask.union(part(field)))
}

/// A page of leads.
pub struct LeadPage {
    pulled: Arc<Pulled>,
    keys: Arc<Keys>,
    plan: Option<ConnectionPlan>,
}

impl LeadPage {
    /// What a pull handed out, to be shown as it was selected.
    #[must_use]
    pub fn new(keys: Arc<Keys>, pulled: Pulled, selected: Selected) -> Self {
        Self {
            pulled: Arc::new(pulled),
            keys,
            plan: selected.plan,
        }
    }
}

impl OutputType for LeadPage {
    fn type_name() -> Cow<'static, str> {
        LeadConnection::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        LeadConnection::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match &self.plan {
            Some(plan) if ctx.data_opt::<JsonPages>().is_some() => {
                Ok(json::value(connection(&self.keys, &self.pulled, plan)))
            }
            _ => LeadConnection::new(&self.keys, &self.pulled).resolve(ctx, field).await,
        }
    }
}

fn connection(keys: &Keys, pulled: &Pulled, plan: &ConnectionPlan) -> Vec<u8> {
    let rows = || pulled.leads.iter().map(|lead| Row { pulled, lead });
    let mut out = Vec::with_capacity(512 * (1 + pulled.leads.len()));
    plan.0.write(&mut out, |out, part| match part {
        ConnectionPart::TypeName => json::name(out, "LeadConnection"),
        ConnectionPart::Nodes(parts) => json::list(out, rows(), |out, row| lead(out, row, parts)),
        ConnectionPart::Edges(edge) => json::list(out, rows(), |out, row| {
            edge.write(out, |out, part| match part {
                EdgePart::TypeName => json::name(out, "LeadEdge"),
                EdgePart::Cursor => json::text(out, &row.pulled.cursor(keys, row.lead)),
                EdgePart::Node(parts) => lead(out, row, parts),
            });
        }),
        ConnectionPart::PageInfo(parts) => {
            let info = column::page_info(keys, pulled);
            parts.write(out, |out, part| part.write(out, &info));
        }
    });
    out
}

fn lead(out: &mut Vec<u8>, row: Row<'_>, parts: &Selection<LeadPart>) {
    let organization = row.pulled.organization;
    parts.write(out, |out, part| match part {
        LeadPart::TypeName => json::name(out, "Lead"),
        LeadPart::Id => ids::write(out, organization, row.lead.id()),
        LeadPart::ContactKey => ids::write(out, organization, row.lead.contact_key()),
        LeadPart::Purpose => json::name(out, row.pulled.stream.in_force.purpose.as_str()),
        LeadPart::LegalBasis => json::name(out, consentry_domain::LegalBasis::Consent.as_str()),
        LeadPart::ConsentedOn => json::printed(out, column::consented_on(row)),
        LeadPart::ConsentedVersion => json::integer(out, row.lead.consented_version.into()),
        LeadPart::OfferVersion => json::integer(out, row.lead.offer_version.into()),
        LeadPart::DeleteBy => json::printed(out, column::delete_by(row)),
        LeadPart::Fields(parts) => json::list(out, column::fields(row), |out, field| field_of(out, row, field, parts)),
        LeadPart::Text(field) => json::optional(out, row.lead.values.text(*field)),
        LeadPart::PostalAddress(parts) => match &row.lead.values.postal_address {
            Some(address) => parts.write(out, |out, part| match part {
                AddressPart::TypeName => json::name(out, "PostalAddress"),
                AddressPart::Street => json::text(out, &address.street),
                AddressPart::PostalCode => json::optional(out, address.postal_code.as_deref()),
                AddressPart::City => json::text(out, &address.city),
                AddressPart::Region => json::optional(out, address.region.as_deref()),
                AddressPart::Country => json::text(out, &address.country),
            }),
            None => json::null(out),
        },
        LeadPart::TicketType(locale) => json::optional(out, column::ticket_type(row, locale.as_deref())),
        LeadPart::Attended => match column::attended(row) {
            Some(attended) => json::truth(out, attended),
            None => json::null(out),
        },
    });
}

fn field_of(out: &mut Vec<u8>, row: Row<'_>, field: LeadsField, parts: &Selection<FieldPart>) {
    let facts = &row.pulled.stream.facts;
    parts.write(out, |out, part| match part {
        FieldPart::TypeName => json::name(out, "LeadField"),
        FieldPart::Field => match field {
            LeadsField::Standard(field) => json::name(out, field.as_str()),
            LeadsField::Question(_) => json::null(out),
        },
        FieldPart::QuestionId => {
            json::optional(
                out,
                column::question_id(row.pulled.organization, facts, field).as_deref(),
            );
        }
        FieldPart::Label(locale) => json::text(out, column::label(facts, field, locale.as_deref())),
        FieldPart::Values(locale) => {
            let values = labels::values(facts, &row.lead.values, field, locale.as_deref());
            json::list(out, values, |out, value| json::text(out, &value));
        }
    });
}
