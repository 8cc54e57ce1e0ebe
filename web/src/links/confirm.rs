//! `/confirm/<secret>`: that a mailbox is somebody's own. It grants nothing by itself: what was ticked before is asked
//! again, because somebody else may have typed the address and ticked the boxes.

use fluent_bundle::FluentValue;

use super::consents::{Asked, asked, granted};
use super::documents::{ConfirmEmail, EmailConfirmation, confirm_email, email_confirmation};
use super::shown::{Choice, Shown};
use crate::ask::Ask;
use crate::form::Form;
use crate::trouble::Trouble;
use crate::words::vars;

struct Found {
    name: String,
    event: String,
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
    Ok(found.map(|found| Found {
        name: found.registration.full_name.unwrap_or_default(),
        event: found.registration.event.title,
        consent_age: found.registration.event.consent_age,
        asked: asked!(ask, found.requested_consents),
    }))
}

pub(super) async fn open(ask: &Ask) -> Result<Shown, Trouble> {
    let Some(found) = find(ask).await? else {
        return Ok(Shown::gone(ask));
    };
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
    if !shown.choices.is_empty() {
        shown.words.push(say("confirm-choices"));
        shown.words.push(say("confirm-after"));
        shown.age = Some(Choice {
            name: "ofAge".to_owned(),
            label: ask
                .language
                .say_with("confirm-age", &vars([("age", FluentValue::from(found.consent_age))])),
            details: say("age-words"),
            asker: None,
        });
    }
    shown.button = Some(say("confirm-button"));
    Ok(shown)
}

pub(super) async fn act(ask: &Ask, form: &Form) -> Result<Shown, Trouble> {
    let Some(found) = find(ask).await? else {
        return Ok(Shown::gone(ask));
    };
    let variables = confirm_email::Variables {
        input: confirm_email::ConfirmEmailInput {
            secret: ask.param("secret").to_owned(),
            of_age: form.has("ofAge").then_some(true),
            consents: granted!(confirm_email, found.asked, form),
            guardian: None,
        },
    };
    let payload = ask.visitor.ask::<ConfirmEmail>(variables).await?.confirm_email;
    let Some(payload) = payload.filter(|payload| payload.registration.is_some()) else {
        return Ok(Shown::gone(ask));
    };
    let say = |key| ask.language.say(key);
    let mut shown = Shown::new(say("thank-you"), vec![say("confirm-done")]);
    if !payload.consent_issues.is_empty() {
        shown.words.push(say("confirm-issues"));
    }
    Ok(shown)
}
