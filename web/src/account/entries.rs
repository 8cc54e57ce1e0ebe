//! What is known of somebody at a place, in words: what they typed, and what a partner would be sent of it.

use super::documents::my_place::{
    MyPlaceNodeOnRegistrationAnswers as Answer, MyPlaceNodeOnRegistrationConsents as Consent,
    MyPlaceNodeOnRegistrationTicketTypeQuestions as Question,
};
use super::place::Place;
use crate::fields::key_of;
use crate::frame::{Frame, name_of};

/// What is known of the attendee, as they typed it.
pub(super) fn facts(frame: &Frame, place: &Place) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut fact = |key: &str, value: &Option<String>| {
        let value = value.as_ref().filter(|value| !value.is_empty());
        facts.extend(value.map(|value| (frame.say(key), value.clone())));
    };
    fact("your-name", &place.full_name);
    fact("your-email", &place.email);
    fact("new-email", &place.new_email);
    fact("extra-given", &place.given_name);
    fact("extra-family", &place.family_name);
    fact("extra-company", &place.company);
    fact("extra-job", &place.job_title);
    fact("extra-phone", &place.phone);
    fact("extra-city", &place.city);
    fact("field-postal-address", &address(place));
    let country = place.country.as_deref().map(|code| frame.country(code).to_owned());
    fact("country", &country);
    fact("extra-profile", &place.social_profile);
    fact("date-of-birth", &place.date_of_birth);
    for answer in &place.answers {
        let question = question(place, &answer.question_id);
        facts.extend(question.map(|question| (question.label.clone(), said(frame, question, answer))));
    }
    facts
}

/// What a partner is sent of an offered field, or would be; none where there is nothing yet. `key` is what stands for the
/// field in a form.
pub(super) fn value(frame: &Frame, place: &Place, consent: &Consent, key: &str) -> Option<String> {
    if key == "ATTENDANCE" {
        return Some(frame.say("attendance-value"));
    }
    let mut sent = consent.preview.iter();
    let sent = sent.find(|sent| key_of(sent.field.as_ref(), sent.question_id.as_ref()) == key);
    let value = match sent {
        Some(sent) => {
            let is_yes_no = question(place, key).is_none_or(|question| name_of(&question.kind) == "YES_NO");
            let word = |value: &String| if is_yes_no { worded(frame, value) } else { value.clone() };
            Some(sent.values.iter().map(word).collect::<Vec<_>>().join(", "))
        }
        // It is not given: what is known of it.
        None => known(frame, place, key),
    };
    value.filter(|value| !value.is_empty())
}

fn known(frame: &Frame, place: &Place, key: &str) -> Option<String> {
    match key {
        "FULL_NAME" => place.full_name.clone(),
        "GIVEN_NAME" => place.given_name.clone(),
        "FAMILY_NAME" => place.family_name.clone(),
        "JOB_TITLE" => place.job_title.clone(),
        "COMPANY" => place.company.clone(),
        "EMAIL" => place.email.clone(),
        "PHONE" => place.phone.clone(),
        "CITY" => place.city.clone(),
        "COUNTRY" => place.country.clone(),
        "SOCIAL_PROFILE" => place.social_profile.clone(),
        "TICKET_TYPE" => Some(place.ticket_type.name.clone()),
        "POSTAL_ADDRESS" => address(place),
        id => {
            let answer = place.answers.iter().find(|answer| answer.question_id == id)?;
            Some(said(frame, question(place, id)?, answer))
        }
    }
}

/// The postal address in a line.
fn address(place: &Place) -> Option<String> {
    let address = place.postal_address.as_ref()?;
    let code = address.postal_code.as_deref().unwrap_or_default();
    let town = format!("{code} {}", address.city);
    let lines = address.street.lines().chain([town.as_str()]);
    let lines = lines.chain(address.region.as_deref()).chain([address.country.as_str()]);
    let lines: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
    Some(lines.join(", "))
}

fn question<'a>(place: &'a Place, id: &str) -> Option<&'a Question> {
    place.ticket_type.questions.iter().find(|question| question.id == id)
}

/// An answer in words.
fn said(frame: &Frame, question: &Question, answer: &Answer) -> String {
    let chosen = answer.choice_ids.iter().filter_map(|id| {
        let choice = question.choices.iter().find(|choice| choice.id == *id);
        choice.map(|choice| choice.label.clone())
    });
    match &answer.value {
        Some(value) if name_of(&question.kind) == "YES_NO" => worded(frame, value),
        Some(value) => value.clone(),
        None => chosen.collect::<Vec<_>>().join(", "),
    }
}

/// Yes and no as the page's language has them.
fn worded(frame: &Frame, value: &str) -> String {
    match value {
        "true" => frame.say("yes"),
        "false" => frame.say("no"),
        other => other.to_owned(),
    }
}
