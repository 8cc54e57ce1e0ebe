//! The demo's conference and webinar, made by their organizer over the API.

use serde_json::{Value, json};

use super::client::{Client, text};
use super::pictures;
use crate::cli::Failure;

/// An event that was made.
pub(super) struct Made {
    pub(super) id: String,
    pub(super) slug: &'static str,
}

const CREATE: &str = "mutation($input: CreateEventInput!) { createEvent(input: $input) {
    event { id revision } userErrors { field message } } }";
const UPDATE: &str = "mutation($input: UpdateEventInput!) { updateEvent(input: $input) {
    event { revision } userErrors { field message } } }";
const BANK: &str = "mutation($input: SetProviderAccountInput!) { setProviderAccount(input: $input) {
    userErrors { field message } } }";
const PUBLISH: &str = "mutation($id: ID!) { publishEvent(input: { eventId: $id }) {
    event { id } userErrors { field message } } }";
const QUOTA: &str = "mutation($input: CreateQuotaInput!) { createQuota(input: $input) {
    event { quotas { id name } } userErrors { field message } } }";
const TICKET_TYPE: &str = "mutation($input: CreateTicketTypeInput!) { createTicketType(input: $input) {
    event { id } userErrors { field message } } }";
const QUESTION: &str = "mutation($input: CreateQuestionInput!) { createQuestion(input: $input) {
    event { id } userErrors { field message } } }";
const DOCUMENT: &str = "mutation($input: CreateLegalDocumentInput!) { createLegalDocument(input: $input) {
    event { id } userErrors { field message } } }";
const SPEAKER: &str = "mutation($input: CreateSpeakerInput!) { createSpeaker(input: $input) {
    event { speakers { speaker { id name } } } userErrors { field message } } }";
const SESSION: &str = "mutation($input: CreateEventSessionInput!) { createEventSession(input: $input) {
    event { id } userErrors { field message } } }";

/// A text in English and German.
pub(super) fn both(english: &str, german: &str) -> Value {
    json!([{ "locale": "en", "text": english }, { "locale": "de", "text": german }])
}

/// A day so many days after the first start, as its ISO text.
fn day(today: consentry_domain::Day, after: i32) -> String {
    consentry_domain::Day(today.0 + after).to_string()
}

/// Makes the conference, as a draft with all its parts.
pub(super) async fn conference(
    owner: &Client,
    organization: &str,
    today: consentry_domain::Day,
) -> Result<Made, Failure> {
    let made = create(
        owner,
        json!({
            "idempotencyKey": "demo-conference", "organizationId": organization, "slug": "rust-days",
            "kind": "CONFERENCE", "title": both("Rust Days", "Rust-Tage"), "defaultLocale": "en",
            "timeZone": "Europe/Berlin", "startsLocal": format!("{}T09:00", day(today, 90)),
            "endsLocal": format!("{}T17:00", day(today, 92)), "currency": "EUR",
        }),
        json!({
            "description": both(
                "Three days about systems that keep their promises.",
                "Drei Tage über Systeme, die halten, was sie versprechen."
            ),
            "venue": { "name": "Kongresshaus am Park", "address": {
                "street": "Parkstraße 1", "postalCode": "10115", "city": "Berlin", "country": "DE" } },
        }),
    )
    .await?;
    let event = Made {
        id: made,
        slug: "rust-days",
    };
    let large = quota(owner, &event.id, "The hall", 600).await?;
    let small = quota(owner, &event.id, "The workshop", 9).await?;
    let tickets: [(&str, &str, &str, &str, Vec<&str>); 5] = [
        ("Community", "Community", "0.00", "PUBLIC", vec![&large]),
        ("Standard", "Standard", "249.00", "PUBLIC", vec![&large]),
        ("Supporter", "Förderer", "499.00", "PUBLIC", vec![&large]),
        ("Workshop", "Workshop", "0.00", "PUBLIC", vec![&large, &small]),
        ("Speaker", "Vortragende", "0.00", "HIDDEN", vec![&large]),
    ];
    for (position, (english, german, price, visibility, quotas)) in tickets.into_iter().enumerate() {
        let terms = json!({
            "name": both(english, german), "price": price, "taxRate": "19.0", "priceIncludesTax": true,
            "visibility": visibility, "quotaIds": quotas, "position": position,
        });
        let key = format!("demo-ticket-{position}");
        owner
            .send(
                TICKET_TYPE,
                json!({ "input": { "idempotencyKey": key, "eventId": event.id, "terms": terms } }),
            )
            .await?;
    }
    questions(owner, &event.id).await?;
    documents(owner, &event.id).await?;
    let speakers = speakers(owner, &event.id).await?;
    for (number, (title, place)) in [
        ("Opening", "Hall 1"),
        ("Types that refuse", "Hall 2"),
        ("Closing", "Hall 1"),
    ]
    .into_iter()
    .enumerate()
    {
        let date = day(today, 90 + i32::try_from(number).unwrap_or(0));
        let terms = json!({
            "title": both(title, title), "startsLocal": format!("{date}T09:30"), "endsLocal": format!("{date}T10:15"),
            "place": place, "speakerIds": speakers.get(number).map(|id| vec![id]),
        });
        let key = format!("demo-session-{number}");
        owner
            .send(
                SESSION,
                json!({ "input": { "idempotencyKey": key, "eventId": event.id, "terms": terms } }),
            )
            .await?;
    }
    Ok(event)
}

