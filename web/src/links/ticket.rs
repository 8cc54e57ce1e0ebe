//! What an order's page shows of tickets: the buyer's own, and where the others find theirs; and what becomes of money that
//! is not kept.
//!
//! The code opens a door and no data: the place does not wait for its mailbox to be proved, and the mail that brings the
//! order's link brings the code as well.

use fluent_bundle::FluentValue;

use super::documents::linked_order;
use super::shown::Shown;
use super::transfer::{Code, code};
use crate::format::money;
use crate::frame::name_of;
use crate::words::{Language, vars};
use linked_order::LinkedOrderLinkedOrder as Order;

/// What is shown at the door.
pub(super) struct Ticket {
    pub(super) code: Code,
    pub(super) text: String,
}

/// Adds the buyer's ticket, the calendar, and a word about the tickets of others.
pub(super) fn add(language: Language, order: &Order, shown: &mut Shown) {
    let confirmed: Vec<_> = order
        .places
        .iter()
        .filter(|place| name_of(&place.status) == "CONFIRMED")
        .collect();
    if confirmed.is_empty() {
        return;
    }
    let event = &order.event;
    shown.calendar = Some(format!(
        "/events/{}/{}/calendar.ics",
        event.organization.slug, event.slug
    ));
    if name_of(&event.kind) == "CONFERENCE" {
        let text = confirmed.iter().find_map(|place| place.check_in_code.clone());
        shown.ticket = text.and_then(|text| code(&text).map(|code| Ticket { code, text }));
    }
    if confirmed.iter().any(|place| !place.is_buyer) {
        shown.words.push(language.say("order-others-tickets"));
    }
}

/// What becomes of payments that are not kept, a line for each.
pub(super) fn money_back(language: Language, order: &Order) -> Vec<String> {
    let due = order.payments.iter().filter_map(|payment| {
        let key = match name_of(payment.refund_due.as_ref()?).as_str() {
            _ if payment.refund_settled_at.is_some() => "order-refund-done",
            "PAID_AFTER_EXPIRY" => "order-paid-too-late",
            "SECOND_PAYMENT" => "order-paid-twice",
            _ => "order-paid-otherwise",
        };
        let amount = money(language, &payment.amount.amount, &payment.amount.currency);
        let facts = vars([
            ("amount", FluentValue::from(amount)),
            (
                "organizer",
                FluentValue::from(order.event.organization.legal_name.as_str()),
            ),
            ("contact", FluentValue::from(order.event.contact_email.as_str())),
        ]);
        Some(language.say_with(key, &facts))
    });
    due.collect()
}
