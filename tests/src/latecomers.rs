//! People who come to the demo's conference after all: more than it has by itself.

use serde_json::{Value, json};

use crate::demo::Demo;

/// How many come with one order.
const TOGETHER: usize = 10;

/// Registers so many more people for free, and makes room for them.
///
/// # Panics
/// Where the program refuses.
pub fn come(demo: &Demo, many: usize) {
    let facts = demo.facts();
    let token = facts["organizer"]["accessToken"].as_str().expect("a token");
    let send = |query: &str, variables: Value| {
        let answer = demo.send(&json!({
            "path": "/graphql", "headers": { "Content-Type": "application/json", "Authorization": format!("Bearer {token}") },
            "body": { "query": query, "variables": variables },
        }));
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"].clone()
    };
    let event = send(
        "{ organization(slug: \"demo\") { event(slug: \"rust-days\") { id quotas { id name revision }
            ticketTypes { ticketType { id name } } event { documents { id } } } } }",
        json!({}),
    );
    let event = &event["organization"]["event"];
    let all = |list: &str| event[list].as_array().expect("a list").clone();
    let hall = all("quotas").into_iter().find(|quota| quota["name"] == "The hall");
    let hall = hall.expect("the hall");
    let terms = json!({ "name": "The hall", "size": 600 + many });
    let input = json!({ "quotaId": hall["id"], "revision": hall["revision"], "terms": terms });
    let made = send(
        "mutation($input: UpdateQuotaInput!) { updateQuota(input: $input) { userErrors { message } } }",
        json!({ "input": input }),
    );
    assert_eq!(made["updateQuota"]["userErrors"], json!([]), "{made}");
    let tickets = all("ticketTypes")
        .into_iter()
        .map(|managed| managed["ticketType"].clone());
    let ticket = tickets
        .into_iter()
        .find(|ticket| ticket["name"] == "Community")
        .expect("a free ticket");
    let documents = event["event"]["documents"].as_array().expect("documents").iter();
    let documents: Vec<Value> = documents.map(|document| document["id"].clone()).collect();
    for first in (0..many).step_by(TOGETHER) {
        let address = |number: usize| format!("late-{number}@people.example");
        let attendees: Vec<Value> = (first..many.min(first + TOGETHER))
            .map(|number| {
                json!({ "ticketTypeId": ticket["id"], "fullName": format!("Late {number:04}"), "email": address(number),
                    "isBuyer": number == first, "acknowledgedDocumentIds": documents })
            })
            .collect();
        let input = json!({
            "idempotencyKey": format!("late-{first}"), "eventId": event["id"], "attendees": attendees, "locale": "en",
            "buyer": { "fullName": format!("Late {first:04}"), "email": address(first) },
        });
        let made = send(
            "mutation($input: RegisterInput!) { register(input: $input) { userErrors { field message } } }",
            json!({ "input": input }),
        );
        assert_eq!(made["register"]["userErrors"], json!([]), "{made}");
    }
}
