//! What the demo says at its start, for people on the terminal and for scripts in `data/demo.json`.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

use serde_json::{Value, json};

use super::credentials::{EventFacts, Facts};
use super::people::PEOPLE;
use super::{OWNER, SLUG};
use crate::cli::Failure;
use crate::config::Config;

/// Where the facts for scripts are written.
const FILE: &str = "data/demo.json";

/// Writes the facts for scripts, readable by the owner alone.
pub(super) fn write(config: &Config, facts: &Facts) -> Result<(), Failure> {
    let events: Vec<Value> = facts
        .events
        .iter()
        .map(|event| json!({ "organization": SLUG, "slug": event.slug, "kind": event.kind }))
        .collect();
    let document = json!({
        "baseUrl": config.server.public_url,
        "events": events,
        "partnerTokens": facts.partner_tokens,
        "organizer": { "email": OWNER, "signInUrl": facts.sign_in_url, "accessToken": facts.organizer_token },
        "staff": facts.staff,
        "partnerStaff": facts.readers,
        "attendees": facts.attendees,
        "devices": facts.devices,
        "examples": examples(facts),
    });
    std::fs::create_dir_all("data")?;
    // Made anew, so that an old file's wider mode does not stay.
    if std::path::Path::new(FILE).exists() {
        std::fs::remove_file(FILE)?;
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(FILE)?;
    let text = serde_json::to_string_pretty(&document).map_err(|error| Failure::new(error.to_string()))?;
    writeln!(file, "{text}")?;
    Ok(())
}

fn example(name: &str, who: &str, token: Option<&str>, query: &str, variables: &Value) -> Value {
    let mut headers = json!({ "Content-Type": "application/json" });
    if let Some(token) = token {
        headers["Authorization"] = json!(format!("Bearer {token}"));
    }
    json!({
        "name": name, "as": who, "path": "/graphql", "headers": headers,
        "body": { "query": query, "variables": variables },
    })
}

/// Requests that answer without errors when they are sent as they stand, also twice.
fn examples(facts: &Facts) -> Vec<Value> {
    let mut all = Vec::new();
    if let Some(event) = facts.events.first() {
        all.push(example(
            "event",
            "anonymous",
            None,
            "query($organization: String!, $slug: String!) { event(organization: $organization, slug: $slug) { title startsAt \
             ticketTypes { name price { amount currency } availability } partners { legalName role offers { purpose fields { label } } } } }",
            &json!({ "organization": SLUG, "slug": event.slug }),
        ));
        all.push(example("register", "anonymous", None, REGISTER, &registration(event)));
        all.push(example(
            "roster",
            "organizer",
            Some(&facts.organizer_token),
            "query($organization: String!, $event: String!) { organization(slug: $organization) { event(slug: $event) { \
             roster(first: 20) { edges { node { fullName email company status orderCode } } pageInfo { hasNextPage endCursor } } } } }",
            &json!({ "organization": SLUG, "event": event.slug }),
        ));
    }
    if let Some(attendee) = facts.attendees.first() {
        all.push(example(
            "my-registrations",
            "attendee",
            Some(&attendee.access_token),
            MINE,
            &json!({}),
        ));
        if let Some(offer) = facts.events.first().and_then(|event| event.offers.last()) {
            let input = json!({
                "registrationId": attendee.registration_id, "revision": attendee.consent_revision,
                "consents": [{ "offerId": offer.id, "offerVersion": offer.version, "decision": "REFUSE" }],
            });
            let token = Some(attendee.access_token.as_str());
            all.push(example(
                "set-consents",
                "attendee",
                token,
                SET_CONSENTS,
                &json!({ "input": input }),
            ));
        }
    }
    if let Some(token) = facts.partner_tokens.first() {
        all.push(example(
            "leads",
            "partner",
            Some(&token.token),
            LEADS,
            &json!({ "purpose": token.purposes.first() }),
        ));
    }
    all
}

const REGISTER: &str = "mutation($input: RegisterInput!) { register(input: $input) { \
    order { code status total { amount currency } } secret consentIssues { reason } userErrors { field message code } } }";
const MINE: &str = "{ me { email people { organization { name } registrations(first: 10) { edges { node { \
    id status event { title } ticketType { name } consentRevision \
    consents { state offer { id version purpose partner { legalName } } granted { label } } } } } } } }";
const SET_CONSENTS: &str = "mutation($input: SetConsentsInput!) { setConsents(input: $input) { \
    registrationConsents { revision consents { state } } consentIssues { reason } userErrors { field message code } } }";
const LEADS: &str = "query($purpose: Purpose!) { partner { leads(purpose: $purpose, first: 20) { \
    nodes { id consentedOn deleteBy fullName email company } pageInfo { hasNextPage endCursor } } } }";

/// A free ticket with consents. The same key makes the same order, however often it is sent.
fn registration(event: &EventFacts) -> Value {
    let consents: Vec<Value> = event
        .offers
        .iter()
        .take(1)
        .map(|offer| {
            let fields: Vec<Value> = offer.fields.iter().map(|field| json!({ "field": field })).collect();
            json!({ "offerId": offer.id, "offerVersion": offer.version, "decision": "GRANT", "fields": fields })
        })
        .collect();
    json!({ "input": {
        "idempotencyKey": "try-it-1", "eventId": event.id,
        "buyer": { "fullName": "Toni Try", "email": "toni@people.example" },
        "attendees": [{
            "ticketTypeId": event.free_ticket, "fullName": "Toni Try", "email": "toni@people.example", "isBuyer": true,
            "ofAge": true, "acknowledgedDocumentIds": event.documents, "consents": consents,
        }],
    } })
}

/// How far the demo has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Most people have not registered yet.
    Filling,
    /// Everything is there.
    Complete,
}

