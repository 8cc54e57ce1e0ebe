//! `node`: what has an id is found by it, by whoever may see it, as the ordinary way shows it; everything else is null.

use consentry::graphql::ids;
use consentry_domain::Role;
use consentry_tests::on_both_databases;
use consentry_tests::world::{Schema, Stage, Who, World};
use serde_json::{Value, json};

/// Types with an id that `node` does not answer with, with the reason.
const NOT_NODES: [(&str, &str); 35] = [
    ("AccountSession", "a part of an Account"),
    ("Admission", "what a check-in answers; the place is a RosterEntry"),
    ("AuditEntry", "a line of a log, read with it"),
    ("BrowserSession", "shown once, with its secret"),
    ("CheckIn", "a part of a RosterEntry"),
    ("Choice", "a part of a Question"),
    (
        "ConsentProof",
        "a line of a proof, which is asked for as a whole and noted as such",
    ),
    ("AdministeredPlace", "a part of a PartnerAdministration"),
    ("DoorDevice", "a line of a ManagedEvent's list"),
    ("ExpectedAttendee", "found at a door, where reading is noted"),
    ("GuardianRequest", "a secret opens it"),
    ("ManagedComplaint", "a line of a list whose reading is noted"),
    ("ManagedEventPartner", "a part of a ManagedEvent"),
    ("ManagedOffer", "a part of a ManagedEvent"),
    ("ManagedOrder", "a line of a list whose reading is noted"),
    ("Order", "a secret opens it"),
    ("PartnerMember", "a line of a list of who reads for a partner"),
    ("PartnerMembership", "a part of an Account"),
    ("OrderLine", "a part of an Order"),
    ("OrderedPlace", "a part of an Order"),
    ("OwnOffer", "a part of an AdministeredPlace"),
    ("PartnerCompany", "a part of what a token opens"),
    ("PartnerOffer", "a part of a PartnerEvent"),
    ("PartnerToken", "a line of a list that its holder or its issuer reads"),
    ("Payment", "a part of an Order"),
    ("ProviderAccount", "a line of its organization's accounts"),
    ("Quota", "a part of a ManagedEvent"),
    ("RegistrationProtection", "what the officer's mutations answer"),
    ("RegistrationSummary", "a secret opens it"),
    ("RosterExport", "fetched at its own address"),
    ("Session", "its tokens are shown once"),
    ("StaffExport", "a recipient of a Disclosure"),
    ("TeamMember", "a line of the team's list"),
    ("Mail", "a line of a list whose reading is noted"),
    ("Disclosure", "a line of one's own list"),
];

#[test]
fn every_type_with_an_id_is_a_node_or_says_why_not() {
    let schema = Schema::of_the_program();
    let mut silent = Vec::new();
    for object in schema.objects() {
        let has_id = schema
            .fields(object)
            .iter()
            .any(|field| field.name == "id" && field.of == "ID");
        let excused = NOT_NODES.iter().any(|(name, _)| *name == object);
        assert!(
            !(schema.is_node(object) && excused),
            "{object} is a node, and the list says that it is none"
        );
        if has_id && !schema.is_node(object) && !excused {
            silent.push(object);
        }
    }
    assert!(
        silent.is_empty(),
        "make these nodes, or say in tests/tests/node.rs why they are none: {silent:?}"
    );
}

/// A thing of the stage, its type, and who sees it.
type Case = (&'static str, &'static str, fn(Who) -> bool);

/// What each id answers with as whom: the things of a stage, the type, and who sees it.
fn cases() -> Vec<Case> {
    let anyone: fn(Who) -> bool = |_| true;
    let attendee: fn(Who) -> bool = |who| who == Who::Attendee;
    let staff: fn(Who) -> bool = |who| matches!(who, Who::Staff(_) | Who::EventManager);
    let roster: fn(Who) -> bool =
        |who| matches!(who, Who::Staff(role) if role != Role::CheckIn) || who == Who::EventManager;
    let partner: fn(Who) -> bool = |who| who == Who::Partner;
    vec![
        ("organization", "Organization", anyone),
        ("event", "Event", anyone),
        ("ticketType", "TicketType", anyone),
        ("question", "Question", anyone),
        ("eventSession", "EventSession", anyone),
        ("speaker", "Speaker", anyone),
        ("terms", "LegalDocument", anyone),
        ("eventPartner", "EventPartner", anyone),
        ("offer", "SharingOffer", anyone),
        ("account", "Account", attendee),
        ("person", "Person", attendee),
        ("registration", "Registration", attendee),
        ("consent", "Consent", attendee),
        ("complaint", "Complaint", attendee),
        ("eventPartner", "PartnerEvent", partner),
        ("lead", "Lead", partner),
        ("event", "ManagedEvent", staff),
        ("registration", "RosterEntry", roster),
        ("partner", "Partner", staff),
    ]
}

