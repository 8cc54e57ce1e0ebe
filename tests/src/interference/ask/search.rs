//! Leads by words and in orders: a few pages of a list, one after another, which stand behind each other in the answer.

use std::fmt::Write as _;

use consentry::services::disclosure::{Order, Wanted};
use consentry_domain::words::Sought;
use serde_json::{Value, json};

use super::super::random::Random;
use super::super::side::Side;
use super::super::transcript::Answer;
use super::super::world::{Token, World};
use super::requests::post;
use crate::app::SeededOffer;

/// What is looked for: what hidden values begin with, what corrected ones do, pieces of addresses and names, nothing.
const WORDS: &[&str] = &[
    "",
    "hidden",
    "hidden 1",
    "corrected",
    "v1 example",
    "e",
    "nobody-at-all",
];
/// The orders, as documents and as the service name them.
const ORDERS: &[(&str, Order)] = &[
    ("ID", Order::Id),
    ("FULL_NAME", Order::FullName),
    ("FAMILY_NAME", Order::FamilyName),
    ("COMPANY", Order::Company),
    ("NEWEST", Order::Newest),
];
/// What is selected of each lead.
const SHOWN: &[&str] = &[
    "id consentedOn fields { field values }",
    "id fullName company",
    "id company email city phone",
    "id email",
    "id",
];

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    token: Token,
    purpose: &'static str,
    first: i64,
    words: &'static str,
    order: usize,
    shown: &'static str,
}

impl Search {
    pub(super) fn of(random: &mut Random) -> Self {
        Self {
            token: *random.one(&[Token::All, Token::All, Token::All, Token::Narrow, Token::Claimed]),
            purpose: *random.one(&["EVENT_FOLLOW_UP", "EVENT_FOLLOW_UP", "PRODUCT_INFORMATION"]),
            first: *random.one(&[1, 2, 5, 100]),
            words: *random.one(WORDS),
            order: *random.one(&[0, 1, 2, 3, 3, 3, 4]),
            shown: *random.one(&[SHOWN[0], SHOWN[0], SHOWN[1], SHOWN[2], SHOWN[3], SHOWN[4]]),
        }
    }

    /// What hidden values begin with, and everybody by company.
    pub(super) fn of_hidden(purpose: &'static str) -> [Self; 2] {
        [("hidden", 0), ("", 3)].map(|(words, order)| Self {
            token: Token::All,
            purpose,
            first: 5,
            words,
            order,
            shown: SHOWN[0],
        })
    }

    /// As many pages as there are, and no more than four.
    pub(super) async fn pages(&self, side: &Side, world: &World) -> Answer {
        let document = format!(
            "query($w: ID, $f: Int!, $a: String, $q: String) {{ partner {{ leads(eventPartnerId: $w, purpose: {}, first: $f, \
             after: $a, filter: {{ words: $q }}, sort: {}) {{ edges {{ cursor node {{ {} }} }} \
             pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}",
            self.purpose, ORDERS[self.order].0, self.shown
        );
        let mut variables = json!({ "w": world.follow_up.event_partner, "f": self.first, "q": self.words });
        let mut all: Option<Answer> = None;
        for _ in 0..4 {
            let answer = side
                .send(post(side, world, self.token, &document, variables.clone()))
                .await;
            let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
            match &mut all {
                Some(all) => write!(all.body, "{}\n{}", answer.status, answer.body).expect("a body"),
                None => all = Some(answer),
            }
            let info = &body["data"]["partner"]["leads"]["pageInfo"];
            if info["hasNextPage"] != json!(true) {
                break;
            }
            variables["a"] = info["endCursor"].clone();
        }
        all.expect("a page")
    }
}

/// The lists of an offer's leads, as the cursors of these searches name them.
pub(in super::super) fn lists(offer: &SeededOffer) -> Vec<Vec<u8>> {
    let each = WORDS.iter().flat_map(|words| {
        let words = Sought::parse(words).expect("few words");
        ORDERS.iter().map(move |(_, order)| Wanted {
            words: words.clone(),
            order: *order,
        })
    });
    each.filter(|wanted| *wanted != Wanted::default())
        .map(|wanted| wanted.list(offer.organization, offer.id))
        .collect()
}
