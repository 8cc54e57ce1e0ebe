//! The demo's partners and what they ask for: six of them in both roles, and the host.

use serde_json::{Value, json};

use super::client::{Client, text};
use super::events::{Made, both, partners_question};
use crate::cli::Failure;

const CREATE: &str = "mutation($input: CreatePartnerInput!) { createPartner(input: $input) {
    partner { id } userErrors { field message } } }";
const ADD: &str = "mutation($input: AddEventPartnerInput!) { addEventPartner(input: $input) {
    eventPartner { id } userErrors { field message } } }";
const REQUEST: &str = "mutation($input: RequestOfferInput!) { requestOffer(input: $input) {
    offer { id } userErrors { field message } } }";
const REVISE: &str = "mutation($input: ReviseOfferInput!) { reviseOffer(input: $input) {
    offer { id } userErrors { field message } } }";
const APPROVE: &str = "mutation($input: ApproveOfferInput!) { approveOffer(input: $input) {
    offer { id } userErrors { field message } } }";

const CONTACT: &[&str] = &["FULL_NAME", "EMAIL", "COMPANY"];
const NAMES: &[&str] = &["FULL_NAME", "COMPANY", "JOB_TITLE"];

/// Makes the partners of both events.
pub(super) async fn make(owner: &Client, organization: &str, conference: &Made, webinar: &Made) -> Result<(), Failure> {
    let mut made = Vec::new();
    let companies = [
        ("Ferrous Foundry", "CO_SPONSOR", conference),
        ("Crate Logistics", "EXHIBITOR", conference),
        ("Borrow & Check", "EXHIBITOR", conference),
        ("Lifetime Insurance", "EXHIBITOR", conference),
        ("Nightly Builds", "CO_SPONSOR", webinar),
        ("Stable Systems", "CO_SPONSOR", webinar),
    ];
    for (number, (name, role, event)) in companies.into_iter().enumerate() {
        let input = json!({
            "idempotencyKey": format!("demo-partner-{number}"), "organizationId": organization, "displayName": name,
            "legalName": format!("{name} GmbH"), "country": "DE", "contactEmail": contact(name),
        });
        let partner = text(
            &owner.send(CREATE, json!({ "input": input })).await?,
            "/createPartner/partner/id",
        )?;
        made.push(at_event(owner, event, name, Some(partner), role).await?);
    }
    made.push(at_event(owner, conference, "the host", None, "HOST").await?);

    offer(owner, &made[0], "EVENT_FOLLOW_UP", CONTACT, Outcome::Approved).await?;
    offer(owner, &made[0], "PRODUCT_INFORMATION", NAMES, Outcome::Approved).await?;
    offer(owner, &made[1], "EVENT_FOLLOW_UP", CONTACT, Outcome::Revised).await?;
    offer(owner, &made[2], "EVENT_FOLLOW_UP", CONTACT, Outcome::Approved).await?;
    offer(owner, &made[2], "RELATED_EVENTS", NAMES, Outcome::Approved).await?;
    offer(owner, &made[3], "EVENT_FOLLOW_UP", CONTACT, Outcome::Requested).await?;
    offer(owner, &made[4], "EVENT_FOLLOW_UP", CONTACT, Outcome::Approved).await?;
    offer(owner, &made[5], "EVENT_FOLLOW_UP", NAMES, Outcome::Approved).await?;
    offer(
        owner,
        &made[6],
        "SUBSEQUENT_EDITIONS",
        &["FULL_NAME", "EMAIL"],
        Outcome::Approved,
    )
    .await?;
    partners_question(owner, &conference.id, &made[2]).await
}

/// How far an offer has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Requested,
    Approved,
    Revised,
}

fn contact(name: &str) -> String {
    let domain: String = name
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    format!("privacy@{domain}.example")
}

async fn at_event(
    owner: &Client,
    event: &Made,
    name: &str,
    partner: Option<String>,
    role: &str,
) -> Result<String, Failure> {
    let input = json!({
        "idempotencyKey": format!("demo-at-{}-{name}", event.slug), "eventId": event.id, "partnerId": partner, "role": role,
        "noticeUrl": format!("https://notices.example/{}", name.replace([' ', '&'], "-").to_lowercase()),
        "noticeSha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "contactEmail": contact(name),
    });
    let data = owner.send(ADD, json!({ "input": input })).await?;
    text(&data, "/addEventPartner/eventPartner/id")
}

fn fields(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| json!({ "field": name })).collect()
}

async fn offer(
    owner: &Client,
    event_partner: &str,
    purpose: &'static str,
    names: &'static [&'static str],
    outcome: Outcome,
) -> Result<(), Failure> {
    let words = both(
        "We would like to write to you about what you saw at the event.",
        "Wir möchten Ihnen zu dem schreiben, was Sie auf der Veranstaltung gesehen haben.",
    );
    let input = json!({
        "idempotencyKey": format!("demo-offer-{}-{purpose}", event_partner), "eventPartnerId": event_partner,
        "purpose": purpose, "text": words, "fields": fields(names), "retentionDays": 180,
    });
    let offer = text(
        &owner.send(REQUEST, json!({ "input": input })).await?,
        "/requestOffer/offer/id",
    )?;
    if outcome == Outcome::Requested {
        return Ok(());
    }
    owner
        .send(APPROVE, json!({ "input": { "offerId": offer, "version": 1 } }))
        .await?;
    if outcome == Outcome::Revised {
        let words = both(
            "We would like to write to you once about what you saw at the event.",
            "Wir möchten Ihnen einmal zu dem schreiben, was Sie auf der Veranstaltung gesehen haben.",
        );
        let input = json!({
            "idempotencyKey": "demo-revision", "offerId": offer, "text": words, "fields": fields(&names[..2]),
            "retentionDays": 90,
        });
        owner.send(REVISE, json!({ "input": input })).await?;
        owner
            .send(
                APPROVE,
                json!({ "input": { "offerId": offer, "version": 2, "textChange": "EDITORIAL" } }),
            )
            .await?;
    }
    Ok(())
}
