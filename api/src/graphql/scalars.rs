//! Scalars with meaning. As outputs they are exact; as inputs they accept any string and are judged by the service, so
//! that a wrong one is a user error with its field.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, SimpleObject, Value};
use consentry_domain::{Day, Instant};

macro_rules! text_scalar {
    ($($(#[$meta:meta])* $name:ident = $text:literal),* $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(pub String);

        $(#[$meta])*
        #[Scalar(name = $text)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                match value {
                    Value::String(text) => Ok(Self(text)),
                    other => Err(InputValueError::expected_type(other)),
                }
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.clone())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )*};
}

text_scalar! {
    /// A moment in UTC, RFC 3339: `2027-03-01T09:00:00Z`.
    DateTime = "DateTime",
    /// A day, ISO 8601: `2027-03-01`.
    Date = "Date",
    /// A decimal number as a string: `"49.00"`.
    Decimal = "Decimal",
    /// An IANA time zone: `Europe/Berlin`.
    TimeZone = "TimeZone",
    /// A language, BCP 47: `de`, `en-GB`.
    Locale = "Locale",
    /// An absolute http or https address.
    URL = "URL",
}

impl From<Instant> for DateTime {
    fn from(instant: Instant) -> Self {
        let text = jiff::Timestamp::from_microsecond(instant.0)
            .map_or_else(|_| String::from("9999-12-31T23:59:59Z"), |time| time.to_string());
        Self(text)
    }
}

impl From<Day> for Date {
    fn from(day: Day) -> Self {
        Self(day.to_string())
    }
}

/// An amount with its currency.
#[derive(SimpleObject, Clone, Debug)]
pub struct Money {
    /// A decimal string with as many places as the currency has.
    pub amount: Decimal,
    /// ISO 4217.
    pub currency: String,
}

impl From<consentry_domain::Money> for Money {
    fn from(money: consentry_domain::Money) -> Self {
        Self {
            amount: Decimal(money.to_string()),
            currency: money.currency.code().to_owned(),
        }
    }
}
