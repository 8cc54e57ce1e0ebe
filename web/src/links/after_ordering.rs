//! What partners ask, once more, on the page of an order that was just made: what nobody has decided about the buyer's own
//! place. Nothing is given here, because the address was only typed; what is refused is not asked again.

use super::age;
use super::consents::{Asked, asked, granted, refused};
use super::documents::{DecideAfterOrdering, LinkedOrderOffers, decide_after_ordering, linked_order_offers};
use super::shown::{Choice, Guardian, Shown};
use crate::ask::Ask;
use crate::fields::{Problem, said_of};
use crate::form::Form;
use crate::trouble::Trouble;
use poem::http::StatusCode;

/// What nobody has decided.
struct Found {
    /// By a date of birth, where one is known.
    is_of_age: Option<bool>,
    offers: Vec<Asked>,
}

/// Boxes, none ticked, and what whoever ticks one is asked.
pub(super) struct Asking {
    pub(super) choices: Vec<Choice>,
    pub(super) age: Option<Choice>,
    pub(super) guardian: Option<Guardian>,
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
    Ok(asking(ask, &look_up(ask).await?, consent_age))
}

async fn look_up(ask: &Ask) -> Result<Found, Trouble> {
    let variables = linked_order_offers::Variables {
        secret: ask.param("secret").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let answer = ask.visitor.ask::<LinkedOrderOffers>(variables).await?;
    let found = answer.linked_order_offers;
    Ok(Found {
        is_of_age: found.as_ref().and_then(|found| found.is_of_age),
        offers: asked!(offers ask, found.map(|found| found.offers).unwrap_or_default()).collect(),
    })
}

fn asking(ask: &Ask, found: &Found, consent_age: i64) -> Option<Asking> {
    let (age, guardian) = age::questions(ask, consent_age, found.is_of_age);
    (!found.offers.is_empty()).then(|| Asking {
        choices: found.offers.iter().map(|asked| asked.choice(ask)).collect(),
        age,
        guardian,
        problems: Vec::new(),
    })
}

/// Notes what was decided; what stands in its way is shown on the order's page.
pub(super) async fn answer(ask: &Ask, form: &Form, consent_age: i64, mut shown: Shown) -> Result<Shown, Trouble> {
    let found = look_up(ask).await?;
    let is_given = |asked: &Asked| asked.is_ticked(form) && !form.has("nothing");
    let mut consents = granted!(decide_after_ordering, found.offers, form, is_given);
    let wishes = !consents.is_empty();
    let decider = if wishes {
        match age::judge(form, found.is_of_age) {
            Ok(decider) => decider,
            Err(lacks) => {
                let problem = age::problem(ask, lacks);
                return Ok(again(shown, form, asking(ask, &found, consent_age), problem));
            }
        }
    } else {
        age::Decider::default()
    };
    consents.extend(refused!(decide_after_ordering, found.offers, form, is_given));
    let variables = decide_after_ordering::Variables {
        input: decide_after_ordering::DecideAfterOrderingInput {
            secret: ask.param("secret").to_owned(),
            of_age: decider.of_age,
            consents,
            guardian: decider
                .guardian
                .map(|(email, full_name)| decide_after_ordering::GuardianInput { email, full_name }),
        },
    };
    let payload = ask.visitor.ask::<DecideAfterOrdering>(variables).await?;
    let payload = payload.decide_after_ordering.ok_or(Trouble::Ours)?;
    if let Some(error) = payload.user_errors.into_iter().next() {
        let field = error.field.unwrap_or_default();
        if field.first().is_some_and(|first| first == "guardian") {
            let problem = Problem::new("guardian.email", error.message);
            return Ok(again(shown, form, asking(ask, &found, consent_age), problem));
        }
        shown.note = Some(("warn", error.message));
        return Ok(shown);
    }
    Ok(Shown::done(
        ask,
        match (wishes, payload.consent_issues.is_empty()) {
            (_, false) => "not-all",
            (true, true) => "noted",
            (false, true) => "refused",
        },
    ))
}

/// The words for what was done; none for what is nothing that is done here.
pub(super) fn said(what: &str) -> Option<&'static str> {
    match what {
        "not-all" => Some("order-sharing-not-all"),
        "noted" => Some("order-sharing-noted"),
        "refused" => Some("order-sharing-refused"),
        _ => None,
    }
}

/// The page again, with what was ticked and typed, and what is wrong with it.
fn again(mut shown: Shown, form: &Form, asking: Option<Asking>, problem: Problem) -> Shown {
    shown.status = StatusCode::UNPROCESSABLE_ENTITY;
    // Once above everything, and once at its field.
    shown.problems = vec![problem.clone()];
    shown.asking = asking.map(|mut asking| {
        for choice in asking.choices.iter_mut().chain(&mut asking.age) {
            choice.was_ticked = form.has(&choice.name);
        }
        if let Some(guardian) = &mut asking.guardian {
            guardian.keep(form);
        }
        asking.problems = vec![problem];
        asking
    });
    shown
}
