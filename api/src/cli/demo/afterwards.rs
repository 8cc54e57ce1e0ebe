//! What happens to the demo's registrations later: a guardian decides, people change their minds, an order is cancelled,
//! another is left between its two steps of expiring, and some who have come already are let in.

use std::time::Duration;

use consentry_domain::{OrderId, OutboxKind};
use consentry_entity::{guardian_request, order, person, registration as registration_row};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::SLUG;
use super::client::Client;
use super::crowd::Placed;
use super::events::Made;
use super::people::GUARDED;
use super::scene::Scene;
use crate::cli::Failure;
use crate::graphql::ids;
use crate::platform::Refused;
use crate::platform::keys::{Link, LinkKind};
use crate::services::{outbox, registration, sign_in};
use crate::transaction;

const DECIDE: &str = "mutation($input: DecideAsGuardianInput!) { decideAsGuardian(input: $input) {
    userErrors { field message } } }";
const WITHDRAW: &str = "mutation($input: WithdrawAllConsentsInput!) { withdrawAllConsents(input: $input) {
    userErrors { field message } } }";
const CANCEL: &str =
    "mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { userErrors { field message } } }";
const PAY: &str =
    "mutation($input: StartPaymentInput!) { startPayment(input: $input) { userErrors { field message } } }";
const CHECK_IN: &str = "mutation($input: CheckInInput!) { checkIn(input: $input) { userErrors { field message } } }";

/// How many people are in already.
const CHECKED_IN: usize = 40;
/// How many take everything back.
const WITHDRAWN: usize = 12;
const A_DAY: Duration = Duration::from_secs(86_400);

/// One of the two guardians says yes to what the minor wished; the other has not answered yet.
pub(super) async fn guardian_decides(scene: &Scene, placed: &[Placed]) -> Result<(), Failure> {
    let minor = placed.iter().find(|place| place.number == GUARDED[0]);
    let minor = minor.ok_or_else(|| Failure::new("the demo has no minor"))?;
    let request = guardian_request::Entity::find()
        .filter(guardian_request::Column::OrganizationId.eq(scene.organization))
        .filter(guardian_request::Column::RegistrationId.eq(minor.registration))
        .one(scene.platform.store.read())
        .await?;
    let request = request.ok_or_else(|| Failure::new("the demo's minor has no guardian"))?;
    let link = Link {
        organization: scene.organization,
        id: request.id.0,
        generation: request.generation,
    };
    let secret = scene.platform.keys.link(LinkKind::Guardian, link);
    let input = json!({ "secret": secret, "consents": minor.wishes });
    scene.anyone.send(DECIDE, json!({ "input": input })).await.map(drop)
}

/// Some of those who shared take everything back.
pub(super) async fn some_withdraw(scene: &Scene, placed: &[Placed]) -> Result<(), Failure> {
    let shared = placed
        .iter()
        .filter(|place| place.is_settled() && !place.wishes.is_empty());
    for place in shared.skip(20).step_by(9).take(WITHDRAWN) {
        let client = attendee(scene, place).await?;
        let input = json!({ "registrationId": ids::encode(scene.organization, place.registration).to_string() });
        client.send(WITHDRAW, json!({ "input": input })).await?;
    }
    Ok(())
}

/// Somebody of these, signed in.
pub(super) async fn attendee(scene: &Scene, place: &Placed) -> Result<Client, Failure> {
    let platform = &scene.platform;
    let person = row(scene, place)
        .await?
        .person_id
        .ok_or_else(|| Failure::new("nobody has confirmed this"))?;
    let person = person::Entity::find_by_id((scene.organization, person))
        .one(platform.store.read())
        .await?;
    let account = person
        .and_then(|person| person.account_id)
        .ok_or_else(|| Failure::new("a person without account"))?;
    let session = transaction!(platform.store.writer(), async |tx| {
        sign_in::open(platform, tx, account).await
    })
    .map_err(|refused: Refused| Failure::from(refused))?;
    Client::with_token(&scene.schema, platform, &session.access_token).await
}

async fn row(scene: &Scene, place: &Placed) -> Result<registration_row::Model, Failure> {
    registration_row::Entity::find_by_id((scene.organization, place.registration))
        .one(scene.platform.store.read())
        .await?
        .ok_or_else(|| Failure::new("the demo's registration is gone"))
}

/// The buyer of this order chooses a bank transfer.
pub(super) async fn chooses_bank_transfer(scene: &Scene, id: OrderId) -> Result<(), Failure> {
    let row = order::Entity::find_by_id((scene.organization, id))
        .one(scene.platform.store.read())
        .await?
        .ok_or_else(|| Failure::new("the demo's order is gone"))?;
    let link = Link {
        organization: scene.organization,
        id: id.0,
        generation: row.secret_generation,
    };
    let input = json!({
        "idempotencyKey": "demo-payment", "organization": SLUG, "orderCode": row.code,
        "orderSecret": scene.platform.keys.link(LinkKind::Order, link), "method": "BANK_TRANSFER",
    });
    scene.anyone.send(PAY, json!({ "input": input })).await.map(drop)
}

/// The abandoned orders expire, the one with a payment only by its first step: as if the worker that closes the payment
/// were busy with it. Another order is cancelled.
pub(super) async fn orders_end(scene: &Scene, placed: &[Placed]) -> Result<(), Failure> {
    let platform = &scene.platform;
    registration::expire_due(platform, platform.store.now().await?).await?;
    outbox::lease(&platform.store, OutboxKind::ExpirePayment, 1, A_DAY).await?;
    // Not one of the workshop's, which stays sold out.
    let open = placed
        .iter()
        .find(|place| !place.paid && place.goal.ticket == "Standard");
    let open = open.ok_or_else(|| Failure::new("the demo has no open order"))?;
    let input = json!({ "orderId": ids::encode(scene.organization, open.order).to_string() });
    scene.owner.send(CANCEL, json!({ "input": input })).await.map(drop)
}

/// The first of those whose place is certain are in the conference already.
pub(super) async fn some_are_let_in(scene: &Scene, placed: &[Placed], conference: &Made) -> Result<(), Failure> {
    let settled = placed
        .iter()
        .filter(|place| place.goal.event == 0 && place.is_settled());
    for (number, place) in settled.take(CHECKED_IN).enumerate() {
        let code = row(scene, place).await?.check_in_code;
        let input = json!({
            "idempotencyKey": format!("demo-check-in-{number}"), "eventId": conference.id, "code": code,
            "device": "Door 1",
        });
        scene.owner.send(CHECK_IN, json!({ "input": input })).await?;
    }
    Ok(())
}
