//! Who may know what of a place that is there already: what its buttons do. Taking back costs one press, as giving does,
//! for all that a partner has or for single fields; nothing is asked again of whoever said no.

use fluent_bundle::FluentValue;

use super::documents::my_place::MyPlaceNodeOnRegistrationConsents as Consent;
use super::documents::{Share, Withdraw, WithdrawAll, share as sharing, withdraw as withdrawing, withdraw_all as all};
use super::place::Place;
use crate::ask::Ask;
use crate::fields::{Problem, key_of};
use crate::form::Form;
use crate::frame::{name_of, named};
use crate::trouble::Trouble;
use crate::words::vars;

/// The buttons that are about one offer.
pub(super) const BUTTONS: [&str; 5] = ["share", "share-more", "refuse", "take-back", "withdraw"];

/// What was done, or what is to be looked at.
pub(super) type Done = Result<&'static str, Vec<Problem>>;

/// The fields of an offer whose keys fit, as a mutation of that document's module names them: the types of two documents
/// have nothing in common but their shape.
macro_rules! fields {
    ($module:ident, $consent:expr, $fits:expr) => {{
        let fits = $fits;
        let fields = $consent.offer.fields.iter();
        let fields = fields.filter(|field| fits(key_of(field.field.as_ref(), field.question_id.as_ref()).as_str()));
        let named = fields.map(|field| match (&field.field, &field.question_id) {
            (Some(name), _) => $module::OfferedFieldInput::Field(named!($module::AttendeeField, name_of(name))),
            (None, id) => $module::OfferedFieldInput::QuestionId(id.clone().unwrap_or_default()),
        });
        named.collect::<Vec<_>>()
    }};
}

/// Does what the pressed button of one offer says.
pub(super) async fn press(ask: &Ask, place: &Place, form: &Form, button: &str, offer: &str) -> Result<Done, Trouble> {
    let consent = place.consents.iter().find(|consent| consent.offer.id == offer);
    match (button, consent) {
        // Whatever it is now that was agreed to.
        ("withdraw", _) => withdraw(ask, place, offer, None).await,
        (_, None) => Ok(problem(ask, "offer-changed")),
        ("take-back", Some(consent)) => take_back(ask, place, form, consent).await,
        ("refuse", Some(consent)) => refuse(ask, place, form, consent).await,
        ("share-more", Some(consent)) => share_more(ask, place, form, consent).await,
        (_, Some(consent)) => share(ask, place, form, consent).await,
    }
}

fn problem(ask: &Ask, key: &str) -> Done {
    Err(vec![Problem::new("", ask.language.say(key))])
}

/// Gives what the button named, without what was left out.
async fn share(ask: &Ask, place: &Place, form: &Form, consent: &Consent) -> Result<Done, Trouble> {
    let without = format!("without.{}", consent.offer.id);
    let fields = fields!(sharing, consent, |key: &str| !form.has_value(&without, key));
    if fields.is_empty() {
        return Ok(problem(ask, "nothing-left"));
    }
    grant(ask, place, form, consent, fields).await
}

/// Gives what was ticked, besides what is given.
async fn share_more(ask: &Ask, place: &Place, form: &Form, consent: &Consent) -> Result<Done, Trouble> {
    let with = format!("with.{}", consent.offer.id);
    if !form.has(&with) {
        return Ok(problem(ask, "nothing-ticked"));
    }
    let granted = consent.granted.iter();
    let granted = granted.map(|field| key_of(field.field.as_ref(), field.question_id.as_ref()));
    let granted: Vec<String> = granted.collect();
    let fields = fields!(sharing, consent, |key: &str| form.has_value(&with, key)
        || granted.iter().any(|its| its == key));
    grant(ask, place, form, consent, fields).await
}

/// Gives these fields, with what the form says of the giver.
async fn grant(
    ask: &Ask,
    place: &Place,
    form: &Form,
    consent: &Consent,
    fields: Vec<sharing::OfferedFieldInput>,
) -> Result<Done, Trouble> {
    let age = form.text("age");
    let guardian = form.filled("guardian.email").filter(|_| age == "no");
    if age == "no" && guardian.is_none() {
        // It would wait for somebody whom nobody asks.
        let missing = Problem::new("guardian.email", ask.language.say("guardian-missing"));
        return Ok(Err(vec![missing]));
    }
    let given = Decision {
        decision: sharing::ConsentDecision::GRANT,
        fields,
        of_age: (!age.is_empty()).then(|| age == "yes"),
        guardian: guardian.map(|email| sharing::GuardianInput {
            email,
            full_name: form.text("guardian.name").to_owned(),
        }),
        done: "shared",
    };
    decide(ask, place, form, consent, given).await
}

