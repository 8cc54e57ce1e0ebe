//! Reading the tables as they are, row by row and whole.

use uuid::Uuid;

use super::read::{Row, all};
use super::rows::{
    ATTENDANCE, Consent, Disclosed, Fields, Lead, Offer, Question, Registration, Stream, TEXT_FIELDS, TICKET_TYPE,
    Tables, Version, json, value_of,
};
use crate::TestApp;
use serde_json::Value;

fn registration(row: &Row) -> Registration {
    let texts = TEXT_FIELDS
        .iter()
        .filter_map(|(bit, column)| Some((*bit, row.opt_text(column)?)))
        .collect();
    Registration {
        event: row.id("event_id"),
        order: row.id("order_id"),
        person: row.opt_id("person_id"),
        ticket_type: row.id("ticket_type_id"),
        status: row.text("status"),
        email_proved_at: row.opt_long("email_proved_at"),
        consents_suspended: row.flag("consents_suspended"),
        restricted_at: row.opt_long("restricted_at"),
        quarantined_at: row.opt_long("quarantined_at"),
        objected_purposes: row.int("objected_purposes"),
        opted_out: row.flag("opted_out"),
        texts,
    }
}

fn version(row: &Row) -> Version {
    Version {
        number: row.int("version"),
        state: row.text("state"),
        field_mask: row.long("field_mask"),
        text: row.text("text"),
        notice: (row.text("notice_url"), row.bytes("notice_hash")),
        retention_days: row.int("retention_days"),
        starts_at: row.opt_long("starts_at"),
        ends_at: row.opt_long("ends_at"),
        editorial: row.flag("editorial"),
        was_approved: row.opt_int("covers_from").is_some(),
    }
}

fn lead(row: &Row) -> Lead {
    let mut fields: Fields = TEXT_FIELDS
        .iter()
        .filter_map(|(bit, column)| Some((*bit, value_of(*bit, &row.opt_text(column)?))))
        .collect();
    if let Some(ticket_type) = row.opt_id("ticket_type_id") {
        fields.insert(TICKET_TYPE, Value::from(ticket_type.to_string()));
    }
    if let Some(attended) = row.opt_flag("attended") {
        fields.insert(ATTENDANCE, Value::from(attended));
    }
    if let Some(answers) = row.opt_text("answers") {
        for (bit, answer) in json(&answers).as_object().expect("answers by bit") {
            fields.insert(bit.parse().expect("a bit"), answer.clone());
        }
    }
    Lead {
        stream: row.id("stream_id"),
        id: row.id("id"),
        registration: row.id("registration_id"),
        contact_key: row.id("contact_key"),
        state: row.int("state"),
        mask: row.long("mask"),
        offer_version: row.int("offer_version"),
        consented_version: row.int("consented_version"),
        consented_on: row.int("consented_on"),
        record: row.id("consent_record_id"),
        revision: row.long("revision"),
        received: row.long("received"),
        pos: row.opt_long("pos"),
        fields,
    }
}

fn stream(row: &Row) -> Stream {
    let in_force = row.opt_int("version").map(|version| {
        let (starts, ends) = (row.opt_long("starts_at"), row.opt_long("ends_at"));
        (version, row.long("field_mask"), starts, ends, row.int("retention_days"))
    });
    Stream {
        active: row.flag("active"),
        in_force,
    }
}

/// The leads of one record: three arrays of items of sixteen, eight and eight bytes.
fn disclosed(row: &Row) -> Vec<Disclosed> {
    let stream = row.id("stream_id");
    let (leads, masks) = (row.bytes("lead_ids"), row.bytes("masks"));
    let items = leads.chunks(16).zip(masks.chunks(8));
    items
        .map(|(lead, mask)| Disclosed {
            stream,
            lead: Uuid::from_slice(lead).expect("an id"),
            mask: i64::from_be_bytes(mask.try_into().expect("eight bytes")),
        })
        .collect()
}

