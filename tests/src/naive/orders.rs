//! Orders, their places, money and quotas, read as they are and counted again in the plainest way.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::read::all;
use crate::TestApp;

/// A row of `order`.
#[derive(Clone, Debug)]
pub struct Order {
    /// `status`.
    pub status: String,
    /// `total_minor`, `tax_minor`.
    pub total: (i64, i64),
    /// `expires_at`.
    pub expires_at: Option<i64>,
    /// `paid_at`.
    pub paid_at: Option<i64>,
    /// `ended_at`.
    pub ended_at: Option<i64>,
}

/// A row of `order_line`.
#[derive(Clone, Debug)]
pub struct Line {
    order: Uuid,
    ticket_type: Uuid,
    quantity: i64,
    unit_price: i64,
    tax_rate: i64,
    includes_tax: bool,
    net: i64,
    tax: i64,
    gross: i64,
}

/// A row of `registration`.
#[derive(Clone, Debug)]
pub struct Place {
    order: Uuid,
    ticket_type: Uuid,
    status: String,
    pending_payment: bool,
    pending_otherwise: bool,
    confirmed_at: Option<i64>,
    cancelled_at: Option<i64>,
}

/// A row of `payment`.
#[derive(Clone, Debug)]
pub struct Payment {
    order: Uuid,
    status: String,
    amount: i64,
    refund_due: bool,
    /// Whether the worker has been told to close it.
    closing: bool,
}

/// A row of `quota`, with the ticket types that take its places.
#[derive(Clone, Debug)]
pub struct Quota {
    size: i64,
    available: i64,
    ticket_types: Vec<Uuid>,
}

/// Everything that is sold.
#[derive(Clone, Debug, Default)]
pub struct Sales {
    /// By id.
    pub orders: BTreeMap<Uuid, Order>,
    lines: Vec<Line>,
    places: Vec<Place>,
    payments: Vec<Payment>,
    /// By id.
    pub quotas: BTreeMap<Uuid, Quota>,
}

impl Sales {
    /// Reads them; nobody may be writing.
    pub async fn read(app: &TestApp) -> Self {
        let mut sales = Self::default();
        for row in all(app, "select * from \"order\"").await {
            let order = Order {
                status: row.text("status"),
                total: (row.long("total_minor"), row.long("tax_minor")),
                expires_at: row.opt_long("expires_at"),
                paid_at: row.opt_long("paid_at"),
                ended_at: row.opt_long("ended_at"),
            };
            sales.orders.insert(row.id("id"), order);
        }
        for row in all(app, "select * from order_line").await {
            sales.lines.push(Line {
                order: row.id("order_id"),
                ticket_type: row.id("ticket_type_id"),
                quantity: row.int("quantity").into(),
                unit_price: row.long("unit_price_minor"),
                tax_rate: row.int("tax_rate").into(),
                includes_tax: row.flag("price_includes_tax"),
                net: row.long("net_minor"),
                tax: row.long("tax_minor"),
                gross: row.long("gross_minor"),
            });
        }
        for row in all(app, "select * from registration").await {
            sales.places.push(Place {
                order: row.id("order_id"),
                ticket_type: row.id("ticket_type_id"),
                status: row.text("status"),
                pending_payment: row.flag("pending_payment"),
                pending_otherwise: row.flag("pending_approval") || row.flag("pending_guardian"),
                confirmed_at: row.opt_long("confirmed_at"),
                cancelled_at: row.opt_long("cancelled_at"),
            });
        }
        let payments = "select order_id, status, amount_minor, refund_due, case when exists (select 1 from outbox o \
             where o.organization_id = p.organization_id and o.kind = 'EXPIRE_PAYMENT' and o.subject_id = p.id \
             and o.state in ('READY', 'LEASED')) then 1 else 0 end as closing from payment p";
        for row in all(app, payments).await {
            sales.payments.push(Payment {
                order: row.id("order_id"),
                status: row.text("status"),
                amount: row.long("amount_minor"),
                refund_due: row.opt_text("refund_due").is_some(),
                closing: row.int("closing") == 1,
            });
        }
        for row in all(app, "select id, size, available from quota").await {
            let quota = Quota {
                size: row.long("size"),
                available: row.long("available"),
                ticket_types: Vec::new(),
            };
            sales.quotas.insert(row.id("id"), quota);
        }
        for row in all(app, "select quota_id, ticket_type_id from quota_ticket_type").await {
            let quota = sales.quotas.get_mut(&row.id("quota_id")).expect("the quota");
            quota.ticket_types.push(row.id("ticket_type_id"));
        }
        sales
    }