/// Makes the webinar, as a draft with all its parts.
pub(super) async fn webinar(owner: &Client, organization: &str, today: consentry_domain::Day) -> Result<Made, Failure> {
    let made = create(
        owner,
        json!({
            "idempotencyKey": "demo-webinar", "organizationId": organization, "slug": "consent-in-practice",
            "kind": "WEBINAR", "title": both("Consent in practice", "Einwilligung in der Praxis"),
            "defaultLocale": "en", "timeZone": "Europe/Berlin",
            "startsLocal": format!("{}T16:00", day(today, 30)), "endsLocal": format!("{}T17:00", day(today, 30)),
            "currency": "EUR",
        }),
        json!({
            "description": both("An hour with two co-sponsors.", "Eine Stunde mit zwei Mitsponsoren."),
            "joinUrl": "https://rooms.example/consent-in-practice",
        }),
    )
    .await?;
    let event = Made {
        id: made,
        slug: "consent-in-practice",
    };
    let room = quota(owner, &event.id, "The room", 500).await?;
    let terms = json!({
        "name": both("Seat", "Platz"), "price": "0.00", "taxRate": "0.0", "priceIncludesTax": true,
        "visibility": "PUBLIC", "quotaIds": [room],
    });
    let input = json!({ "idempotencyKey": "demo-seat", "eventId": event.id, "terms": terms });
    owner.send(TICKET_TYPE, json!({ "input": input })).await?;
    documents(owner, &event.id).await?;
    Ok(event)
}

/// The organization takes bank transfers: nothing that costs money is published before.
pub(super) async fn take_transfers(owner: &Client, organization: &str) -> Result<(), Failure> {
    let account =
        json!({ "accountHolder": "Demo Society e.V.", "iban": "DE02120300000000202051", "bic": "BYLADEM1001" });
    let input = json!({ "organizationId": organization, "bankTransfer": account });
    owner.send(BANK, json!({ "input": input })).await.map(drop)
}

/// Publishes an event.
pub(super) async fn publish(owner: &Client, event: &Made) -> Result<(), Failure> {
    owner.send(PUBLISH, json!({ "id": event.id })).await.map(drop)
}

async fn create(owner: &Client, input: Value, mut change: Value) -> Result<String, Failure> {
    let data = owner.send(CREATE, json!({ "input": input })).await?;
    let id = text(&data, "/createEvent/event/id")?;
    change["eventId"] = json!(id);
    change["revision"] = data["createEvent"]["event"]["revision"].clone();
    owner.send(UPDATE, json!({ "input": change })).await?;
    Ok(id)
}

