//! An event that sells places for money, with the stand-in for Stripe behind it and webhooks coming in over HTTP.

use std::time::Duration;

use consentry::cli::webhooks;
use consentry::config::Payments;
use consentry::platform::store::sql;
use consentry_domain::{QuotaId, Role, TicketTypeId};
use poem::listener::TcpAcceptor;
use sea_orm::Value as Bound;
use serde_json::{Value, json};

use super::{Client, DbEvent, SeededOrganization, TestApp};
use crate::stripe::{Delivered, StandIn};

/// A bank account to which buyers can transfer, as `setProviderAccount` takes it.
#[must_use]
pub fn bank_account(holder: &str) -> Value {
    json!({ "accountHolder": holder, "iban": "DE89 3704 0044 0532 0130 00", "bic": "COBADEFFXXX" })
}

/// The webhook's secret of every shop.
pub const WEBHOOK_SECRET: &str = "whsec_of_the_shop";

/// The shop; webhooks are held until [`Shop::deliver`].
pub struct Shop {
    /// The program.
    pub app: TestApp,
    /// Stripe.
    pub stripe: StandIn,
    /// Whose shop it is.
    pub organization: SeededOrganization,
    /// The event.
    pub event: DbEvent,
    /// What is sold, for 49 euros.
    pub ticket_type: TicketTypeId,
    /// How many there are.
    pub quota: QuotaId,
    /// Somebody who may do everything.
    pub owner: Client,
    /// Where webhooks come in.
    pub webhook_url: String,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// An order, with what opens it.
#[derive(Clone, Debug)]
pub struct Ordered {
    /// Its public id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Its secret.
    pub secret: String,
}

const SET_ACCOUNT: &str = "mutation($input: SetProviderAccountInput!) { setProviderAccount(input: $input) {
    providerAccount { id kind ready webhookUrl revision } userErrors { field message code } } }";

const START: &str = "mutation($input: StartPaymentInput!) { startPayment(input: $input) {
    payment { id method status amount { amount currency } } redirectUrl
    bankTransfer { accountHolder iban bic reference amount { amount currency } qrPayload due } userErrors { field code } } }";

impl Shop {
    /// Opens one with so many places.
    pub async fn open(app: TestApp, places: i64) -> Self {
        let stripe = StandIn::start().await;
        stripe.switches().hold_webhooks();
        let app = app.with_payments(Payments {
            stripe_api_base: Some(stripe.base_url()),
            timeout_seconds: 1,
        });
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let ticket_type = app
            .db_ticket_type(&event, "Regular", |row| row.price_minor = 4900)
            .await;
        let quota = app.db_quota(&event, places, &[ticket_type]).await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let set = |account: Value| {
            let mut input = account;
            input["organizationId"] = json!(organization.public_id);
            owner.done("setProviderAccount", SET_ACCOUNT, json!({ "input": input }))
        };
        let account = set(json!({ "stripe": { "secretKey": stripe.secret_key() } })).await;
        assert_eq!(account["providerAccount"]["ready"], json!(false));
        let account = set(json!({ "stripe": { "webhookSecret": WEBHOOK_SECRET } })).await;
        assert_eq!(account["providerAccount"]["ready"], json!(true));
        set(json!({ "bankTransfer": bank_account("Acme e.V.") })).await;
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let acceptor = TcpAcceptor::from_tokio(listener).expect("an acceptor");
        let routes = webhooks::routes(&app.platform);
        let server = tokio::spawn(async move {
            poem::Server::new_with_acceptor(acceptor)
                .run(routes)
                .await
                .expect("it serves");
        });
        let url = account["providerAccount"]["webhookUrl"].as_str().expect("an address");
        let webhook_url = url.replace("http://consentry.test", &format!("http://{address}"));
        stripe.set_webhook(&webhook_url, WEBHOOK_SECRET);
        Self {
            app,
            stripe,
            organization,
            event,
            ticket_type,
            quota,
            owner,
            webhook_url,
            server,
        }
    }

    /// Orders so many places.
    pub async fn order(&self, key: &str, places: usize) -> Ordered {
        let attendees: Vec<(TicketTypeId, String)> = (0..places)
            .map(|index| (self.ticket_type, format!("{key}-{index}@example.org")))
            .collect();
        let attendees: Vec<(TicketTypeId, &str)> = attendees
            .iter()
            .map(|(ticket_type, email)| (*ticket_type, email.as_str()))
            .collect();
        let payload = self.app.anonymous().register(&self.event, key, &attendees).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Ordered {
            id: text(&payload["order"]["id"]),
            code: text(&payload["order"]["code"]),
            secret: text(&payload["secret"]),
        }
    }