/// Says what to try.
pub(super) fn print(config: &Config, facts: &Facts, progress: Progress) {
    let base = &config.server.public_url;
    println!(
        "\nConsentry's demo is at {base}: open it in a browser. The API is at {base}/graphql.\nEverything below is also in {FILE}.\n"
    );
    for event in &facts.events {
        println!("  event      {SLUG}/{} ({})", event.slug, event.kind.to_lowercase());
    }
    println!(
        "  organizer  {OWNER}\n             sign in (once): {}",
        facts.sign_in_url
    );
    for member in facts.staff.iter().chain(&facts.readers) {
        println!(
            "  {:<10} {}\n             sign in (once): {}",
            member.role.to_lowercase().replace('_', "-"),
            member.email,
            member.sign_in_url
        );
    }
    for attendee in &facts.attendees {
        println!(
            "  attendee   {}\n             sign in (once): {}",
            attendee.email, attendee.sign_in_url
        );
    }
    for device in &facts.devices {
        println!(
            "  device     {} at {}\n             open on a phone (once): {}",
            device.name, device.event, device.url
        );
    }
    for token in &facts.partner_tokens {
        println!(
            "  partner    {} at {}: {}\n             token: {}",
            token.partner,
            token.event,
            token.purposes.join(", "),
            token.token
        );
    }
    println!(
        "\nAs anybody, an attendee in the making: register for a free ticket.\n{}",
        curl(base, facts, "register")
    );
    println!(
        "\nAs a partner: fetch the leads that you are permitted.\n{}",
        curl(base, facts, "leads")
    );
    println!("\nAs the organizer: view the roster.\n{}", curl(base, facts, "roster"));
    if progress == Progress::Filling {
        println!("\nMost of the {PEOPLE} registrations are coming in now, in the next seconds.");
    }
    println!("\nCtrl-C ends it.");
    flush();
}

/// Says that nothing is missing any more.
pub(super) fn print_complete() {
    println!("{PEOPLE} registrations are in: the demo is complete.");
    flush();
}

/// Says what an early end means.
pub(super) fn print_interrupted() {
    println!("The demo was not complete yet: the next start makes it anew.");
    flush();
}

/// What is printed must be seen before the first request, also through a pipe.
fn flush() {
    let _ = std::io::stdout().flush();
}

fn curl(base: &str, facts: &Facts, name: &str) -> String {
    let Some(example) = examples(facts).into_iter().find(|example| example["name"] == name) else {
        return String::new();
    };
    let headers = example["headers"].as_object().into_iter().flatten();
    let headers: String = headers
        .map(|(name, value)| format!(" -H '{name}: {}'", value.as_str().unwrap_or_default()))
        .collect();
    // A single quote inside would end the shell's word.
    let body = example["body"].to_string().replace('\'', "'\\''");
    format!("  curl -s {base}/graphql{headers} -d '{body}'")
}
