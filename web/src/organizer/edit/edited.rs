//! The event that is edited, and where what it lacks is mended.

use super::super::{Part, Place};
use super::documents::{EditedEvent, edited_event as of};
use crate::ask::Ask;
use crate::trouble::Trouble;

pub(super) type Event = of::EditedEventOrganizationEvent;
pub(super) type Ticket = of::EditedEventOrganizationEventTicketTypes;
pub(super) type Quota = of::EditedEventOrganizationEventQuotas;
pub(super) type Document = of::EditedEventOrganizationEventEventDocuments;

/// Finds it; not there for whoever may not change it.
pub(super) async fn find(ask: &Ask) -> Result<(Event, Place), Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<EditedEvent>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let place = Place::find(
        ask,
        &organization.organization.name,
        (&event.id, &event.event.title),
        Part::Edit,
    )
    .await?;
    Ok((event, place))
}

/// The page where it is mended, below the event's.
pub(in crate::organizer) fn mended_at(code: &str) -> Option<&'static str> {
    match code {
        "TICKET_TYPE" => Some("/tickets/new"),
        "VENUE" | "JOIN_URL" => Some("/setup"),
        "TERMS" => Some("/setup/documents/terms"),
        "PRIVACY_NOTICE" => Some("/setup/documents/privacy-notice"),
        "QUESTION_PURPOSE" | "QUESTION_RETENTION" => Some("/questions"),
        "PARTNER_NOTICE" => Some("/partners"),
        _ => None,
    }
}
