//! A box office where everything that can happen to orders happens at once, by chance.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use consentry::services::payments::expire_due;
use consentry_domain::{OrderId, QuotaId, RegistrationId, Role, TicketTypeId};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::{Value, json};
use uuid::Uuid;

use super::orders::Sales;
use super::read::{Row, all};
use crate::app::{Client, DbEvent, SeededOrganization, TestApp, bank_account};

/// What can happen, and how often it is tried.
const DEEDS: &[(&str, u32)] = &[
    ("register", 40),
    ("startPayment", 15),
    ("markOrderPaid", 20),
    ("markOrderPaid again", 4),
    ("markOrderPaid too late", 6),
    ("cancelOrder", 6),
    ("cancelRegistrationAsStaff", 10),
    ("updateQuota", 8),
    ("expire", 3),
];

/// The box office.
pub struct Counter {
    /// The program.
    pub app: TestApp,
    event: DbEvent,
    organization: SeededOrganization,
    tickets: Vec<TicketTypeId>,
    owner: Client,
    /// Secrets of orders, by code.
    secrets: Mutex<BTreeMap<String, String>>,
    /// Bookings that were made, as they were sent.
    bookings: Mutex<Vec<Value>>,
    counts: Mutex<BTreeMap<&'static str, (u32, u32)>>,
}

/// Whether something was done.
type Done = Option<bool>;

