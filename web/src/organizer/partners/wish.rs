//! `…/offers/new` and `…/offers/{offer}/revise`: asking attendees for something on a partner's behalf. Nobody is asked
//! before the request is approved.
//!
//! Fields of the form: `purpose`; `field` for each standard field and `question` for each question; `text.<language>`;
//! `days`; `from` and `until` on the event's clock; `key`.

use askama::Template;
use poem::Response;

use super::super::Place;
use super::found::{Found, Offer, Partner, in_force, requested};
use super::wished::{open_to, send_request, send_revision};
use crate::ask::{Ask, see_other};
use crate::fields::{Asked, Input, Problem};
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::lines::{Need, Sheet, again, is_sent, renew_key};
use crate::trouble::Trouble;
use crate::wish::{PURPOSES, fields, fill, kept_for, questions, texts, times};

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

/// Asking for a purpose for which nothing was asked yet.
pub(super) async fn request(ask: &Ask) -> Result<Response, Trouble> {
    let found = Found::to_manage(ask).await?;
    let partner = found.partner(ask)?;
    let mut form = ask.form().cloned().unwrap_or_else(|| {
        let mut form = Form::default();
        form.set("key", &ask.new_key());
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
    form.set("key", &ask.new_key());
    let Some(version) = requested(offer).or(in_force(offer)).or(offer.versions.last()) else {
        return form;
    };
    fill!(&mut form, version, version.retention_days.to_string(), zone);
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
    let times = times(&sheet);
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
        questions: questions(
            &sheet,
            open_to(&found, partner).map(|question| (question.id.clone(), question.label.clone())),
        ),
        texts: texts(&sheet),
        days: kept_for(&sheet, Need::Required),
        times_are_open: times.iter().any(|time| !time.value.is_empty() || time.error.is_some()),
        times,
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
