//! Third: who may know what. Nothing comes ticked; each box names the fields that it gives; a preview shows the values.
//!
//! Going on without sharing is a button of the same weight, and nothing here is asked of anybody but the person themselves.

use askama::Template;
use poem::Response;

use super::document::{Event, Offer, OfferedField, Partner};
use super::draft::{Draft, Problem, key_of, said_of};
use super::step::{Mark, Step, way};
use super::tickets::status;
use crate::ask::Ask;
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;
use crate::words::{Language, vars};

#[derive(Template)]
#[template(path = "registration/sharing.html")]
struct Shown<'a> {
    frame: Frame,
    event: &'a Event,
    way: Vec<Mark>,
    unseen: Vec<(String, String)>,
    token: String,
    problems: &'a [Problem],
    cards: Vec<Card<'a>>,
    age: &'a str,
    age_error: Option<&'a str>,
    guardian_name: &'a str,
    guardian_email: &'a str,
    guardian_error: Option<&'a str>,
}

/// A partner and what it asks for.
struct Card<'a> {
    partner: &'a Partner,
    role: String,
    purposes: Vec<Purpose<'a>>,
}

struct Purpose<'a> {
    offer: &'a Offer,
    name: String,
    /// Which fields the box gives, in words.
    fields: String,
    keeps: String,
    is_ticked: bool,
    lines: Vec<Line>,
}

/// One field: what would be sent, and whether it is left out.
struct Line {
    key: String,
    label: String,
    value: Option<String>,
    is_left_out: bool,
}

pub(super) fn show(ask: &Ask, event: &Event, draft: &Draft, problems: &[Problem]) -> Result<Response, Trouble> {
    let mut frame = ask.frame(ask.language.say("sharing-title"));
    frame.form = Some("registration");
    let cards = event
        .partners
        .iter()
        .filter(|partner| !partner.offers.is_empty())
        .map(|partner| Card {
            role: frame.of("partner-role", &partner.role),
            purposes: partner
                .offers
                .iter()
                .map(|offer| purpose(&frame, event, draft, offer))
                .collect(),
            partner,
        })
        .collect();
    let page = Shown {
        way: way(&frame, event, draft, Step::Sharing),
        unseen: draft.unseen(Step::Sharing),
        token: ask.token(),
        problems,
        cards,
        age: draft.form.text("age"),
        age_error: said_of(problems, "age"),
        guardian_name: draft.form.text("guardian.name"),
        guardian_email: draft.form.text("guardian.email"),
        guardian_error: said_of(problems, "guardian.name").or(said_of(problems, "guardian.email")),
        event,
        frame,
    };
    Ok(ask.page(status(problems), &page))
}

fn purpose<'a>(frame: &Frame, event: &Event, draft: &Draft, offer: &'a Offer) -> Purpose<'a> {
    let labels: Vec<&str> = offer.fields.iter().map(|field| field.label.as_str()).collect();
    let without = format!("share.{}.without", offer.id);
    Purpose {
        name: frame.of("purpose", &offer.purpose),
        fields: labels.join(", "),
        keeps: frame.count("offer-keeps", offer.retention_days),
        is_ticked: draft.ticked(offer) == Some(offer.version),
        lines: offer
            .fields
            .iter()
            .map(|field| Line {
                value: value(frame, event, draft, field),
                is_left_out: draft.form.has_value(&without, &key_of(field)),
                key: key_of(field),
                label: field.label.clone(),
            })
            .collect(),
        offer,
    }
}

/// What would be sent of a field, from what was typed; none where nothing was.
pub(super) fn value(frame: &Frame, event: &Event, draft: &Draft, field: &OfferedField) -> Option<String> {
    let typed = |name: &str| draft.form.filled(&Draft::field(0, name));
    let (name, email) = draft.person(0);
    let ticket = *draft.places(event).first()?;
    let Some(field_name) = field.field.as_ref().map(name_of) else {
        let question = ticket
            .questions
            .iter()
            .find(|question| Some(&question.id) == field.question_id.as_ref())?;
        let answer = draft.answer(0, question).into_iter().map(|value| match value.as_str() {
            "true" => frame.say("yes"),
            "false" => frame.say("no"),
            _ => value,
        });
        return Some(answer.collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty());
    };
    match field_name.as_str() {
        "FULL_NAME" => Some(name).filter(|name| !name.is_empty()),
        "EMAIL" => Some(email).filter(|email| !email.is_empty()),
        "GIVEN_NAME" => typed("given"),
        "FAMILY_NAME" => typed("family"),
        "PHONE" => typed("phone"),
        "COMPANY" => typed("company"),
        "JOB_TITLE" => typed("job"),
        "CITY" => typed("city"),
        "COUNTRY" => typed("country"),
        "SOCIAL_PROFILE" => typed("profile"),
        "POSTAL_ADDRESS" => {
            let parts: Vec<String> = ["street", "code", "city", "country"]
                .into_iter()
                .filter_map(typed)
                .collect();
            Some(parts.join(", ")).filter(|_| typed("street").is_some())
        }
        "TICKET_TYPE" => Some(ticket.name.clone()),
        "ATTENDANCE" => Some(frame.say("attendance-value")),
        _ => None,
    }
}

/// Who shares something says how old they are, or who decides for them.
pub(super) fn problems(language: Language, event: &Event, draft: &Draft) -> Vec<Problem> {
    if !draft.shares(event) || event.asks_date_of_birth {
        return Vec::new();
    }
    match draft.form.text("age") {
        "yes" => Vec::new(),
        "no" => ["guardian.name", "guardian.email"]
            .into_iter()
            .filter(|field| draft.form.text(field).is_empty())
            .map(|field| Problem::new(field, language.say("guardian-missing")))
            .collect(),
        _ => {
            let variables = vars([("age", event.consent_age.into())]);
            vec![Problem::new("age", language.say_with("age-missing", &variables))]
        }
    }
}
