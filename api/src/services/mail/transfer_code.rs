//! The details of a SEPA credit transfer as banks' apps read them from a QR code.

use consentry_domain::{Currency, Money, transfer as rules};

use super::facts::Transfer;

/// The code's text; none where the scheme does not fit, as [`rules::Transfer::payload`] says.
#[must_use]
pub fn payload(transfer: &Transfer) -> Option<String> {
    let currency = Currency::parse(transfer.currency.as_str())?;
    let details = rules::Transfer {
        holder: transfer.holder.as_str(),
        iban: transfer.iban.as_str(),
        bic: transfer.bic.as_ref().map(|bic| bic.as_str()),
        reference: transfer.reference.as_str(),
        amount: Money::new(transfer.amount_minor, currency),
    };
    details.payload()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transfer() -> Transfer {
        Transfer {
            holder: "Verein für Rost e.V.".into(),
            iban: "DE89 3704 0044 0532 0130 00".into(),
            bic: Some("COBADEFF".into()),
            reference: "RUST-4711".into(),
            amount_minor: 12_305,
            currency: "EUR".into(),
        }
    }

    #[test]
    fn the_payload_follows_the_guideline_line_by_line() {
        assert_eq!(
            payload(&transfer()).as_deref(),
            Some("BCD\n002\n1\nSCT\nCOBADEFF\nVerein für Rost e.V.\nDE89370400440532013000\nEUR123.05\n\n\nRUST-4711")
        );
    }

    #[test]
    fn a_currency_that_nobody_knows_has_no_code() {
        let unknown = Transfer {
            currency: "XXQ".into(),
            ..transfer()
        };
        assert_eq!(payload(&unknown), None);
    }
}
