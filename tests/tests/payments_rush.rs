//! A rush with money: many buyers want few places, pay by card in every way that people do, while the provider times
//! out, answers nonsense, and loses, doubles and reorders its webhooks, and while orders expire. In the end every place
//! is sold once, nobody was charged twice, and no money is without its order or its mark.
//!
//! What goes wrong is drawn from a seed; which buyer it meets is up to the threads.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use consentry::services::payments::{expire_due, reconcile, remind_due};
use consentry_domain::{OrderId, OrderStatus, PaymentStatus, RegistrationStatus};
use consentry_entity::{order, payment, registration};
use consentry_tests::app::{Ordered, Shop};
use consentry_tests::stripe::{Fault, Operation, WebhookFault};
use consentry_tests::{Client, on_both_databases};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const PLACES: i64 = 100;
const BUYERS: u64 = 64;
/// No rush may take longer.
const PATIENCE: Duration = Duration::from_secs(240);

const REGISTER: &str = "mutation($input: RegisterInput!) { register(input: $input) {
    secret order { id code } userErrors { code } } }";

struct Rush {
    shop: Shop,
    /// Free places, as of a moment ago.
    left: AtomicI64,
    /// Places that are paid, as of a moment ago.
    paid: AtomicI64,
    /// Buyers who are at something.
    busy: AtomicUsize,
    orders: AtomicUsize,
}

impl Rush {
    fn is_over(&self) -> bool {
        self.paid.load(Ordering::SeqCst) >= PLACES
    }

    /// Waits until there may be places again.
    async fn wait(&self) {
        self.busy.fetch_sub(1, Ordering::SeqCst);
        while !self.is_over() && self.left.load(Ordering::SeqCst) <= 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.busy.fetch_add(1, Ordering::SeqCst);
    }

    async fn order(&self, buyer: u64, attempt: u32, places: usize) -> Option<Ordered> {
        let attendees = vec![(self.shop.ticket_type, "ada@example.org"); places];
        let input = Client::register_input(&self.shop.event, &format!("{buyer}-{attempt}"), &attendees);
        let data = self
            .shop
            .app
            .anonymous()
            .data(REGISTER, json!({ "input": input }))
            .await;
        let payload = &data["register"];
        if payload["userErrors"] != json!([]) {
            assert_eq!(payload["userErrors"][0]["code"], "SOLD_OUT", "{payload:#}");
            return None;
        }
        self.orders.fetch_add(1, Ordering::SeqCst);
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Some(Ordered {
            id: text(&payload["order"]["id"]),
            code: text(&payload["order"]["code"]),
            secret: text(&payload["secret"]),
        })
    }

    /// The page where an order is paid, tried as often as people try; none where that does not work out.
    async fn page(&self, order: &Ordered, rng: &mut StdRng) -> Option<String> {
        for attempt in 0..4 {
            // Some press twice.
            let keys = [
                format!("{}-{attempt}", order.code),
                format!("{}-{attempt}-again", order.code),
            ];
            let twice = rng.random_range(0..4) == 0;
            let first = self.shop.start(order, &keys[0], "STRIPE_CHECKOUT");
            let answers = if twice {
                let second = self.shop.start(order, &keys[1], "STRIPE_CHECKOUT");
                let (first, second) = tokio::join!(first, second);
                vec![first, second]
            } else {
                vec![first.await]
            };
            for answer in &answers {
                if let Some(url) = answer["redirectUrl"].as_str() {
                    let sessions = self.shop.stripe.sessions();
                    return Some(sessions.iter().find(|session| session.url() == Some(url))?.id.clone());
                }
            }
            match answers[0]["userErrors"][0]["code"].as_str() {
                Some("PAYMENT_UNAVAILABLE") => tokio::time::sleep(Duration::from_millis(30)).await,
                _ => return None,
            }
        }
        None
    }

    /// What somebody does with an order.
    async fn pay(&self, order: &Ordered, rng: &mut StdRng) {
        let stripe = &self.shop.stripe;
        match rng.random_range(0..100) {
            // Thinks better of it.
            0..10 => {}
            // Opens the page and leaves.
            10..18 => drop(self.page(order, rng).await),
            // Is slow, so that some come too late.
            18..30 => {
                if let Some(page) = self.page(order, rng).await {
                    tokio::time::sleep(Duration::from_millis(rng.random_range(0..800))).await;
                    let _ = stripe.pay(&page);
                }
            }
            // Pays by something that takes its time, and sometimes does not work in the end.
            30..45 => {
                if let Some(page) = self.page(order, rng).await
                    && stripe.pay_later(&page).is_ok()
                {
                    tokio::time::sleep(Duration::from_millis(rng.random_range(0..400))).await;
                    let ended = if rng.random_range(0..3) == 0 {
                        stripe.fail_later(&page)
                    } else {
                        stripe.settle(&page)
                    };
                    ended.expect("it was processing");
                }
            }
            // Has a card that is declined at first.
            45..55 => {
                if let Some(page) = self.page(order, rng).await {
                    let _ = stripe.decline(&page);
                    let _ = stripe.pay(&page);
                }
            }
            _ => {
                if let Some(page) = self.page(order, rng).await {
                    let _ = stripe.pay(&page);
                }
            }
        }
    }

