//! Whether anybody can register now; else why not, and what can be done. The event's page says it, and so does the form.

use crate::frame::Frame;
use crate::registration::is_on_sale;
use crate::trouble::Trouble;

/// What decides about it.
pub(crate) struct Sale<'a> {
    /// The event's status, as the schema names it.
    pub(crate) status: String,
    pub(crate) ends_at: &'a str,
    pub(crate) time_zone: &'a str,
    pub(crate) contact_email: &'a str,
    /// Each ticket type's availability, as the schema names it, and from when it is sold.
    pub(crate) tickets: Vec<(String, Option<&'a str>)>,
}

/// The same of an event, whichever document it was read with.
macro_rules! sale {
    ($event:expr) => {
        $crate::events::Sale {
            status: $crate::frame::name_of(&$event.status),
            ends_at: &$event.ends_at,
            time_zone: &$event.time_zone,
            contact_email: &$event.contact_email,
            tickets: $event
                .ticket_types
                .iter()
                .map(|ticket| {
                    let availability = $crate::frame::name_of(&ticket.availability);
                    (availability, ticket.available_from.as_deref())
                })
                .collect(),
        }
    };
}
pub(crate) use sale;

/// Why nobody can register now, and what can be done; none where somebody can.
pub(crate) fn closed(frame: &Frame, sale: &Sale<'_>, now: jiff::Timestamp) -> Result<Option<String>, Trouble> {
    let ends: jiff::Timestamp = sale.ends_at.parse().map_err(|_| Trouble::Ours)?;
    let contact = |key| Some(frame.say1(key, "contact", sale.contact_email));
    let any = |availability: &str| sale.tickets.iter().any(|(its, _)| its == availability);
    Ok(match sale.status.as_str() {
        "CANCELLED" => contact("event-cancelled"),
        "PUBLISHED" if ends <= now => contact("event-over"),
        "PUBLISHED" if sale.tickets.iter().any(|(its, _)| is_on_sale(its)) => None,
        "PUBLISHED" if sale.tickets.is_empty() => contact("event-no-tickets"),
        "PUBLISHED" => {
            let later = sale.tickets.iter().filter(|(its, _)| its == "NOT_YET_ON_SALE");
            match later.filter_map(|(_, from)| *from).min() {
                Some(begins) => Some(frame.say1("event-not-yet", "when", &frame.moment(begins, sale.time_zone))),
                None if any("SOLD_OUT") => contact("event-nothing-left"),
                None => contact("event-sale-ended"),
            }
        }
        _ => contact("event-over"),
    })
}
