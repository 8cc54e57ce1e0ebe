//! Rust types of the schema's scalars, as the documents' types name them.

/// RFC 3339, UTC.
pub(crate) type DateTime = String;
/// ISO 8601.
pub(crate) type Date = String;
/// A number that is exact.
pub(crate) type Decimal = String;
/// BCP 47.
pub(crate) type Locale = String;
/// IANA.
pub(crate) type TimeZone = String;
/// An http or https address.
#[expect(clippy::upper_case_acronyms, reason = "the schema's name")]
pub(crate) type URL = String;
