//! `/manage/{organization}/{event}/orders`: who bought what, and how it stands with the money.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::documents::{OrdersPage, orders_page as of};
use super::{Part, Place, with_query};
use crate::ask::Ask;
use crate::frame::{Frame, Width, name_of, named};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/orders.html")]
struct Shown {
    frame: Frame,
    place: Place,
    code: String,
    email: String,
    status: String,
    statuses: Vec<(String, String)>,
    /// Whether those alone are shown whose payments are to be given back or looked at.
    is_due: bool,
    orders: Vec<Entry>,
    next: Option<String>,
}

struct Entry {
    code: String,
    status: String,
    tone: &'static str,
    buyer: String,
    email: String,
    when: String,
    total: String,
    /// Why money has to go back, where it has.
    refund: Option<String>,
}

/// What can be chosen.
const STATUSES: [&str; 4] = ["PENDING", "PAID", "EXPIRED", "CANCELLED"];
/// How the address says that those alone are looked for whose payments are to be given back or looked at.
const DUE: &str = "due";

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let text = |name: &str| ask.query(name).unwrap_or_default();
    let is_due = text("refund") == DUE;
    let (code, email, status) = (text("code"), text("email"), super::one_of(&STATUSES, &text("status")));
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let filter = of::OrderFilter {
        buyer_email: some(&email),
        code: some(&code),
        refund_due: is_due.then_some(true),
        status: some(&status).map(|status| named!(of::OrderStatus, status)),
    };
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        after: ask.query("after"),
        filter: Some(filter),
    };
    let found = ask.visitor.ask::<OrdersPage>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let Some(orders) = &event.orders else {
        return Err(Trouble::NotFound);
    };
    let mut frame = ask.frame(ask.language.say("part-orders"));
    frame.width = Width::Wide;
    let zone = &event.event.time_zone;
    let next = orders
        .page_info
        .end_cursor
        .as_ref()
        .filter(|_| orders.page_info.has_next_page);
    let refund = if is_due { DUE } else { "" };
    let pairs = [
        ("code", code.as_str()),
        ("email", &email),
        ("status", &status),
        ("refund", refund),
    ];
    let page = Shown {
        place: Place::find(
            ask,
            &organization.organization.name,
            (&event.id, &event.event.title),
            Part::Orders,
        )
        .await?,
        statuses: STATUSES
            .map(|status| (status.to_owned(), frame.of("order-status", &status)))
            .to_vec(),
        orders: orders
            .edges
            .iter()
            .map(|edge| {
                let order = &edge.node;
                let mut open = order
                    .payments
                    .iter()
                    .filter(|payment| payment.refund_settled_at.is_none());
                let due = open.find_map(|payment| payment.refund_due.as_ref());
                Entry {
                    code: order.code.clone(),
                    status: frame.of("order-status", &order.status),
                    tone: tone(&order.status),
                    buyer: order.buyer_name.clone().unwrap_or_default(),
                    email: order.buyer_email.clone().unwrap_or_default(),
                    when: frame.moment(&order.created_at, zone),
                    total: frame.money(&order.total.amount, &order.total.currency),
                    refund: due.map(|why| frame.of("refund-due", why)),
                }
            })
            .collect(),
        next: next.map(|after| with_query(ask.path(), &[&pairs[..], &[("after", after.as_str())]].concat())),
        code,
        email,
        status,
        is_due,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

/// The colour of an order's status; its word says the same.
pub(super) fn tone(status: &impl serde::Serialize) -> &'static str {
    match name_of(status).as_str() {
        "PAID" => "good",
        "PENDING" => "warn",
        _ => "",
    }
}