/// Things of the stage, and what belongs to its attendee.
async fn thing(stage: &Stage, name: &str) -> String {
    if !["account", "person", "consent"].contains(&name) {
        return stage.thing(name).to_owned();
    }
    let me = "query { me { id people { id registrations(first: 100) { edges { node { id consents { id offer { id } } } } } } } }";
    let me = stage.caller(Who::Attendee).data(me, json!({})).await["me"].clone();
    match name {
        "account" => me["id"].as_str(),
        "person" => me["people"][0]["id"].as_str(),
        _ => {
            let places = me["people"][0]["registrations"]["edges"].as_array().expect("places");
            let place = places
                .iter()
                .find(|edge| edge["node"]["id"] == stage.thing("registration"))
                .expect("the place");
            place["node"]["consents"][0]["id"].as_str()
        }
    }
    .expect("an id")
    .to_owned()
}

async fn node(stage: &Stage, who: Who, of: &str, id: &str) -> Value {
    let document = format!("query($id: ID!) {{ node(id: $id) {{ __typename id ... on {of} {{ __typename }} }} }}");
    stage.caller(who).send(&document, json!({ "id": id })).await
}

/// An id of the same kind and tenant that nobody has.
fn unknown(id: &str) -> String {
    let (tag, parts) = ids::unpack(&async_graphql::ID(id.to_owned())).expect("an id");
    let mut bytes = vec![tag];
    for part in &parts[..parts.len() - 1] {
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes.extend_from_slice(uuid::Uuid::new_v4().as_bytes());
    data_encoding::BASE64URL_NOPAD.encode(&bytes)
}

on_both_databases! {
    async fn what_has_an_id_is_found_by_whoever_may_see_it(app: TestApp) {
        let world = World::create(app).await;
        let stage = world.stage().await;
        let (other, foreign) = (world.other_stage().await, world.foreign_stage().await);
        let draft = "update event set status = 'DRAFT', published_at = null where organization_id = $1 and id = $2";
        foreign.db_prepare(&world.app, draft).await;
        let nothing = json!({ "data": { "node": null } }).to_string();
        let mut seen = std::collections::BTreeSet::new();
        for (name, of, may) in cases() {
            seen.insert(of);
            let id = thing(&stage, name).await;
            for who in Who::ALL {
                let answer = node(&stage, who, of, &id).await;
                if may(who) {
                    assert_eq!(answer, json!({ "data": { "node": { "__typename": of, "id": id } } }), "{of} as {}", who.name());
                } else if answer["data"]["node"]["__typename"] == of {
                    panic!("{of} as {}: {answer}", who.name());
                }
                for not in [unknown(&id), thing(&foreign, name).await, "nonsense".into(), String::new()] {
                    assert_eq!(node(&stage, who, of, &not).await.to_string(), nothing, "{of} as {}", who.name());
                }
                let public = ["organization", "event", "ticketType", "question", "eventSession", "speaker", "terms", "eventPartner", "offer"];
                let whole = matches!(who, Who::Staff(_)) || (who == Who::EventManager && name == "partner");
                if !public.contains(&name) && !whole {
                    assert_eq!(node(&stage, who, of, &thing(&other, name).await).await.to_string(), nothing, "{of} as {}", who.name());
                }
            }
        }
        let nodes: Vec<_> = world.schema.objects().filter(|object| world.schema.is_node(object)).collect();
        assert_eq!(nodes, seen.into_iter().collect::<Vec<_>>(), "each node type is tried");
    }

    async fn a_node_that_is_a_lead_is_a_pull_and_a_request_pulls_once(app: TestApp) {
        let world = World::create(app).await;
        let stage = world.stage().await;
        let partner = stage.caller(Who::Partner);
        let count = "select count(*) as n from disclosure";
        let pulls = || async {
            let row = consentry::platform::store::sql::one(world.app.store().admin(), count, []).await.expect("a count");
            row.try_get::<i64>("", "n").expect("a number")
        };
        let document = "query($id: ID!) { node(id: $id) { ... on Lead { id email } } }";
        let one = partner.data(document, json!({ "id": stage.thing("lead") })).await;
        assert!(one["node"]["email"].is_string(), "{one}");
        assert_eq!(pulls().await, 1);
        let twice = "query($id: ID!) { first: node(id: $id) { ... on Lead { email } } second: node(id: $id) { ... on Lead { email } } }";
        let answer = partner.send(twice, json!({ "id": stage.thing("lead") })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
        assert_eq!(pulls().await, 2);
    }
}
