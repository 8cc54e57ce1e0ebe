//! Stripe's rules about amounts.

/// Currencies without decimals in Stripe's API.
const ZERO_DECIMAL: [&str; 15] = [
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf",
];
/// Currencies with three decimals, of which the last must be 0.
const THREE_DECIMAL: [&str; 5] = ["bhd", "jod", "kwd", "omr", "tnd"];
/// Currencies without decimals that Stripe still writes with two, which must be 00.
const WRITTEN_WITH_TWO: [&str; 2] = ["isk", "ugx"];
/// The smallest charge in Stripe's units; where Stripe names none, the equivalent of 0.50 USD counts, which the
/// stand-in does not compute.
const MINIMUM: [(&str, i64); 24] = [
    ("usd", 50),
    ("aed", 200),
    ("aud", 50),
    ("brl", 50),
    ("cad", 50),
    ("chf", 50),
    ("czk", 1500),
    ("dkk", 250),
    ("eur", 50),
    ("gbp", 30),
    ("hkd", 400),
    ("huf", 17_500),
    ("inr", 50),
    ("jpy", 50),
    ("mxn", 1000),
    ("myr", 200),
    ("nok", 300),
    ("nzd", 50),
    ("pln", 200),
    ("ron", 200),
    ("sek", 300),
    ("sgd", 50),
    ("thb", 1000),
    ("bgn", 100),
];
/// "Up to eight digits".
const LARGEST: i64 = 99_999_999;

/// Why an amount is refused.
pub(super) struct BadAmount {
    pub(super) code: &'static str,
    pub(super) message: String,
}

pub(super) fn check(amount: i64, currency: &str) -> Result<(), BadAmount> {
    let refuse = |code, message: String| Err(BadAmount { code, message });
    if THREE_DECIMAL.contains(&currency) && amount % 10 != 0 {
        return refuse(
            "parameter_invalid_integer",
            format!("Invalid {currency} amount: three-decimal amounts must end in 0"),
        );
    }
    if WRITTEN_WITH_TWO.contains(&currency) && amount % 100 != 0 {
        return refuse(
            "parameter_invalid_integer",
            format!("Invalid {currency} amount: must end in 00"),
        );
    }
    let minimum = MINIMUM
        .iter()
        .find(|(c, _)| *c == currency)
        .map_or(1, |(_, minimum)| *minimum);
    if amount < minimum {
        return refuse(
            "amount_too_small",
            format!(
                "The Checkout Session's total amount due must add up to at least {} {currency}",
                shown(minimum, currency)
            ),
        );
    }
    if amount > LARGEST {
        return refuse(
            "amount_too_large",
            format!(
                "The Checkout Session's total amount due must be no more than {}",
                shown(LARGEST, currency)
            ),
        );
    }
    Ok(())
}

/// For the page.
pub(super) fn shown(amount: i64, currency: &str) -> String {
    let decimals: usize = match currency {
        c if ZERO_DECIMAL.contains(&c) => 0,
        c if THREE_DECIMAL.contains(&c) => 3,
        _ => 2,
    };
    let digits = format!("{amount:0width$}", width = decimals + 1);
    let (whole, part) = digits.split_at(digits.len() - decimals);
    if decimals == 0 {
        whole.to_owned()
    } else {
        format!("{whole}.{part}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minimum_and_last_digits_are_stripe_s() {
        assert!(check(50, "eur").is_ok() && check(49, "eur").is_err());
        assert!(check(10_010, "kwd").is_ok() && check(10_011, "kwd").is_err());
        assert!(check(500, "isk").is_ok() && check(501, "isk").is_err());
        assert!(check(99_999_999, "eur").is_ok() && check(100_000_000, "eur").is_err());
    }

    #[test]
    fn amounts_are_shown_with_their_decimals() {
        assert_eq!(
            [shown(5, "eur"), shown(1200, "jpy"), shown(12_340, "kwd")],
            ["0.05", "1200", "12.340"]
        );
    }
}