    /// Starts a payment; the payload, refused or not.
    pub async fn start(&self, order: &Ordered, key: &str, method: &str) -> Value {
        let input = json!({ "idempotencyKey": key, "organization": self.organization.slug, "orderCode": order.code,
            "orderSecret": order.secret, "method": method, "returnUrl": "https://acme.example/thanks" });
        self.app.anonymous().data(START, json!({ "input": input })).await["startPayment"].clone()
    }

    /// Starts a payment by Stripe; the id of the session that was opened.
    pub async fn checkout(&self, order: &Ordered, key: &str) -> String {
        let payload = self.start(order, key, "STRIPE_CHECKOUT").await;
        let url = payload["redirectUrl"]
            .as_str()
            .unwrap_or_else(|| panic!("no address: {payload:#}"));
        let sessions = self.stripe.sessions();
        let session = sessions
            .iter()
            .find(|session| session.url().is_some_and(|its| its == url));
        session.expect("the address of a session").id.clone()
    }

    /// Sends every webhook that waits; each must be taken.
    pub async fn deliver(&self) -> usize {
        let delivered: Vec<Delivered> = self.stripe.deliver_all().await;
        assert!(delivered.iter().all(|one| one.status == Some(200)), "{delivered:?}");
        delivered.len()
    }

    /// How an order stands: status, places, payments as `STATUS` or `STATUS:REASON`.
    pub async fn standing(&self, order: &Ordered) -> (String, Vec<String>, Vec<String>) {
        let document = "query($organization: String!, $code: String!, $secret: String!) {
            order(organization: $organization, code: $code, secret: $secret) {
                status places { status } payments { status refundDue } } }";
        let of = json!({ "organization": self.organization.slug, "code": order.code, "secret": order.secret });
        let data = self.app.anonymous().data(document, of).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let all = |name: &str| data["order"][name].as_array().expect("a list").clone();
        let payment = |payment: &Value| match payment["refundDue"].as_str() {
            Some(reason) => format!("{}:{reason}", text(&payment["status"])),
            None => text(&payment["status"]),
        };
        (
            text(&data["order"]["status"]),
            all("places").iter().map(|place| text(&place["status"])).collect(),
            all("payments").iter().map(payment).collect(),
        )
    }

    /// Fails unless the order stands so.
    pub async fn expect(&self, order: &Ordered, status: &str, place: &str, payments: &[&str]) {
        let (its, places, its_payments) = self.standing(order).await;
        assert_eq!(
            (its.as_str(), its_payments),
            (status, payments.iter().map(|p| (*p).to_owned()).collect())
        );
        assert!(places.iter().all(|its| its == place), "{places:?}");
    }

    /// A team member books an order's money; the payload, refused or not.
    pub async fn mark_paid(&self, client: &Client, order: &Ordered, key: &str) -> Value {
        let document = "mutation($input: MarkOrderPaidInput!) { markOrderPaid(input: $input) {
            order { status } userErrors { code } } }";
        let input = json!({ "idempotencyKey": key, "orderId": order.id });
        client.data(document, json!({ "input": input })).await["markOrderPaid"].clone()
    }

    /// How many rows a statement counts as `n`.
    pub async fn db_count(&self, text: &str) -> i64 {
        let row = sql::one(self.app.store().read(), text, []).await.expect("a count");
        row.try_get("", "n").expect("a number")
    }

    /// Writes to the database directly.
    pub async fn db_write(&self, text: &str, values: impl IntoIterator<Item = Bound>) -> u64 {
        sql::execute(self.app.store().admin(), text, values)
            .await
            .expect("a statement")
    }

    /// Mails of this kind.
    pub async fn db_mails(&self, kind: &str) -> i64 {
        self.db_count(&format!("select count(*) as n from mail where kind = '{kind}'"))
            .await
    }

    /// How many places are left.
    pub async fn left(&self) -> i64 {
        self.app.db_available(&self.event, self.quota).await
    }

    /// Time passes here, and at Stripe.
    pub fn advance(&self, minutes: u64) {
        self.advance_here(minutes);
        self.stripe.advance(Duration::from_secs(minutes * 60));
    }

    /// Time passes here only.
    pub fn advance_here(&self, minutes: u64) {
        let micros = i64::try_from(minutes * 60_000_000).expect("not for ever");
        self.app.store().clock().advance(micros);
    }
}
