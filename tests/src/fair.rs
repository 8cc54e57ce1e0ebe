//! An event with thirty partners, at the running demo: what a registration has to stay usable with.

use serde_json::{Value, json};

use crate::demo::Demo;

/// How many partners ask for something.
pub const PARTNERS: usize = 30;
/// The event's slug.
pub const SLUG: &str = "fair";

/// Sends documents as the demo's organizer.
struct Organizer<'a> {
    demo: &'a Demo,
    token: String,
}

impl Organizer<'_> {
    /// The mutation's payload, which must hold no error.
    fn change(&self, name: &str, input: Value, shown: &str) -> Value {
        let capital = name[..1].to_ascii_uppercase() + &name[1..];
        let query = format!(
            "mutation($input: {capital}Input!) {{ {name}(input: $input) {{ {shown} userErrors {{ field message }} }} }}"
        );
        let answer = self.send(&query, json!({ "input": input }));
        let payload = answer["data"][name].clone();
        assert_eq!(payload["userErrors"], json!([]), "{name}: {answer}");
        payload
    }

    fn send(&self, query: &str, variables: Value) -> Value {
        self.demo.send(&json!({
            "path": "/graphql", "headers": { "Content-Type": "application/json", "Authorization": format!("Bearer {}", self.token) },
            "body": { "query": query, "variables": variables },
        }))
    }
}

#[track_caller]
fn id(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("an id, not {value}"))
        .to_owned()
}

fn both(text: &str) -> Value {
    json!([{ "locale": "en", "text": text }, { "locale": "de", "text": text }])
}

/// What a partner of this number asks for first.
fn wishes(number: usize) -> &'static [&'static str] {
    match number {
        // Nothing that anybody has on a card of name and address.
        3 => &["PHONE"],
        _ if number.is_multiple_of(4) => &["FULL_NAME", "COMPANY", "JOB_TITLE"],
        _ if number.is_multiple_of(5) => &["FULL_NAME", "EMAIL", "PHONE", "COMPANY", "JOB_TITLE", "CITY"],
        _ => &["FULL_NAME", "EMAIL", "COMPANY"],
    }
}

fn name(number: usize) -> String {
    match number {
        1 => "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".to_owned(),
        2 => "شركة الاختبار للبرمجيات".to_owned(),
        5 => "<b>Bold</b> & {}".to_owned(),
        _ => format!("Partner {number:02}"),
    }
}

/// Makes it: a host, nine co-sponsors and twenty exhibitors, each with an offer in force, every third with two.
///
/// # Panics
/// Where the program refuses.
pub fn make(demo: &Demo) {
    let token = id(&demo.facts()["organizer"]["accessToken"]);
    let organizer = Organizer { demo, token };
    let answer = organizer.send("{ organization(slug: \"demo\") { organization { id } } }", json!({}));
    let organization = id(&answer["data"]["organization"]["organization"]["id"]);
    let input = json!({
        "idempotencyKey": "fair", "organizationId": organization, "slug": SLUG, "kind": "CONFERENCE", "title": both("A fair"),
        "defaultLocale": "en", "timeZone": "Europe/Berlin", "startsLocal": "2035-03-01T09:00", "endsLocal": "2035-03-02T17:00",
        "currency": "EUR",
    });
    let made = organizer.change("createEvent", input, "event { id revision }");
    let event = id(&made["event"]["id"]);
    let venue = json!({ "name": "Hall", "address": { "street": "Weg 1", "postalCode": "10115", "city": "Berlin", "country": "DE" } });
    let input = json!({ "eventId": event, "revision": made["event"]["revision"], "venue": venue });
    organizer.change("updateEvent", input, "event { id }");
    let input = json!({ "idempotencyKey": "fair-quota", "eventId": event, "terms": { "name": "All", "size": 100 } });
    let quota = id(&organizer.change("createQuota", input, "event { quotas { id } }")["event"]["quotas"][0]["id"]);
    let terms = json!({
        "name": both("Day"), "price": "0.00", "taxRate": "0.0", "priceIncludesTax": true, "visibility": "PUBLIC",
        "quotaIds": [quota],
    });
    let input = json!({ "idempotencyKey": "fair-ticket", "eventId": event, "terms": terms });
    organizer.change("createTicketType", input, "event { id }");
    for (kind, title) in [("TERMS", "Terms"), ("PRIVACY_NOTICE", "Privacy notice")] {
        let input = json!({
            "idempotencyKey": format!("fair-{kind}"), "eventId": event, "kind": kind, "title": both(title),
            "content": both("What holds at a fair."),
        });
        organizer.change("createLegalDocument", input, "event { id }");
    }
    for number in 0..PARTNERS {
        let role = match number {
            0 => "HOST",
            1..=9 => "CO_SPONSOR",
            _ => "EXHIBITOR",
        };
        let input = json!({
            "idempotencyKey": format!("fair-partner-{number}"), "organizationId": organization, "displayName": name(number),
            "legalName": format!("{} GmbH", name(number)), "country": if number == 7 { "US" } else { "DE" },
            "contactEmail": "privacy@partner.example",
        });
        let partner = (number > 0).then(|| organizer.change("createPartner", input, "partner { id }"));
        let input = json!({
            "idempotencyKey": format!("fair-at-{number}"), "eventId": event,
            "partnerId": partner.map(|made| id(&made["partner"]["id"])), "role": role,
            "noticeUrl": format!("https://notices.example/{number}"), "contactEmail": "privacy@partner.example",
            "noticeSha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        });
        let at = id(&organizer.change("addEventPartner", input, "eventPartner { id }")["eventPartner"]["id"]);
        offer(&organizer, &at, "EVENT_FOLLOW_UP", wishes(number));
        if number.is_multiple_of(3) {
            offer(&organizer, &at, "PRODUCT_INFORMATION", &["FULL_NAME", "EMAIL"]);
        }
    }
    organizer.change("publishEvent", json!({ "eventId": event }), "event { id }");
}

fn offer(organizer: &Organizer<'_>, event_partner: &str, purpose: &str, fields: &[&str]) {
    let fields: Vec<Value> = fields.iter().map(|name| json!({ "field": name })).collect();
    let input = json!({
        "idempotencyKey": format!("fair-offer-{event_partner}-{purpose}"), "eventPartnerId": event_partner, "purpose": purpose,
        "text": both("We would like to write to you about what you saw at our stand."), "fields": fields, "retentionDays": 180,
    });
    let made = organizer.change("requestOffer", input, "offer { id }");
    let input = json!({ "offerId": made["offer"]["id"], "version": 1 });
    organizer.change("approveOffer", input, "offer { id }");
}
