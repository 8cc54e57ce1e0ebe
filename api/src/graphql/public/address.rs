//! Postal addresses, in and out.

use async_graphql::{InputObject, SimpleObject};

/// A postal address.
#[derive(SimpleObject, Clone, Debug)]
pub struct PostalAddress {
    /// Street and number, one or more lines.
    street: String,
    /// Postal code.
    postal_code: Option<String>,
    /// Town.
    city: String,
    /// State, province or region.
    region: Option<String>,
    /// ISO 3166-1 alpha-2.
    country: String,
}

impl From<consentry_domain::PostalAddress> for PostalAddress {
    fn from(address: consentry_domain::PostalAddress) -> Self {
        let consentry_domain::PostalAddress {
            street,
            postal_code,
            city,
            region,
            country,
        } = address;
        Self {
            street,
            postal_code,
            city,
            region,
            country,
        }
    }
}

/// A postal address.
#[derive(InputObject, Clone, Debug)]
pub struct AddressInput {
    /// Street and number, one or more lines.
    street: String,
    /// Postal code.
    postal_code: Option<String>,
    /// Town.
    city: String,
    /// State, province or region.
    region: Option<String>,
    /// ISO 3166-1 alpha-2.
    country: String,
}

impl From<AddressInput> for consentry_domain::PostalAddress {
    fn from(address: AddressInput) -> Self {
        let AddressInput {
            street,
            postal_code,
            city,
            region,
            country,
        } = address;
        Self {
            street,
            postal_code,
            city,
            region,
            country,
        }
    }
}
