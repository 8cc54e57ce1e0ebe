//! The event that is edited, and where what it lacks is mended.

use super::super::{Part, Place};
use super::documents::{EditedEvent, edited_event as of};
use crate::ask::Ask;
use crate::form::Form;
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

/// Puts a text into a form, in the languages in which it was written; `main` is the event's main language.
pub(super) fn keep(form: &mut Form, name: &str, main: &str, (english, german): (&str, &str)) {
    let (english, german) = in_both(main, english, german);
    form.set(&format!("{name}.en"), english);
    form.set(&format!("{name}.de"), german);
}

/// A text in English and in German. The API answers with the main language where one has no text of its own, so what is
/// the same in both was written in that one alone.
fn in_both<'a>(main: &str, english: &'a str, german: &'a str) -> (&'a str, &'a str) {
    match main {
        _ if english != german => (english, german),
        "de" => ("", german),
        _ => (english, ""),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_the_same_in_both_languages_is_in_the_main_one_alone() {
        assert_eq!(in_both("en", "Day", "Tag"), ("Day", "Tag"));
        assert_eq!(in_both("en", "Day", "Day"), ("Day", ""));
        assert_eq!(in_both("de", "Tag", "Tag"), ("", "Tag"));
    }
}
