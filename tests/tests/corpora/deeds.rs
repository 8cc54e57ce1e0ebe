//! Every mutation that takes texts, with each of its texts given, and whoever may send it.

use consentry_domain::Role;
use consentry_tests::world::{Operation, Schema, Stage, Who, World, operations, table};
use serde_json::{Value, json};

use super::fields::{Field, fields};

/// A mutation that takes texts.
pub struct Deed {
    /// What is sent.
    pub operation: Operation,
    /// By whom.
    pub who: Who,
    /// Its texts.
    pub fields: Vec<Field>,
}

/// Who is chosen of those who may, first come first.
const CHOICE: [Who; 6] = [
    Who::Staff(Role::Owner),
    Who::Staff(Role::Dpo),
    Who::Attendee,
    Who::Administrator,
    Who::Device,
    Who::Anonymous,
];

fn text(text: &str) -> Value {
    json!([{ "locale": "en", "text": text }])
}

fn address() -> Value {
    json!({ "street": "1 Way", "postalCode": "10115", "city": "Berlin", "region": "Berlin", "country": "DE" })
}

/// An answer to each question.
fn answers() -> Value {
    json!([{ "questionId": "{question}", "value": "An answer" }, { "questionId": "{choiceQuestion}", "choiceIds": ["{choice}"] },
        { "questionId": "{longQuestion}", "value": "A long answer" }])
}

fn person() -> Value {
    json!({ "fullName": "Grace Hopper", "givenName": "Grace", "familyName": "Hopper", "phone": "+49 30 1234567", "company": "Navy",
        "jobTitle": "Admiral", "city": "Arlington", "country": "US", "socialProfile": "https://social.example/grace",
        "postalAddress": address(), "answers": answers() })
}

fn guardian() -> Value {
    json!({ "fullName": "A Parent", "email": "parent@example.org" })
}

/// Two people, of whom the first one is a child who buys.
fn attendees() -> Value {
    let grant =
        json!({ "offerId": "{offer}", "offerVersion": 2, "decision": "GRANT", "fields": [{ "field": "EMAIL" }] });
    let mut all = [person(), person()];
    for (number, attendee) in all.iter_mut().enumerate() {
        attendee["ticketTypeId"] = json!("{ticketType}");
        attendee["acknowledgedDocumentIds"] = json!(["{terms}", "{privacyNotice}"]);
        attendee["isBuyer"] = json!(number == 0);
        attendee["ofAge"] = json!(number > 0);
        attendee["email"] = json!(["grace@example.org", "ada@example.org"][number]);
    }
    all[0]["consents"] = json!([grant]);
    all[0]["guardian"] = guardian();
    json!(all)
}

/// What a mutation's input has beside what makes it a good one.
fn more(mutation: &str) -> Value {
    match mutation {
        "register" => json!({ "attendees": attendees(), "buyer": { "billing": { "company": "Navy", "vatId": "DE1",
            "purchaseOrderNumber": "PO 1", "invoiceEmail": "invoice@example.org", "address": address() } } }),
        "updateRegistration" | "correctRegistration" => person(),
        "setConsents" | "confirmEmail" | "decideAfterOrdering" => json!({ "guardian": guardian(), "ofAge": false }),
        "approveOffer" | "rejectOffer" | "takeBackOffer" => json!({ "remark": "A remark" }),
        "withdrawOffer" => json!({ "remark": "A remark", "offerId": "{requestedOffer}" }),
        "checkIn" => json!({ "device": "Phone", "list": "supper" }),
        "createEventSession" | "updateEventSession" => {
            json!({ "terms": { "description": text("About"), "place": "Hall" } })
        }
        "createTicketType" | "updateTicketType" => json!({ "terms": { "description": text("About") } }),
        "createQuestion" => {
            json!({ "terms": { "help": text("Help"), "kind": "CHOICE", "choices": [{ "label": text("Tea") }, { "label": text("Coffee") }] } })
        }
        "updateQuestion" => json!({ "terms": { "help": text("Help") } }),
        "updatePartner" => {
            json!({ "legalName": "Ferris GmbH", "country": "DE", "contactEmail": "privacy@ferris.example" })
        }
        "draftOffer" => json!({ "text": text("May we write?") }),
        "exportRoster" => json!({ "filter": {} }),
        "updateEvent" => json!({ "description": text("About"), "venue": { "name": "Hall", "address": address() } }),
        "updateOrganization" => {
            json!({ "name": "Ours", "legalName": "Ours e.V.", "introduction": text("About us"), "footer": text("Since 2015") })
        }
        _ => json!({}),
    }
}

fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(all), Value::Object(more)) => {
            for (name, value) in more {
                merge(all.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more,
    }
}

/// Every one, in an order in which each can be done.
pub fn deeds(schema: &Schema) -> Vec<Deed> {
    let (all, rights) = (fields(), table());
    let mut deeds: Vec<Deed> = operations(schema)
        .into_iter()
        .filter_map(|mut operation| {
            let fields: Vec<Field> = all
                .iter()
                .filter(|field| field.mutation == operation.name)
                .copied()
                .collect();
            if fields.is_empty() {
                return None;
            }
            let line = rights.iter().find(|line| line.operation == operation.name)?;
            let who = CHOICE.into_iter().find(|who| line.allowed().contains(who));
            merge(&mut operation.variables["input"], more(operation.name));
            let who = who.unwrap_or_else(|| panic!("nobody chosen may {}", operation.name));
            (!fields.is_empty()).then_some(Deed { operation, who, fields })
        })
        .collect();
    // What ends the rest is done last.
    let ends = [
        "approveOffer",
        "withdrawOffer",
        "joinWebinar",
        "refreshSession",
        "redeemSignInLink",
    ];
    deeds.sort_by_key(|deed| ends.iter().position(|name| *name == deed.operation.name));
    deeds
}

/// Makes things as the deed finds them, however often it was done.
pub async fn reset(world: &World, stage: &Stage, deed: &Deed) {
    let app = &world.app;
    for table in [
        "organization",
        "event",
        "quota",
        "ticket_type",
        "question",
        "speaker",
        "event_session",
        "partner",
        "event_partner",
        "complaint",
        "team_member",
        "registration",
    ] {
        app.db_execute(&format!("update {table} set revision = 1 where revision <> 1"))
            .await;
    }
    if deed.operation.name == "setConsents" {
        app.db_execute("update registration set consent_revision = 2 where consent_revision <> 2")
            .await;
    }
    if ["answerComplaint", "fileComplaint"].contains(&deed.operation.name) {
        app.db_execute("update complaint set state = 'OPEN', answered_at = null, answered_by = null, answer = null")
            .await;
    }
    if ["approveOffer", "rejectOffer", "takeBackOffer"].contains(&deed.operation.name) {
        app.db_execute(
            "update offer_version set state = 'REQUESTED', decided_at = null, decided_by = null, remark = null \
             where state in ('REJECTED', 'WITHDRAWN')",
        )
        .await;
    }
    if deed.operation.name == "draftOffer" {
        app.db_execute("delete from offer_draft where purpose = 'RELATED_EVENTS'")
            .await;
    }
    // Whoever is in cannot come in again, and an event has only so many devices.
    if deed.operation.name == "checkIn" {
        app.db_execute("update check_in set undone_at = at where undone_at is null")
            .await;
    }
    if deed.operation.name == "addDoorDevice" {
        app.db_execute(
            "update door_device set ends_at = 1, revoked_at = 1 where name not like 'Phone%' and revoked_at is null",
        )
        .await;
    }
    if let Some(prepare) = deed.operation.prepare {
        stage.db_prepare(app, prepare).await;
    }
}

/// Writes a text at a place of the input, which is made where it is not there.
pub fn write(variables: &mut Value, path: &str, text: &str) {
    if path.starts_with("stripe.") {
        variables["input"]["bankTransfer"] = Value::Null;
    }
    let mut place = &mut variables["input"];
    for part in path.split('.') {
        place = match part.parse::<usize>() {
            Ok(number) => {
                if !place.is_array() {
                    *place = json!([]);
                }
                let all = place.as_array_mut().expect("a list");
                while all.len() <= number {
                    all.push(Value::Null);
                }
                &mut all[number]
            }
            Err(_) => &mut place[part],
        };
    }
    *place = json!(text);
}
