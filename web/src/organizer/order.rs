//! `/manage/{organization}/{event}/orders/{code}`: one order with all that happened to it; marking it paid, cancelling it,
//! sending one of its mails again.

use askama::Template;
use poem::Response;

use super::documents::{
    CancelWholeOrder, MarkPaid, OrderPage, SettleRefund, cancel_whole_order, mark_paid, order_page as of, settle_refund,
};
use super::{Part, Place, log, mails, orders};
use crate::account::tone;
use crate::ask::{Ask, see_other};
use crate::form::Form;
use crate::frame::{Frame, Width, name_of};
use crate::trouble::Trouble;
use of::OrderPageOrganizationEventOrdersEdgesNode as Order;

#[derive(Template)]
#[template(path = "organizer/order.html")]
struct Shown {
    frame: Frame,
    place: Place,
    token: String,
    /// Pressing twice marks once.
    key: String,
    code: String,
    status: String,
    tone: &'static str,
    note: Option<String>,
    problem: Option<String>,
    facts: Vec<(String, String)>,
    payments: Vec<Payment>,
    places: Vec<OrderedPlace>,
    mails: Vec<mails::Listed>,
    history: Vec<Happened>,
    is_open: bool,
    can_be_cancelled: bool,
}

/// A payment of the order.
struct Payment {
    id: String,
    method: String,
    amount: String,
    status: String,
    /// Whether it still has to be given back or looked at, where it ever had.
    is_due: Option<bool>,
}

/// A place of the order.
struct OrderedPlace {
    id: String,
    name: String,
    ticket: String,
    status: String,
    tone: &'static str,
}

/// What happened: when, what, more about it, and who did it.
struct Happened {
    at: String,
    what: String,
    more: Option<String>,
    who: String,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        code: ask.param("code").to_owned(),
    };
    let found = ask.visitor.ask::<OrderPage>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let mut event = organization.event.ok_or(Trouble::NotFound)?;
    let mails = event
        .mails
        .take()
        .map(|found| mails::mails!(found).0)
        .unwrap_or_default();
    let order = event.orders.as_ref().and_then(|orders| orders.edges.first());
    let order = &order.ok_or(Trouble::NotFound)?.node;
    let mut problem = None;
    if let Some(form) = ask.form() {
        problem = if ask.is_genuine() {
            let (done, said) = act(ask, order, form).await?;
            if said.is_none() {
                return Ok(see_other(&format!("{}?done={done}", ask.path())));
            }
            said
        } else {
            Some(ask.language.say("press-again"))
        };
    }
    let mut frame = ask.frame(String::new());
    frame.title = frame.say1("order-title", "code", &order.code);
    frame.width = Width::Wide;
    let zone = &event.event.time_zone;
    let note = match ask.query("done").as_deref() {
        Some("paid") => Some("order-marked-paid"),
        Some("cancelled") => Some("order-now-cancelled"),
        Some("settled") => Some("order-refund-settled"),
        Some("reopened") => Some("order-refund-reopened"),
        Some("again") => Some("mail-sent-again"),
        _ => None,
    };
    let status = name_of(&order.status);
    let places = event.roster.iter().flat_map(|roster| &roster.edges);
    let about = (event.id.as_str(), event.event.title.as_str());
    let place = Place::find(ask, &organization.organization.name, about, Part::Orders).await?;
    let page = Shown {
        token: ask.token(),
        key: ask.new_key(),
        code: order.code.clone(),
        status: frame.of("order-status", &order.status),
        tone: orders::tone(&order.status),
        note: note.filter(|_| problem.is_none()).map(|key| frame.say(key)),
        facts: facts(&frame, order, zone),
        payments: payments(&frame, order, zone),
        places: places
            .map(|edge| OrderedPlace {
                id: edge.node.id.clone(),
                name: edge.node.full_name.clone(),
                ticket: edge.node.ticket_type.name.clone(),
                status: frame.of("registration-status", &edge.node.status),
                tone: tone(&edge.node.status),
            })
            .collect(),
        mails: mails
            .into_iter()
            .map(|mail| mails::listed(ask, &frame, (Some(&place.base), zone), mail))
            .collect(),
        history: history(&frame, order, zone),
        is_open: status == "PENDING",
        can_be_cancelled: matches!(status.as_str(), "PENDING" | "PAID"),
        problem,
        place,
        frame,
    };
    let is_good = page.problem.is_none();
    Ok(ask.form_page(is_good, &page))
}

