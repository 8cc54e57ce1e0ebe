//! `/order/<secret>`: an order for its buyer, and paying it.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::page::{Buttons, Shown};
use super::visitor::Visitor;
use super::values::{moment, money, plain};

const ORDER: &str = include_str!("documents/linked_order.graphql");
const PAY: &str = include_str!("documents/start_payment.graphql");

async fn find(visitor: &Visitor, secret: &str) -> Option<Value> {
    let data = visitor.run(ORDER, json!({ "secret": secret })).await?;
    Some(data["linkedOrder"].clone()).filter(|order| !order.is_null())
}

/// Shows it; a payment is begun by a button alone.
pub(super) async fn open(visitor: &Visitor, secret: &str) -> Shown {
    match find(visitor, secret).await {
        Some(order) => show(&order),
        None => Shown::gone(),
    }
}

/// Begins a payment: by card at the provider's page, by transfer with what to write into it.
pub(super) async fn act(visitor: &Visitor, secret: &str, form: &[(String, String)]) -> Shown {
    let Some(order) = find(visitor, secret).await else {
        return Shown::gone();
    };
    let pressed = |name: &str| form.iter().any(|(its, _)| its == name);
    let methods = methods(&order);
    let wished = match (pressed("first"), pressed("second")) {
        (true, _) => methods.first(),
        (_, true) => methods.get(1),
        _ => None,
    };
    let Some(method) = wished else { return show(&order) };
    let platform = visitor.platform();
    let input = json!({
        // An order has one open payment however often this is pressed.
        "idempotencyKey": BASE64URL_NOPAD.encode(&platform.store.entropy().bytes::<16>()),
        "organization": order["event"]["organization"]["slug"],
        "orderCode": order["code"],
        "orderSecret": secret,
        "method": method,
        // The provider is not told the secret.
        "returnUrl": platform.url("/thanks"),
    });
    let data = visitor.run(PAY, json!({ "input": input })).await.unwrap_or_default();
    let payload = &data["startPayment"];
    if let Some(address) = payload["redirectUrl"].as_str() {
        return Shown::leads_to(address);
    }
    let mut shown = open(visitor, secret).await;
    if let Some(problem) = payload["userErrors"][0]["message"].as_str() {
        shown.words.insert(0, problem.to_owned());
    }
    shown
}

/// Where a provider sends payers back to; whether they paid is not known here.
pub(super) fn thanks() -> Shown {
    Shown::new(
        "Thank you",
        &[
            "You can close this page. If you have paid, a mail will confirm it in a few minutes.",
            "If you have not, the link in the mail about your order leads back to it.",
        ],
    )
}

/// The ways of paying, in the order of the buttons.
fn methods(order: &Value) -> Vec<&str> {
    let all = order["paymentMethods"].as_array().into_iter().flatten();
    all.filter_map(Value::as_str).collect()
}

fn show(order: &Value) -> Shown {
    let mut shown = Shown::new(&format!("Order {}", plain(&order["code"])), &[]);
    let zone = plain(&order["event"]["timeZone"]);
    let mut fact = |name: &str, value: String| shown.facts.push((name.to_owned(), value));
    fact("Event", plain(&order["event"]["title"]));
    fact("Status", standing(order).to_owned());
    for line in order["lines"].as_array().into_iter().flatten() {
        fact(
            &format!("{} × {}", line["quantity"], plain(&line["ticketType"]["name"])),
            money(&line["gross"]),
        );
    }
    fact("Total", money(&order["total"]));
    for place in order["places"].as_array().into_iter().flatten() {
        let name = place["fullName"].as_str().unwrap_or("A place");
        let status = match place["status"].as_str() {
            Some("CONFIRMED") => "confirmed",
            Some("CANCELLED") => "cancelled",
            _ => "waiting",
        };
        fact(name, format!("{}, {status}", plain(&place["ticketType"]["name"])));
    }
    let transfer = &order["bankTransfer"];
    let methods = methods(order);
    if !transfer.is_null() {
        fact("Account holder", plain(&transfer["accountHolder"]));
        fact("IBAN", plain(&transfer["iban"]));
        if let Some(bic) = transfer["bic"].as_str() {
            fact("BIC", bic.to_owned());
        }
        fact("Reference", plain(&transfer["reference"]));
        fact("Amount", money(&order["amountDue"]));
        fact("To arrive by", moment(&transfer["due"], &zone));
    } else if !methods.is_empty() {
        fact("To pay", money(&order["amountDue"]));
        fact("Held until", moment(&order["expiresAt"], &zone));
    }
    for (index, method) in methods.iter().enumerate() {
        let label = match *method {
            "STRIPE_CHECKOUT" => "Pay by card",
            _ if transfer.is_null() => "Pay by bank transfer",
            _ => "Show the transfer again",
        };
        match index {
            0 => shown.button = Some(label),
            _ => shown.second = Some(label),
        }
        shown.buttons = Buttons::Elsewhere;
    }
    shown
}

fn standing(order: &Value) -> &'static str {
    let any = |status: &str| {
        let mut payments = order["payments"].as_array().into_iter().flatten();
        payments.any(|payment| payment["status"] == json!(status))
    };
    match order["status"].as_str() {
        Some("PAID") => "Paid",
        Some("EXPIRED") => "Expired: it was not paid in time",
        Some("CANCELLED") => "Cancelled",
        _ if any("PROCESSING") => "Your payment is being processed",
        _ => "Waiting for your payment",
    }
}