    /// What is wrong with them.
    #[must_use]
    pub fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (id, quota) in &self.quotas {
            let taken = self
                .places
                .iter()
                .filter(|place| place.is_held())
                .fold(0, |taken, place| {
                    taken + i64::from(quota.ticket_types.contains(&place.ticket_type))
                });
            if taken > quota.size || quota.available != quota.size - taken {
                wrong.push(format!("of the quota {id}, {taken} are taken: {quota:?}"));
            }
        }
        for line in &self.lines {
            if !line.adds_up() {
                wrong.push(format!("a line that does not add up: {line:?}"));
            }
        }
        for (id, order) in &self.orders {
            let lines: Vec<&Line> = self.lines.iter().filter(|line| line.order == *id).collect();
            let places: Vec<&Place> = self.places.iter().filter(|place| place.order == *id).collect();
            let payments: Vec<&Payment> = self.payments.iter().filter(|payment| payment.order == *id).collect();
            for what in self.wrong_with(order, &lines, &places, &payments) {
                wrong.push(format!("{what}: {id} {order:?} {lines:?} {places:?} {payments:?}"));
            }
        }
        wrong
    }

    fn wrong_with(
        &self,
        order: &Order,
        lines: &[&Line],
        places: &[&Place],
        payments: &[&Payment],
    ) -> Vec<&'static str> {
        let mut wrong = Vec::new();
        let mut says = |good: bool, what: &'static str| {
            if !good {
                wrong.push(what);
            }
        };
        let gross: i64 = lines.iter().map(|line| line.gross).sum();
        let tax: i64 = lines.iter().map(|line| line.tax).sum();
        says(order.total == (gross, tax), "the total is not the lines' sum");
        let mut sold: BTreeMap<Uuid, i64> = BTreeMap::new();
        for line in lines {
            *sold.entry(line.ticket_type).or_default() += line.quantity;
        }
        for place in places {
            *sold.entry(place.ticket_type).or_default() -= 1;
        }
        says(
            sold.values().all(|left| *left == 0),
            "the places are not those of the lines",
        );
        says(
            places.iter().all(|place| place.is_well()),
            "a place in a state that contradicts itself",
        );
        let free = gross == 0;
        let standing = match order.status.as_str() {
            "PENDING" | "EXPIRING" => {
                let waits = places
                    .iter()
                    .all(|place| place.status == "PENDING" || place.status == "CANCELLED");
                let holds = places.iter().any(|place| place.is_held());
                waits && holds && order.paid_at.is_none() && order.ended_at.is_none()
            }
            "PAID" => places.iter().all(|place| !place.pending_payment || !place.is_held()) && order.paid_at.is_some(),
            _ => places.iter().all(|place| !place.is_held()) && order.ended_at.is_some(),
        };
        says(standing, "an order that contradicts its places");
        let confirmed = places.iter().any(|place| place.status == "CONFIRMED");
        says(
            !confirmed || free || order.status == "PAID",
            "a place without the money for it",
        );
        let open = payments
            .iter()
            .filter(|payment| matches!(payment.status.as_str(), "CREATED" | "PROCESSING"));
        let open = open.count();
        says(open <= 1, "two open payments");
        let closing = payments
            .iter()
            .all(|payment| payment.status != "CREATED" || payment.closing);
        says(
            open == 0
                || matches!(order.status.as_str(), "PENDING" | "EXPIRING")
                || (order.status == "CANCELLED" && closing),
            "a payment of what is settled",
        );
        let booked: Vec<&&Payment> = payments
            .iter()
            .filter(|payment| payment.status == "CONFIRMED")
            .collect();
        let kept = booked.iter().filter(|payment| !payment.refund_due).count();
        says(kept <= 1, "charged twice");
        says(order.paid_at.is_none() || free || kept == 1, "paid without money");
        says(order.paid_at.is_some() || kept == 0, "money for nothing");
        says(
            booked.iter().all(|payment| payment.amount == gross),
            "another amount than the total",
        );
        wrong
    }
}

impl Place {
    /// Whether it takes a place of its quotas.
    fn is_held(&self) -> bool {
        self.status == "PENDING" || self.status == "CONFIRMED"
    }

    fn is_well(&self) -> bool {
        let waits = self.pending_payment || self.pending_otherwise;
        match self.status.as_str() {
            "PENDING" => waits && self.cancelled_at.is_none(),
            "CONFIRMED" => !waits && self.confirmed_at.is_some() && self.cancelled_at.is_none(),
            "CANCELLED" => self.cancelled_at.is_some(),
            _ => true,
        }
    }
}

impl Line {
    /// Net and tax make gross, the price is one of them, and the tax is the rate's, to the next unit.
    fn adds_up(&self) -> bool {
        let price = self.unit_price * self.quantity;
        let priced = if self.includes_tax { self.gross } else { self.net };
        // Rates are in thousandths of a percent. Each ticket may be rounded alone.
        let exact = self.net * self.tax_rate;
        let off = (self.tax * 100_000 - exact).abs();
        priced == price && self.net + self.tax == self.gross && off <= 100_000 * self.quantity
    }
}
