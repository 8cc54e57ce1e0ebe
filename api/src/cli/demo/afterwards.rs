//! What happens to the demo's registrations later: a guardian decides, people change their minds, an order is cancelled,
//! another is left between its two steps of expiring, and some who have come already are let in.

use std::time::Duration;

use consentry_domain::{OrderId, OrganizationId, OutboxKind, RegistrationStatus, SessionKind};
use consentry_entity::{guardian_request, order, person, registration as registration_row};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::client::Client;
use super::events::Made;
use super::people::{GUARDED, Placed};
use crate::cli::Failure;
use crate::graphql::{ApiSchema, ids};
use crate::platform::keys::{Link, LinkKind};
use crate::platform::{Platform, Refused};
use crate::services::{outbox, registration, sign_in};
use crate::transaction;

const DECIDE: &str = "mutation($input: DecideAsGuardianInput!) { decideAsGuardian(input: $input) {
    userErrors { field message } } }";
const WITHDRAW: &str = "mutation($input: WithdrawAllConsentsInput!) { withdrawAllConsents(input: $input) {
    userErrors { field message } } }";
const CANCEL: &str =
    "mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { userErrors { field message } } }";
const BANK: &str = "mutation($input: SetProviderAccountInput!) { setProviderAccount(input: $input) {
    userErrors { field message } } }";
const PAY: &str =
    "mutation($input: StartPaymentInput!) { startPayment(input: $input) { userErrors { field message } } }";
const CHECK_IN: &str = "mutation($input: CheckInInput!) { checkIn(input: $input) { userErrors { field message } } }";

/// How many people are in already.
const CHECKED_IN: u64 = 40;
/// How many take everything back.
const WITHDRAWN: usize = 12;
const A_DAY: Duration = Duration::from_secs(86_400);

/// Who does it, and where.
pub(super) struct Scene<'a> {
    pub(super) platform: &'a Platform,
    pub(super) schema: &'a ApiSchema,
    pub(super) owner: &'a Client,
    pub(super) anyone: &'a Client,
    pub(super) organization: OrganizationId,
    pub(super) public_id: &'a str,
    pub(super) slug: &'a str,
    pub(super) conference: &'a Made,
}

