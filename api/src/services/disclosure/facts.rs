//! The facts of a stream that its partner may know: labels, the event's title and times, the offer's text, the partner's
//! own name. Kept as JSON in `stream.facts` by whoever changes one of them, read by the partner's code, which reads no
//! other table for them.
//!
//! Nothing of a registration may ever stand here.

use std::collections::BTreeMap;

use consentry_domain::{ChoiceId, EventKind, Instant, PartnerId, PartnerRole, QuestionId, TicketTypeId};
use serde::{Deserialize, Serialize};

use crate::platform::Fault;
use crate::services::Localized;

/// The facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamFacts {
    /// Whose stream.
    pub partner: PartnerFacts,
    /// In which role.
    pub role: PartnerRole,
    /// At which event.
    pub event: EventFacts,
    /// The text of the offer's version in force; empty where there is none.
    pub text: Localized,
    /// The shareable questions that the offer ever named, by their bit.
    pub questions: BTreeMap<u8, QuestionFacts>,
    /// The names of the event's ticket types.
    pub ticket_types: BTreeMap<TicketTypeId, Localized>,
}

/// A partner's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerFacts {
    /// Its id.
    pub id: PartnerId,
    /// As people know it.
    pub display_name: String,
    /// As it is registered; the recipient's name in the records of disclosures.
    pub legal_name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

/// An event, as its partners know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventFacts {
    /// Its title.
    pub title: Localized,
    /// The language of its texts when a reader's is not there.
    pub default_locale: String,
    /// Conference or webinar.
    pub kind: EventKind,
    /// When it starts.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// The IANA name of its zone. Facts that were written before it was kept here lack it until the event, the partner or
    /// the offer changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// A shareable question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionFacts {
    /// Its id.
    pub id: QuestionId,
    /// What it asks.
    pub label: Localized,
    /// Its choices; empty where it has none, and answers are texts.
    pub choices: BTreeMap<ChoiceId, Localized>,
}

impl StreamFacts {
    /// Reads what the column holds.
    ///
    /// # Errors
    /// When it holds something else.
    pub fn parse(column: &str) -> Result<Self, Fault> {
        serde_json::from_str(column).map_err(|error| Fault::Corrupt(format!("a stream's facts: {error}")))
    }

    /// What the column holds.
    ///
    /// # Errors
    /// Never, in practice: every part can be written as JSON.
    pub fn to_column(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|error| Fault::Corrupt(format!("a stream's facts: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn facts_are_read_back() {
        let facts = StreamFacts {
            partner: PartnerFacts {
                id: PartnerId(Uuid::from_u128(1)),
                display_name: "Acme".into(),
                legal_name: "Acme GmbH".into(),
                country: "DE".into(),
            },
            role: PartnerRole::CoSponsor,
            event: EventFacts {
                title: Localized::one("en", "A day"),
                default_locale: "en".into(),
                kind: EventKind::Conference,
                starts_at: Instant(1),
                ends_at: Instant(2),
                time_zone: Some("Europe/Berlin".into()),
            },
            text: Localized::one("en", "We write to you."),
            questions: BTreeMap::from([(
                20,
                QuestionFacts {
                    id: QuestionId(Uuid::from_u128(2)),
                    label: Localized::one("en", "Size of your company"),
                    choices: BTreeMap::from([(ChoiceId(Uuid::from_u128(3)), Localized::one("en", "small"))]),
                },
            )]),
            ticket_types: BTreeMap::from([(TicketTypeId(Uuid::from_u128(4)), Localized::one("en", "Regular"))]),
        };
        assert_eq!(StreamFacts::parse(&facts.to_column().unwrap()).unwrap(), facts);
    }

    #[test]
    fn facts_from_before_the_zone_was_kept_are_read() {
        let event = r#"{"title":{"en":"A day"},"default_locale":"en","kind":"CONFERENCE","starts_at":1,"ends_at":2}"#;
        let event: EventFacts = serde_json::from_str(event).unwrap();
        assert_eq!(event.time_zone, None);
        assert!(!serde_json::to_string(&event).unwrap().contains("time_zone"));
    }
}
