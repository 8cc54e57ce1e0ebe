//! What the buttons of an offer's page do.

use super::documents::{
    AskForApproval, Discard, Draft, TakeBack, ask_for_approval, discard, draft as drafting, take_back,
};
use super::found::{Place, Version, version};
use crate::ask::Ask;
use crate::fields::{CARD, Problem};
use crate::form::Form;
use crate::frame::{name_of, named};
use crate::lines::problems;
use crate::trouble::Trouble;
use crate::wish::{days, fill, locales, moment, place as about, terms};

/// What a button does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Save,
    Ask,
    Discard,
    Withdraw,
}

impl Act {
    const ALL: [Self; 4] = [Self::Save, Self::Ask, Self::Discard, Self::Withdraw];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Save => "save",
            Self::Ask => "ask",
            Self::Discard => "discard",
            Self::Withdraw => "withdraw",
        }
    }

    pub(super) fn of(form: &Form) -> Option<Self> {
        Self::ALL.into_iter().find(|act| form.text("do") == act.name())
    }
}

/// What became of it.
pub(super) enum Sent {
    Done,
    Refused(Vec<Problem>),
}

impl From<Vec<Problem>> for Sent {
    fn from(problems: Vec<Problem>) -> Self {
        if problems.is_empty() {
            Self::Done
        } else {
            Self::Refused(problems)
        }
    }
}

pub(super) async fn run(
    ask: &Ask,
    act: Act,
    place: &Place,
    purpose: &'static str,
    form: &mut Form,
) -> Result<Sent, Trouble> {
    match act {
        Act::Save => Ok(save(ask, place, purpose, form).await?.into()),
        Act::Ask => {
            let waiting = waiting(place, purpose);
            // Pressed twice: what waits for the organizer is what is on the page.
            if waiting.is_some_and(|version| says(place, version, form)) {
                return Ok(Sent::Done);
            }
            // What is on the page is what is asked for: kept first, then sent.
            let problems = save(ask, place, purpose, form).await?;
            if !problems.is_empty() {
                return Ok(Sent::Refused(problems));
            }
            if waiting.is_some() {
                // Under the key of a form that was sent and changed since, the API would answer for what was sent.
                form.set("key", &ask.new_key());
            }
            Ok(send(ask, place, purpose, form).await?.into())
        }
        Act::Discard => {
            let input = discard::DiscardOfferDraftInput {
                event_partner_id: place.id.clone(),
                purpose: named!(discard::Purpose, purpose.to_owned()),
            };
            let payload = ask.visitor.ask::<Discard>(discard::Variables { input }).await?;
            let errors = payload.discard_offer_draft.ok_or(Trouble::NotFound)?.user_errors;
            // One that is gone is what was wanted.
            let errors = errors.into_iter().filter(|error| name_of(&error.code) != "NOT_FOUND");
            Ok(problems!(ask, errors, |path: &[String]| about(path)).into())
        }
        Act::Withdraw => withdraw(ask, place, purpose, form).await.map(Sent::from),
    }
}

/// What waits for a decision, where nothing was drafted since.
fn waiting<'a>(place: &'a Place, purpose: &str) -> Option<&'a Version> {
    if place.drafts.iter().any(|draft| name_of(&draft.purpose) == purpose) {
        return None;
    }
    let offer = place.offers.iter().find(|offer| name_of(&offer.purpose) == purpose)?;
    version(offer, Some(offer.version_requested?))
}

/// Whether the form asks for what this version asks for.
fn says(place: &Place, version: &Version, form: &Form) -> bool {
    let mut its = Form::default();
    fill!(&mut its, version, version.retention_days.to_string(), &place.time_zone);
    let words =
        |form: &Form, name: &str| -> Vec<String> { form.text(name).split_whitespace().map(str::to_owned).collect() };
    let questions = place.questions.iter().filter_map(|asked| asked.question_id.as_deref());
    let mut ticked = CARD
        .into_iter()
        .map(|field| ("field", field))
        .chain(questions.map(|id| ("question", id)));
    let mut written = locales(form).into_iter().chain(locales(&its));
    ticked.all(|(name, value)| form.has_value(name, value) == its.has_value(name, value))
        && written.all(|locale| {
            let name = format!("text.{locale}");
            words(form, &name) == words(&its, &name)
        })
        && days(form) == days(&its)
        && ["from", "until"]
            .iter()
            .all(|name| moment(form, name, &place.time_zone) == moment(&its, name, &place.time_zone))
}

/// Keeps the draft; its new revision is in the form then.
async fn save(ask: &Ask, place: &Place, purpose: &str, form: &mut Form) -> Result<Vec<Problem>, Trouble> {
    let days = form
        .filled("days")
        .map(|typed| typed.parse::<i32>().map(i64::from).unwrap_or_default());
    let questions = place
        .questions
        .iter()
        .filter_map(|question| question.question_id.as_ref());
    let (fields, text) = terms!(drafting, &*form, questions);
    let input = drafting::DraftOfferInput {
        event_partner_id: place.id.clone(),
        purpose: named!(drafting::Purpose, purpose.to_owned()),
        revision: form.text("revision").parse().ok(),
        text,
        fields,
        retention_days: days,
        starts_at: moment(form, "from", &place.time_zone),
        ends_at: moment(form, "until", &place.time_zone),
    };
    let payload = ask.visitor.ask::<Draft>(drafting::Variables { input }).await?;
    let payload = payload.draft_offer.ok_or(Trouble::NotFound)?;
    if let Some(draft) = payload.draft {
        form.set("revision", &draft.revision.to_string());
    }
    Ok(problems!(ask, payload.user_errors, |path: &[String]| about(path)))
}

async fn send(ask: &Ask, place: &Place, purpose: &str, form: &Form) -> Result<Vec<Problem>, Trouble> {
    let input = ask_for_approval::AskForApprovalInput {
        idempotency_key: form.text("key").to_owned(),
        event_partner_id: place.id.clone(),
        purpose: named!(ask_for_approval::Purpose, purpose.to_owned()),
        revision: form.text("revision").parse().unwrap_or_default(),
    };
    let payload = ask
        .visitor
        .ask::<AskForApproval>(ask_for_approval::Variables { input })
        .await?;
    let errors = payload.ask_for_approval.ok_or(Trouble::NotFound)?.user_errors;
    Ok(problems!(ask, errors, |path: &[String]| about(path)))
}

async fn withdraw(ask: &Ask, place: &Place, purpose: &str, form: &Form) -> Result<Vec<Problem>, Trouble> {
    let offer = place.offers.iter().find(|offer| name_of(&offer.purpose) == purpose);
    let input = take_back::TakeBackOfferInput {
        offer_id: offer.ok_or(Trouble::NotFound)?.id.clone(),
        version: form.text("version").parse::<i32>().map(i64::from).unwrap_or_default(),
        remark: None,
    };
    let payload = ask.visitor.ask::<TakeBack>(take_back::Variables { input }).await?;
    let errors = payload.take_back_offer.ok_or(Trouble::NotFound)?.user_errors;
    Ok(problems!(ask, errors, |path: &[String]| about(path)))
}
