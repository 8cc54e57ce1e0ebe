//! Where a conference takes place; kept as JSON in the event's row.

use consentry_domain::PostalAddress;

use crate::platform::Fault;

/// A venue.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Venue {
    /// Its name, as people look for it.
    pub name: String,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<PostalAddress>,
}

impl Venue {
    /// Reads what the column holds.
    ///
    /// # Errors
    /// When it holds something else.
    pub fn parse(column: &str) -> Result<Self, Fault> {
        serde_json::from_str(column).map_err(|error| Fault::Corrupt(format!("a venue: {error}")))
    }

    /// What the column holds.
    #[must_use]
    pub fn to_column(&self) -> String {
        serde_json::json!(self).to_string()
    }
}