impl Tables {
    /// Reads them; nobody may be writing.
    pub async fn read(app: &TestApp) -> Self {
        let mut tables = Self::without_records(app).await;
        tables.read_records(app).await;
        tables
    }

    /// Reads them without what only grows: consent records and disclosures.
    pub async fn without_records(app: &TestApp) -> Self {
        let mut tables = Self::default();
        tables.read_people(app).await;
        tables.read_offers(app).await;
        tables.read_shared(app).await;
        tables
    }

    async fn read_records(&mut self, app: &TestApp) {
        let records = "select registration_id, offer_id, at, action from consent_record order by at";
        for row in all(app, records).await {
            let of = (row.id("registration_id"), row.id("offer_id"));
            let (at, actions) = self.last_records.entry(of).or_default();
            if *at != row.long("at") {
                (*at, *actions) = (row.long("at"), Vec::new());
            }
            actions.push(row.text("action"));
        }
        for row in all(app, "select stream_id, lead_ids, masks from disclosure").await {
            self.disclosed.extend(disclosed(&row));
        }
    }

    async fn read_people(&mut self, app: &TestApp) {
        for row in all(app, "select * from registration").await {
            self.registrations.insert(row.id("id"), registration(&row));
        }
        for row in all(app, "select id from person where restricted_at is not null").await {
            self.restricted_persons.push(row.id("id"));
        }
        for row in all(app, "select * from consent").await {
            let consent = Consent {
                state: row.text("state"),
                version: row.int("version"),
                granted_mask: row.long("granted_mask"),
                decided_at: row.long("decided_at"),
                decider: row.text("decider"),
                age_basis: row.opt_text("age_basis"),
                record: row.id("consent_record_id"),
            };
            self.consents
                .insert((row.id("registration_id"), row.id("offer_id")), consent);
        }
        for row in all(app, "select registration_id, question_id, value from answer").await {
            self.answers.insert(
                (row.id("registration_id"), row.id("question_id")),
                json(&row.text("value")),
            );
        }
        for row in all(app, "select registration_id from check_in where undone_at is null").await {
            self.attended.push(row.id("registration_id"));
        }
    }

    async fn read_offers(&mut self, app: &TestApp) {
        for row in all(app, "select id, event_id, event_partner_id, purpose from sharing_offer").await {
            let offer = Offer {
                event: row.id("event_id"),
                event_partner: row.id("event_partner_id"),
                purpose: row.text("purpose"),
                versions: Vec::new(),
            };
            self.offers.insert(row.id("id"), offer);
        }
        for row in all(app, "select * from offer_version order by version").await {
            let offer = self
                .offers
                .get_mut(&row.id("offer_id"))
                .expect("the offer of a version");
            offer.versions.push(version(&row));
        }
        let active = "select e.id, e.active as here, p.active as anywhere from event_partner e, partner p \
                      where p.organization_id = e.organization_id and p.id = e.partner_id";
        for row in all(app, active).await {
            self.active
                .insert(row.id("id"), (row.flag("here"), row.flag("anywhere")));
        }
        let questions = "select id, event_id, bit, shareable, sensitivity, event_partner_id from question";
        for row in all(app, questions).await {
            let question = Question {
                event: row.id("event_id"),
                bit: row.opt_int("bit"),
                shareable: row.flag("shareable"),
                sensitivity: row.text("sensitivity"),
                event_partner: row.opt_id("event_partner_id"),
            };
            self.questions.insert(row.id("id"), question);
        }
    }

    async fn read_shared(&mut self, app: &TestApp) {
        self.leads = all(app, "select * from lead").await.iter().map(lead).collect();
        self.leads.sort_by_key(|lead| lead.id);
        for row in all(app, "select * from stream").await {
            self.streams.insert(row.id("id"), stream(&row));
        }
        for row in all(app, "select * from contact").await {
            let of = (row.id("registration_id"), row.id("event_partner_id"));
            self.contacts.insert(of, row.id("contact_key"));
        }
    }
}
