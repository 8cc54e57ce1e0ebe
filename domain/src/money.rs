//! Money: whole minor units with their currency, and the one table of currencies.
//!
//! A minor unit is what ISO 4217 says (cents for EUR, whole yen for JPY, fils for KWD). Stripe counts some currencies
//! otherwise; only [`Money::to_stripe`] and [`Money::from_stripe`] know that. There is no floating point and no rounding
//! here: what does not come out even is refused.

use std::fmt;

/// How a currency is counted, here and at Stripe.
#[derive(Debug, PartialEq, Eq)]
struct Units {
    /// Decimal places by ISO 4217; the minor unit of this crate.
    decimals: u32,
    /// Decimal places of the `amount` in Stripe's API.
    stripe_decimals: u32,
    /// Amounts that can be charged are multiples of this, in minor units.
    step: i64,
    /// The currencies.
    codes: &'static str,
}

/// ISO 4217 currencies in circulation, without funds, metals and test codes; and how Stripe's documentation on currencies
/// wants them: it lists MGA without decimals (ISO: two), ISK and UGX with two that are always 00 (ISO: none; UGX also
/// stands in its list of zero-decimal ones, but the special case is what a charge has to follow), and demands that the
/// last of three decimals is 0. HUF and TWD are whole only in its payouts, which are not ours.
const TABLE: &[Units] = &[
    Units {
        decimals: 2,
        stripe_decimals: 2,
        step: 1,
        codes: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK \
                DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK \
                LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON \
                RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES \
                WST XCD XCG YER ZAR ZMW ZWG",
    },
    Units {
        decimals: 0,
        stripe_decimals: 0,
        step: 1,
        codes: "BIF CLP DJF GNF JPY KMF KRW PYG RWF VND VUV XAF XOF XPF",
    },
    Units {
        decimals: 0,
        stripe_decimals: 2,
        step: 1,
        codes: "ISK UGX",
    },
    Units {
        decimals: 2,
        stripe_decimals: 0,
        step: 100,
        codes: "MGA",
    },
    Units {
        decimals: 3,
        stripe_decimals: 3,
        step: 10,
        codes: "BHD IQD JOD KWD LYD OMR TND",
    },
];

/// A currency of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Currency {
    code: &'static str,
    units: &'static Units,
}

impl Currency {
    /// The currency of this code, in capitals, if the table has it.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::all().find(|currency| currency.code == code)
    }

    /// Every currency.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE
            .iter()
            .flat_map(|units| units.codes.split(' ').map(move |code| Self { code, units }))
    }

    /// ISO 4217, three capitals.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// Decimal places of an amount in it (0, 2 or 3).
    #[must_use]
    pub const fn decimals(self) -> u32 {
        self.units.decimals
    }

    /// Prices are multiples of this, in minor units, so that every payment method can charge them: 10 for three-decimal
    /// currencies, 100 for MGA, else 1.
    #[must_use]
    pub const fn price_step(self) -> i64 {
        self.units.step
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

/// The largest amount, in minor units: twelve digits, the most that a card payment takes.
pub const MAX_MINOR: i64 = 999_999_999_999;

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// In minor units.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// Why a text is no amount, or an amount cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not digits with at most one point between them.
    #[error("an amount is written like 49.00")]
    Malformed,
    /// Below zero.
    #[error("an amount is not negative")]
    Negative,
    /// More decimal places than the currency has.
    #[error("the currency has fewer decimal places")]
    TooPrecise,
    /// Above [`MAX_MINOR`].
    #[error("the amount is too large")]
    TooLarge,
    /// Two currencies in one sum.
    #[error("amounts in different currencies do not add up")]
    MixedCurrencies,
    /// Not a multiple of [`Currency::price_step`].
    #[error("amounts in this currency end in a zero")]
    NotChargeable,
}

