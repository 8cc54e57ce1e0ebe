//! First: which tickets, how many.

use askama::Template;
use poem::Response;
use serde::Serialize;

use super::document::{self, Event, Quoted, QuotedProblems, TicketType};
use super::draft::{Draft, Problem, said_of};
use super::event_page;
use super::step::{self, Mark, Step, way};
use crate::ask::Ask;
use crate::assets;
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;
use crate::words::vars;

#[derive(Template)]
#[template(path = "registration/tickets.html")]
struct Shown<'a> {
    frame: Frame,
    event: &'a Event,
    way: Vec<Mark>,
    unseen: Vec<(String, String)>,
    token: String,
    problems: &'a [Problem],
    tickets: Vec<Ticket>,
    /// What the chosen ones cost together, where anything costs anything.
    sum: Option<String>,
    price_script: &'static str,
    /// The event's page, where nobody can register now.
    closed: Option<&'a str>,
}

struct Ticket {
    id: String,
    field: String,
    name: String,
    description: Option<String>,
    price: String,
    availability: String,
    /// What can be chosen; nothing where it is not for sale.
    numbers: Vec<i64>,
    chosen: i64,
    error: Option<String>,
}

pub(super) async fn show(ask: &Ask, event: &Event, draft: &Draft, problems: &[Problem]) -> Result<Response, Trouble> {
    let mut page = shown(ask, event, draft, problems);
    page.sum = sum(ask, &page.frame, event, draft, &page.tickets).await?;
    Ok(ask.form_page(problems.is_empty(), &page))
}

/// The same where nobody can register any more, or not now. All that was typed stays, with what was chosen: a place may
/// come back.
pub(super) fn show_closed(ask: &Ask, event: &Event, draft: &Draft, why: &str) -> Result<Response, Trouble> {
    let problems = [Problem::new("", why)];
    let mut page = shown(ask, event, draft, &problems);
    for ticket in page.tickets.iter_mut().filter(|ticket| ticket.chosen > 0) {
        page.unseen.push((ticket.field.clone(), ticket.chosen.to_string()));
    }
    for ticket in &mut page.tickets {
        ticket.numbers.clear();
    }
    page.frame.enter = Some("tickets");
    page.closed = Some(event_page(ask));
    Ok(ask.form_page(false, &page))
}

fn shown<'a>(ask: &'a Ask, event: &'a Event, draft: &Draft, problems: &'a [Problem]) -> Shown<'a> {
    let title = vars([("event", event.title.as_str().into())]);
    let mut frame = step::frame(ask, ask.language.say_with("register-title", &title), event, draft);
    frame.enter = Some("people");
    let tickets = event.ticket_types.iter();
    let tickets = tickets.map(|ticket| described(&frame, event, draft, ticket, problems));
    Shown {
        tickets: tickets.collect(),
        sum: None,
        price_script: &assets::PRICE.path,
        way: way(&frame, event, draft, Step::Tickets),
        unseen: draft.unseen(Step::Tickets),
        token: ask.token(),
        problems,
        closed: None,
        frame,
        event,
    }
}

/// The field of a form in which a ticket type's number is chosen.
pub(crate) fn field_of(ticket: &str) -> String {
    format!("n.{ticket}")
}

/// The numbers of one ticket type that can be chosen for an order of these bounds.
pub(crate) fn numbers(least: i64, most: i64) -> Vec<i64> {
    let (least, most) = (least.max(1), most.clamp(1, 20));
    std::iter::once(0).chain(least..=most).collect()
}

/// Whether a ticket type of this availability can be bought now.
pub(crate) fn is_on_sale(availability: &impl Serialize) -> bool {
    matches!(name_of(availability).as_str(), "AVAILABLE" | "FEW_LEFT")
}

/// What is chosen of these numbers before anybody did: whoever can only take one thing need not choose it.
pub(crate) fn chosen_at_first(numbers: &[i64], types_on_sale: usize) -> i64 {
    let least = numbers.get(1).copied().filter(|_| types_on_sale == 1);
    least.unwrap_or_default()
}

