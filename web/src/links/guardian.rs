//! `/guardian/<secret>`: what a parent or guardian decides: whether somebody may come, what is shared, and what no longer.

use fluent_bundle::FluentValue;

use super::consents::{Asked, asked, granted};
use super::documents::{DecideAsGuardian, GuardianRequest, decide_as_guardian, guardian_request};
use super::shown::{Shown, Weight};
use crate::ask::Ask;
use crate::form::Form;
use crate::frame::name_of;
use crate::pictures::{self, Look};
use crate::trouble::Trouble;
use crate::words::vars;

struct Found {
    name: String,
    event: String,
    look: Look,
    place_waits: bool,
    /// Waits to be given.
    asked: Vec<Asked>,
    /// Is given.
    given: Vec<Asked>,
}

async fn find(ask: &Ask) -> Result<Option<Found>, Trouble> {
    let variables = guardian_request::Variables {
        secret: ask.param("secret").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<GuardianRequest>(variables).await?.guardian_request;
    Ok(found.map(|found| {
        let (mut given, mut asked) = (Vec::new(), Vec::new());
        for consent in found.consents {
            match name_of(&consent.state).as_str() {
                "GRANTED" | "SUSPENDED" => given.push(consent),
                "AWAITING_GUARDIAN" => asked.push(consent),
                // Nobody wishes for the others.
                _ => {}
            }
        }
        Found {
            name: found.attendee_name.unwrap_or_default(),
            look: pictures::look!(found.event.organization),
            event: found.event.title,
            place_waits: found.place_awaits_permission,
            asked: asked!(ask, asked),
            given: asked!(ask, given),
        }
    }))
}

pub(super) async fn open(ask: &Ask) -> Result<Shown, Trouble> {
    let Some(found) = find(ask).await? else {
        return Ok(Shown::gone(ask));
    };
    let say = |key| ask.language.say(key);
    if ask.query("done").as_deref() == Some("decided") {
        let thanks = Shown::new(say("thank-you"), vec![say("guardian-done")]);
        return Ok(Shown {
            look: found.look,
            ..thanks
        });
    }
    let who = vars([
        ("name", FluentValue::from(found.name.as_str())),
        ("event", FluentValue::from(found.event.as_str())),
    ]);
    let mut shown = Shown::new(
        say("guardian-title"),
        vec![ask.language.say_with("guardian-words", &who)],
    );
    shown.look = found.look;
    shown.choices = found.asked.iter().map(|asked| asked.choice(ask)).collect();
    if !found.asked.is_empty() {
        shown.words.push(say("guardian-choices"));
    }
    if !found.given.is_empty() {
        shown.words.push(say("guardian-given"));
        shown
            .choices
            .extend(found.given.iter().map(|given| given.taking_back(ask)));
    }
    if found.place_waits {
        shown.words.push(say("guardian-place"));
        (shown.button, shown.second) = (Some(say("guardian-permit")), Some(say("guardian-refuse")));
        shown.weight = Weight::Equal;
    } else if shown.choices.is_empty() {
        shown.words.push(say("guardian-nothing"));
    } else {
        shown.button = Some(say("guardian-send"));
    }
    Ok(shown)
}

pub(super) async fn act(ask: &Ask, form: &Form) -> Result<Shown, Trouble> {
    let Some(found) = find(ask).await? else {
        return Ok(Shown::gone(ask));
    };
    let permission = found.place_waits.then(|| {
        if form.has("second") {
            decide_as_guardian::GuardianPermission::REFUSE
        } else {
            decide_as_guardian::GuardianPermission::PERMIT
        }
    });
    let is_given = |asked: &Asked| asked.is_ticked(form);
    let mut consents = granted!(decide_as_guardian, found.asked, form, is_given);
    let taken_back = found.given.iter().filter(|given| given.is_taken_back(form));
    consents.extend(taken_back.map(|given| decide_as_guardian::ConsentInput {
        offer_id: given.offer.clone(),
        offer_version: given.version,
        decision: decide_as_guardian::ConsentDecision::REFUSE,
        fields: Vec::new(),
    }));
    let variables = decide_as_guardian::Variables {
        input: decide_as_guardian::DecideAsGuardianInput {
            secret: ask.param("secret").to_owned(),
            permission,
            consents,
        },
    };
    let payload = ask.visitor.ask::<DecideAsGuardian>(variables).await?.decide_as_guardian;
    if payload.is_none_or(|payload| !payload.user_errors.is_empty()) {
        return Ok(Shown::gone(ask));
    }
    Ok(Shown::done(ask, "decided"))
}
