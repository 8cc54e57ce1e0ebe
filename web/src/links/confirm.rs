//! `/confirm/<secret>`: that a mailbox is somebody's own. It grants nothing by itself: what was ticked before is asked
//! again, because somebody else may have typed the address and ticked the boxes. Whatever else is undecided is asked beside
//! it: for whoever was registered by somebody else, this is where they decide.

use fluent_bundle::FluentValue;
use poem::http::StatusCode;

use super::age;
use super::consents::{Asked, asked, granted, refused};
use super::documents::{ConfirmEmail, EmailConfirmation, OwnPlace, confirm_email, email_confirmation, own_place};
use super::shown::{Shown, Weight};
use crate::ask::Ask;
use crate::fields::Problem;
use crate::form::Form;
use crate::pictures::{self, Look};
use crate::trouble::Trouble;
use crate::words::vars;

struct Found {
    /// Of the registration.
    id: String,
    is_proved: bool,
    /// By a date of birth, where one is known.
    is_of_age: Option<bool>,
    name: String,
    event: String,
    /// The address of the event's page.
    page: String,
    consent_age: i64,
    look: Look,
    asked: Vec<Asked>,
}

async fn find(ask: &Ask) -> Result<Option<Found>, Trouble> {
    let variables = email_confirmation::Variables {
        secret: ask.param("secret").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask
        .visitor
        .ask::<EmailConfirmation>(variables)
        .await?
        .email_confirmation;
    let Some(found) = found else { return Ok(None) };
    let mut asked = asked!(ask, found.requested_consents);
    for asked in &mut asked {
        asked.was_requested = true;
    }
    asked.extend(asked!(offers ask, found.undecided_offers));
    Ok(Some(Found {
        page: format!(
            "/events/{}/{}",
            found.registration.event.organization.slug, found.registration.event.slug
        ),
        look: pictures::look!(found.registration.event.organization),
        id: found.registration.id,
        is_proved: found.registration.email_proved,
        is_of_age: found.registration.is_of_age,
        name: found.registration.full_name.unwrap_or_default(),
        event: found.registration.event.title,
        consent_age: found.registration.event.consent_age,
        asked,
    }))
}

pub(super) async fn open(ask: &Ask) -> Result<Shown, Trouble> {
    match find(ask).await? {
        // Afterwards the link gives nothing any more.
        Some(found) if found.is_proved => {
            let mut shown = said(ask);
            shown.look.clone_from(&found.look);
            shown.onward = Some(onward(ask, &found).await?);
            Ok(shown)
        }
        Some(found) => Ok(page(ask, &found)),
        None => Ok(Shown::gone(ask)),
    }
}

/// What was done right now, or some time ago.
fn said(ask: &Ask) -> Shown {
    let say = |key| ask.language.say(key);
    let more: &[&str] = match ask.query("done").as_deref() {
        Some("all") => &[],
        Some("asked") => &["confirm-asked"],
        Some("not-all") => &["confirm-issues"],
        Some("asked-not-all") => &["confirm-asked", "confirm-issues"],
        _ => return Shown::new(say("confirm-title-done"), vec![say("confirm-done-already")]),
    };
    let words = ["confirm-done"].iter().chain(more).map(|key| say(key));
    Shown::new(say("thank-you"), words.collect())
}

/// To the place, where it is the visitor's own; else to the event.
async fn onward(ask: &Ask, found: &Found) -> Result<(String, String), Trouble> {
    if ask.visitor.is_signed_in() {
        let variables = own_place::Variables { id: found.id.clone() };
        let node = ask.visitor.ask::<OwnPlace>(variables).await?.node;
        if let Some(own_place::OwnPlaceNode::Registration(place)) = node {
            return Ok((
                format!("/me/registrations/{}", place.id),
                ask.language.say("confirm-to-place"),
            ));
        }
    }
    Ok((found.page.clone(), ask.language.say("order-to-event")))
}

fn page(ask: &Ask, found: &Found) -> Shown {
    let say = |key| ask.language.say(key);
    let who = vars([
        ("name", FluentValue::from(found.name.as_str())),
        ("event", FluentValue::from(found.event.as_str())),
    ]);
    let mut shown = Shown::new(
        say("confirm-title"),
        vec![ask.language.say_with("confirm-who", &who), say("confirm-words")],
    );
    shown.look.clone_from(&found.look);
    shown.choices = found.asked.iter().map(|asked| asked.choice(ask)).collect();
    if shown.choices.is_empty() {
        shown.button = Some(say("confirm-button"));
        return shown;
    }
    shown.words.push(say("confirm-choices"));
    shown.words.push(say("confirm-after"));
    (shown.age, shown.guardian) = age::questions(ask, found.consent_age, found.is_of_age);
    shown.button = Some(say("confirm-with-choice"));
    shown.second = Some(say("confirm-without"));
    shown.weight = Weight::EqualAndAbove;
    shown
}

/// The page again, with what was ticked and typed, and what is wrong with it.
fn again(ask: &Ask, found: &Found, form: &Form, problem: Problem) -> Shown {
    let mut shown = page(ask, found);
    shown.status = StatusCode::UNPROCESSABLE_ENTITY;
    for choice in shown.choices.iter_mut().chain(&mut shown.age) {
        choice.was_ticked = form.has(&choice.name);
    }
    if let Some(guardian) = &mut shown.guardian {
        guardian.keep(form);
    }
    shown.problems = vec![problem];
    shown
}

pub(super) async fn act(ask: &Ask, form: &Form) -> Result<Shown, Trouble> {
    let Some(found) = find(ask).await? else {
        return Ok(Shown::gone(ask));
    };
    // The other button shares nothing, whatever is ticked.
    let is_given = |asked: &Asked| asked.is_ticked(form) && !form.has("second");
    let mut consents = granted!(confirm_email, found.asked, form, is_given);
    // Who decides matters where something is to be given.
    let decider = if consents.is_empty() {
        age::Decider::default()
    } else {
        match age::judge(form, found.is_of_age) {
            Ok(decider) => decider,
            Err(lacks) => return Ok(again(ask, &found, form, age::problem(ask, lacks))),
        }
    };
    let is_asked = decider.guardian.is_some();
    consents.extend(refused!(confirm_email, found.asked, form, is_given));
    let variables = confirm_email::Variables {
        input: confirm_email::ConfirmEmailInput {
            secret: ask.param("secret").to_owned(),
            of_age: decider.of_age,
            consents,
            guardian: decider
                .guardian
                .map(|(email, full_name)| confirm_email::GuardianInput { email, full_name }),
        },
    };
    let payload = ask.visitor.ask::<ConfirmEmail>(variables).await?.confirm_email;
    let Some(payload) = payload else {
        return Ok(Shown::gone(ask));
    };
    if payload.registration.is_none() {
        let of_guardian = payload.user_errors.into_iter().find(|error| {
            let field = error.field.as_deref().unwrap_or_default();
            field.first().is_some_and(|first| first == "guardian")
        });
        return Ok(match of_guardian {
            Some(error) => again(ask, &found, form, Problem::new("guardian.email", error.message)),
            None => Shown::gone(ask),
        });
    }
    Ok(Shown::done(
        ask,
        match (is_asked, payload.consent_issues.is_empty()) {
            (false, true) => "all",
            (true, true) => "asked",
            (false, false) => "not-all",
            (true, false) => "asked-not-all",
        },
    ))
}
