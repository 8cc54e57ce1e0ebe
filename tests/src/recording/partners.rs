//! Partners that pull by every way to a lead, until the program answers no more, and keep all that they got.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::received::{Received, ask};

/// Clients that pull at once.
const CLIENTS: usize = 4;
/// What they ask for: not always the same fields, and not always the same leads.
const PAGES: [&str; 3] = [
    "query($after: String) { partner { leads(purpose: EVENT_FOLLOW_UP, first: 100, after: $after) {
     nodes { id fullName email phone company } pageInfo { endCursor } } } }",
    "query($after: String) { partner { leads(purpose: EVENT_FOLLOW_UP, first: 25, after: $after) {
     edges { node { id email company } } pageInfo { endCursor } } } }",
    "query($after: String) { partner { leads(purpose: EVENT_FOLLOW_UP, first: 50, after: $after) {
     nodes { id company } pageInfo { endCursor } } } }",
];
/// One lead by its id, in the forms in which a document can ask for it.
const NODES: [&str; 3] = [
    "query($id: ID!) { node(id: $id) { ... on Lead { id fullName email phone company } } }",
    "query($id: ID!) { node(id: $id) { id ... on Lead { email company } } }",
    "query($id: ID!) { node(id: $id) { ...Of } } fragment Of on Lead { id phone company }",
];
/// Asks for the long leads.
const LONG: &str = "query($after: String) { partner { leads(purpose: RELATED_EVENTS, first: 100, after: $after) {
     nodes { id fullName company } pageInfo { endCursor } } } }";

/// A way to a lead. The schema has no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A page of a stream.
    Page,
    /// By its id.
    Node,
}

/// How long the answers are that are asked for.
#[derive(Clone, Copy, Debug)]
pub enum Answers {
    /// As usual.
    Short,
    /// One of the clients asks for answers of six megabytes: the machine takes up to four from the program at once.
    Long,
}

/// What came of a request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// How it was asked.
    pub way: Way,
    /// What came.
    pub received: Received,
}

/// Partners' clients with one token.
pub struct Partners {
    /// Where the program listens.
    pub address: SocketAddr,
    /// The token.
    pub token: String,
    /// Public ids of leads that a client may ask for.
    pub leads: Arc<Vec<String>>,
}

impl Partners {
    /// Pulls with every client until it is over; `seen` is told after each piece of an answer how long it is so far.
    ///
    /// # Panics
    /// When a client fails.
    pub async fn pull(
        &self,
        seed: u64,
        length: Answers,
        seen: impl Fn(usize) + Send + Sync + 'static,
        over: Arc<AtomicBool>,
    ) -> Vec<Answer> {
        let seen = Arc::new(seen);
        let clients = (0..CLIENTS).map(|number| {
            let client = Client {
                address: self.address,
                token: self.token.clone(),
                leads: self.leads.clone(),
                rng: StdRng::seed_from_u64(seed * 100 + number as u64),
                long: number == 0 && matches!(length, Answers::Long),
                after: Value::Null,
            };
            let (seen, over) = (seen.clone(), over.clone());
            tokio::spawn(async move { client.pull(&*seen, &over).await })
        });
        let mut all = Vec::new();
        for client in clients.collect::<Vec<_>>() {
            all.extend(client.await.expect("no client fails"));
        }
        all
    }
}

/// One client.
struct Client {
    address: SocketAddr,
    token: String,
    leads: Arc<Vec<String>>,
    rng: StdRng,
    long: bool,
    after: Value,
}

impl Client {
    async fn pull(mut self, seen: &(impl Fn(usize) + Sync), over: &AtomicBool) -> Vec<Answer> {
        let mut answers = Vec::new();
        while !over.load(Ordering::SeqCst) {
            let (way, document, variables) = self.choose();
            let asked = ask(self.address, &self.token, document, &variables, seen);
            let Some(received) = asked.await else {
                tokio::time::sleep(Duration::from_millis(1)).await;
                continue;
            };
            if way == Way::Page {
                let page = received.json().unwrap_or_default();
                self.after = page["data"]["partner"]["leads"]["pageInfo"]["endCursor"].clone();
            }
            answers.push(Answer { way, received });
        }
        answers
    }

    fn choose(&mut self) -> (Way, &'static str, Value) {
        if self.long {
            return (Way::Page, LONG, json!({ "after": self.after }));
        }
        if self.rng.random_bool(0.4) {
            let id = self.leads.choose(&mut self.rng).expect("a lead");
            return (
                Way::Node,
                NODES.choose(&mut self.rng).expect("one"),
                json!({ "id": id }),
            );
        }
        let page = PAGES.choose(&mut self.rng).expect("one");
        (Way::Page, page, json!({ "after": self.after }))
    }
}
