//! `/me/registrations/<id>`: one place: where it stands, what it is good for, who may know what of it, giving it up.

use askama::Template;
use poem::Response;

use super::cards::{self, Card};
use super::documents::{CancelMyPlace, MyPlace, cancel_my_place, my_place};
use super::{entries, sharing};
use crate::ask::{Ask, see_other};
use crate::fields::{Problem, said_of};
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
    /// Whether there is anything that can be taken back.
    is_held: bool,
    /// Asked once it matters, and kept from then on.
    age: Option<Age<'a>>,
    /// What is shown at the door, as a picture; for places at a venue that are confirmed.
    door: Option<Code>,
    /// Whether it was not given up: then it can be, and be corrected.
    is_alive: bool,
}

/// Whether one is old enough, as it was said, and what is wrong with that.
struct Age<'a> {
    said: &'a str,
    guardian_name: &'a str,
    guardian_email: &'a str,
    error: Option<&'a str>,
    guardian_error: Option<&'a str>,
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
        return show(ask, &place, None, &[]);
    };
    if !ask.is_genuine() {
        let again = Problem::new("", ask.language.say("press-again"));
        // A tick that gives may be another site's.
        let mut kept = form.clone();
        kept.drop_where(|name| name.starts_with("with."));
        return show(ask, &place, Some(&kept), &[again]);
    }
    let done = act(ask, &place, form).await?;
    match done {
        Ok(what) => Ok(see_other(&format!("{}?done={what}", ask.path()))),
        // Read anew: what stands there now is what it is about. What was left out or ticked stays so.
        Err(problems) => show(ask, &find(ask).await?, Some(form), &problems),
    }
}

/// What was done, or what is to be looked at.
async fn act(ask: &Ask, place: &Place, form: &Form) -> Result<sharing::Done, Trouble> {
    for button in sharing::BUTTONS {
        if let Some(offer) = form.filled(button) {
            return sharing::press(ask, place, form, button, &offer).await;
        }
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

fn show(ask: &Ask, place: &Place, form: Option<&Form>, problems: &[Problem]) -> Result<Response, Trouble> {
    let mut frame = ask.frame(place.event.title.clone());
    let pressed = form.and_then(|form| sharing::BUTTONS.iter().find_map(|button| form.filled(button)));
    let wished = pressed.or_else(|| ask.query("partner"));
    let cards = cards::cards(&cards::Shown {
        frame: &frame,
        place,
        form,
        wished: wished.as_deref(),
    });
    if !cards.is_empty() {
        // The Enter key decides nothing, and another language keeps what is ticked.
        frame.form = Some("decide");
        frame.enter = Some("look");
    }
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
        facts: entries::facts(&frame, place),
        note: note.filter(|_| problems.is_empty()).map(|key| frame.say(key)),
        problems,
        door: (name_of(&place.status) == "CONFIRMED" && name_of(&place.event.kind) == "CONFERENCE")
            .then(|| code(&place.check_in_code))
            .flatten(),
        shares_with: i64::try_from(shares_with).unwrap_or(i64::MAX),
        is_held: cards.iter().any(Card::is_held),
        cards,
        age: age(form, problems),
        is_alive: matches!(name_of(&place.status).as_str(), "CONFIRMED" | "PENDING"),
        place,
        frame,
    };
    Ok(ask.form_page(problems.is_empty(), &page))
}

/// What is asked about one's age, if it has to be known or was asked before.
fn age<'a>(form: Option<&'a Form>, problems: &'a [Problem]) -> Option<Age<'a>> {
    let text = |name| form.map_or("", |form| form.text(name));
    let (error, guardian_error) = (said_of(problems, "age"), said_of(problems, "guardian.email"));
    let was_asked = form.is_some_and(|form| form.has("guardian.email"));
    (was_asked || error.is_some() || guardian_error.is_some()).then(|| Age {
        said: text("age"),
        guardian_name: text("guardian.name"),
        guardian_email: text("guardian.email"),
        error,
        guardian_error,
    })
}

/// The colour of a status; its word says the same.
pub(crate) fn tone(status: &impl serde::Serialize) -> &'static str {
    match name_of(status).as_str() {
        "CONFIRMED" => "good",
        "PENDING" => "warn",
        _ => "",
    }
}