async fn quota(owner: &Client, event: &str, name: &str, size: i32) -> Result<String, Failure> {
    let input = json!({
        "idempotencyKey": format!("demo-quota-{name}"), "eventId": event, "terms": { "name": name, "size": size }
    });
    let data = owner.send(QUOTA, json!({ "input": input })).await?;
    let quotas = data["createQuota"]["event"]["quotas"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let made = quotas.iter().find(|quota| quota["name"] == name);
    made.map(|quota| text(quota, "/id"))
        .unwrap_or_else(|| Err(Failure::new("the demo's quota is not there")))
}

/// Makes two speakers; their ids, the first one's first.
async fn speakers(owner: &Client, event: &str) -> Result<Vec<String>, Failure> {
    let all = [
        (
            "Mira Okonkwo",
            both("Chair of the programme committee", "Vorsitz des Programmkomitees"),
            both(
                "Mira has kept payment systems running for fifteen years.",
                "Mira hält seit fünfzehn Jahren Zahlungssysteme am Laufen.",
            ),
        ),
        (
            "Jonas Weidenfeld",
            both("Compiler engineer", "Compilerbauer"),
            both(
                "Jonas writes the messages that a compiler says no with.",
                "Jonas schreibt die Sätze, mit denen ein Compiler nein sagt.",
            ),
        ),
    ];
    let mut ids = Vec::with_capacity(all.len());
    for (position, (name, headline, biography)) in all.into_iter().enumerate() {
        let picture = pictures::portrait(owner, event, position).await?;
        let terms = json!({ "name": name, "headline": headline, "biography": biography, "position": position,
            "pictureId": picture });
        let input = json!({ "idempotencyKey": format!("demo-speaker-{position}"), "eventId": event, "terms": terms });
        let data = owner.send(SPEAKER, json!({ "input": input })).await?;
        let made = data["createSpeaker"]["event"]["speakers"].as_array();
        let made = made.and_then(|made| made.iter().find(|one| one["speaker"]["name"] == name));
        let made = made.ok_or_else(|| Failure::new("the demo's speaker is not there"))?;
        ids.push(text(made, "/speaker/id")?);
    }
    Ok(ids)
}

async fn documents(owner: &Client, event: &str) -> Result<(), Failure> {
    let all = [
        ("TERMS", "Terms", "Teilnahmebedingungen", "Be on time. Be kind."),
        (
            "PRIVACY_NOTICE",
            "Privacy notice",
            "Datenschutzhinweise",
            "What we know of you, and why.",
        ),
        (
            "CODE_OF_CONDUCT",
            "Code of conduct",
            "Verhaltensregeln",
            "Everybody is welcome.",
        ),
    ];
    for (kind, english, german, content) in all {
        let input = json!({
            "idempotencyKey": format!("demo-{event}-{kind}"), "eventId": event, "kind": kind,
            "title": both(english, german), "content": both(content, content),
        });
        owner.send(DOCUMENT, json!({ "input": input })).await?;
    }
    Ok(())
}

/// One question of every kind; three of them may be asked for by partners.
async fn questions(owner: &Client, event: &str) -> Result<(), Failure> {
    let all = [
        ("TEXT", "What do you build?", "Woran bauen Sie?", "ORDINARY", true),
        (
            "LONG_TEXT",
            "What would you like to learn?",
            "Was möchten Sie lernen?",
            "ORDINARY",
            false,
        ),
        ("NUMBER", "Years with Rust", "Jahre mit Rust", "ORDINARY", false),
        ("CHOICE", "Size of your company", "Größe Ihrer Firma", "ORDINARY", true),
        ("MULTIPLE_CHOICE", "Dietary needs", "Ernährung", "HEALTH", false),
        (
            "YES_NO",
            "Do you decide about tools?",
            "Entscheiden Sie über Werkzeuge?",
            "ORDINARY",
            true,
        ),
        ("DATE", "When do you arrive?", "Wann kommen Sie an?", "ORDINARY", false),
        (
            "COUNTRY",
            "Where do you travel from?",
            "Woher reisen Sie an?",
            "ORDINARY",
            false,
        ),
        (
            "PHONE",
            "Whom to call in an emergency",
            "Wen wir im Notfall anrufen",
            "HEALTH",
            false,
        ),
        ("URL", "A project of yours", "Ein Projekt von Ihnen", "ORDINARY", false),
    ];
    for (position, (kind, english, german, sensitivity, shareable)) in all.into_iter().enumerate() {
        let choices = match kind {
            "CHOICE" => vec![("1–49", "1–49"), ("50–499", "50–499"), ("500 and more", "500 und mehr")],
            "MULTIPLE_CHOICE" => vec![
                ("Vegetarian", "Vegetarisch"),
                ("Vegan", "Vegan"),
                ("No gluten", "Glutenfrei"),
            ],
            _ => Vec::new(),
        };
        let choices: Vec<Value> = choices
            .into_iter()
            .map(|(english, german)| json!({ "label": both(english, german) }))
            .collect();
        let terms = json!({
            "kind": kind, "label": both(english, german), "sensitivity": sensitivity, "required": false,
            "shareable": shareable, "purpose": both("To prepare the event", "Zur Vorbereitung"), "retentionDays": 30,
            "choices": choices, "position": position,
        });
        let input = json!({ "idempotencyKey": format!("demo-question-{position}"), "eventId": event, "terms": terms });
        owner.send(QUESTION, json!({ "input": input })).await?;
    }
    Ok(())
}

/// A question of one partner's own.
pub(super) async fn partners_question(owner: &Client, event: &str, event_partner: &str) -> Result<(), Failure> {
    let terms = json!({
        "kind": "TEXT", "label": both("Which of our products do you use?", "Welche unserer Produkte nutzen Sie?"),
        "sensitivity": "ORDINARY", "required": false, "shareable": true, "askedById": event_partner,
        "purpose": both("Asked by a partner", "Frage eines Partners"), "retentionDays": 30, "position": 20,
    });
    let input = json!({ "idempotencyKey": "demo-question-own", "eventId": event, "terms": terms });
    owner.send(QUESTION, json!({ "input": input })).await.map(drop)
}