/// What was done, and what is wrong with it if anything is.
async fn act(ask: &Ask, order: &Order, form: &Form) -> Result<(&'static str, Option<String>), Trouble> {
    if form.has("paid") {
        let input = mark_paid::MarkOrderPaidInput {
            idempotency_key: form.text("key").to_owned(),
            order_id: order.id.clone(),
        };
        let payload = ask.visitor.ask::<MarkPaid>(mark_paid::Variables { input }).await?;
        let errors = payload.mark_order_paid.ok_or(Trouble::Ours)?.user_errors;
        return Ok(("paid", errors.into_iter().next().map(|error| error.message)));
    }
    let settling = [("settle", true, "settled"), ("reopen", false, "reopened")];
    if let Some((button, settled, done)) = settling.into_iter().find(|(button, ..)| form.has(button)) {
        let input = settle_refund::SettleRefundInput {
            payment_id: form.text(button).to_owned(),
            settled,
        };
        let variables = settle_refund::Variables { input };
        let payload = ask.visitor.ask::<SettleRefund>(variables).await?;
        let errors = payload.settle_refund.ok_or(Trouble::Ours)?.user_errors;
        return Ok((done, errors.into_iter().next().map(|error| error.message)));
    }
    if !form.has("cancel") {
        return if form.has("mail") {
            Ok(("again", mails::send(ask, form).await?))
        } else {
            Err(Trouble::NotFound)
        };
    }
    let variables = cancel_whole_order::Variables { id: order.id.clone() };
    let payload = ask.visitor.ask::<CancelWholeOrder>(variables).await?;
    let errors = payload.cancel_order.ok_or(Trouble::Ours)?.user_errors;
    Ok(("cancelled", errors.into_iter().next().map(|error| error.message)))
}

fn facts(frame: &Frame, order: &Order, zone: &str) -> Vec<(String, String)> {
    let mut facts = vec![
        (
            frame.say("total"),
            frame.money(&order.total.amount, &order.total.currency),
        ),
        (
            frame.say("tax-of-it"),
            frame.money(&order.tax.amount, &order.tax.currency),
        ),
    ];
    let mut fact = |key: &str, value: Option<String>| facts.extend(value.map(|value| (frame.say(key), value)));
    fact("buyer", order.buyer_name.clone());
    fact("email-address", order.buyer_email.clone());
    fact("ordered-at", Some(frame.moment(&order.created_at, zone)));
    fact("held-until", order.expires_at.as_ref().map(|at| frame.moment(at, zone)));
    fact("paid-at", order.paid_at.as_ref().map(|at| frame.moment(at, zone)));
    fact("ended-at", order.ended_at.as_ref().map(|at| frame.moment(at, zone)));
    facts
}

fn history(frame: &Frame, order: &Order, zone: &str) -> Vec<Happened> {
    let entries = order.history.iter().map(|entry| Happened {
        at: frame.moment(&entry.at, zone),
        what: log::words(frame, &entry.action).unwrap_or_else(|| entry.action.clone()),
        more: log::detail(frame, &entry.action, &entry.detail),
        who: log::who(frame, entry.staff_email.clone(), &entry.actor, None),
    });
    entries.collect()
}

fn payments(frame: &Frame, order: &Order, zone: &str) -> Vec<Payment> {
    let shown = order.payments.iter().map(|payment| {
        let mut status = frame.of("payment-status", &payment.status);
        if let Some(why) = &payment.refund_due {
            status = format!("{status}. {}", frame.of("refund-due", why));
        }
        if let Some(at) = &payment.refund_settled_at {
            status = format!(
                "{status}. {}",
                frame.say1("refund-settled", "at", &frame.moment(at, zone))
            );
        }
        Payment {
            id: payment.id.clone(),
            method: frame.of("payment-method", &payment.method),
            amount: frame.money(&payment.amount.amount, &payment.amount.currency),
            status,
            is_due: payment.refund_due.as_ref().map(|_| payment.refund_settled_at.is_none()),
        }
    });
    shown.collect()
}
