//! The details of a SEPA credit transfer as banks' apps read them from a QR code (EPC069-12, version 2).

use super::facts::Transfer;

/// The most that the code may hold, in bytes.
const LIMIT: usize = 331;

/// The code's text; none where the scheme does not fit: another currency than euro, an amount outside its range, an
/// account or a reference that it cannot hold.
#[must_use]
pub fn payload(transfer: &Transfer) -> Option<String> {
    let minor = transfer.amount_minor;
    if transfer.currency.as_str() != "EUR" || !(1..=99_999_999_999).contains(&minor) {
        return None;
    }
    let iban = compact(transfer.iban.as_str());
    let bic = transfer
        .bic
        .as_ref()
        .map(|bic| compact(bic.as_str()))
        .unwrap_or_default();
    let holder = transfer.holder.as_str();
    let reference = transfer.reference.as_str();
    if !is_iban(&iban)
        || !matches!(bic.len(), 0 | 8 | 11)
        || holder.is_empty()
        || holder.chars().count() > 70
        || reference.chars().count() > 140
    {
        return None;
    }
    // Service tag, version, UTF-8, credit transfer, bank, holder, account, amount, purpose, structured reference (the
    // two stay empty), free reference.
    let text = format!(
        "BCD\n002\n1\nSCT\n{bic}\n{holder}\n{iban}\nEUR{}.{:02}\n\n\n{reference}",
        minor / 100,
        minor % 100
    );
    (text.len() <= LIMIT).then_some(text)
}

/// An IBAN or BIC without spaces, in capitals.
pub(crate) fn compact(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .collect::<String>()
        .to_ascii_uppercase()
}

/// Whether this is an IBAN by its form and check digits (ISO 13616: modulo 97 leaves 1).
pub(crate) fn is_iban(iban: &str) -> bool {
    if !(15..=34).contains(&iban.len()) || !iban.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let (head, tail) = iban.split_at(4);
    let mut rest = 0_u32;
    for character in tail.chars().chain(head.chars()) {
        let Some(value) = character.to_digit(36) else {
            return false;
        };
        rest = if value < 10 {
            rest * 10 + value
        } else {
            rest * 100 + value
        } % 97;
    }
    rest == 1
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
    fn what_the_scheme_cannot_say_has_no_code() {
        let good = transfer();
        for bad in [
            Transfer {
                currency: "CHF".into(),
                ..good.clone()
            },
            Transfer {
                amount_minor: 0,
                ..good.clone()
            },
            Transfer {
                amount_minor: 100_000_000_000,
                ..good.clone()
            },
            Transfer {
                iban: "DE88370400440532013000".into(),
                ..good.clone()
            },
            Transfer {
                iban: "ä".into(),
                ..good.clone()
            },
            Transfer {
                bic: Some("COBA".into()),
                ..good.clone()
            },
            Transfer {
                holder: "x".repeat(71).into(),
                ..good.clone()
            },
            Transfer {
                holder: "".into(),
                ..good.clone()
            },
            Transfer {
                reference: "x".repeat(141).into(),
                ..good.clone()
            },
            Transfer {
                reference: "ü".repeat(140).into(),
                ..good.clone()
            },
        ] {
            assert_eq!(payload(&bad), None, "{bad:?}");
        }
    }
}
