//! Amounts: written, read, summed, and as Stripe counts them.

use consentry_domain::money::*;
use proptest::prelude::*;

fn of(text: &str, code: &str) -> Money {
    Money::parse(text, Currency::parse(code).expect("a currency")).expect("an amount")
}

#[test]
fn the_table_holds_each_currency_once() {
    assert!(Currency::all().all(|currency| currency.code().len() == 3 && currency.code().bytes().all(|byte| byte.is_ascii_uppercase())));
    let mut codes = Currency::all().map(Currency::code).collect::<Vec<_>>();
    codes.sort_unstable();
    let count = codes.len();
    codes.dedup();
    assert_eq!((codes.len(), count), (155, 155));
    assert!(
        ["eur", "EU", "XXX", "XTS", "XAU", "", "HRK", "EURO"]
            .iter()
            .all(|code| Currency::parse(code).is_none())
    );
}

#[test]
fn each_currency_writes_its_own_decimals() {
    for (minor, code, text) in [
        (4900, "EUR", "49.00"),
        (5, "EUR", "0.05"),
        (5000, "JPY", "5000"),
        (1250, "KWD", "1.250"),
        (0, "EUR", "0.00"),
        (0, "JPY", "0"),
        (500, "ISK", "500"),
        (10_000, "MGA", "100.00"),
    ] {
        let money = of(text, code);
        assert_eq!((money.minor, money.to_string().as_str()), (minor, text), "{code}");
    }
    assert_eq!(
        Money::new(-5, Currency::parse("EUR").expect("a currency")).to_string(),
        "-0.05"
    );
    assert_eq!(
        Money::new(-5, Currency::parse("JPY").expect("a currency")).to_string(),
        "-5"
    );
    assert_eq!(
        (of("49", "EUR"), of("49.5", "EUR"), of("007", "JPY").minor),
        (of("49.00", "EUR"), of("49.50", "EUR"), 7)
    );
}

#[test]
fn what_is_no_amount_is_refused() {
    use AmountError as E;
    for (text, code, error) in [
        ("", "EUR", E::Malformed),
        (".", "EUR", E::Malformed),
        (".5", "EUR", E::Malformed),
        ("5.", "EUR", E::Malformed),
        ("1,000.00", "EUR", E::Malformed),
        ("1.2.3", "EUR", E::Malformed),
        ("+5", "EUR", E::Malformed),
        ("1e3", "EUR", E::Malformed),
        (" 5", "EUR", E::Malformed),
        ("٥", "EUR", E::Malformed),
        ("NaN", "EUR", E::Malformed),
        ("--5", "EUR", E::Negative),
        ("-", "EUR", E::Malformed),
        ("-5", "EUR", E::Negative),
        ("5.001", "EUR", E::TooPrecise),
        ("5.000", "EUR", E::TooPrecise),
        ("5.0", "JPY", E::TooPrecise),
        ("1.2345", "KWD", E::TooPrecise),
        ("10000000000.00", "EUR", E::TooLarge),
        ("99999999999999999999999", "EUR", E::TooLarge),
    ] {
        assert_eq!(
            Money::parse(text, Currency::parse(code).expect("a currency")),
            Err(error),
            "{text} {code}"
        );
    }
    assert_eq!(of("9999999999.99", "EUR").minor, MAX_MINOR);
}

#[test]
fn stripe_is_told_amounts_as_its_documentation_wants_them() {
    for (text, code, amount) in [
        ("10", "USD", 1000),
        ("10.99", "USD", 1099),
        ("500", "JPY", 500),
        ("5", "ISK", 500),
        ("5", "UGX", 500),
        ("5.120", "KWD", 5120),
        ("5.00", "MGA", 5),
        ("10.45", "HUF", 1045),
        ("800.45", "TWD", 80_045),
    ] {
        assert_eq!(of(text, code).to_stripe(), Ok(amount), "{code}");
        assert_eq!(
            Money::from_stripe(amount, &code.to_lowercase()),
            Ok(of(text, code)),
            "{code}"
        );
    }
    assert_eq!(of("5.124", "KWD").to_stripe(), Err(AmountError::NotChargeable));
    assert_eq!(of("5.50", "MGA").to_stripe(), Err(AmountError::NotChargeable));
    assert_eq!(of("999999999999", "ISK").to_stripe(), Err(AmountError::TooLarge));
    assert_eq!(of("999999999999", "JPY").to_stripe(), Ok(MAX_MINOR));
    assert_eq!(
        Money {
            minor: -100,
            ..of("1", "EUR")
        }
        .to_stripe(),
        Err(AmountError::Negative)
    );
    assert_eq!(Money::from_stripe(550, "isk"), Err(AmountError::TooPrecise));
    assert_eq!(Money::from_stripe(5124, "kwd"), Err(AmountError::NotChargeable));
    assert_eq!(Money::from_stripe(-5, "eur"), Err(AmountError::Negative));
    assert_eq!(Money::from_stripe(5, "xxx"), Err(AmountError::Malformed));
    assert_eq!(Money::from_stripe(i64::MAX, "mga"), Err(AmountError::TooLarge));
}

#[test]
fn sums_are_checked() {
    let (euro, yen) = (of("1", "EUR"), of("1", "JPY"));
    let most = Money {
        minor: MAX_MINOR,
        ..euro
    };
    assert_eq!(
        (euro.plus(euro), euro.minus(of("3", "EUR")).map(|money| money.minor)),
        (Ok(of("2", "EUR")), Ok(-200))
    );
    assert_eq!(
        (euro.plus(yen), euro.minus(yen)),
        (Err(AmountError::MixedCurrencies), Err(AmountError::MixedCurrencies))
    );
    assert_eq!(
        (most.plus(euro), most.times(2)),
        (Err(AmountError::TooLarge), Err(AmountError::TooLarge))
    );
    assert_eq!(
        Money {
            minor: -MAX_MINOR,
            ..euro
        }
        .minus(euro),
        Err(AmountError::TooLarge)
    );
    assert_eq!(
        (
            euro.times(3),
            euro.times(0),
            Money {
                minor: i64::MAX,
                ..euro
            }
            .times(2)
        ),
        (
            Ok(of("3", "EUR")),
            Ok(Money::zero(euro.currency)),
            Err(AmountError::TooLarge)
        )
    );
}

proptest! {
    #[test]
    fn every_amount_is_read_back_here_and_from_stripe(minor in 0..=MAX_MINOR / 100, index in 0..155_usize) {
        let currency = Currency::all().nth(index).expect("a currency");
        let money = Money::new(minor - minor % currency.price_step(), currency);
        prop_assert_eq!(Money::parse(&money.to_string(), currency), Ok(money));
        let amount = money.to_stripe().expect("can be charged");
        prop_assert_eq!(Money::from_stripe(amount, currency.code()), Ok(money));
    }

    #[test]
    fn no_text_makes_parsing_panic(text in "[-0-9.,e٥]{0,30}") {
        let _ = Money::parse(&text, Currency::parse("KWD").expect("a currency"));
    }
}
