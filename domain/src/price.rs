//! Prices: what an order costs, line by line, with its tax.
//!
//! **Rounding.** Tax is computed once per line, on the line's whole amount, and rounded half up to the minor unit; the
//! total is the sum of the lines and is never rounded again. Where tax is included, the gross is exact and the net is
//! what is left; where it is added, the net is exact and the tax is rounded to the currency's
//! [price step](crate::money::Currency::price_step), so that the total can be charged. Three tickets on one line may
//! therefore cost a minor unit more or less than three lines of one.

use crate::money::{AmountError, Currency, Money};
use std::fmt;

/// A tax rate in thousandths of a percent: 19 % is 19000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaxRate(i32);

/// One hundred percent.
const WHOLE: i32 = 100_000;

impl TaxRate {
    /// No tax.
    pub const ZERO: Self = Self(0);

    /// This rate, if it lies between 0 and 100 %.
    #[must_use]
    pub fn new(thousandths_of_percent: i32) -> Option<Self> {
        (0..=WHOLE)
            .contains(&thousandths_of_percent)
            .then_some(Self(thousandths_of_percent))
    }

    /// Reads percent with at most three decimals, such as `19.0` or `8.375`.
    #[must_use]
    pub fn parse(percent: &str) -> Option<Self> {
        let (whole, fraction) = percent.split_once('.').unwrap_or((percent, "0"));
        let is_number = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) {
            return None;
        }
        Self::new(format!("{whole}{fraction:0<3}").parse().ok()?)
    }

    /// As stored.
    #[must_use]
    pub const fn thousandths_of_percent(self) -> i32 {
        self.0
    }
}

/// Percent with at least one decimal: `19.0`, `8.375`.
impl fmt::Display for TaxRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = format!("{:03}", self.0 % 1000);
        let shown = fraction.trim_end_matches('0');
        write!(f, "{}.{}", self.0 / 1000, if shown.is_empty() { "0" } else { shown })
    }
}

/// Whether a price has its tax in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxInclusion {
    /// The price is what is paid.
    Included,
    /// The tax comes on top.
    Added,
}

/// What somebody wants to buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// How many; at least one.
    pub quantity: u32,
    /// The price of one.
    pub unit_price: Money,
    /// The tax rate.
    pub tax_rate: TaxRate,
    /// Whether the price has its tax in it.
    pub inclusion: TaxInclusion,
}

/// What one line costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Without tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// What is paid: net and tax.
    pub gross: Money,
}

/// What an order costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// One line for each item, in their order.
    pub lines: Vec<Line>,
    /// The sum of the lines.
    pub total: Line,
}

/// Why there is no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// None of something.
    #[error("a line has at least one item")]
    NoQuantity,
    /// The amounts do not work.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

/// Judges the price of one: not negative, and a multiple of the currency's price step.
///
/// # Errors
/// Where it is not.
pub fn check_unit_price(price: Money) -> Result<(), AmountError> {
    price.to_stripe().map(|_| ())
}

/// What these items cost together.
///
/// # Errors
/// Where a quantity is zero, a price cannot be charged or is in another currency, or an amount is too large.
pub fn quote(currency: Currency, items: &[Item]) -> Result<Quote, QuoteError> {
    let lines = items.iter().map(line).collect::<Result<Vec<_>, _>>()?;
    let nothing = Line {
        net: Money::zero(currency),
        tax: Money::zero(currency),
        gross: Money::zero(currency),
    };
    let total = lines.iter().try_fold(nothing, |sum, line| {
        Ok::<_, AmountError>(Line {
            net: sum.net.plus(line.net)?,
            tax: sum.tax.plus(line.tax)?,
            gross: sum.gross.plus(line.gross)?,
        })
    })?;
    Ok(Quote { lines, total })
}

/// What one line costs.
fn line(item: &Item) -> Result<Line, QuoteError> {
    if item.quantity == 0 {
        return Err(QuoteError::NoQuantity);
    }
    check_unit_price(item.unit_price)?;
    let (amount, rate, currency) = (
        item.unit_price.times(item.quantity)?,
        item.tax_rate.0,
        item.unit_price.currency,
    );
    Ok(match item.inclusion {
        TaxInclusion::Included => {
            let tax = Money::new(rounded_share(amount.minor, rate, WHOLE + rate, 1), currency);
            Line {
                net: amount.minus(tax)?,
                tax,
                gross: amount,
            }
        }
        TaxInclusion::Added => {
            let tax = Money::new(
                rounded_share(amount.minor, rate, WHOLE, currency.price_step()),
                currency,
            );
            Line {
                net: amount,
                tax,
                gross: amount.plus(tax)?,
            }
        }
    })
}

/// `amount × part / whole`, rounded half up to a multiple of `step`; the share of an amount that is not negative, with
/// `part ≤ whole`, fits again.
fn rounded_share(amount: i64, part: i32, whole: i32, step: i64) -> i64 {
    let (numerator, denominator) = (
        i128::from(amount) * i128::from(part),
        i128::from(whole) * i128::from(step),
    );
    let steps = (2 * numerator + denominator) / (2 * denominator);
    i64::try_from(steps * i128::from(step)).unwrap_or(i64::MAX)
}
