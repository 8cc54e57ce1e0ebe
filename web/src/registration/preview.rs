//! What a partner would receive, in the attendee's own values.

use super::document::{Event, OfferedField};
use super::draft::Draft;
use crate::frame::{Frame, name_of};

/// What would be sent of a field, from what was typed; none where nothing was.
pub(super) fn value(frame: &Frame, event: &Event, draft: &Draft, field: &OfferedField) -> Option<String> {
    let typed = |name: &str| draft.form.filled(&Draft::field(0, name));
    let (name, email) = draft.person(0);
    let ticket = *draft.places(event).first()?;
    let Some(field_name) = field.field.as_ref().map(name_of) else {
        let question = ticket
            .questions
            .iter()
            .find(|question| Some(&question.id) == field.question_id.as_ref())?;
        let answer = draft.answer(0, question).into_iter().map(|value| match value.as_str() {
            "true" => frame.say("yes"),
            "false" => frame.say("no"),
            _ => value,
        });
        return Some(answer.collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty());
    };
    match field_name.as_str() {
        "FULL_NAME" => Some(name).filter(|name| !name.is_empty()),
        "EMAIL" => Some(email).filter(|email| !email.is_empty()),
        "GIVEN_NAME" => typed("given"),
        "FAMILY_NAME" => typed("family"),
        "PHONE" => typed("phone"),
        "COMPANY" => typed("company"),
        "JOB_TITLE" => typed("job"),
        "CITY" => typed("city"),
        "COUNTRY" => typed("country"),
        "SOCIAL_PROFILE" => typed("profile"),
        "POSTAL_ADDRESS" => {
            let parts: Vec<String> = ["street", "code", "city", "country"]
                .into_iter()
                .filter_map(typed)
                .collect();
            Some(parts.join(", ")).filter(|_| typed("street").is_some())
        }
        "TICKET_TYPE" => Some(ticket.name.clone()),
        "ATTENDANCE" => Some(frame.say("attendance-value")),
        _ => None,
    }
}
