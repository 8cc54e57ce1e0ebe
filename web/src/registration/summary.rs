//! Last: everything once more, and what it costs.

use askama::Template;
use poem::Response;

use super::billing;
use super::document::Event;
use super::draft::{Draft, Problem};
use super::step::{self, Mark, Step, way};
use super::tickets::{price, quote};
use crate::ask::Ask;
use crate::frame::Frame;
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "registration/summary.html")]
struct Shown<'a> {
    frame: Frame,
    event: &'a Event,
    way: Vec<Mark>,
    unseen: Vec<(String, String)>,
    token: String,
    problems: &'a [Problem],
    lines: Vec<Line>,
    tax: Option<String>,
    total: String,
    costs: bool,
    people: Vec<Person>,
    buyer: (String, String),
    /// The invoice's address, line by line.
    billing: Vec<(String, String)>,
    shares: Option<Vec<Share>>,
}

struct Line {
    quantity: i64,
    name: String,
    price: String,
}

struct Person {
    name: String,
    email: String,
    ticket: String,
}

struct Share {
    partner: String,
    purpose: String,
    fields: String,
}

pub(super) async fn show(ask: &Ask, event: &Event, draft: &Draft, problems: &[Problem]) -> Result<Response, Trouble> {
    let frame = step::frame(ask, ask.language.say("summary-title"), event, draft);
    let quote = quote(ask, event, draft).await?;
    let mut problems = problems.to_vec();
    problems.extend(
        quote
            .problems
            .iter()
            .map(|problem| Problem::new("", problem.message.clone())),
    );
    let lines = quote
        .lines
        .iter()
        .map(|line| {
            let ticket = event
                .ticket_types
                .iter()
                .find(|ticket| ticket.id == line.ticket_type.id);
            Line {
                quantity: line.quantity,
                name: ticket.map(|ticket| ticket.name.clone()).unwrap_or_default(),
                price: price(&frame, &line.gross.amount, &line.gross.currency),
            }
        })
        .collect();
    let has_digits = |amount: &str| amount.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    let people = draft.places(event);
    let people = people.iter().enumerate().map(|(index, ticket)| {
        let (name, email) = draft.person(index);
        Person {
            name,
            email,
            ticket: ticket.name.clone(),
        }
    });
    let page = Shown {
        way: way(&frame, event, draft, Step::Summary),
        unseen: draft.unseen(Step::Summary),
        token: ask.token(),
        problems: &problems,
        lines,
        tax: has_digits(&quote.tax.amount).then(|| frame.money(&quote.tax.amount, &quote.tax.currency)),
        total: frame.money(&quote.total.amount, &quote.total.currency),
        costs: has_digits(&quote.total.amount),
        people: people.collect(),
        buyer: (
            draft.form.text("buyer.name").to_owned(),
            draft.form.text("buyer.email").to_owned(),
        ),
        billing: billing::told(&frame, draft),
        shares: draft.asks_to_share(event).then(|| shares(&frame, event, draft)),
        event,
        frame,
    };
    Ok(ask.form_page(problems.is_empty(), &page))
}

fn shares(frame: &Frame, event: &Event, draft: &Draft) -> Vec<Share> {
    let mut shares = Vec::new();
    for partner in &event.partners {
        for offer in partner.offers.iter().filter(|offer| draft.ticked(offer).is_some()) {
            let fields: Vec<&str> = draft
                .given(event, offer)
                .into_iter()
                .map(|field| field.label.as_str())
                .collect();
            if !fields.is_empty() {
                shares.push(Share {
                    partner: partner.legal_name.clone(),
                    purpose: frame.of("purpose", &offer.purpose),
                    fields: fields.join(", "),
                });
            }
        }
    }
    shares
}
