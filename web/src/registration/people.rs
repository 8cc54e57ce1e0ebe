//! Second: who comes, their answers, and what has to be acknowledged.
//!
//! Only what the event needs is asked, and what some partner's offer could hand on; the latter is optional.

use askama::Template;
use poem::Response;

use super::document::{Event, Question};
use super::draft::{Draft, Problem, said_of};
use super::step::{self, Mark, Step, way};
use super::{age, billing};
use crate::ask::Ask;
use crate::fields::{self, ABOUT, Asked, Detail, Input};
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;
use crate::words::Language;

#[derive(Template)]
#[template(path = "registration/people.html")]
struct Shown<'a> {
    frame: Frame,
    event: &'a Event,
    way: Vec<Mark>,
    unseen: Vec<(String, String)>,
    token: String,
    problems: &'a [Problem],
    buyer: [Input; 2],
    places: Vec<Place>,
    documents: Vec<Document>,
    billing: Vec<Input>,
    billing_is_open: bool,
}

struct Place {
    number: usize,
    ticket: String,
    /// The box that says that the buyer takes it; the first place alone has one.
    mine: Option<bool>,
    person: Vec<Input>,
    age: Option<age::Asked>,
    extras: Vec<Input>,
    questions: Vec<Asked>,
}

struct Document {
    field: String,
    title: String,
    kind: String,
    content: String,
    required: bool,
    ticked: bool,
    error: Option<String>,
}

/// The fields beyond name and address that are worth asking: a partner could be given them, or they stand on a badge.
fn extras(event: &Event) -> Vec<&'static Detail> {
    let offered: Vec<String> = event
        .partners
        .iter()
        .flat_map(|partner| &partner.offers)
        .flat_map(|offer| &offer.fields)
        .filter_map(|field| field.field.as_ref().map(name_of))
        .collect();
    let has = |name: &str| offered.iter().any(|its| its == name);
    ABOUT
        .iter()
        .filter(|extra| {
            has(extra.offered)
                || matches!(extra.offered, "COMPANY" | "JOB_TITLE")
                || (matches!(extra.offered, "CITY" | "COUNTRY") && has("POSTAL_ADDRESS"))
        })
        .collect()
}

pub(super) fn show(ask: &Ask, event: &Event, draft: &Draft, problems: &[Problem]) -> Result<Response, Trouble> {
    let mut frame = step::frame(ask, ask.language.say("people-title"), event, draft);
    frame.enter = Some("sharing");
    let input = |name: String, key: &str, kind, autocomplete, required| Input {
        label: frame.say(key),
        hint: None,
        value: draft.form.text(&name).to_owned(),
        error: said_of(problems, &name).map(str::to_owned),
        name,
        kind,
        autocomplete,
        required,
    };
    let buyer = [
        input("buyer.name".to_owned(), "your-name", "text", "name", true),
        Input {
            hint: Some(frame.say("your-email-hint")),
            ..input("buyer.email".to_owned(), "your-email", "email", "email", true)
        },
    ];
    let place = |(index, ticket): (usize, &&super::document::TicketType)| {
        let field = |name: &str| Draft::field(index, name);
        let own = if index == 0 { ["name", "email"] } else { ["off", "off"] };
        let mut person = vec![
            // The browser must not insist on what the box above makes needless.
            input(field("name"), "their-name", "text", own[0], index > 0),
            Input {
                hint: Some(frame.say("their-email-hint")),
                ..input(field("email"), "their-email", "email", own[1], index > 0)
            },
        ];
        if age::asks_birth(event) {
            person.push(age::birth(&frame, event, draft, index, problems));
        }
        let extras = if index == 0 { extras(event) } else { Vec::new() };
        Place {
            number: index + 1,
            ticket: ticket.name.clone(),
            mine: (index == 0).then(|| draft.form.has("person.0.mine")),
            person,
            age: age::asked(&frame, event, draft, index, problems),
            extras: extras
                .into_iter()
                .map(|extra| input(field(extra.name), extra.label, extra.kind, extra.autocomplete, false))
                .collect(),
            questions: ticket
                .questions
                .iter()
                .map(|question| asked(&frame, draft, index, question, problems))
                .collect(),
        }
    };
    let billing = billing::inputs(|name, label, kind, autocomplete| input(name, label, kind, autocomplete, false));
    let page = Shown {
        way: way(&frame, event, draft, Step::People),
        unseen: draft.unseen(Step::People),
        token: ask.token(),
        problems,
        buyer,
        places: draft.places(event).iter().enumerate().map(place).collect(),
        documents: event
            .documents
            .iter()
            .map(|document| shown(&frame, draft, document, problems))
            .collect(),
        billing_is_open: billing
            .iter()
            .any(|input| !input.value.is_empty() || input.error.is_some()),
        billing,
        event,
        frame,
    };
    Ok(ask.form_page(problems.is_empty(), &page))
}

fn shown(frame: &Frame, draft: &Draft, document: &super::document::Document, problems: &[Problem]) -> Document {
    let field = format!("doc.{}", document.id);
    Document {
        title: document.title.clone(),
        kind: frame.of("document", &document.kind),
        content: crate::prose::html(&document.content),
        required: document.required,
        ticked: draft.form.has(&field),
        error: said_of(problems, &field).map(str::to_owned),
        field,
    }
}

fn asked(frame: &Frame, draft: &Draft, place: usize, question: &Question, problems: &[Problem]) -> Asked {
    let name = Draft::field(place, &format!("q.{}", question.id));
    let by = question.asked_by.as_ref().map(|partner| partner.display_name.as_str());
    Asked {
        label: question.label.clone(),
        hint: fields::hint(frame, question.help.as_deref(), &question.purpose, by),
        form: fields::form(&question.kind),
        required: question.required,
        values: draft.form.all(&name).map(str::to_owned).collect(),
        choices: question
            .choices
            .iter()
            .map(|choice| (choice.id.clone(), choice.label.clone()))
            .collect(),
        error: said_of(problems, &name).map(str::to_owned),
        name,
    }
}

/// What is missing on this step; everything else is the API's to judge.
pub(super) fn problems(language: Language, event: &Event, draft: &Draft) -> Vec<Problem> {
    let (mut problems, mut ages) = (Vec::new(), Vec::new());
    let mut demand = |field: String, key: &str| {
        if draft.form.text(&field).is_empty() {
            problems.push(Problem::new(field, language.say(key)));
        }
    };
    demand("buyer.name".to_owned(), "name-missing");
    demand("buyer.email".to_owned(), "email-missing");
    for (index, ticket) in draft.places(event).iter().enumerate() {
        if index > 0 || !draft.buyer_comes() {
            demand(Draft::field(index, "name"), "name-missing");
            demand(Draft::field(index, "email"), "email-missing");
        }
        ages.extend(age::missing(language, event, draft, index));
        for question in ticket.questions.iter().filter(|question| question.required) {
            demand(Draft::field(index, &format!("q.{}", question.id)), "answer-missing");
        }
    }
    for document in event.documents.iter().filter(|document| document.required) {
        demand(format!("doc.{}", document.id), "document-missing");
    }
    problems.extend(ages);
    problems
}
