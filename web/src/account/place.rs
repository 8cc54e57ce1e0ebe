//! `/me/registrations/<id>`: one place: where it stands, what it is good for, who may know what of it, giving it up.

use askama::Template;
use poem::Response;

use super::documents::{CancelMyPlace, MyPlace, cancel_my_place, my_place};
use super::sharing::{self, Card};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::links::{Code, code};
use crate::trouble::Trouble;
use my_place::MyPlaceNode as Node;
pub(super) use my_place::MyPlaceNodeOnRegistration as Place;

#[derive(Template)]
#[template(path = "account/place.html")]
struct Shown<'a> {
    frame: Frame,
    token: String,
    place: &'a Place,
    status: String,
    tone: &'static str,
    waits_for: Vec<String>,
    when: String,
    facts: Vec<(String, String)>,
    note: Option<String>,
    problems: &'a [Problem],
    cards: Vec<Card<'a>>,
    shares_with: i64,
    /// What is shown at the door, as a picture; for places at a venue that are confirmed.
    door: Option<Code>,
    /// Whether it can be given up.
    can_be_cancelled: bool,
}

/// One's own place of this address; nothing else has an address here.
pub(super) async fn find(ask: &Ask) -> Result<Place, Trouble> {
    let variables = my_place::Variables {
        id: ask.param("id").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    match ask.visitor.ask::<MyPlace>(variables).await?.node {
        Some(Node::Registration(place)) => Ok(place),
        _ => Err(Trouble::NotFound),
    }
}

/// Shows it, or does what its buttons say.
pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let place = find(ask).await?;
    let Some(form) = ask.form() else {
        return show(ask, &place, &[]);
    };
    if !ask.is_genuine() {
        let again = Problem::new("", ask.language.say("press-again"));
        return show(ask, &place, &[again]);
    }
    let done = act(ask, &place, form).await?;
    match done {
        Ok(what) => Ok(see_other(&format!("{}?done={what}", ask.path()))),
        // Read anew: what stands there now is what it is about.
        Err(problems) => show(ask, &find(ask).await?, &problems),
    }
}

/// What was done, or what is to be looked at.
async fn act(ask: &Ask, place: &Place, form: &Form) -> Result<Result<&'static str, Vec<Problem>>, Trouble> {
    if let Some(offer) = form.filled("share") {
        return sharing::share(ask, place, form, &offer).await;
    }
    if let Some(offer) = form.filled("refuse") {
        return sharing::refuse(ask, place, form, &offer).await;
    }
    if let Some(offer) = form.filled("withdraw") {
        return sharing::withdraw(ask, place, &offer).await;
    }
    if form.has("withdraw-all") {
        return sharing::withdraw_all(ask, place).await;
    }
    if form.has("cancel") {
        let variables = cancel_my_place::Variables { id: place.id.clone() };
        let payload = ask.visitor.ask::<CancelMyPlace>(variables).await?;
        let payload = payload.cancel_registration.ok_or(Trouble::Ours)?;
        let errors = payload.user_errors.into_iter();
        let problems: Vec<Problem> = errors.map(|error| Problem::new("", error.message)).collect();
        return Ok(if problems.is_empty() {
            Ok("cancelled")
        } else {
            Err(problems)
        });
    }
    Ok(Err(Vec::new()))
}

fn show(ask: &Ask, place: &Place, problems: &[Problem]) -> Result<Response, Trouble> {
    let frame = ask.frame(place.event.title.clone());
    let pressed = ask.form().and_then(|form| form.filled("share"));
    let wished = pressed.or_else(|| ask.query("partner"));
    let cards = sharing::cards(&frame, place, wished.as_deref());
    let shares_with = cards.iter().filter(|card| card.is_shared()).count();
    let note = match ask.query("done").as_deref() {
        Some("saved") => Some("place-saved"),
        Some("mailed") => Some("place-mailed"),
        Some("shared") => Some("place-shared"),
        Some("refused") => Some("place-refused"),
        Some("withdrawn") => Some("place-withdrawn"),
        Some("cancelled") => Some("place-cancelled"),
        _ => None,
    };
    let page = Shown {
        token: ask.token(),
        status: frame.of("registration-status", &place.status),
        tone: tone(&place.status),
        waits_for: place
            .pending_for
            .iter()
            .map(|what| frame.of("waits-for", what))
            .collect(),
        when: frame.span(&place.event.starts_at, &place.event.ends_at, &place.event.time_zone),
        facts: facts(&frame, place),
        note: note.filter(|_| problems.is_empty()).map(|key| frame.say(key)),
        problems,
        door: (name_of(&place.status) == "CONFIRMED" && name_of(&place.event.kind) == "CONFERENCE")
            .then(|| code(&place.check_in_code))
            .flatten(),
        shares_with: i64::try_from(shares_with).unwrap_or(i64::MAX),
        cards,
        can_be_cancelled: matches!(name_of(&place.status).as_str(), "CONFIRMED" | "PENDING"),
        place,
        frame,
    };
    Ok(ask.form_page(problems.is_empty(), &page))
}

/// What is known of the attendee, as they typed it.
fn facts(frame: &Frame, place: &Place) -> Vec<(String, String)> {
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
    let country = place.country.as_deref().map(|code| frame.country(code).to_owned());
    fact("country", &country);
    fact("extra-profile", &place.social_profile);
    fact("date-of-birth", &place.date_of_birth);
    for answer in &place.answers {
        let question = place
            .ticket_type
            .questions
            .iter()
            .find(|question| question.id == answer.question_id);
        let Some(question) = question else {
            continue;
        };
        let chosen = answer.choice_ids.iter().filter_map(|id| {
            let choice = question.choices.iter().find(|choice| choice.id == *id);
            choice.map(|choice| choice.label.clone())
        });
        let said = match answer.value.as_deref() {
            Some("true") if name_of(&question.kind) == "YES_NO" => frame.say("yes"),
            Some("false") if name_of(&question.kind) == "YES_NO" => frame.say("no"),
            Some(value) => value.to_owned(),
            None => chosen.collect::<Vec<_>>().join(", "),
        };
        facts.push((question.label.clone(), said));
    }
    facts
}

/// The colour of a status; its word says the same.
pub(crate) fn tone(status: &impl serde::Serialize) -> &'static str {
    match name_of(status).as_str() {
        "CONFIRMED" => "good",
        "PENDING" => "warn",
        _ => "",
    }
}
