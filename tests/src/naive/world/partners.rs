//! Partners pull, and keep in mind what they received.

use std::sync::PoisonError;

use async_graphql::ID;
use consentry::graphql::ids;
use consentry_domain::{EventPartnerId, LeadId, QuestionId};
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::history::Outcome;
use super::super::rows::{Fields, Tables};
use super::super::rule::view;
use super::{FIELDS, World, below, one, part};

/// What a lead is asked for by name.
const COLUMNS: [(u8, &str); 10] = [
    (0, "fullName"),
    (1, "givenName"),
    (2, "familyName"),
    (3, "email"),
    (4, "phone"),
    (5, "company"),
    (6, "jobTitle"),
    (7, "city"),
    (8, "country"),
    (12, "attended"),
];

/// What a pull asks for.
enum Selection {
    /// Whatever there is.
    Whole,
    /// These.
    Columns(Vec<(u8, &'static str)>),
}

impl Selection {
    fn by_chance(rng: &mut StdRng) -> Self {
        if rng.random_bool(0.5) {
            Self::Whole
        } else {
            Self::Columns(part(rng, 0.4, &COLUMNS))
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Whole => "id fields { field questionId values }".into(),
            Self::Columns(columns) => {
                let names: Vec<&str> = columns.iter().map(|(_, name)| *name).collect();
                format!("id {}", names.join(" "))
            }
        }
    }

    /// The part of these values that it asks for.
    fn of(&self, mut fields: Fields) -> Fields {
        if let Self::Columns(columns) = self {
            fields.retain(|bit, _| columns.iter().any(|(its, _)| its == bit));
        }
        fields
    }
}

/// A lead as it came: its id, and what it holds by bit.
type Got = (Uuid, Fields);

impl World {
    /// Pulls a whole stream with one of its tokens, and compares it where nobody else is at work.
    pub(super) async fn pull(&self, rng: &mut StdRng, before: Option<&Tables>) -> Outcome {
        let token = one(rng, &self.tokens);
        let offers: Vec<_> = self
            .offers
            .iter()
            .filter(|offer| token.at.contains(&offer.event_partner))
            .collect();
        let offer = *one(rng, &offers);
        let selection = Selection::by_chance(rng);
        let first = [1, 3, 10, 100][below(rng, 4)];
        let document = format!(
            "query($at: ID!, $purpose: Purpose!, $first: Int!, $after: String) {{ partner {{ leads(eventPartnerId: $at, \
             purpose: $purpose, first: $first, after: $after) {{ nodes {{ {} }} pageInfo {{ hasNextPage endCursor }} }} }} }}",
            selection.text()
        );
        let at = self.public::<EventPartnerId>(offer.event_partner);
        let (mut got, mut after) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({ "at": at, "purpose": offer.purpose, "first": first, "after": after });
            let answer = token.client.send(&document, variables).await;
            assert!(answer.get("errors").is_none(), "{answer:#}");
            let page = &answer["data"]["partner"]["leads"];
            // A partner that is not active is told nothing.
            let Some(nodes) = page["nodes"].as_array() else { break };
            for node in nodes {
                got.push(self.got(node).await);
            }
            if page["pageInfo"]["hasNextPage"] != json!(true) {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        self.history.note(format!(
            "pull of {} with {:x}, {}: {} leads",
            offer.id,
            token.mask,
            selection.text(),
            got.len()
        ));
        if let Some(before) = before {
            let now = self.app.store().now().await.expect("a time");
            let expected: Vec<Got> = view(before, offer.id, token.mask, now.0)
                .into_iter()
                .map(|(id, fields)| (id, comparable(selection.of(fields))))
                .collect();
            let shown: Vec<Got> = got
                .iter()
                .cloned()
                .map(|(id, fields)| (id, comparable(fields)))
                .collect();
            assert_eq!(shown, expected, "history:\n{}", self.history.tail(40));
        }
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, fields) in &got {
            *received.entry(*id).or_default() |= super::super::rule::mask_of(fields) | i64::MIN;
        }
        if got.is_empty() {
            Outcome::Nothing
        } else {
            Outcome::Done
        }
    }

    async fn got(&self, node: &Value) -> Got {
        let id = ids::decode::<LeadId>(&ID(node["id"].as_str().expect("an id").to_owned())).expect("a lead's id");
        let mut fields = Fields::new();
        for (bit, name) in COLUMNS {
            if node.get(name).is_some_and(|value| !value.is_null()) {
                fields.insert(bit, node[name].clone());
            }
        }
        for field in node["fields"].as_array().into_iter().flatten() {
            let bit = match field["field"].as_str() {
                Some(name) => FIELDS.iter().position(|its| *its == name).expect("a field") as u8,
                None => self.bit_of(&field["questionId"]).await,
            };
            fields.insert(bit, field["values"][0].clone());
        }
        (id.1.0, fields)
    }

    async fn bit_of(&self, question: &Value) -> u8 {
        let id = ids::decode::<QuestionId>(&ID(question.as_str().expect("an id").to_owned())).expect("a question's id");
        let text = format!("select bit from question where id = {}", self.literal(id.1.0));
        u8::try_from(self.rows(&text).await[0].int("bit")).expect("a bit")
    }
}

/// Values that are shown as labels or lines are compared by being there, the others as they are.
fn comparable(fields: Fields) -> Fields {
    let shown = |(bit, value): (u8, Value)| match (bit, value) {
        (0..=8 | 10, value) => (bit, value),
        (bit, _) => (bit, json!(true)),
    };
    fields.into_iter().map(shown).collect()
}
