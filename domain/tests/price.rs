//! Prices: tax taken out and put on top, rounding, and what has no price.

use consentry_domain::money::{AmountError, Currency, MAX_MINOR, Money};
use consentry_domain::price::*;
use proptest::prelude::*;

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency")
}

fn item(quantity: u32, price: &str, code: &str, rate: &str, inclusion: TaxInclusion) -> Item {
    let unit_price = Money::parse(price, currency(code)).expect("an amount");
    Item {
        quantity,
        unit_price,
        tax_rate: TaxRate::parse(rate).expect("a rate"),
        inclusion,
    }
}

/// Net, tax and gross of a single item.
fn priced(item: Item) -> [String; 3] {
    let quote = quote(item.unit_price.currency, &[item]).expect("a price");
    assert_eq!(quote.lines, [quote.total]);
    [quote.total.net, quote.total.tax, quote.total.gross].map(|money| money.to_string())
}

#[test]
fn included_tax_is_taken_out_of_the_price() {
    use TaxInclusion::Included;
    assert_eq!(
        priced(item(1, "49.00", "EUR", "19.0", Included)),
        ["41.18", "7.82", "49.00"]
    );
    assert_eq!(
        priced(item(3, "49.00", "EUR", "19.0", Included)),
        ["123.53", "23.47", "147.00"]
    );
    assert_eq!(priced(item(1, "5000", "JPY", "10", Included)), ["4545", "455", "5000"]);
    assert_eq!(
        priced(item(1, "1.250", "KWD", "5.0", Included)),
        ["1.190", "0.060", "1.250"]
    );
    assert_eq!(
        priced(item(1, "49.00", "EUR", "0", Included)),
        ["49.00", "0.00", "49.00"]
    );
    assert_eq!(
        priced(item(1, "1.00", "EUR", "100.0", Included)),
        ["0.50", "0.50", "1.00"]
    );
}

#[test]
fn added_tax_comes_on_top() {
    use TaxInclusion::Added;
    assert_eq!(
        priced(item(1, "49.00", "EUR", "19.0", Added)),
        ["49.00", "9.31", "58.31"]
    );
    assert_eq!(
        priced(item(2, "49.99", "CHF", "8.1", Added)),
        ["99.98", "8.10", "108.08"]
    );
    assert_eq!(priced(item(1, "0.00", "EUR", "19.0", Added)), ["0.00", "0.00", "0.00"]);
}

#[test]
fn a_half_is_rounded_up_and_less_is_rounded_down() {
    use TaxInclusion::Added;
    assert_eq!(priced(item(1, "0.10", "EUR", "5.0", Added))[1], "0.01");
    assert_eq!(priced(item(1, "0.30", "EUR", "5.0", Added))[1], "0.02");
    assert_eq!(priced(item(1, "0.10", "EUR", "4.999", Added))[1], "0.00");
    assert_eq!(priced(item(1, "25", "JPY", "10", Added))[1], "3");
    assert_eq!(priced(item(1, "24", "JPY", "10", Added))[1], "2");
}

#[test]
fn tax_is_rounded_per_line_and_the_total_is_the_sum_of_the_lines() {
    let one = item(1, "0.10", "EUR", "5.0", TaxInclusion::Added);
    let apart = quote(currency("EUR"), &[one, one, one]).expect("a price");
    let together = quote(currency("EUR"), &[Item { quantity: 3, ..one }]).expect("a price");
    assert_eq!((apart.total.tax.minor, together.total.tax.minor), (3, 2));
    assert_eq!(apart.lines.len(), 3);
}

#[test]
fn an_added_tax_leaves_an_amount_that_can_be_charged() {
    use TaxInclusion::Added;
    assert_eq!(
        priced(item(1, "1.230", "KWD", "5.0", Added)),
        ["1.230", "0.060", "1.290"]
    );
    assert_eq!(
        priced(item(1, "1.300", "KWD", "5.0", Added)),
        ["1.300", "0.070", "1.370"]
    );
    assert_eq!(
        priced(item(1, "103.00", "MGA", "20.0", Added)),
        ["103.00", "21.00", "124.00"]
    );
}

#[test]
fn prices_that_cannot_be_are_refused() {
    let good = item(1, "49.00", "EUR", "19.0", TaxInclusion::Included);
    let refused = |item: Item| quote(currency("EUR"), &[good, item]).expect_err("no price");
    assert_eq!(refused(Item { quantity: 0, ..good }), QuoteError::NoQuantity);
    assert_eq!(
        refused(item(1, "49", "JPY", "0", TaxInclusion::Added)),
        AmountError::MixedCurrencies.into()
    );
    assert_eq!(
        refused(Item {
            unit_price: Money::new(-1, currency("EUR")),
            ..good
        }),
        AmountError::Negative.into()
    );
    assert_eq!(
        refused(Item {
            quantity: u32::MAX,
            ..good
        }),
        AmountError::TooLarge.into()
    );
    assert_eq!(
        refused(Item {
            unit_price: Money::new(MAX_MINOR, currency("EUR")),
            ..good
        }),
        AmountError::TooLarge.into()
    );
    assert_eq!(
        check_unit_price(Money::new(1234, currency("KWD"))),
        Err(AmountError::NotChargeable)
    );
    assert_eq!(check_unit_price(Money::new(1230, currency("KWD"))), Ok(()));
    assert_eq!(quote(currency("EUR"), &[]).map(|quote| quote.total.gross.minor), Ok(0));
}

#[test]
fn rates_are_percent_with_up_to_three_decimals() {
    for (text, thousandths, written) in [
        ("19.0", 19_000, "19.0"),
        ("19", 19_000, "19.0"),
        ("8.375", 8_375, "8.375"),
        ("7.70", 7_700, "7.7"),
        ("0.05", 50, "0.05"),
        ("100", 100_000, "100.0"),
        ("0", 0, "0.0"),
    ] {
        let rate = TaxRate::parse(text).expect("a rate");
        assert_eq!(
            (rate.thousandths_of_percent(), rate.to_string().as_str()),
            (thousandths, written)
        );
    }
    for text in [
        "", ".", "19.", ".5", "-1", "100.001", "101", "1.2345", "0019", "19,0", "1.2.3",
    ] {
        assert_eq!(TaxRate::parse(text), None, "{text}");
    }
    assert_eq!(
        (TaxRate::new(-1), TaxRate::new(100_001), TaxRate::new(0)),
        (None, None, Some(TaxRate::ZERO))
    );
}

proptest! {
    #[test]
    fn net_and_tax_make_the_gross_and_the_tax_is_off_by_half_a_unit_at_most(
        minor in 0..1_000_000_000_i64, quantity in 1..100_u32, rate in 0..=100_000_i32, added: bool,
    ) {
        let inclusion = if added { TaxInclusion::Added } else { TaxInclusion::Included };
        let item = Item { quantity, unit_price: Money::new(minor, currency("EUR")), tax_rate: TaxRate::new(rate).expect("a rate"), inclusion };
        let Line { net, tax, gross } = quote(currency("EUR"), &[item]).expect("a price").total;
        prop_assert_eq!(net.minor + tax.minor, gross.minor);
        prop_assert_eq!(if added { net } else { gross }.minor, minor * i64::from(quantity));
        // 2 × |tax × whole − share| ≤ whole, in exact numbers.
        let (base, whole) = if added { (net.minor, 100_000) } else { (gross.minor, 100_000 + i128::from(rate)) };
        let off = i128::from(tax.minor) * whole - i128::from(base) * i128::from(rate);
        prop_assert!(2 * off <= whole && 2 * off > -whole, "{off}");
    }
}