/// Says no, for good: it is not asked again.
async fn refuse(ask: &Ask, place: &Place, form: &Form, consent: &Consent) -> Result<Done, Trouble> {
    let no = Decision {
        decision: sharing::ConsentDecision::REFUSE,
        fields: Vec::new(),
        of_age: None,
        guardian: None,
        done: "refused",
    };
    decide(ask, place, form, consent, no).await
}

struct Decision {
    decision: sharing::ConsentDecision,
    fields: Vec<sharing::OfferedFieldInput>,
    of_age: Option<bool>,
    guardian: Option<sharing::GuardianInput>,
    done: &'static str,
}

async fn decide(ask: &Ask, place: &Place, form: &Form, consent: &Consent, what: Decision) -> Result<Done, Trouble> {
    let version = form.text(&format!("version.{}", consent.offer.id)).parse();
    let input = sharing::SetConsentsInput {
        registration_id: place.id.clone(),
        // As they were shown: whoever decided elsewhere meanwhile looks at it again.
        revision: form.text("revision").parse().unwrap_or_default(),
        of_age: what.of_age,
        guardian: what.guardian,
        consents: vec![sharing::ConsentInput {
            offer_id: consent.offer.id.clone(),
            offer_version: version.unwrap_or_default(),
            decision: what.decision,
            fields: what.fields,
        }],
    };
    let payload = ask.visitor.ask::<Share>(sharing::Variables { input }).await?;
    let payload = payload.set_consents.ok_or(Trouble::Ours)?;
    let issues = payload.consent_issues.iter().map(|issue| {
        let variables = vars([("age", FluentValue::from(place.event.consent_age))]);
        match name_of(&issue.reason).as_str() {
            "AGE_NOT_STATED" => Problem::new("age", ask.language.say_with("age-missing", &variables)),
            "GUARDIAN_NOT_NAMED" => Problem::new("guardian.email", ask.language.say("guardian-missing")),
            _ => Problem::new("", ask.language.say("offer-changed")),
        }
    });
    let errors = payload.user_errors.iter().map(|error| {
        let field = error.field.as_deref().unwrap_or_default().first();
        let field = if field.is_some_and(|field| field == "guardian") {
            "guardian.email"
        } else {
            ""
        };
        if name_of(&error.code) == "STALE" {
            Problem::new(field, ask.language.say("decided-elsewhere"))
        } else {
            Problem::new(field, error.message.clone())
        }
    });
    let problems: Vec<Problem> = issues.chain(errors).collect();
    Ok(if problems.is_empty() {
        Ok(what.done)
    } else {
        Err(problems)
    })
}

/// Takes back the ticked fields.
async fn take_back(ask: &Ask, place: &Place, form: &Form, consent: &Consent) -> Result<Done, Trouble> {
    let back = format!("back.{}", consent.offer.id);
    let fields = fields!(withdrawing, consent, |key: &str| form.has_value(&back, key));
    if fields.is_empty() {
        return Ok(Err(vec![Problem::new("", ask.language.say("nothing-ticked"))]));
    }
    withdraw(ask, place, &consent.offer.id, Some(fields)).await
}

/// Takes back what one offer was given, or these fields of it. It needs no revision and always wins.
async fn withdraw(
    ask: &Ask,
    place: &Place,
    offer: &str,
    fields: Option<Vec<withdrawing::OfferedFieldInput>>,
) -> Result<Done, Trouble> {
    let input = withdrawing::WithdrawConsentInput {
        registration_id: place.id.clone(),
        offer_id: offer.to_owned(),
        fields,
    };
    let payload = ask.visitor.ask::<Withdraw>(withdrawing::Variables { input }).await?;
    let payload = payload.withdraw_consent.ok_or(Trouble::Ours)?;
    Ok(done(payload.user_errors.into_iter().map(|error| error.message)))
}

/// Takes back all of it.
pub(super) async fn withdraw_all(ask: &Ask, place: &Place) -> Result<Done, Trouble> {
    let variables = all::Variables { id: place.id.clone() };
    let payload = ask.visitor.ask::<WithdrawAll>(variables).await?;
    let payload = payload.withdraw_all_consents.ok_or(Trouble::Ours)?;
    Ok(done(payload.user_errors.into_iter().map(|error| error.message)))
}

fn done(messages: impl Iterator<Item = String>) -> Done {
    let problems: Vec<Problem> = messages.map(|message| Problem::new("", message)).collect();
    if problems.is_empty() {
        Ok("withdrawn")
    } else {
        Err(problems)
    }
}
