//! What the form of a request says, and its way to the API.

use super::super::clock;
use super::documents::{Request, Revise, request as requesting, revise as revising};
use super::found::{Found, Offer, Partner, Question};
use super::one::PURPOSES;
use super::said::problems;
use crate::ask::Ask;
use crate::fields::{CARD, Problem};
use crate::form::Form;
use crate::trouble::Trouble;
use crate::words::Language;

/// The questions that this partner may ask the answers of.
pub(super) fn open_to<'a>(found: &'a Found, partner: &Partner) -> impl Iterator<Item = &'a Question> {
    let id = partner.id.clone();
    let questions = found.event.questions.iter().map(|managed| &managed.question);
    questions
        .filter(move |question| question.shareable && question.asked_by.as_ref().is_none_or(|asker| asker.id == id))
}

/// The languages in which the form may have a text: those of these pages, and each other that it brought along.
pub(super) fn locales(form: &Form) -> Vec<String> {
    let mut locales: Vec<String> = Language::ALL
        .iter()
        .map(|language| language.code().to_owned())
        .collect();
    for locale in form.fields().iter().filter_map(|(name, _)| name.strip_prefix("text.")) {
        if !locales.iter().any(|known| known == locale) && locales.len() < 20 {
            locales.push(locale.to_owned());
        }
    }
    locales
}

/// What the form says, in the types of a mutation.
macro_rules! terms {
    ($module:ident, $found:expr, $partner:expr, $form:expr) => {{
        let form = $form;
        let standard = CARD.iter().filter(|field| form.has_value("field", field));
        let standard = standard.filter_map(|field| serde_json::from_value(serde_json::json!(field)).ok());
        let questions = open_to($found, $partner).filter(|question| form.has_value("question", &question.id));
        let fields: Vec<$module::OfferedFieldInput> = standard
            .map($module::OfferedFieldInput::Field)
            .chain(questions.map(|question| $module::OfferedFieldInput::QuestionId(question.id.clone())))
            .collect();
        let texts = locales(form).into_iter();
        let texts: Vec<_> = texts
            .map(|locale| (form.text(&format!("text.{locale}")).to_owned(), locale))
            .filter(|(text, _)| !text.is_empty())
            .map(|(text, locale)| $module::LocalizedTextInput { locale, text })
            .collect();
        (fields, texts)
    }};
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
    let (fields, text) = terms!(requesting, found, partner, form);
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
    let (fields, text) = terms!(revising, found, partner, form);
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

/// Zero where it is no number: the API says what is expected.
fn days(form: &Form) -> i64 {
    form.text("days").parse::<i32>().map(i64::from).unwrap_or_default()
}

/// Which field of the form an error of the API is about.
fn place(path: &[String]) -> String {
    match path.first().map(String::as_str) {
        Some("purpose") => "purpose".to_owned(),
        Some("fields") => "field".to_owned(),
        Some("text") => format!("text.{}", Language::ALL[0].code()),
        Some("retentionDays") => "days".to_owned(),
        Some("startsAt") => "from".to_owned(),
        Some("endsAt") => "until".to_owned(),
        _ => String::new(),
    }
}

/// What was typed, as a moment; as it was typed where it is none, so that the API says what is expected.
fn moment(form: &Form, name: &str, zone: &str) -> Option<String> {
    let typed = form.filled(name)?;
    Some(clock::instant(&typed, zone).unwrap_or(typed))
}
