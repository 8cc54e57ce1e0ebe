//! The address of an invoice that is not the buyer's own: whoever begins with it is told what it lacks.

use super::document::register;
use super::draft::Draft;
use crate::fields::Input;
use crate::frame::Frame;

/// Fields, their words, and what browsers fill in.
const LINES: [(&str, &str, &str); 7] = [
    ("bill.company", "bill-company", "organization"),
    ("bill.street", "extra-street", "address-line1"),
    ("bill.code", "extra-code", "postal-code"),
    ("bill.city", "extra-city", "address-level2"),
    (COUNTRY, "extra-country", "country"),
    ("bill.vat", "bill-vat", "off"),
    ("bill.purchase", "bill-purchase", "off"),
];

const COUNTRY: &str = "bill.country";

/// The fields, each made of its name, its words, its kind, and what browsers fill in.
pub(super) fn inputs(input: impl Fn(String, &str, &'static str, &'static str) -> Input) -> Vec<Input> {
    let one = |(name, label, autocomplete): (&str, &str, &'static str)| {
        let kind = if name == COUNTRY { "country" } else { "text" };
        input(name.to_owned(), label, kind, autocomplete)
    };
    LINES.into_iter().map(one).collect()
}

/// What was typed, each line with what it is called.
pub(super) fn told(frame: &Frame, draft: &Draft) -> Vec<(String, String)> {
    let told = |(name, label, _)| {
        let typed = draft.form.filled(name)?;
        let value = if name == COUNTRY {
            frame.country(&typed).to_owned()
        } else {
            typed
        };
        Some((frame.say(label), value))
    };
    LINES.into_iter().filter_map(told).collect()
}

/// What the mutation is told; nothing where nothing was typed.
pub(super) fn input(draft: &Draft) -> Option<register::BillingInput> {
    LINES.into_iter().find(|(name, ..)| draft.form.filled(name).is_some())?;
    let text = |name: &str| draft.form.text(name).to_owned();
    Some(register::BillingInput {
        address: register::AddressInput {
            street: text("bill.street"),
            postal_code: draft.form.filled("bill.code"),
            city: text("bill.city"),
            region: None,
            country: text(COUNTRY),
        },
        company: draft.form.filled("bill.company"),
        invoice_email: None,
        purchase_order_number: draft.form.filled("bill.purchase"),
        vat_id: draft.form.filled("bill.vat"),
    })
}
