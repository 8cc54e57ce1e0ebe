//! The names and addresses by which somebody is known, to be struck from mails to others.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::platform::Fault;
use crate::services::mail::line::PersonName;

/// The members of a mail's facts that name a person. Others may hold the same words by chance.
const NAMING: [&str; 5] = ["recipient", "buyer", "attendee", "child", "guardian"];

/// Names and addresses.
#[derive(Debug, Default)]
pub(super) struct Words {
    names: BTreeSet<String>,
    addresses: BTreeSet<String>,
}

impl Words {
    /// Adds a name.
    pub fn name(&mut self, name: Option<&str>) {
        if let Some(name) = name {
            self.names.insert(PersonName::from(name).as_str().to_lowercase());
        }
    }

    /// Adds an address.
    pub fn address(&mut self, address: Option<&str>) {
        self.addresses.extend(address.map(str::to_owned));
    }

    /// The addresses, as they were written.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.addresses.iter().map(String::as_str)
    }

    /// The facts of a mail without these names; none where they name nobody of them.
    pub fn strike(&self, data: &str) -> Result<Option<String>, Fault> {
        if data.is_empty() {
            return Ok(None);
        }
        let odd = |error: serde_json::Error| Fault::Corrupt(format!("the facts of a mail: {error}"));
        let mut facts: Value = serde_json::from_str(data).map_err(odd)?;
        Ok(self.strike_in(&mut facts).then(|| facts.to_string()))
    }

    /// Whether something was struck.
    fn strike_in(&self, facts: &mut Value) -> bool {
        let mut struck = false;
        match facts {
            Value::Object(members) => {
                for (key, value) in members {
                    let named = value.as_str().is_some_and(|text| self.is(text));
                    if named && NAMING.contains(&key.as_str()) {
                        *value = if key == "attendee" {
                            Value::Null
                        } else {
                            Value::from("")
                        };
                        struck = true;
                    } else {
                        struck |= self.strike_in(value);
                    }
                }
            }
            Value::Array(values) => {
                for value in values {
                    struck |= self.strike_in(value);
                }
            }
            _ => {}
        }
        struck
    }

    fn is(&self, text: &str) -> bool {
        self.names.contains(&PersonName::from(text).as_str().to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_name_is_struck_where_it_names_somebody_and_nowhere_else() {
        let mut words = Words::default();
        words.name(Some("Ada K. Lovelace"));
        let facts = json!({ "recipient": "Bob", "controller": { "name": "Ada K. Lovelace" },
            "places": [{ "ticket_type": "Day", "attendee": "ADA K. Lovelace" }, { "attendee": "Bob" }] });
        let struck = words.strike(&facts.to_string()).expect("facts").expect("named");
        let expected = json!({ "recipient": "Bob", "controller": { "name": "Ada K. Lovelace" },
            "places": [{ "ticket_type": "Day", "attendee": null }, { "attendee": "Bob" }] });
        assert_eq!(serde_json::from_str::<Value>(&struck).expect("JSON"), expected);
        assert_eq!(
            words.strike(&expected.to_string()).expect("facts"),
            None,
            "nobody is named any more"
        );
    }
}