impl Counter {
    /// Three ticket types, one of them free; two quotas, one of which all of them share.
    pub async fn open(app: TestApp) -> Self {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| ()).await;
        let free = app.db_ticket_type(&event, "Free", |_| ()).await;
        let gross = app.db_ticket_type(&event, "Gross", |row| row.price_minor = 4900).await;
        let net = app.db_ticket_type(&event, "Net", |row| {
            (row.price_minor, row.tax_rate, row.price_includes_tax) = (1001, 7_000, false);
        });
        let net = net.await;
        app.db_quota(&event, 30, &[free, gross, net]).await;
        app.db_quota(&event, 9, &[net]).await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        app.db_execute("update session set expires_at = 9000000000000000").await;
        let set = "mutation($input: SetProviderAccountInput!) { setProviderAccount(input: $input) { userErrors { field code message } } }";
        let bank = bank_account("Acme e.V.");
        let input = json!({ "organizationId": organization.public_id, "bankTransfer": bank });
        owner.done("setProviderAccount", set, json!({ "input": input })).await;
        Self {
            app,
            event,
            organization,
            tickets: vec![free, gross, net],
            owner,
            secrets: Mutex::default(),
            bookings: Mutex::default(),
            counts: Mutex::default(),
        }
    }

    async fn pick(&self, rng: &mut StdRng, text: &str) -> Option<Row> {
        let mut rows = all(&self.app, text).await;
        if rows.is_empty() {
            return None;
        }
        Some(rows.swap_remove(rng.random_range(0..rows.len())))
    }

    async fn send(&self, client: &Client, name: &str, more: &str, input: Value) -> (Value, bool) {
        let of = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let document =
            format!("mutation($input: {of}!) {{ {name}(input: $input) {{ {more} userErrors {{ code }} }} }}");
        let answer = client.send(&document, json!({ "input": input })).await;
        let payload = answer["data"][name].clone();
        assert!(
            answer.get("errors").is_none() && payload.is_object(),
            "{name} of {input}: {answer:#}"
        );
        let done = payload["userErrors"] == json!([]);
        (payload, done)
    }

    /// Does something by chance.
    pub async fn deed(&self, rng: &mut StdRng) {
        let name = DEEDS.choose_weighted(rng, |deed| deed.1).expect("a deed").0;
        let done = match name {
            "register" => self.register(rng).await,
            "startPayment" => self.start_payment(rng).await,
            "markOrderPaid again" => self.book_again(rng).await,
            "markOrderPaid" => self.book(rng, "status in ('PENDING', 'EXPIRING')").await,
            "markOrderPaid too late" => self.book(rng, "status in ('EXPIRED', 'CANCELLED', 'PAID')").await,
            "cancelOrder" => self.cancel_order(rng).await,
            "cancelRegistrationAsStaff" => self.cancel_place(rng).await,
            "updateQuota" => self.resize(rng).await,
            _ => {
                self.app.store().clock().advance(16 * 60_000_000);
                let done = expire_due(&self.app.platform).await.expect("a step");
                (done.expired > 0).then_some(true)
            }
        };
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let (yes, no) = counts.entry(name).or_default();
        match done {
            Some(true) => *yes += 1,
            Some(false) => *no += 1,
            None => {}
        }
    }

    async fn register(&self, rng: &mut StdRng) -> Done {
        let key = Uuid::new_v4().to_string();
        let attendees: Vec<(TicketTypeId, String)> = (0..rng.random_range(1..=4))
            .map(|number| {
                (
                    *self.tickets.choose(rng).expect("a ticket"),
                    format!("{key}-{number}@example.org"),
                )
            })
            .collect();
        let attendees: Vec<(TicketTypeId, &str)> = attendees
            .iter()
            .map(|(ticket, email)| (*ticket, email.as_str()))
            .collect();
        let input = Client::register_input(&self.event, &key, &attendees);
        let (payload, done) = self
            .send(&self.app.anonymous(), "register", "secret order { code }", input)
            .await;
        if let (Some(code), Some(secret)) = (payload["order"]["code"].as_str(), payload["secret"].as_str()) {
            let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
            secrets.insert(code.to_owned(), secret.to_owned());
        }
        Some(done)
    }

    async fn start_payment(&self, rng: &mut StdRng) -> Done {
        let row = self
            .pick(rng, "select code from \"order\" where status = 'PENDING'")
            .await?;
        let code = row.text("code");
        let secret = self
            .secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&code)
            .cloned()?;
        let input = json!({ "idempotencyKey": Uuid::new_v4().to_string(), "organization": self.organization.slug,
            "orderCode": code, "orderSecret": secret, "method": "BANK_TRANSFER", "returnUrl": "https://acme.example/thanks" });
        Some(self.send(&self.app.anonymous(), "startPayment", "", input).await.1)
    }

    async fn book(&self, rng: &mut StdRng, with: &str) -> Done {
        let row = self
            .pick(rng, &format!("select id from \"order\" where {with}"))
            .await?;
        let order = self.event.public(OrderId(row.id("id")));
        let input = json!({ "idempotencyKey": Uuid::new_v4().to_string(), "orderId": order });
        self.bookings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(input.clone());
        Some(self.send(&self.owner, "markOrderPaid", "", input).await.1)
    }

    async fn book_again(&self, rng: &mut StdRng) -> Done {
        let input = self
            .bookings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .choose(rng)
            .cloned()?;
        Some(self.send(&self.owner, "markOrderPaid", "", input).await.1)
    }

    async fn cancel_order(&self, rng: &mut StdRng) -> Done {
        let row = self
            .pick(rng, "select id from \"order\" where status <> 'CANCELLED'")
            .await?;
        let input = json!({ "orderId": self.event.public(OrderId(row.id("id"))) });
        Some(self.send(&self.owner, "cancelOrder", "", input).await.1)
    }

    async fn cancel_place(&self, rng: &mut StdRng) -> Done {
        let row = self
            .pick(
                rng,
                "select id from registration where status in ('PENDING', 'CONFIRMED')",
            )
            .await?;
        let input = json!({ "registrationId": self.event.public(RegistrationId(row.id("id"))) });
        Some(self.send(&self.owner, "cancelRegistrationAsStaff", "", input).await.1)
    }

    async fn resize(&self, rng: &mut StdRng) -> Done {
        let row = self.pick(rng, "select id, size, revision from quota").await?;
        let size = (row.long("size") + rng.random_range(-4..=4)).max(0);
        let input = json!({ "quotaId": self.event.public(QuotaId(row.id("id"))), "revision": row.long("revision"),
            "terms": { "name": "Places", "size": size } });
        Some(self.send(&self.owner, "updateQuota", "", input).await.1)
    }

    /// Counts everything again; nobody may be at work.
    pub async fn recount(&self, when: &str) {
        let sales = Sales::read(&self.app).await;
        let wrong = sales.wrong();
        assert!(wrong.is_empty(), "{when}: {} wrong\n{}", wrong.len(), wrong.join("\n"));
    }

    /// How often each thing was done, and refused.
    #[must_use]
    pub fn summary(&self) -> String {
        format!("{:?}", self.counts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What never happened.
    #[must_use]
    pub fn never(&self) -> Vec<&'static str> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let done = |name: &&str| counts.get(name).is_some_and(|(yes, _)| *yes > 0);
        DEEDS.iter().map(|(name, _)| *name).filter(|name| !done(name)).collect()
    }
}
