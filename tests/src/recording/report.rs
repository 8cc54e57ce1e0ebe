//! What partners have, held against marks and records.

use std::collections::HashMap;

use consentry::platform::store::{Store, sql};
use consentry_domain::{FieldMask, LeadId};
use consentry_entity::disclosure;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::partners::{Answer, Way};

/// What was found.
#[derive(Debug, Default)]
pub struct Report {
    /// How often the program was killed.
    pub kills: usize,
    /// Answers of which a lead came.
    pub answers: usize,
    /// Those among them that were asked for by a lead's id.
    pub nodes: usize,
    /// Answers that were cut off within their body.
    pub cut: usize,
    /// Leads that were received, each time counted.
    pub received: usize,
    /// Received, and not in the database: how it was asked for, and what is missing.
    pub missing: Vec<(Way, String)>,
    /// Records of which no lead was received.
    pub surplus: usize,
    /// Requests that were sent and of which no lead came.
    pub unanswered: usize,
}

/// What the database says of disclosures.
struct Database {
    marks: HashMap<LeadId, FieldMask>,
    records: HashMap<Uuid, HashMap<LeadId, FieldMask>>,
}

impl Database {
    async fn read(store: &Store) -> Self {
        let rows = disclosure::Entity::find().all(store.read()).await.expect("records");
        let leads = sql::all(store.read(), "select id, received from lead", [])
            .await
            .expect("leads");
        let mark = |row: &sea_orm::QueryResult| {
            let received = row.try_get("", "received").expect("marks");
            (row.try_get("", "id").expect("an id"), FieldMask::from_db(received))
        };
        let marks = leads.iter().map(mark).collect();
        let mut records: HashMap<Uuid, HashMap<LeadId, FieldMask>> = HashMap::new();
        for row in &rows {
            let ids = row
                .lead_ids
                .chunks_exact(16)
                .map(|id| LeadId(Uuid::from_slice(id).expect("an id")));
            let masks = row
                .masks
                .chunks_exact(8)
                .map(|mask| i64::from_be_bytes(mask.try_into().expect("eight bytes")));
            let masks = masks.map(FieldMask::from_db);
            records.entry(row.request_id).or_default().extend(ids.zip(masks));
        }
        Self { marks, records }
    }
}

impl Report {
    /// Compares what was received with what the database says, and forgets both marks and records.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn compare(&mut self, answers: &[Answer], store: &Store) {
        let mut database = Database::read(store).await;
        self.kills += 1;
        for answer in answers {
            self.compare_one(answer, &mut database);
        }
        self.surplus += database.records.len();
        for text in [
            "update lead set received = 0 where received <> 0",
            "delete from disclosure",
        ] {
            sql::execute(store.admin(), text, []).await.expect("forgotten");
        }
    }

    fn compare_one(&mut self, answer: &Answer, database: &mut Database) {
        let (way, received) = (answer.way, &answer.received);
        let leads = received.leads();
        self.cut += usize::from(!received.whole && !received.body.is_empty());
        if leads.is_empty() {
            self.unanswered += usize::from(!is_empty_page(answer));
            return;
        }
        self.answers += 1;
        self.nodes += usize::from(way == Way::Node);
        self.received += leads.len();
        let record = received
            .request
            .and_then(|request| database.records.remove(&request))
            .unwrap_or_default();
        for (id, fields) in leads {
            if record.get(&id).is_none_or(|mask| !fields.is_subset_of(*mask)) {
                let words = format!("{id} is not in the record of {:?}", received.request);
                self.missing.push((way, words));
            }
            let marked = fields.union(FieldMask::RECEIVED);
            if database.marks.get(&id).is_none_or(|mark| !marked.is_subset_of(*mark)) {
                self.missing.push((way, format!("{id} lacks a mark")));
            }
        }
    }

    /// Everything that was received is recorded, and what was not received is no more than was under way.
    ///
    /// # Panics
    /// When it is not so, or when too little was received to say so.
    pub fn assert_recorded(&self) {
        assert_eq!(self.missing, [], "received, and not recorded");
        assert!(
            self.surplus <= self.unanswered,
            "{} records of {} answers",
            self.surplus,
            self.unanswered
        );
        assert!(
            self.answers >= self.kills / 2 && self.received > 100 && self.nodes > 5,
            "too little was received to say anything: {self:?}"
        );
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} kills, {} answers ({} by a lead's id) with {} leads, {} cut off, {} records of answers that nobody received, \
             {} requests without a lead, {} missing",
            self.kills,
            self.answers,
            self.nodes,
            self.received,
            self.cut,
            self.surplus,
            self.unanswered,
            self.missing.len()
        )
    }
}

/// A whole answer without a lead is no disclosure.
fn is_empty_page(answer: &Answer) -> bool {
    let nothing = |answer: Value| {
        let leads = &answer["data"]["partner"]["leads"];
        leads["nodes"] == json!([]) || leads["edges"] == json!([])
    };
    answer.received.json().is_some_and(nothing)
}