impl Money {
    /// So many minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Reads a decimal such as `49.00` or `49` (no sign, no grouping, no more decimals than the currency has).
    ///
    /// # Errors
    /// Where the text is no such amount.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, AmountError> {
        if let Some(rest) = text.strip_prefix('-') {
            return Err(Self::parse(rest, currency).map_or_else(|error| error, |_| AmountError::Negative));
        }
        let (whole, fraction) = text
            .split_once('.')
            .map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !fraction.is_none_or(is_number) {
            return Err(AmountError::Malformed);
        }
        let fraction = fraction.unwrap_or_default();
        let places = currency.decimals() as usize;
        if fraction.len() > places {
            return Err(AmountError::TooPrecise);
        }
        let digits = format!("{whole}{fraction:0<places$}");
        let minor = digits
            .parse()
            .ok()
            .filter(|minor| *minor <= MAX_MINOR)
            .ok_or(AmountError::TooLarge)?;
        Ok(Self { minor, currency })
    }

    /// Both together.
    ///
    /// # Errors
    /// Where the currencies differ or the sum is too large.
    pub fn plus(self, other: Self) -> Result<Self, AmountError> {
        self.with(other, i64::checked_add)
    }

    /// The difference; it may be negative.
    ///
    /// # Errors
    /// Where the currencies differ or the difference is too large.
    pub fn minus(self, other: Self) -> Result<Self, AmountError> {
        self.with(other, i64::checked_sub)
    }

    /// So many times as much.
    ///
    /// # Errors
    /// Where the product is too large.
    pub fn times(self, count: u32) -> Result<Self, AmountError> {
        Self::within(self.minor.checked_mul(i64::from(count)), self.currency)
    }

    /// The `amount` that Stripe's API takes for it.
    ///
    /// # Errors
    /// Where it is negative, too large, or cannot be charged.
    pub fn to_stripe(self) -> Result<i64, AmountError> {
        let units = self.currency.units;
        if self.minor < 0 {
            return Err(AmountError::Negative);
        }
        if self.minor % units.step != 0 {
            return Err(AmountError::NotChargeable);
        }
        let amount = if units.stripe_decimals > units.decimals {
            self.minor
                .checked_mul(10_i64.pow(units.stripe_decimals - units.decimals))
        } else {
            Some(self.minor / 10_i64.pow(units.decimals - units.stripe_decimals))
        };
        amount
            .filter(|amount| *amount <= MAX_MINOR)
            .ok_or(AmountError::TooLarge)
    }

    /// What an `amount` in Stripe's API says, with its currency in any case.
    ///
    /// # Errors
    /// Where it is no amount that [`to_stripe`](Self::to_stripe) could have made, or the currency is unknown.
    pub fn from_stripe(amount: i64, currency: &str) -> Result<Self, AmountError> {
        let currency = Currency::parse(&currency.to_ascii_uppercase()).ok_or(AmountError::Malformed)?;
        let units = currency.units;
        let more = 10_i64.pow(units.stripe_decimals.saturating_sub(units.decimals));
        let fewer = 10_i64.pow(units.decimals.saturating_sub(units.stripe_decimals));
        if amount % more != 0 {
            return Err(AmountError::TooPrecise);
        }
        let money = Self::within((amount / more).checked_mul(fewer), currency)?;
        money.to_stripe().map(|_| money)
    }

    fn with(self, other: Self, sum: fn(i64, i64) -> Option<i64>) -> Result<Self, AmountError> {
        if self.currency != other.currency {
            return Err(AmountError::MixedCurrencies);
        }
        Self::within(sum(self.minor, other.minor), self.currency)
    }

    fn within(minor: Option<i64>, currency: Currency) -> Result<Self, AmountError> {
        let minor = minor.filter(|minor| (-MAX_MINOR..=MAX_MINOR).contains(minor));
        Ok(Self {
            minor: minor.ok_or(AmountError::TooLarge)?,
            currency,
        })
    }
}

/// A decimal with as many places as the currency has: `49.00`, `5000`, `1.250`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (places, digits) = (self.currency.decimals() as usize, self.minor.unsigned_abs());
        let sign = if self.minor < 0 { "-" } else { "" };
        let unit = 10_u64.pow(self.currency.decimals());
        match places {
            0 => write!(f, "{sign}{digits}"),
            _ => write!(f, "{sign}{}.{:0places$}", digits / unit, digits % unit),
        }
    }
}
