//! `/guardian/<secret>`: what a parent or guardian decides.

use super::consents::{Asked, asked, granted};
use super::documents::{DecideAsGuardian, GuardianRequest, decide_as_guardian, guardian_request};
use super::shown::Shown;
use crate::ask::Ask;
use crate::form::Form;
use crate::trouble::Trouble;

struct Found {
    place_waits: bool,
    asked: Vec<Asked>,
}

async fn find(ask: &Ask) -> Result<Option<Found>, Trouble> {
    let variables = guardian_request::Variables {
        secret: ask.param("secret").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<GuardianRequest>(variables).await?.guardian_request;
    Ok(found.map(|found| Found {
        place_waits: found.place_awaits_permission,
        asked: asked!(found.consents),
    }))
}

pub(super) async fn open(ask: &Ask) -> Result<Shown, Trouble> {
    let Some(found) = find(ask).await? else {
        return Ok(Shown::gone(ask));
    };
    let say = |key| ask.language.say(key);
    let mut shown = Shown::new(say("guardian-title"), vec![say("guardian-words")]);
    shown.choices = found.asked.iter().map(|asked| asked.choice(ask)).collect();
    if !shown.choices.is_empty() {
        shown.words.push(say("guardian-choices"));
    }
    if found.place_waits {
        shown.words.push(say("guardian-place"));
        (shown.button, shown.second) = (Some(say("guardian-permit")), Some(say("guardian-refuse")));
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
    let variables = decide_as_guardian::Variables {
        input: decide_as_guardian::DecideAsGuardianInput {
            secret: ask.param("secret").to_owned(),
            permission,
            consents: granted!(decide_as_guardian, found.asked, form),
        },
    };
    let payload = ask.visitor.ask::<DecideAsGuardian>(variables).await?.decide_as_guardian;
    if payload.is_none_or(|payload| !payload.user_errors.is_empty()) {
        return Ok(Shown::gone(ask));
    }
    let say = |key| ask.language.say(key);
    Ok(Shown::new(say("thank-you"), vec![say("guardian-done")]))
}
