//! `/order/<secret>`: an order for its buyer, and paying it.

use super::after_ordering;
use super::documents::{LinkedOrder, StartPayment, linked_order, start_payment};
use super::shown::{Buttons, Shown};
use super::ticket;
use super::transfer::{Transfer, code, in_groups};
use crate::ask::Ask;
use crate::form::Form;
use crate::format::{is_nothing, moment, money};
use crate::frame::{name_of, of};
use crate::pictures;
use crate::trouble::Trouble;
use crate::words::{Language, vars};
use linked_order::LinkedOrderLinkedOrder as Order;
use poem::http::StatusCode;

async fn find(ask: &Ask) -> Result<Option<Order>, Trouble> {
    let variables = linked_order::Variables {
        secret: ask.param("secret").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    Ok(ask.visitor.ask::<LinkedOrder>(variables).await?.linked_order)
}

/// Shows it; a payment is begun by a button alone.
pub(super) async fn open(ask: &Ask) -> Result<Shown, Trouble> {
    let Some(order) = find(ask).await? else {
        return Ok(Shown::gone(ask));
    };
    let mut shown = show(ask.language, &order);
    shown.asking = after_ordering::find(ask, order.event.consent_age).await?;
    if ask.query("sharing").is_some() {
        shown.words.push(ask.language.say("order-sharing-not-all"));
        if shown.asking.is_some() {
            shown.words.push(ask.language.say("order-sharing-below"));
        }
    }
    let decided = ask.query("done").and_then(|what| after_ordering::said(&what));
    shown.words.extend(decided.map(|key| ask.language.say(key)));
    Ok(shown)
}

/// Begins a payment: by card at the provider's page, by transfer with what to write into it.
pub(super) async fn act(ask: &Ask, form: &Form) -> Result<Shown, Trouble> {
    let Some(order) = find(ask).await? else {
        return Ok(Shown::gone(ask));
    };
    if after_ordering::is_answer(form) {
        let shown = show(ask.language, &order);
        return after_ordering::answer(ask, form, order.event.consent_age, shown).await;
    }
    let wished = match (form.has("first"), form.has("second")) {
        (true, _) => order.payment_methods.first(),
        (_, true) => order.payment_methods.get(1),
        _ => None,
    };
    let Some(method) = wished else {
        return open(ask).await;
    };
    let method = match method {
        linked_order::PaymentMethod::STRIPE_CHECKOUT => start_payment::PaymentMethod::STRIPE_CHECKOUT,
        linked_order::PaymentMethod::BANK_TRANSFER => start_payment::PaymentMethod::BANK_TRANSFER,
        linked_order::PaymentMethod::Other(other) => start_payment::PaymentMethod::Other(other.clone()),
    };
    let platform = ask.visitor.platform();
    let variables = start_payment::Variables {
        input: start_payment::StartPaymentInput {
            // An order has one open payment however often this is pressed.
            idempotency_key: ask.new_key(),
            organization: order.event.organization.slug.clone(),
            order_code: order.code.clone(),
            order_secret: ask.param("secret").to_owned(),
            method,
            // The provider is not told the secret.
            return_url: Some(platform.url("/thanks")),
        },
    };
    let payload = ask
        .visitor
        .ask::<StartPayment>(variables)
        .await?
        .start_payment
        .ok_or(Trouble::Ours)?;
    if let Some(address) = payload.redirect_url {
        return Ok(Shown {
            // The browser keeps what the provider is not told.
            paying: Some(ask.param("secret").to_owned()),
            ..Shown::leads_to(ask, &address)
        });
    }
    let Some(problem) = payload.user_errors.into_iter().next() else {
        return Ok(Shown::done(ask, "chosen"));
    };
    let mut shown = open(ask).await?;
    shown.status = StatusCode::UNPROCESSABLE_ENTITY;
    shown.note = Some(("warn", problem.message));
    Ok(shown)
}

fn show(language: Language, order: &Order) -> Shown {
    let say = |key| language.say(key);
    let title = language.say_with("order-title", &vars([("code", order.code.as_str().into())]));
    let mut shown = Shown::new(title, Vec::new());
    shown.note = Some(standing(language, order));
    shown.words = ticket::money_back(language, order);
    ticket::add(language, order, &mut shown);
    let zone = &order.event.time_zone;
    let mut fact = |name: String, value: String| shown.facts.push((name, value));
    fact(say("order-event"), order.event.title.clone());
    let price = |amount: &str, currency: &str| {
        if is_nothing(amount) {
            say("free")
        } else {
            money(language, amount, currency)
        }
    };
    for line in &order.lines {
        let name = format!("{} × {}", line.quantity, line.ticket_type.name);
        fact(name, price(&line.gross.amount, &line.gross.currency));
    }
    fact(say("total"), price(&order.total.amount, &order.total.currency));
    for place in &order.places {
        let name = place.full_name.clone().unwrap_or_else(|| say("order-place"));
        fact(
            name,
            format!(
                "{}, {}",
                place.ticket_type.name,
                of(language, "place-status", &place.status)
            ),
        );
    }
    let due = || money(language, &order.amount_due.amount, &order.amount_due.currency);
    let at = |at: &Option<String>| at.as_ref().map(|at| moment(language, at, zone)).unwrap_or_default();
    let transfer = order.bank_transfer.as_ref();
    if transfer.is_none() && !order.payment_methods.is_empty() {
        fact(say("to-pay"), due());
        fact(say("held-until"), at(&order.expires_at));
    }
    shown.transfer = transfer.map(|transfer| {
        let mut facts = vec![
            (say("account-holder"), transfer.account_holder.clone()),
            ("IBAN".to_owned(), in_groups(&transfer.iban)),
        ];
        facts.extend(transfer.bic.clone().map(|bic| ("BIC".to_owned(), bic)));
        facts.extend([
            (say("transfer-reference"), transfer.reference.clone()),
            (
                say("transfer-amount"),
                money(language, &transfer.amount.amount, &transfer.amount.currency),
            ),
            (say("transfer-due"), at(&transfer.due)),
        ]);
        Transfer {
            facts,
            code: transfer.qr_payload.as_deref().and_then(code),
        }
    });
    for (index, method) in order.payment_methods.iter().enumerate() {
        // How to transfer stands on this very page.
        if transfer.is_some() && *method == linked_order::PaymentMethod::BANK_TRANSFER {
            continue;
        }
        let label = of(language, "payment-method", method);
        match index {
            0 => shown.button = Some(label),
            _ => shown.second = Some(label),
        }
        shown.buttons = Buttons::Elsewhere;
    }
    if transfer.is_some() && shown.has_buttons() {
        shown.before_buttons = Some(say("pay-otherwise"));
    }
    let organization = &order.event.organization;
    shown.look = pictures::look!(organization);
    let event = format!("/events/{}/{}", organization.slug, order.event.slug);
    shown.onward = Some((event, say("order-to-event")));
    shown
}

/// How the order stands, and whether that is good news.
fn standing(language: Language, order: &Order) -> (&'static str, String) {
    let processing = order
        .payments
        .iter()
        .any(|payment| name_of(&payment.status) == "PROCESSING");
    let (tone, key) = match name_of(&order.status).as_str() {
        "PAID" if is_nothing(&order.total.amount) => ("good", "order-nothing-to-pay"),
        "PAID" => ("good", "order-paid"),
        "EXPIRED" => ("warn", "order-expired"),
        "CANCELLED" => ("warn", "order-cancelled"),
        _ if processing => ("", "order-processing"),
        _ => ("", "order-waiting"),
    };
    (tone, language.say(key))
}
