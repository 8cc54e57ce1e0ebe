//! The page of leads that is served: the connection's type, resolved by a plan made once per request instead of a future
//! per field (a third of the time). Where there is no plan the derived type answers, with the same bytes.
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
use async_graphql::{ContextSelectionSet, Name, OutputType, Positioned, SelectionField, ServerResult, Value};
use consentry_domain::{Field as LeadsField, FieldMask};

use super::column::{self, Row};
use super::lead::LeadConnection;
use super::plan::{
    AddressPart, ConnectionPart, ConnectionPlan, EdgePart, FieldPart, LeadPart, PageInfoPart, shown_by_name,
};
use crate::graphql::connection::PageInfo;
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
            Some(plan) => Ok(connection(&self.keys, &self.pulled, plan)),
            None => LeadConnection::new(&self.keys, &self.pulled).resolve(ctx, field).await,
        }
    }
}

fn connection(keys: &Keys, pulled: &Pulled, plan: &ConnectionPlan) -> Value {
    let rows = || pulled.leads.iter().map(|lead| Row { pulled, lead });
    plan.0.fill(|part| match part {
        ConnectionPart::TypeName => text("LeadConnection"),
        ConnectionPart::Nodes(lead) => Value::List(rows().map(|row| lead.fill(|part| lead_part(row, part))).collect()),
        ConnectionPart::Edges(edge) => {
            Value::List(rows().map(|row| edge.fill(|part| edge_part(keys, row, part))).collect())
        }
        ConnectionPart::PageInfo(parts) => {
            let info = column::page_info(keys, pulled);
            parts.fill(|part| page_info_part(&info, *part))
        }
    })
}

fn edge_part(keys: &Keys, row: Row<'_>, part: &EdgePart) -> Value {
    match part {
        EdgePart::TypeName => text("LeadEdge"),
        EdgePart::Cursor => Value::String(row.pulled.cursor(keys, row.lead.id())),
        EdgePart::Node(lead) => lead.fill(|part| lead_part(row, part)),
    }
}

fn page_info_part(info: &PageInfo, part: PageInfoPart) -> Value {
    match part {
        PageInfoPart::TypeName => text("PageInfo"),
        PageInfoPart::HasNextPage => Value::Boolean(info.has_next_page),
        PageInfoPart::HasPreviousPage => Value::Boolean(info.has_previous_page),
        PageInfoPart::StartCursor => optional(info.start_cursor.clone()),
        PageInfoPart::EndCursor => optional(info.end_cursor.clone()),
    }
}

fn lead_part(row: Row<'_>, part: &LeadPart) -> Value {
    match part {
        LeadPart::TypeName => text("Lead"),
        LeadPart::Id => Value::String(column::id(row)),
        LeadPart::ContactKey => Value::String(column::contact_key(row)),
        LeadPart::Purpose => name(row.pulled.stream.in_force.purpose.as_str()),
        LeadPart::LegalBasis => name(consentry_domain::LegalBasis::Consent.as_str()),
        LeadPart::ConsentedOn => Value::String(column::consented_on(row)),
        LeadPart::OfferVersion => Value::from(row.lead.offer_version),
        LeadPart::DeleteBy => Value::String(column::delete_by(row)),
        LeadPart::Fields(field) => Value::List(
            column::fields(row)
                .map(|of| field.fill(|part| field_part(row, of, part)))
                .collect(),
        ),
        LeadPart::Text(field) => optional(row.lead.values.text(*field).map(str::to_owned)),
        LeadPart::PostalAddress(parts) => match &row.lead.values.postal_address {
            Some(address) => parts.fill(|part| match part {
                AddressPart::TypeName => text("PostalAddress"),
                AddressPart::Street => text(&address.street),
                AddressPart::PostalCode => optional(address.postal_code.clone()),
                AddressPart::City => text(&address.city),
                AddressPart::Region => optional(address.region.clone()),
                AddressPart::Country => text(&address.country),
            }),
            None => Value::Null,
        },
        LeadPart::TicketType(locale) => optional(column::ticket_type(row, locale.as_deref()).map(str::to_owned)),
        LeadPart::Attended => column::attended(row).map_or(Value::Null, Value::Boolean),
    }
}

fn field_part(row: Row<'_>, field: LeadsField, part: &FieldPart) -> Value {
    let facts = &row.pulled.stream.facts;
    match part {
        FieldPart::TypeName => text("LeadField"),
        FieldPart::Field => match field {
            LeadsField::Standard(field) => name(field.as_str()),
            LeadsField::Question(_) => Value::Null,
        },
        FieldPart::QuestionId => optional(column::question_id(row.pulled.organization, facts, field)),
        FieldPart::Label(locale) => text(column::label(facts, field, locale.as_deref())),
        FieldPart::Values(locale) => Value::List(
            labels::values(facts, &row.lead.values, field, locale.as_deref())
                .into_iter()
                .map(Value::String)
                .collect(),
        ),
    }
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn name(word: &str) -> Value {
    Value::Enum(Name::new(word))
}

fn optional(text: Option<String>) -> Value {
    text.map_or(Value::Null, Value::String)
}