impl Scene<'_> {
    /// Everything, in an order of its own.
    pub(super) async fn play(&self, placed: &[Placed]) -> Result<(), Failure> {
        self.guardian_decides(placed).await?;
        self.some_withdraw(placed).await?;
        self.orders_end(placed).await?;
        self.some_are_let_in().await
    }

    /// One of the two guardians says yes to what the minor wished; the other has not answered yet.
    async fn guardian_decides(&self, placed: &[Placed]) -> Result<(), Failure> {
        let minor = placed.iter().find(|place| place.number == GUARDED[0]);
        let minor = minor.ok_or_else(|| Failure::new("the demo has no minor"))?;
        let request = guardian_request::Entity::find()
            .filter(guardian_request::Column::OrganizationId.eq(self.organization))
            .filter(guardian_request::Column::RegistrationId.eq(minor.registration))
            .one(self.platform.store.read())
            .await?;
        let request = request.ok_or_else(|| Failure::new("the demo's minor has no guardian"))?;
        let secret = self.platform.keys.link(
            LinkKind::Guardian,
            Link {
                organization: self.organization,
                id: request.id.0,
                generation: request.generation,
            },
        );
        let input = json!({ "secret": secret, "consents": minor.wishes });
        self.anyone.send(DECIDE, json!({ "input": input })).await.map(drop)
    }

    /// Some of those who shared take everything back.
    async fn some_withdraw(&self, placed: &[Placed]) -> Result<(), Failure> {
        let shared = placed
            .iter()
            .filter(|place| place.confirmed && !place.wishes.is_empty());
        for place in shared.skip(20).step_by(9).take(WITHDRAWN) {
            let client = self.attendee(place).await?;
            let input = json!({ "registrationId": ids::encode(self.organization, place.registration).to_string() });
            client.send(WITHDRAW, json!({ "input": input })).await?;
        }
        Ok(())
    }

    async fn attendee(&self, place: &Placed) -> Result<Client, Failure> {
        let row = registration_row::Entity::find_by_id((self.organization, place.registration))
            .one(self.platform.store.read())
            .await?;
        let person = row
            .and_then(|row| row.person_id)
            .ok_or_else(|| Failure::new("nobody has confirmed this"))?;
        let person = person::Entity::find_by_id((self.organization, person))
            .one(self.platform.store.read())
            .await?;
        let account = person
            .and_then(|person| person.account_id)
            .ok_or_else(|| Failure::new("a person without account"))?;
        let session = transaction!(self.platform.store.writer(), async |tx| {
            sign_in::open(self.platform, tx, account, SessionKind::Api).await
        })
        .map_err(|refused: Refused| Failure::from(refused))?;
        Client::with_token(self.schema, self.platform, &session.access_token).await
    }

    /// The organization takes bank transfers, and the buyer of this order chooses one.
    pub(super) async fn chooses_bank_transfer(&self, id: OrderId) -> Result<(), Failure> {
        let account =
            json!({ "accountHolder": "Demo Society e.V.", "iban": "DE02120300000000202051", "bic": "BYLADEM1001" });
        let input = json!({ "organizationId": self.public_id, "bankTransfer": account });
        self.owner.send(BANK, json!({ "input": input })).await?;
        let row = order::Entity::find_by_id((self.organization, id))
            .one(self.platform.store.read())
            .await?
            .ok_or_else(|| Failure::new("the demo's order is gone"))?;
        let link = Link {
            organization: self.organization,
            id: id.0,
            generation: row.secret_generation,
        };
        let input = json!({
            "idempotencyKey": "demo-payment", "organization": self.slug, "orderCode": row.code,
            "orderSecret": self.platform.keys.link(LinkKind::Order, link), "method": "BANK_TRANSFER",
        });
        self.anyone.send(PAY, json!({ "input": input })).await.map(drop)
    }

    /// The abandoned orders expire, the one with a payment only by its first step: as if the worker that closes the payment
    /// were busy with it. Another order is cancelled.
    async fn orders_end(&self, placed: &[Placed]) -> Result<(), Failure> {
        registration::expire_due(self.platform, self.platform.store.now().await?).await?;
        outbox::lease(&self.platform.store, OutboxKind::ExpirePayment, 1, A_DAY).await?;
        // Not one of the workshop's, which stays sold out.
        let open = placed.iter().find(|place| !place.paid && place.ticket == "Standard");
        let open = open.ok_or_else(|| Failure::new("the demo has no open order"))?;
        let input = json!({ "orderId": ids::encode(self.organization, open.order).to_string() });
        self.owner.send(CANCEL, json!({ "input": input })).await.map(drop)
    }

    async fn some_are_let_in(&self) -> Result<(), Failure> {
        let (_, event) = ids::decode::<consentry_domain::EventId>(&self.conference.id.clone().into())
            .ok_or_else(|| Failure::new("the conference's id"))?;
        let rows = registration_row::Entity::find()
            .filter(registration_row::Column::OrganizationId.eq(self.organization))
            .filter(registration_row::Column::EventId.eq(event))
            .filter(registration_row::Column::Status.eq(RegistrationStatus::Confirmed))
            .order_by_asc(registration_row::Column::SortName)
            .limit(CHECKED_IN)
            .all(self.platform.store.read())
            .await?;
        for (number, row) in rows.iter().enumerate() {
            let input: Value = json!({
                "idempotencyKey": format!("demo-check-in-{number}"), "eventId": self.conference.id, "code": row.check_in_code,
                "device": "Door 1",
            });
            self.owner.send(CHECK_IN, json!({ "input": input })).await?;
        }
        Ok(())
    }
}
