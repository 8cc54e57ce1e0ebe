//! What partners ask, once more, on the page of an order that was just made: what nobody has decided about the buyer's own
//! place. Nothing is given here, because the address was only typed; what is refused is not asked again.

use super::confirm;
use super::consents::{Asked, asked, granted, refused};
use super::documents::{DecideAfterOrdering, LinkedOrderOffers, decide_after_ordering, linked_order_offers};
use super::shown::{Choice, Guardian, Shown};
use crate::ask::Ask;
use crate::fields::{Problem, said_of};
use crate::form::Form;
use crate::trouble::Trouble;
use poem::http::StatusCode;

/// Boxes, none ticked, and what whoever ticks one is asked.
pub(super) struct Asking {
    pub(super) choices: Vec<Choice>,
    pub(super) age: Choice,
    pub(super) guardian: Guardian,
    /// What is to be looked at again.
    problems: Vec<Problem>,
}

impl Asking {
    /// What is said of a field.
    pub(super) fn wrong(&self, field: &str) -> Option<&str> {
        said_of(&self.problems, field)
    }
}

/// Whether the form answers this and not how to pay.
pub(super) fn is_answer(form: &Form) -> bool {
    form.has("choice") || form.has("nothing")
}

/// What is asked; none where everything is decided, or where the mailbox is proved.
pub(super) async fn find(ask: &Ask, consent_age: i64) -> Result<Option<Asking>, Trouble> {
    Ok(asking(ask, &offers(ask).await?, consent_age))
}

async fn offers(ask: &Ask) -> Result<Vec<Asked>, Trouble> {
    let variables = linked_order_offers::Variables {
        secret: ask.param("secret").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<LinkedOrderOffers>(variables).await?;
    let offers = found.linked_order_offers.unwrap_or_default();
    Ok(asked!(offers ask, offers).collect())
}

fn asking(ask: &Ask, offers: &[Asked], consent_age: i64) -> Option<Asking> {
    (!offers.is_empty()).then(|| Asking {
        choices: offers.iter().map(|asked| asked.choice(ask)).collect(),
        age: confirm::age(ask, consent_age),
        guardian: Guardian::default(),
        problems: Vec::new(),
    })
}

/// Notes what was decided, and shows the order's page with what came of it.
pub(super) async fn answer(ask: &Ask, form: &Form, consent_age: i64, mut shown: Shown) -> Result<Shown, Trouble> {
    let offers = offers(ask).await?;
    let is_given = |asked: &Asked| asked.is_ticked(form) && !form.has("nothing");
    let mut consents = granted!(decide_after_ordering, offers, form, is_given);
    let wishes = !consents.is_empty();
    let of_age = form.has("ofAge");
    let email = form.filled("guardian.email").filter(|_| wishes && !of_age);
    if wishes && !of_age && email.is_none() {
        let is_named = form.filled("guardian.name").is_some();
        let (field, key) = if is_named {
            ("guardian.email", "guardian-missing")
        } else {
            ("ofAge", "confirm-age-missing")
        };
        let problem = Problem::new(field, ask.language.say(key));
        return Ok(again(shown, form, asking(ask, &offers, consent_age), problem));
    }
    consents.extend(refused!(decide_after_ordering, offers, form, is_given));
    let variables = decide_after_ordering::Variables {
        input: decide_after_ordering::DecideAfterOrderingInput {
            secret: ask.param("secret").to_owned(),
            of_age: wishes.then_some(of_age),
            consents,
            guardian: email.map(|email| decide_after_ordering::GuardianInput {
                email,
                full_name: form.text("guardian.name").to_owned(),
            }),
        },
    };
    let payload = ask.visitor.ask::<DecideAfterOrdering>(variables).await?;
    let payload = payload.decide_after_ordering.ok_or(Trouble::Ours)?;
    if let Some(error) = payload.user_errors.into_iter().next() {
        let field = error.field.unwrap_or_default();
        if field.first().is_some_and(|first| first == "guardian") {
            let problem = Problem::new("guardian.email", error.message);
            return Ok(again(shown, form, asking(ask, &offers, consent_age), problem));
        }
        shown.note = Some(("warn", error.message));
        return Ok(shown);
    }
    shown.asking = find(ask, consent_age).await?;
    shown
        .words
        .push(ask.language.say(match (wishes, payload.consent_issues.is_empty()) {
            (_, false) => "order-sharing-not-all",
            (true, true) => "order-sharing-noted",
            (false, true) => "order-sharing-refused",
        }));
    Ok(shown)
}

/// The page again, with what was ticked and typed, and what is wrong with it.
fn again(mut shown: Shown, form: &Form, asking: Option<Asking>, problem: Problem) -> Shown {
    shown.status = StatusCode::UNPROCESSABLE_ENTITY;
    // Once above everything, and once at its field.
    shown.problems = vec![problem.clone()];
    shown.asking = asking.map(|mut asking| {
        for choice in asking.choices.iter_mut().chain([&mut asking.age]) {
            choice.was_ticked = form.has(&choice.name);
        }
        asking.guardian = Guardian {
            name: form.text("guardian.name").to_owned(),
            email: form.text("guardian.email").to_owned(),
        };
        asking.problems = vec![problem];
        asking
    });
    shown
}