    async fn buy(&self, buyer: u64, seed: u64) {
        let mut rng = StdRng::seed_from_u64(seed * 1000 + buyer);
        self.busy.fetch_add(1, Ordering::SeqCst);
        for attempt in 0.. {
            if self.is_over() {
                break;
            }
            match self.order(buyer, attempt, rng.random_range(1..=3)).await {
                Some(order) => self.pay(&order, &mut rng).await,
                None => self.wait().await,
            }
        }
        self.busy.fetch_sub(1, Ordering::SeqCst);
    }

    /// The worker's steps, and the clock: it runs faster while nobody is at anything.
    async fn work(&self) {
        let begun = Instant::now();
        while !self.is_over() {
            assert!(
                begun.elapsed() < PATIENCE,
                "{} paid, {} left",
                self.paid.load(Ordering::SeqCst),
                self.left.load(Ordering::SeqCst)
            );
            self.steps().await;
            let paid = self
                .shop
                .db_count("select count(*) as n from registration where status = 'CONFIRMED'")
                .await;
            self.left.store(self.shop.left().await, Ordering::SeqCst);
            self.paid.store(paid, Ordering::SeqCst);
            let minutes = if self.busy.load(Ordering::SeqCst) == 0 { 12 } else { 1 };
            self.shop.advance(minutes);
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    async fn steps(&self) {
        let platform = &self.shop.app.platform;
        expire_due(platform).await.expect("a step");
        reconcile(platform).await.expect("a step");
        remind_due(platform).await.expect("a step");
    }

    /// Everything works again; what is under way comes to its end.
    async fn settle(&self) {
        self.shop.stripe.switches().clear();
        for _ in 0..60 {
            self.steps().await;
            self.shop.stripe.deliver_all().await;
            self.shop.advance(30);
            let open = "select count(*) as n from payment where status in ('CREATED', 'PROCESSING')";
            let waiting = "select count(*) as n from \"order\" where status in ('PENDING', 'EXPIRING')";
            if self.shop.db_count(open).await == 0 && self.shop.db_count(waiting).await == 0 {
                return;
            }
        }
        panic!("something never ends");
    }
}

/// Faults of the provider, from a seed.
fn break_things(shop: &Shop, seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    let switches = shop.stripe.switches();
    // Webhooks leave by themselves from now on.
    switches.clear();
    for (operation, fault) in [
        (Operation::CreateCheckout, Fault::TimeOutAfterCommit),
        (Operation::CreateCheckout, Fault::TimeOutBeforeCommit),
        (Operation::CreateCheckout, Fault::ErrorBeforeCommit),
        (Operation::CreateCheckout, Fault::ErrorAfterCommit),
        (Operation::CreateCheckout, Fault::RateLimited),
        (Operation::CreateCheckout, Fault::BadGateway),
        (Operation::RetrieveCheckout, Fault::BadGateway),
        (Operation::RetrieveCheckout, Fault::TimeOutBeforeCommit),
        (Operation::ExpireCheckout, Fault::TimeOutAfterCommit),
        (Operation::ExpireCheckout, Fault::ErrorAfterCommit),
    ] {
        switches.every(rng.random_range(9..23), operation, fault);
    }
    switches.webhooks(rng.random_range(4..8), WebhookFault::Lost);
    switches.webhooks(rng.random_range(3..6), WebhookFault::Duplicate);
    switches.webhooks(rng.random_range(3..6), WebhookFault::Overtaken);
}

async fn rush(shop: Shop, seed: u64) {
    break_things(&shop, seed);
    let rush = Arc::new(Rush {
        shop,
        left: AtomicI64::new(PLACES),
        paid: AtomicI64::new(0),
        busy: AtomicUsize::new(0),
        orders: AtomicUsize::new(0),
    });
    let mut buyers = tokio::task::JoinSet::new();
    for buyer in 0..BUYERS {
        let rush = Arc::clone(&rush);
        buyers.spawn(async move { rush.buy(buyer, seed).await });
    }
    rush.work().await;
    while let Some(buyer) = buyers.join_next().await {
        buyer.expect("a buyer");
    }
    rush.settle().await;
    audit(&rush).await;
}

/// The books.
async fn audit(rush: &Rush) {
    let shop = &rush.shop;
    let read = shop.app.store().read();
    let orders = order::Entity::find().all(read).await.expect("orders");
    let payments = payment::Entity::find().all(read).await.expect("payments");
    let places = registration::Entity::find().all(read).await.expect("places");
    let charges = shop.stripe.charges();

    // Every place once.
    let confirmed = places
        .iter()
        .filter(|place| place.status == RegistrationStatus::Confirmed)
        .count();
    let held = places
        .iter()
        .filter(|place| {
            matches!(
                place.status,
                RegistrationStatus::Confirmed | RegistrationStatus::Pending
            )
        })
        .count();
    assert_eq!((confirmed, held), (100, 100), "exactly what there was is sold");
    assert_eq!(
        shop.left().await + i64::try_from(held).expect("few"),
        PLACES,
        "the quota and a recount agree"
    );
    let paid: HashMap<OrderId, &order::Model> = orders
        .iter()
        .filter(|order| order.status == OrderStatus::Paid)
        .map(|order| (order.id, order))
        .collect();
    for place in &places {
        let has_place = place.status == RegistrationStatus::Confirmed;
        assert_eq!(
            has_place,
            paid.contains_key(&place.order_id),
            "a place and its order: {place:?}"
        );
    }

    // The provider's books and ours hold the same money.
    let mut by_payment: HashMap<String, usize> = HashMap::new();
    for charge in &charges {
        *by_payment
            .entry(charge.client_reference_id.clone().expect("a payment of ours"))
            .or_default() += 1;
    }
    assert!(
        by_payment.values().all(|count| *count == 1),
        "a payment was charged twice: {by_payment:?}"
    );
    for payment in &payments {
        let charged = by_payment.contains_key(&payment.id.to_string());
        assert_eq!(charged, payment.status == PaymentStatus::Confirmed, "{payment:?}");
    }
    assert_eq!(
        by_payment.len(),
        payments
            .iter()
            .filter(|payment| payment.status == PaymentStatus::Confirmed)
            .count()
    );

    // Nobody was charged twice for one order; all money has its paid order or its mark.
    let mut by_order: HashMap<OrderId, Vec<&payment::Model>> = HashMap::new();
    for payment in payments
        .iter()
        .filter(|payment| payment.status == PaymentStatus::Confirmed)
    {
        by_order.entry(payment.order_id).or_default().push(payment);
    }
    for (order, of) in &by_order {
        assert_eq!(of.len(), 1, "an order was charged twice: {of:?}");
        assert_eq!(
            of[0].refund_due.is_none(),
            paid.contains_key(order),
            "money without order or mark: {of:?}"
        );
    }
    for (id, order) in &paid {
        let of = by_order
            .get(id)
            .unwrap_or_else(|| panic!("paid without money: {order:?}"));
        assert_eq!((of[0].amount_minor, of[0].refund_due), (order.total_minor, None));
    }
    let marked = by_order.len() - paid.len();
    println!(
        "{} orders, {} paid, {} payments begun, {} charges, {marked} to be given back",
        orders.len(),
        paid.len(),
        payments.len(),
        charges.len()
    );
    assert_eq!(orders.len(), rush.orders.load(Ordering::SeqCst));

    // Each buyer is told once.
    let paid = i64::try_from(paid.len()).expect("few");
    assert_eq!(shop.db_mails("CONFIRMATION").await, paid);
    assert_eq!(
        shop.db_count("select count(*) as n from audit_entry where action = 'orderPaid'")
            .await,
        paid
    );
    let told = "select count(*) as n from (select order_id from mail where kind in ('PAYMENT_INSTRUCTIONS', 'PAYMENT_REMINDER') \
        group by order_id, kind having count(*) > 1) as twice";
    assert_eq!(shop.db_count(told).await, 0);
}

on_both_databases! {
    async fn a_rush_with_money_sells_every_place_once_and_loses_no_money(app: TestApp) {
        rush(Shop::open(app, PLACES).await, 1).await;
    }

    #[ignore = "more rounds, for nights"]
    async fn many_rushes_with_money(app: TestApp) {
        let engine = app.store().engine();
        rush(Shop::open(app, PLACES).await, 2).await;
        for seed in 3..10 {
            rush(Shop::open(consentry_tests::TestApp::start(engine).await, PLACES).await, seed).await;
        }
    }
}
