//! What somebody wants to buy, judged and priced: on sale, within the limits, places left. Nothing is reserved.

use std::collections::BTreeMap;
use std::sync::Arc;

use consentry_domain::price::{self, Line, Quote};
use consentry_domain::{Availability, Currency, Money, QuotaId, TicketTypeId};

use super::{Form, OnSale};
use crate::platform::{Code, Fault, Problems, Refused};

/// The most places of one order.
pub const MOST_PLACES: i64 = 100;

/// Something that is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The ticket type; none where its id says nothing to this organization.
    pub ticket_type: Option<TicketTypeId>,
    /// How many.
    pub quantity: i64,
    /// The path of the input's field that names it.
    pub field: String,
}

/// What is bought, line by line: one for each ticket type, in the order in which they were first named.
#[derive(Clone, Debug)]
pub struct Cart {
    /// The lines.
    pub lines: Vec<CartLine>,
    /// What they cost together.
    pub total: Line,
}

/// One ticket type.
#[derive(Clone, Debug)]
pub struct CartLine {
    /// What.
    pub on_sale: Arc<OnSale>,
    /// How many.
    pub quantity: u32,
    /// What they cost.
    pub price: Line,
    /// The fields that named it.
    pub fields: Vec<String>,
}

impl Cart {
    /// Judges what is wanted, by a list of this name. What is wrong is noted; the cart then holds what could be priced
    /// all the same.
    ///
    /// # Errors
    /// When stored data is not as expected.
    pub fn fill(form: &Form, list: &str, wanted: &[Wanted], problems: &mut Problems) -> Result<Self, Fault> {
        let mut lines: Vec<(Arc<OnSale>, i64, Vec<String>)> = Vec::new();
        for item in wanted {
            let Some(on_sale) = item.ticket_type.and_then(|id| form.ticket_type(id)) else {
                problems.add(
                    &item.field,
                    Code::NotFound,
                    "There is no such ticket type at this event.",
                );
                continue;
            };
            if !problems.expect(
                item.quantity >= 1,
                &item.field,
                Code::Invalid,
                "At least one is needed.",
            ) {
                continue;
            }
            match lines.iter_mut().find(|(line, ..)| line.id() == on_sale.id()) {
                Some((_, quantity, fields)) => {
                    *quantity = quantity.saturating_add(item.quantity);
                    fields.push(item.field.clone());
                }
                None => lines.push((on_sale.clone(), item.quantity, vec![item.field.clone()])),
            }
        }
        let all = lines
            .iter()
            .fold(0_i64, |sum, (_, quantity, _)| sum.saturating_add(*quantity));
        let message = format!("An order has at most {MOST_PLACES} places.");
        if !problems.expect(all <= MOST_PLACES, list, Code::LimitExceeded, message) {
            return Self::empty(form);
        }
        for (on_sale, quantity, fields) in &lines {
            judge_line(form, on_sale, *quantity, fields, problems);
        }
        Self::priced(form, lines, problems)
    }

    /// How many places of which quota the lines take.
    #[must_use]
    pub fn needs(&self) -> BTreeMap<QuotaId, i64> {
        let mut needs = BTreeMap::new();
        for line in &self.lines {
            for quota in &line.on_sale.quotas {
                *needs.entry(*quota).or_default() += i64::from(line.quantity);
            }
        }
        needs
    }

    /// Notes that a quota has no places left, at every field that takes one of it.
    pub fn sold_out(&self, quota: QuotaId, problems: &mut Problems) {
        for line in self.lines.iter().filter(|line| line.on_sale.quotas.contains(&quota)) {
            for field in &line.fields {
                problems.add(field, Code::SoldOut, "Not enough places are left.");
            }
        }
    }

    fn priced(
        form: &Form,
        lines: Vec<(Arc<OnSale>, i64, Vec<String>)>,
        problems: &mut Problems,
    ) -> Result<Self, Fault> {
        let quantity = |quantity: i64| u32::try_from(quantity).unwrap_or(u32::MAX);
        let items: Vec<_> = lines
            .iter()
            .map(|(on_sale, count, _)| on_sale.item(quantity(*count)))
            .collect();
        let Ok(Quote { lines: prices, total }) = price::quote(currency(form)?, &items) else {
            problems.add("", Code::LimitExceeded, "The order is too large; split it.");
            return Self::empty(form);
        };
        let lines = lines
            .into_iter()
            .zip(prices)
            .map(|((on_sale, count, fields), price)| CartLine {
                on_sale,
                quantity: quantity(count),
                price,
                fields,
            });
        let cart = Self {
            lines: lines.collect(),
            total,
        };
        for (quota, needed) in cart.needs() {
            let left = cart.lines.iter().find_map(|line| line.on_sale.left(quota));
            // Where nothing is left, each line has said so.
            if left.is_some_and(|left| left > 0 && left < needed) {
                cart.sold_out(quota, problems);
            }
        }
        Ok(cart)
    }

    fn empty(form: &Form) -> Result<Self, Fault> {
        let nothing = Money::zero(currency(form)?);
        Ok(Self {
            lines: Vec::new(),
            total: Line {
                net: nothing,
                tax: nothing,
                gross: nothing,
            },
        })
    }
}

fn currency(form: &Form) -> Result<Currency, Fault> {
    Currency::parse(&form.event.currency)
        .ok_or_else(|| Fault::Corrupt("an event's currency is not of the table".into()))
}

fn judge_line(form: &Form, on_sale: &OnSale, quantity: i64, fields: &[String], problems: &mut Problems) {
    let (code, message) = match on_sale.availability(form.now) {
        Availability::Available | Availability::FewLeft => {
            let (least, most) = (on_sale.row.min_per_order.into(), on_sale.row.max_per_order.into());
            if quantity < least {
                (Code::LimitExceeded, format!("An order has at least {least} of these."))
            } else if quantity > most {
                (Code::LimitExceeded, format!("An order has at most {most} of these."))
            } else {
                return;
            }
        }
        Availability::SoldOut => (Code::SoldOut, "This is sold out.".to_owned()),
        Availability::NotYetOnSale => (Code::NotOnSale, "This is not on sale yet.".to_owned()),
        Availability::SaleEnded => (Code::NotOnSale, "This is no longer on sale.".to_owned()),
    };
    for field in fields {
        problems.add(field, code, message.clone());
    }
}

/// Judges what is wanted without any person in it: prices, and what would be refused.
///
/// # Errors
/// Not found, when nobody may see the event.
pub fn quote(form: &Form, wanted: &[Wanted]) -> Result<(Cart, Vec<crate::platform::Problem>), Refused> {
    let mut problems = Problems::new();
    if wanted.is_empty() {
        problems.add("items", Code::Required, "Name at least one ticket type.");
    }
    let cart = Cart::fill(form, "items", wanted, &mut problems)?;
    Ok((cart, problems.into_vec()))
}
