//! `/confirm/<secret>`: that a mailbox is somebody's own. It grants nothing by itself: what was ticked before is asked
//! again, because somebody else may have typed the address and ticked the boxes. Whatever else is undecided is asked beside
//! it: for whoever was registered by somebody else, this is where they decide.

use fluent_bundle::FluentValue;
use poem::http::StatusCode;

use super::consents::{Asked, asked, granted, refused};
use super::documents::{ConfirmEmail, EmailConfirmation, OwnPlace, confirm_email, email_confirmation, own_place};
use super::shown::{Choice, Guardian, Shown, Weight};
use crate::ask::Ask;
use crate::fields::Problem;
use crate::form::Form;
use crate::trouble::Trouble;
use crate::words::vars;

struct Found {
    /// Of the registration.
    id: String,
    is_proved: bool,
    name: String,
    event: String,
    /// The address of the event's page.
    page: String,
    consent_age: i64,
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
        id: found.registration.id,
        is_proved: found.registration.email_proved,
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
            let words = vec![ask.language.say("confirm-done-already")];
            let mut shown = Shown::new(ask.language.say("confirm-title-done"), words);
            shown.onward = Some(onward(ask, &found).await?);
            Ok(shown)
        }
        Some(found) => Ok(page(ask, &found)),
        None => Ok(Shown::gone(ask)),
    }
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
    shown.choices = found.asked.iter().map(|asked| asked.choice(ask)).collect();
    if shown.choices.is_empty() {
        shown.button = Some(say("confirm-button"));
        return shown;
    }
    shown.words.push(say("confirm-choices"));
    shown.words.push(say("confirm-after"));
    shown.age = Some(age(ask, found.consent_age));
    shown.guardian = Some(Guardian::default());
    shown.button = Some(say("confirm-with-choice"));
    shown.second = Some(say("confirm-without"));
    shown.weight = Weight::Equal;
    shown
}

/// The box that says that somebody decides alone.
pub(super) fn age(ask: &Ask, limit: i64) -> Choice {
    let limit = vars([("age", FluentValue::from(limit))]);
    Choice {
        name: "ofAge".to_owned(),
        label: ask.language.say_with("confirm-age", &limit),
        details: ask.language.say("age-words"),
        asker: None,
        was_ticked: false,
    }
}

/// The page again, with what was ticked and typed, and what is wrong with it.
fn again(ask: &Ask, found: &Found, form: &Form, problem: Problem) -> Shown {
    let mut shown = page(ask, found);
    shown.status = StatusCode::UNPROCESSABLE_ENTITY;
    for choice in shown.choices.iter_mut().chain(&mut shown.age) {
        choice.was_ticked = form.has(&choice.name);
    }
    shown.guardian = Some(Guardian {
        name: form.text("guardian.name").to_owned(),
        email: form.text("guardian.email").to_owned(),
    });
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
    let of_age = form.has("ofAge");
    // A guardian matters where something is to be given by somebody who is too young.
    let guardian = if of_age || consents.is_empty() {
        None
    } else {
        let email = form.filled("guardian.email");
        if email.is_none() && form.filled("guardian.name").is_some() {
            let problem = Problem::new("guardian.email", ask.language.say("guardian-missing"));
            return Ok(again(ask, &found, form, problem));
        }
        if email.is_none() {
            // Whoever typed the address stated an age as well, and may have been somebody else.
            let problem = Problem::new("ofAge", ask.language.say("confirm-age-missing"));
            return Ok(again(ask, &found, form, problem));
        }
        email.map(|email| confirm_email::GuardianInput {
            email,
            full_name: form.text("guardian.name").to_owned(),
        })
    };
    let is_asked = guardian.is_some();
    consents.extend(refused!(confirm_email, found.asked, form, is_given));
    let variables = confirm_email::Variables {
        input: confirm_email::ConfirmEmailInput {
            secret: ask.param("secret").to_owned(),
            of_age: (of_age || is_asked).then_some(of_age),
            consents,
            guardian,
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
    let say = |key| ask.language.say(key);
    let mut shown = Shown::new(say("thank-you"), vec![say("confirm-done")]);
    if is_asked {
        shown.words.push(say("confirm-asked"));
    }
    if !payload.consent_issues.is_empty() {
        shown.words.push(say("confirm-issues"));
    }
    shown.onward = Some(onward(ask, &found).await?);
    Ok(shown)
}
