//! The objects as Stripe writes them. Every field that Stripe always sends is there: the product's library refuses
//! an object that lacks one.

use serde_json::{Value, json};

use super::{
    API_VERSION,
    state::{Event, Intent, IntentStatus, PaymentStatus, Session, SessionStatus, State},
};

/// A session, with its intent as an id or, if `expanded`, whole.
pub(super) fn session(state: &State, session: &Session, expanded: Expanded) -> Value {
    let intent = session.payment_intent.as_deref();
    let payment_intent = match expanded {
        Expanded::Nothing => json!(intent),
        Expanded::PaymentIntent => intent.and_then(|id| state.intent(id)).map_or(Value::Null, self::intent),
    };
    let complete = session.status == SessionStatus::Complete;
    let mut whole = json!({
        "id": session.id,
        "object": "checkout.session",
        "adaptive_pricing": { "enabled": false },
        "after_expiration": null,
        "allow_promotion_codes": null,
        "amount_subtotal": session.amount,
        "amount_total": session.amount,
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "billing_address_collection": null,
        "cancel_url": session.cancel_url,
        "client_reference_id": session.client_reference_id,
        "client_secret": null,
        "collected_information": if complete { json!({ "business_name": null, "individual_name": null, "shipping_details": null }) } else { Value::Null },
        "consent": null,
        "consent_collection": null,
        "created": session.created,
        "currency": session.currency,
        "currency_conversion": null,
        "custom_fields": [],
        "custom_text": { "after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null },
        "customer": null,
        "customer_account": null,
        "customer_creation": "if_required",
        "customer_details": customer_details(session, complete),
        "customer_email": session.customer_email,
        "discounts": [],
        "expires_at": session.expires_at,
    });
    // In two halves, because the macro recurses once per field.
    let rest = json!({
        "invoice": null,
        "invoice_creation": {
            "enabled": false,
            "invoice_data": {
                "account_tax_ids": null, "custom_fields": null, "description": null, "footer": null, "issuer": null,
                "metadata": {}, "rendering_options": null,
            },
        },
        "livemode": false,
        "locale": null,
        "metadata": session.metadata,
        "mode": "payment",
        "origin_context": null,
        "payment_intent": payment_intent,
        "payment_link": null,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": null,
        "payment_method_options": { "card": { "request_three_d_secure": "automatic" } },
        "payment_method_types": ["card", "sepa_debit"],
        "payment_status": match session.payment_status { PaymentStatus::Paid => "paid", PaymentStatus::Unpaid => "unpaid" },
        "permissions": null,
        "phone_number_collection": { "enabled": false },
        "recovered_from": null,
        "saved_payment_method_options": null,
        "setup_intent": null,
        "shipping_address_collection": null,
        "shipping_cost": null,
        "shipping_options": [],
        "status": match session.status { SessionStatus::Open => "open", SessionStatus::Complete => "complete", SessionStatus::Expired => "expired" },
        "submit_type": null,
        "subscription": null,
        "success_url": session.success_url,
        "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
        "ui_mode": "hosted_page",
        "url": session.url(),
        "wallet_options": null,
    });
    if let (Value::Object(whole), Value::Object(rest)) = (&mut whole, rest) {
        whole.extend(rest);
    }
    whole
}

/// Which parts of an object are written out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Expanded {
    Nothing,
    PaymentIntent,
}

fn customer_details(session: &Session, complete: bool) -> Value {
    let email = session
        .customer_email
        .clone()
        .or_else(|| complete.then(|| "payer@example.org".to_owned()));
    match email {
        None => Value::Null,
        Some(email) => json!({
            "address": if complete { json!({ "city": null, "country": "DE", "line1": null, "line2": null, "postal_code": null, "state": null }) } else { Value::Null },
            "business_name": null,
            "email": email,
            "individual_name": null,
            "name": complete.then_some("Test Payer"),
            "phone": null,
            "tax_exempt": "none",
            "tax_ids": if complete { json!([]) } else { Value::Null },
        }),
    }
}

/// An intent.
pub(super) fn intent(intent: &Intent) -> Value {
    let status = intent.status;
    json!({
        "id": intent.id,
        "object": "payment_intent",
        "amount": intent.amount,
        "amount_capturable": 0,
        "amount_details": { "tip": {} },
        "amount_received": if status == IntentStatus::Succeeded { intent.amount } else { 0 },
        "application": null,
        "application_fee_amount": null,
        "automatic_payment_methods": null,
        "canceled_at": (status == IntentStatus::Canceled).then_some(intent.created),
        "cancellation_reason": (status == IntentStatus::Canceled).then_some("expired"),
        "capture_method": "automatic_async",
        "client_secret": format!("{}_secret_standin", intent.id),
        "confirmation_method": "automatic",
        "created": intent.created,
        "currency": intent.currency,
        "customer": null,
        "customer_account": null,
        "description": intent.description,
        "excluded_payment_method_types": null,
        "last_payment_error": intent.error.map(|error| json!({
            "code": error.code,
            "decline_code": error.decline_code,
            "doc_url": format!("https://stripe.com/docs/error-codes/{}", error.code.replace('_', "-")),
            "message": error.message,
            "type": "card_error",
        })),
        "latest_charge": intent.latest_charge,
        "livemode": false,
        "metadata": intent.metadata,
        "next_action": (status == IntentStatus::RequiresAction).then(|| json!({
            "type": "use_stripe_sdk",
            "use_stripe_sdk": { "type": "three_d_secure_redirect", "stripe_js": "https://hooks.stripe.invalid/3d_secure" },
        })),
        "on_behalf_of": null,
        "payment_method": matches!(status, IntentStatus::Succeeded | IntentStatus::Processing | IntentStatus::RequiresAction).then(|| format!("pm_{}", &intent.id[3..])),
        "payment_method_configuration_details": null,
        "payment_method_options": { "card": { "installments": null, "mandate_options": null, "network": null, "request_three_d_secure": "automatic" } },
        "payment_method_types": ["card", "sepa_debit"],
        "processing": null,
        "receipt_email": null,
        "review": null,
        "setup_future_usage": null,
        "shipping": null,
        "source": null,
        "statement_descriptor": null,
        "statement_descriptor_suffix": null,
        "status": match status {
            IntentStatus::RequiresPaymentMethod => "requires_payment_method",
            IntentStatus::RequiresAction => "requires_action",
            IntentStatus::Processing => "processing",
            IntentStatus::Succeeded => "succeeded",
            IntentStatus::Canceled => "canceled",
        },
        "transfer_data": null,
        "transfer_group": null,
    })
}

/// An event.
pub(super) fn event(event: &Event) -> Value {
    json!({
        "id": event.id,
        "object": "event",
        "api_version": API_VERSION,
        "created": event.created,
        "data": { "object": event.object },
        "livemode": false,
        "pending_webhooks": i32::from(event.pending),
        "request": { "id": event.cause.request, "idempotency_key": event.cause.idempotency_key },
        "type": event.kind,
    })
}
