//! The values of a lead, each in one place: the derived types and the fast page answer with the same.

use consentry_domain::disclosure::Disclosed;
use consentry_domain::lead::{LeadImage, delete_by as last_day};
use consentry_domain::{Day, Field, OrganizationId};

use crate::graphql::connection::PageInfo;
use crate::graphql::ids;
use crate::platform::keys::Keys;
use crate::services::disclosure::facts::StreamFacts;
use crate::services::disclosure::labels;
use crate::services::disclosure::pull::Pulled;

/// A lead with what it was pulled with.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// What it was pulled with.
    pub pulled: &'a Pulled,
    /// The lead.
    pub lead: &'a Disclosed<LeadImage>,
}

/// Its public id.
#[must_use]
pub fn id(row: Row<'_>) -> String {
    ids::encode(row.pulled.organization, row.lead.id()).0
}

/// Its contact key as a public id.
#[must_use]
pub fn contact_key(row: Row<'_>) -> String {
    ids::encode(row.pulled.organization, row.lead.contact_key()).0
}

/// The day of the consent.
#[must_use]
pub fn consented_on(row: Row<'_>) -> Day {
    row.lead.consented_on
}

/// The last day on which it may be kept.
#[must_use]
pub fn delete_by(row: Row<'_>) -> Day {
    let stream = &row.pulled.stream;
    last_day(stream.event_ends_at.day(), row.lead.consented_on, stream.retention_days)
}

/// The fields that have a value.
pub fn fields(row: Row<'_>) -> impl Iterator<Item = Field> {
    row.lead.mask.iter()
}

/// The name of the ticket type.
#[must_use]
pub fn ticket_type<'a>(row: Row<'a>, locale: Option<&str>) -> Option<&'a str> {
    labels::ticket_type(&row.pulled.stream.facts, &row.lead.values, locale)
}

/// True or absent.
#[must_use]
pub fn attended(row: Row<'_>) -> Option<bool> {
    row.lead.values.attended.then_some(true)
}

/// The public id of a question.
#[must_use]
pub fn question_id(organization: OrganizationId, facts: &StreamFacts, field: Field) -> Option<String> {
    let Field::Question(bit) = field else { return None };
    let question = facts.questions.get(&bit)?;
    Some(ids::encode(organization, question.id).0)
}

/// What a field is called.
#[must_use]
pub fn label<'a>(facts: &'a StreamFacts, field: Field, locale: Option<&str>) -> &'a str {
    match field {
        Field::Standard(field) => labels::standard(field, locale),
        Field::Question(bit) => facts.questions.get(&bit).map_or("", |question| {
            labels::question(question, locale, &facts.event.default_locale)
        }),
    }
}

/// Where the page stands. Its end is the last row that was read for it, so that no lead is passed over where one dropped
/// out.
#[must_use]
pub fn page_info(keys: &Keys, pulled: &Pulled) -> PageInfo {
    PageInfo {
        has_next_page: pulled.has_next_page,
        has_previous_page: pulled.has_previous_page,
        start_cursor: pulled.leads.first().map(|lead| pulled.cursor(keys, lead)),
        end_cursor: pulled.last.as_deref().map(|place| pulled.cursor_at(keys, place)),
    }
}
