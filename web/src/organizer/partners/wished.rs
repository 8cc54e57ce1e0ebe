//! The way of a request to the API.

use super::documents::{Request, Revise, request as requesting, revise as revising};
use super::found::{Found, Offer, Partner, Question};
use crate::ask::Ask;
use crate::fields::Problem;
use crate::form::Form;
use crate::lines::problems;
use crate::trouble::Trouble;
use crate::wish::{PURPOSES, days, moment, place, terms};

/// The questions that this partner may ask the answers of.
pub(super) fn open_to<'a>(found: &'a Found, partner: &Partner) -> impl Iterator<Item = &'a Question> {
    let id = partner.id.clone();
    let questions = found.event.questions.iter().map(|managed| &managed.question);
    questions
        .filter(move |question| question.shareable && question.asked_by.as_ref().is_none_or(|asker| asker.id == id))
}

pub(super) async fn send_request(
    ask: &Ask,
    found: &Found,
    partner: &Partner,
    form: &Form,
) -> Result<Result<String, Vec<Problem>>, Trouble> {
    let purpose = PURPOSES.iter().find(|purpose| form.has_value("purpose", purpose));
    let purpose = purpose.and_then(|purpose| serde_json::from_value(serde_json::json!(purpose)).ok());
    let Some(purpose) = purpose else {
        return Ok(Err(vec![Problem::new("purpose", ask.language.say("needed"))]));
    };
    let (fields, text) = terms!(requesting, form, open_to(found, partner).map(|question| &question.id));
    let input = requesting::RequestOfferInput {
        idempotency_key: form.text("key").to_owned(),
        event_partner_id: partner.id.clone(),
        purpose,
        text,
        fields,
        retention_days: days(form),
        starts_at: moment(form, "from", found.zone()),
        ends_at: moment(form, "until", found.zone()),
    };
    let payload = ask.visitor.ask::<Request>(requesting::Variables { input }).await?;
    let payload = payload.request_offer.ok_or(Trouble::NotFound)?;
    match payload.offer {
        Some(offer) => Ok(Ok(offer.id)),
        None => Ok(Err(problems!(ask, payload.user_errors, |path: &[String]| place(path)))),
    }
}

pub(super) async fn send_revision(
    ask: &Ask,
    found: &Found,
    partner: &Partner,
    offer: &Offer,
    form: &Form,
) -> Result<Vec<Problem>, Trouble> {
    let (fields, text) = terms!(revising, form, open_to(found, partner).map(|question| &question.id));
    let input = revising::ReviseOfferInput {
        idempotency_key: form.text("key").to_owned(),
        offer_id: offer.id.clone(),
        text,
        fields,
        retention_days: days(form),
        starts_at: moment(form, "from", found.zone()),
        ends_at: moment(form, "until", found.zone()),
    };
    let payload = ask.visitor.ask::<Revise>(revising::Variables { input }).await?;
    let errors = payload.revise_offer.ok_or(Trouble::NotFound)?.user_errors;
    Ok(problems!(ask, errors, |path: &[String]| place(path)))
}
