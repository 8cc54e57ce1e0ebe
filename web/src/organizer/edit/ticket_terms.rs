//! What a ticket type is, as it was typed: for the mutation that makes one and for the one that changes it.

use super::edited::{Event, Ticket};
use crate::organizer::texts::texts_of;

use crate::ask::Ask;
use crate::clock;
use crate::fields::Problem;
use crate::form::Form;

/// What was typed, as both mutations want it.
pub(super) struct Terms {
    pub(super) name: Vec<(String, String)>,
    pub(super) description: Vec<(String, String)>,
    pub(super) price: String,
    pub(super) tax_rate: String,
    pub(super) includes_tax: bool,
    pub(super) from: Option<String>,
    pub(super) until: Option<String>,
    pub(super) fewest: i64,
    pub(super) most: i64,
    pub(super) is_hidden: bool,
    pub(super) position: i64,
    pub(super) quotas: Vec<String>,
}

pub(super) fn terms(
    ask: &Ask,
    event: &Event,
    before: Option<&Ticket>,
    (form, kept): (&Form, &Form),
) -> Result<Terms, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut moment = |name: &str| {
        let typed = form.filled(name)?;
        let at = clock::instant(&typed, &event.event.time_zone);
        if at.is_none() {
            problems.push(Problem::new(name, ask.language.say("edit-time")));
        }
        at
    };
    let (from, until) = (moment("availableFrom"), moment("availableUntil"));
    let mut number = |name: &str| {
        let number = form.text(name).parse::<i32>();
        if number.is_err() {
            problems.push(Problem::new(name, ask.language.say("edit-number")));
        }
        i64::from(number.unwrap_or_default())
    };
    let (fewest, most) = (number("minPerOrder"), number("maxPerOrder"));
    let next = event.ticket_types.iter().map(|ticket| ticket.position + 1).max();
    let terms = Terms {
        name: texts_of(form, kept, "name"),
        description: texts_of(form, kept, "description"),
        price: decimal(form.text("price")),
        tax_rate: decimal(form.text("taxRate")),
        includes_tax: form.has("priceIncludesTax"),
        from,
        until,
        fewest,
        most,
        is_hidden: form.text("visibility") == "HIDDEN",
        position: before.map(|ticket| ticket.position).or(next).unwrap_or_default(),
        quotas: form.all("quotaIds").map(str::to_owned).collect(),
    };
    if problems.is_empty() { Ok(terms) } else { Err(problems) }
}

/// As the API writes numbers: many people write a comma.
fn decimal(typed: &str) -> String {
    if typed.contains('.') {
        typed.to_owned()
    } else {
        typed.replace(',', ".")
    }
}

/// The input of the one mutation or the other.
macro_rules! sent {
    ($module:ident, $terms:expr) => {{
        let terms: $crate::organizer::edit::ticket_terms::Terms = $terms;
        $module::TicketTypeTermsInput {
            name: $crate::organizer::texts::localized!($module, terms.name),
            description: Some($crate::organizer::texts::localized!($module, terms.description)),
            price: terms.price,
            tax_rate: terms.tax_rate,
            price_includes_tax: terms.includes_tax,
            available_from: terms.from,
            available_until: terms.until,
            min_per_order: terms.fewest,
            max_per_order: terms.most,
            visibility: if terms.is_hidden {
                $module::TicketTypeVisibility::HIDDEN
            } else {
                $module::TicketTypeVisibility::PUBLIC
            },
            position: terms.position,
            quota_ids: terms.quotas,
        }
    }};
}
pub(super) use sent;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_is_a_point() {
        assert_eq!(
            (decimal("49,50"), decimal("49.50"), decimal("1,000.50")),
            ("49.50".into(), "49.50".into(), "1,000.50".into())
        );
    }
}
