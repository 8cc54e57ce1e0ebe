//! `…/offers/new` and `…/offers/{offer}/revise`: asking attendees for something on a partner's behalf. Nobody is asked
//! before the request is approved.
//!
//! Fields of the form: `purpose`; `field` for each standard field and `question` for each question; `text.<language>`;
//! `days`; `from` and `until` on the event's clock; `key`.

use askama::Template;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use poem::Response;

use super::super::Place;
use super::documents::{Request, Revise, request as requesting, revise as revising};
use super::found::{Found, Offer, Partner, Question, in_force, requested};
use super::one::PURPOSES;
use super::said::{new_key, problems, renew_key};
use super::sheet::{Need, Sheet, again, is_sent};
use super::terms::language_name;
use crate::ask::{Ask, see_other};
use crate::fields::{Asked, Input, Problem};
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;
use crate::words::Language;

#[derive(Template)]
#[template(path = "organizer/partners/wish.html")]
struct Shown {
    frame: Frame,
    place: Place,
    list: String,
    back: String,
    partner_address: String,
    partner: String,
    words: String,
    token: String,
    key: String,
    problems: Vec<Problem>,
    purpose: Option<Asked>,
    chosen: Asked,
    questions: Option<Asked>,
    texts: Vec<Asked>,
    days: Input,
    times: Vec<Input>,
    times_are_open: bool,
    button: String,
}

/// Standard fields in the order of a visiting card.
const FIELDS: [&str; 13] = [
    "FULL_NAME",
    "GIVEN_NAME",
    "FAMILY_NAME",
    "JOB_TITLE",
    "COMPANY",
    "EMAIL",
    "PHONE",
    "POSTAL_ADDRESS",
    "CITY",
    "COUNTRY",
    "SOCIAL_PROFILE",
    "TICKET_TYPE",
    "ATTENDANCE",
];

/// Asking for a purpose for which nothing was asked yet.
pub(super) async fn request(ask: &Ask) -> Result<Response, Trouble> {
    let found = Found::to_manage(ask).await?;
    let partner = found.partner(ask)?;
    let mut form = ask.form().cloned().unwrap_or_else(|| {
        let mut form = Form::default();
        form.set("key", &new_key(ask));
        form.set("days", "90");
        form
    });
    let mut problems = Vec::new();
    if is_sent(ask) {
        if ask.is_genuine() {
            match send_request(ask, &found, partner, &form).await? {
                Ok(offer) => {
                    let address = found.address(partner);
                    return Ok(see_other(&format!("{address}/offers/{offer}?done=requested")));
                }
                Err(found) => problems = found,
            }
        } else {
            problems = again(ask);
        }
        renew_key(ask, &mut form, &problems);
    }
    show(ask, found, None, &form, problems)
}

/// Asking for something else than before.
pub(super) async fn revise(ask: &Ask) -> Result<Response, Trouble> {
    let found = Found::to_manage(ask).await?;
    let (partner, offer) = found.offer(ask)?;
    let mut form = match ask.form() {
        Some(form) => form.clone(),
        None => kept(ask, offer, found.zone()),
    };
    let mut problems = Vec::new();
    if is_sent(ask) {
        problems = if ask.is_genuine() {
            send_revision(ask, &found, partner, offer, &form).await?
        } else {
            again(ask)
        };
        if problems.is_empty() {
            let address = found.address(partner);
            return Ok(see_other(&format!("{address}/offers/{}?done=requested", offer.id)));
        }
        renew_key(ask, &mut form, &problems);
    }
    show(ask, found, Some(ask.param("offer")), &form, problems)
}