fn described(frame: &Frame, event: &Event, draft: &Draft, ticket: &TicketType, problems: &[Problem]) -> Ticket {
    let field = field_of(&ticket.id);
    let numbers = if is_on_sale(&ticket.availability) {
        numbers(ticket.min_per_order, ticket.max_per_order)
    } else {
        Vec::new()
    };
    let types = event.ticket_types.iter();
    let types_on_sale = types.filter(|ticket| is_on_sale(&ticket.availability)).count();
    let typed = i64::try_from(draft.quantity(ticket)).unwrap_or(0);
    Ticket {
        id: ticket.id.clone(),
        error: said_of(problems, &field).map(str::to_owned),
        chosen: if draft.form.has(&field) {
            typed
        } else {
            chosen_at_first(&numbers, types_on_sale)
        },
        field,
        name: ticket.name.clone(),
        description: ticket.description.clone().filter(|text| !text.is_empty()),
        price: price(frame, &ticket.price.amount, &ticket.price.currency),
        availability: frame.of("availability", &ticket.availability),
        numbers,
    }
}

/// Whether this amount is nothing.
pub(crate) fn is_free(amount: &str) -> bool {
    amount.bytes().all(|byte| matches!(byte, b'0' | b'.'))
}

/// An amount, or that there is nothing to pay.
pub(crate) fn price(frame: &Frame, amount: &str, currency: &str) -> String {
    if is_free(amount) {
        frame.say("free")
    } else {
        frame.money(amount, currency)
    }
}

/// What the chosen tickets cost together: the API says. Nothing is said where everything is free, or nothing for sale.
async fn sum(
    ask: &Ask,
    frame: &Frame,
    event: &Event,
    draft: &Draft,
    tickets: &[Ticket],
) -> Result<Option<String>, Trouble> {
    let is_free = event.ticket_types.iter().all(|ticket| is_free(&ticket.price.amount));
    if is_free || tickets.iter().all(|ticket| ticket.numbers.is_empty()) {
        return Ok(None);
    }
    let chosen = tickets
        .iter()
        .filter(|ticket| ticket.chosen > 0 && ticket.numbers.contains(&ticket.chosen));
    let chosen: Vec<_> = chosen.map(|ticket| (ticket.id.clone(), ticket.chosen)).collect();
    if chosen.is_empty() {
        return Ok(Some("–".to_owned()));
    }
    let total = quote_of(ask, event, draft, chosen).await?.total;
    Ok(Some(frame.money(&total.amount, &total.currency)))
}

/// What the choice costs, and what speaks against it.
pub(super) async fn quote(ask: &Ask, event: &Event, draft: &Draft) -> Result<Quoted, Trouble> {
    let chosen = event.ticket_types.iter().filter(|ticket| draft.quantity(ticket) > 0);
    let many = |ticket: &TicketType| i64::try_from(draft.quantity(ticket)).unwrap_or(0);
    let chosen = chosen.map(|ticket| (ticket.id.clone(), many(ticket))).collect();
    quote_of(ask, event, draft, chosen).await
}

async fn quote_of(ask: &Ask, event: &Event, draft: &Draft, chosen: Vec<(String, i64)>) -> Result<Quoted, Trouble> {
    match draft.rehearsal {
        None => document::quote(ask, event, chosen).await,
        Some(_) => document::quote_for_rehearsal(ask, chosen).await,
    }
}

/// What speaks against this choice: the API says.
pub(super) async fn problems(ask: &Ask, event: &Event, draft: &Draft) -> Result<Vec<Problem>, Trouble> {
    if draft.places(event).is_empty() {
        let first = event
            .ticket_types
            .iter()
            .find(|ticket| is_on_sale(&ticket.availability));
        let field = first.map(|ticket| field_of(&ticket.id)).unwrap_or_default();
        return Ok(vec![Problem::new(field, ask.language.say("choose-a-ticket"))]);
    }
    let quote = quote(ask, event, draft).await?;
    let chosen: Vec<&TicketType> = event
        .ticket_types
        .iter()
        .filter(|ticket| draft.quantity(ticket) > 0)
        .collect();
    let problem = |problem: QuotedProblems| {
        let path = problem.field.unwrap_or_default();
        let index = path.iter().find_map(|part| part.parse::<usize>().ok());
        let ticket = index.and_then(|index| chosen.get(index));
        Problem::new(
            ticket.map(|ticket| field_of(&ticket.id)).unwrap_or_default(),
            problem.message,
        )
    };
    Ok(quote.problems.into_iter().map(problem).collect())
}