/// The version that a new one starts from: what is in force, or else the last one.
fn kept(ask: &Ask, offer: &Offer, zone: &str) -> Form {
    let mut form = Form::default();
    form.set("key", &new_key(ask));
    let Some(version) = requested(offer).or(in_force(offer)).or(offer.versions.last()) else {
        return form;
    };
    for field in &version.fields {
        match (&field.field, &field.question_id) {
            (Some(standard), _) => form.add("field", &name_of(standard)),
            (None, Some(question)) => form.add("question", question),
            (None, None) => {}
        }
    }
    for text in &version.texts {
        form.set(&format!("text.{}", text.locale), &text.text);
    }
    form.set("days", &version.retention_days.to_string());
    form.set(
        "from",
        &version
            .starts_at
            .as_deref()
            .map(|at| to_clock(at, zone))
            .unwrap_or_default(),
    );
    form.set(
        "until",
        &version
            .ends_at
            .as_deref()
            .map(|at| to_clock(at, zone))
            .unwrap_or_default(),
    );
    form
}

fn show(
    ask: &Ask,
    found: Found,
    offer: Option<&str>,
    form: &Form,
    problems: Vec<Problem>,
) -> Result<Response, Trouble> {
    let partner = found.partner(ask)?;
    let offer = offer.and_then(|id| partner.offers.iter().find(|offer| offer.id == id));
    let name = partner.partner.display_name.as_str();
    let mut frame = ask.frame(String::new());
    frame.form = Some("wish");
    frame.title = frame.say(if offer.is_some() {
        "revise-title"
    } else {
        "request-title"
    });
    let sheet = Sheet {
        frame: &frame,
        form,
        problems: &problems,
    };
    let times = ["from", "until"].map(|name| {
        let (label, hint) = if name == "from" {
            ("wish-from", "wish-from-hint")
        } else {
            ("wish-until", "wish-until-hint")
        };
        sheet.hinted(name, (label, hint), "datetime-local", Need::Optional)
    });
    let page = Shown {
        list: found.list(),
        partner_address: found.address(partner),
        back: match offer {
            Some(offer) => format!("{}/offers/{}", found.address(partner), offer.id),
            None => found.address(partner),
        },
        partner: name.to_owned(),
        words: match offer {
            Some(offer) => format!("{}. {}", frame.of("purpose", &offer.purpose), frame.say("revise-words")),
            None => frame.say1("request-words", "partner", name),
        },
        token: ask.token(),
        key: form.text("key").to_owned(),
        purpose: offer.is_none().then(|| purposes(&sheet, partner)),
        chosen: fields(&sheet),
        questions: questions(&sheet, &found, partner),
        texts: texts(&sheet, form),
        days: sheet.hinted("days", ("wish-days", "wish-days-hint"), "number", Need::Required),
        times_are_open: times.iter().any(|time| !time.value.is_empty() || time.error.is_some()),
        times: times.into(),
        button: frame.say(if offer.is_some() {
            "revise-button"
        } else {
            "request-button"
        }),
        place: found.place,
        problems,
        frame,
    };
    let is_good = page.problems.is_empty();
    Ok(ask.form_page(is_good, &page))
}

fn purposes(sheet: &Sheet<'_>, partner: &Partner) -> Asked {
    let taken: Vec<String> = partner.offers.iter().map(|offer| name_of(&offer.purpose)).collect();
    let open = PURPOSES
        .iter()
        .filter(|purpose| !taken.iter().any(|its| its == *purpose));
    let choices = open.map(|purpose| ((*purpose).to_owned(), sheet.frame.of("purpose", purpose)));
    let words = (sheet.frame.say("offer-purpose"), sheet.frame.say("wish-purpose-hint"));
    sheet.asked("purpose", words, "choice", Need::Required, choices.collect())
}

fn fields(sheet: &Sheet<'_>) -> Asked {
    let choices = FIELDS.map(|field| (field.to_owned(), sheet.frame.of("field", &field)));
    let words = (sheet.frame.say("wish-fields"), sheet.frame.say("wish-fields-hint"));
    sheet.asked("field", words, "choices", Need::Required, choices.into())
}

/// The questions that this partner may ask the answers of.
fn open_to<'a>(found: &'a Found, partner: &Partner) -> impl Iterator<Item = &'a Question> {
    let id = partner.id.clone();
    let questions = found.event.questions.iter().map(|managed| &managed.question);
    questions
        .filter(move |question| question.shareable && question.asked_by.as_ref().is_none_or(|asker| asker.id == id))
}

fn questions(sheet: &Sheet<'_>, found: &Found, partner: &Partner) -> Option<Asked> {
    let choices: Vec<_> = open_to(found, partner)
        .map(|question| (question.id.clone(), question.label.clone()))
        .collect();
    let words = (
        sheet.frame.say("wish-questions"),
        sheet.frame.say("wish-questions-hint"),
    );
    (!choices.is_empty()).then(|| sheet.asked("question", words, "choices", Need::Optional, choices))
}

/// A text for each language of these pages, and each other that the form brought along. One of them is enough.
fn texts(sheet: &Sheet<'_>, form: &Form) -> Vec<Asked> {
    let texts = locales(form).into_iter().map(|locale| {
        let label = sheet.frame.say1("wish-text", "language", &language_name(&locale));
        let words = (label, sheet.frame.say("wish-text-hint"));
        sheet.asked(&format!("text.{locale}"), words, "long", Need::Optional, Vec::new())
    });
    texts.collect()
}

fn locales(form: &Form) -> Vec<String> {
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
        let standard = FIELDS.iter().filter(|field| form.has_value("field", field));
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

async fn send_request(
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
        starts_at: from_clock(form, "from", found.zone()),
        ends_at: from_clock(form, "until", found.zone()),
    };
    let payload = ask.visitor.ask::<Request>(requesting::Variables { input }).await?;
    let payload = payload.request_offer.ok_or(Trouble::NotFound)?;
    match payload.offer {
        Some(offer) => Ok(Ok(offer.id)),
        None => Ok(Err(problems!(ask, payload.user_errors, |path: &[String]| place(path)))),
    }
}

async fn send_revision(
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
        starts_at: from_clock(form, "from", found.zone()),
        ends_at: from_clock(form, "until", found.zone()),
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

/// A moment as the event's clock shows it, as browsers write it.
fn to_clock(at: &str, zone: &str) -> String {
    let Ok(at) = at.parse::<jiff::Timestamp>() else {
        return String::new();
    };
    let at = at.to_zoned_datetime(TimeZone::get(zone).unwrap_or(TimeZone::UTC));
    let format = if at.second() == 0 {
        "%Y-%m-%dT%H:%M"
    } else {
        "%Y-%m-%dT%H:%M:%S"
    };
    at.strftime(format).to_string()
}

/// What was typed, as a moment; as it was typed where it is none, so that the API says what is expected.
fn from_clock(form: &Form, name: &str, zone: &str) -> Option<String> {
    let typed = form.filled(name)?;
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let at = typed
        .parse::<DateTime>()
        .ok()
        .and_then(|at| at.to_zoned_datetime(zone).ok());
    Some(at.map_or(typed, |at| at.timestamp().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_on_the_events_clock_and_shown_on_it_again() {
        let mut form = Form::default();
        form.set("until", "2027-07-01T09:30");
        let at = from_clock(&form, "until", "Europe/Berlin");
        assert_eq!(at.as_deref(), Some("2027-07-01T07:30:00Z"));
        assert_eq!(to_clock("2027-07-01T07:30:00Z", "Europe/Berlin"), "2027-07-01T09:30");
        assert_eq!(to_clock("2027-07-01T07:30:15Z", "Europe/Berlin"), "2027-07-01T09:30:15");
        form.set("until", "tomorrow");
        assert_eq!(from_clock(&form, "until", "Europe/Berlin").as_deref(), Some("tomorrow"));
        form.set("until", "");
        assert_eq!(from_clock(&form, "until", "Europe/Berlin"), None);
    }
}
