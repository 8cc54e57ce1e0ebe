//! What becomes of orders: paid, called off, not paid in time, paid too late. Places are never lost and never sold twice.

use consentry::access::rights::{ManageOrders, ManageRegistrations};
use consentry::access::staff_of_event;
use consentry::platform::{Problem, Refused};
use consentry::services::registration::{self, Expiry, Retaken};
use consentry::transaction;
use consentry_domain::{OrderId, OrderStatus, PaymentStatus, RegistrationStatus, Role, TicketTypeId};
use consentry_entity::{lead, order, payment, registration as row};
use consentry_tests::app::{DbEvent, SeededOrganization, decision};
use consentry_tests::{TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

/// An order of a paid event with so many places.
struct Sold {
    organization: SeededOrganization,
    event: DbEvent,
    ticket: TicketTypeId,
    quota: consentry_domain::QuotaId,
    order: order::Model,
}

async fn sold(app: &TestApp, price: i64, places: usize) -> Sold {
    let organization = app.db_organization("acme").await;
    let event = app.db_event(&organization, "rustdays", |_| {}).await;
    let ticket = app
        .db_ticket_type(&event, "Regular", |row| row.price_minor = price)
        .await;
    let quota = app.db_quota(&event, 5, &[ticket]).await;
    let order = ordered(app, &event, ticket, places).await;
    Sold {
        organization,
        event,
        ticket,
        quota,
        order,
    }
}

async fn ordered(app: &TestApp, event: &DbEvent, ticket: TicketTypeId, places: usize) -> order::Model {
    let addresses: Vec<String> = (0..places).map(|place| format!("a{place}@example.org")).collect();
    let attendees: Vec<_> = addresses.iter().map(|address| (ticket, address.as_str())).collect();
    let payload = app
        .anonymous()
        .register(event, &uuid::Uuid::new_v4().to_string(), &attendees)
        .await;
    let code = payload["order"]["code"].as_str().expect("a code");
    let found = order::Entity::find()
        .filter(order::Column::Code.eq(code))
        .one(app.store().read())
        .await;
    found.expect("an answer").expect("the order")
}

impl Sold {
    async fn now(&self, app: &TestApp) -> order::Model {
        let found = order::Entity::find_by_id((self.order.organization_id, self.order.id))
            .one(app.store().read())
            .await;
        found.expect("an answer").expect("the order")
    }

    async fn places(&self, app: &TestApp) -> Vec<row::Model> {
        app.db_registrations(&self.event, &json!(self.order.code)).await
    }

    async fn statuses(&self, app: &TestApp) -> Vec<RegistrationStatus> {
        self.places(app).await.into_iter().map(|row| row.status).collect()
    }

    async fn pay(&self, app: &TestApp) -> Result<order::Model, Refused> {
        let (organization, id) = (self.order.organization_id, self.order.id);
        transaction!(app.store().writer(), async |tx| {
            registration::confirm_paid(tx, organization, id).await
        })
    }

    async fn retake(&self, app: &TestApp) -> Result<Retaken, Refused> {
        let (organization, id) = (self.order.organization_id, self.order.id);
        transaction!(app.store().writer(), async |tx| {
            registration::retake_places(tx, organization, id).await
        })
    }

    async fn open_payment(&self, app: &TestApp, status: PaymentStatus) -> payment::Model {
        let (organization, order) = (self.order.organization_id, self.order.id);
        app.db_payment(organization, order, |row| {
            (row.status, row.amount_minor) = (status, self.order.total_minor);
        })
        .await
    }
}

async fn expire(app: &TestApp) -> Expiry {
    let now = app.store().now().await.expect("a time");
    registration::expire_due(&app.platform, now).await.expect("a step")
}

fn codes(refused: &Refused) -> Vec<String> {
    let Refused::Problems(problems) = refused else {
        panic!("{refused}")
    };
    problems
        .iter()
        .map(|Problem { code, .. }| format!("{code:?}"))
        .collect()
}

/// What was said about what became of orders; how to pay them was said before.
async fn kinds(app: &TestApp) -> Vec<(String, String)> {
    app.db_mails()
        .await
        .into_iter()
        .filter(|mail| mail.kind != "PAYMENT_INSTRUCTIONS")
        .map(|mail| (mail.kind, mail.to))
        .collect()
}

fn mails<const N: usize>(mails: [(&str, &str); N]) -> Vec<(String, String)> {
    mails
        .map(|(kind, to)| (kind.into(), format!("{to}@example.org")))
        .into()
}

const FREE: [RegistrationStatus; 2] = [RegistrationStatus::Cancelled; 2];

on_both_databases! {
    async fn money_confirms_the_places_once_and_everybody_is_told(app: TestApp) {
        let sold = sold(&app, 4900, 2).await;
        assert_eq!(sold.statuses(&app).await, [RegistrationStatus::Pending; 2]);
        let paid = sold.pay(&app).await.expect("paid");
        assert_eq!((paid.status, paid.paid_at.is_some()), (OrderStatus::Paid, true));
        assert_eq!(sold.now(&app).await, paid);
        assert_eq!(sold.statuses(&app).await, [RegistrationStatus::Confirmed; 2]);
        assert_eq!(kinds(&app).await, mails([("CONFIRMATION", "a0"), ("DECIDE_FOR_YOURSELF", "a1")]));
        let again = sold.pay(&app).await.expect_err("it waits for no money");
        assert_eq!(codes(&again), ["WrongState"]);
        assert_eq!(kinds(&app).await.len(), 2);
        assert_eq!(app.db_available(&sold.event, sold.quota).await, 3);
    }

    async fn a_consent_given_before_the_money_came_makes_a_lead_when_it_comes(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Alpha", &["EMAIL"]).await;
        let ticket = app.db_ticket_type(&sharing.event, "Paid", |row| row.price_minor = 100).await;
        let order = ordered(&app, &sharing.event, ticket, 1).await;
        let place = app.db_registrations(&sharing.event, &json!(order.code)).await.remove(0);
        let document = "mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) { consentIssues { reason } userErrors { code } } }";
        let input = json!({ "secret": app.registration_secret(&place), "ofAge": true, "consents": [decision(&offer, 1, &["EMAIL"])] });
        app.anonymous().done("confirmEmail", document, json!({ "input": input })).await;
        let leads = || async { lead::Entity::find().count(app.store().read()).await.expect("a count") };
        assert_eq!(leads().await, 0);
        let (organization, id) = (order.organization_id, order.id);
        transaction!(app.store().writer(), async |tx| { registration::confirm_paid(tx, organization, id).await }).expect("paid");
        assert_eq!(leads().await, 1);
        let authorized = staff_of_event::<ManageOrders>(&app.platform, sharing.staff.caller(), organization, sharing.event.id).await.expect("a right");
        registration::cancel_order(&app.platform, &authorized, id).await.expect("cancelled");
        assert_eq!(leads().await, 0, "nobody has received it");
    }

    async fn an_unpaid_order_expires_and_frees_its_places(app: TestApp) {
        let sold = sold(&app, 4900, 2).await;
        assert_eq!(expire(&app).await, Expiry::default(), "its time is not over");
        app.store().clock().advance(31 * 60_000_000);
        assert_eq!(expire(&app).await, Expiry { begun: 0, expired: 1 });
        assert_eq!((sold.now(&app).await.status, sold.statuses(&app).await), (OrderStatus::Expired, FREE.into()));
        assert_eq!(app.db_available(&sold.event, sold.quota).await, 5);
        assert_eq!(kinds(&app).await, mails([("CANCELLATION", "a0")]));
        assert_eq!(expire(&app).await, Expiry::default());
        assert_eq!(codes(&sold.pay(&app).await.expect_err("expired")), ["WrongState"]);
        assert_eq!(app.db_available(&sold.event, sold.quota).await, 5);
    }

    async fn an_order_waits_for_its_provider_and_never_expires_while_money_is_on_its_way(app: TestApp) {
        let sold = sold(&app, 4900, 2).await;
        let payment = sold.open_payment(&app, PaymentStatus::Processing).await;
        app.store().clock().advance(31 * 60_000_000);
        assert_eq!(expire(&app).await, Expiry::default());
        assert_eq!(sold.now(&app).await.status, OrderStatus::Pending);
        app.db_execute("update payment set status = 'CREATED'").await;
        assert_eq!(expire(&app).await, Expiry { begun: 1, expired: 0 });
        assert_eq!(expire(&app).await, Expiry::default(), "the provider is told once");
        assert_eq!((sold.now(&app).await.status, sold.statuses(&app).await), (OrderStatus::Expiring, vec![RegistrationStatus::Pending; 2]));
        let (organization, id) = (sold.order.organization_id, sold.order.id);
        let finish = async || {
            transaction!(app.store().writer(), async |tx| { registration::finish_expiry(tx, organization, id).await })
        };
        assert_eq!(codes(&finish().await.expect_err("the payment is open")), ["WrongState"]);
        app.db_execute("update payment set status = 'CANCELLED'").await;
        finish().await.expect("ended");
        finish().await.expect("ended once");
        assert_eq!((sold.now(&app).await.status, sold.statuses(&app).await), (OrderStatus::Expired, FREE.into()));
        assert_eq!(app.db_available(&sold.event, sold.quota).await, 5);
        assert_eq!(payment.order_id, sold.order.id);
    }

    async fn money_that_comes_too_late_takes_the_places_again_or_is_given_back(app: TestApp) {
        let sold = sold(&app, 4900, 2).await;
        assert_eq!(codes(&sold.retake(&app).await.expect_err("it has not expired")), ["WrongState"]);
        app.store().clock().advance(31 * 60_000_000);
        expire(&app).await;
        let other = ordered(&app, &sold.event, sold.ticket, 4).await;
        let before = app.db_written().await;
        assert!(matches!(sold.retake(&app).await.expect("an outcome"), Retaken::Gone));
        assert_eq!((before, sold.now(&app).await.status), (app.db_written().await, OrderStatus::Expired));

        app.db_execute("update quota set available = 3").await;
        assert!(matches!(sold.retake(&app).await.expect("an outcome"), Retaken::Paid(_)));
        assert_eq!((sold.now(&app).await.status, sold.statuses(&app).await), (OrderStatus::Paid, vec![RegistrationStatus::Confirmed; 2]));
        assert_eq!(app.db_available(&sold.event, sold.quota).await, 1);
        assert_eq!(kinds(&app).await, mails([("CANCELLATION", "a0"), ("CONFIRMATION", "a0"), ("DECIDE_FOR_YOURSELF", "a1")]));
        assert_eq!(other.status, OrderStatus::Pending);
    }

    async fn staff_call_an_order_off_once_and_its_places_are_free(app: TestApp) {
        let sold = sold(&app, 4900, 2).await;
        let organization = sold.order.organization_id;
        let staff = app.db_staff(&sold.organization, Role::Finance).await;
        let authorized = staff_of_event::<ManageOrders>(&app.platform, staff.caller(), organization, sold.event.id).await.expect("a right");
        sold.open_payment(&app, PaymentStatus::Processing).await;
        let refused = registration::cancel_order(&app.platform, &authorized, sold.order.id).await.expect_err("money is on its way");
        assert_eq!(codes(&refused), ["PaymentProcessing"]);
        app.db_execute("update payment set status = 'FAILED'").await;
        sold.pay(&app).await.expect("paid");
        for _ in 0..2 {
            let cancelled = registration::cancel_order(&app.platform, &authorized, sold.order.id).await.expect("cancelled");
            assert_eq!(cancelled.status, OrderStatus::Cancelled);
        }
        assert_eq!(sold.statuses(&app).await, FREE);
        assert_eq!(app.db_available(&sold.event, sold.quota).await, 5);
        let told = kinds(&app).await;
        assert_eq!(told[2..], mails([("CANCELLATION", "a0"), ("CANCELLATION", "a1")]));
        let ended = app.db_mails().await.into_iter().filter(|mail| mail.kind == "CANCELLATION");
        let data = ended.map(|mail| mail.data["refund"].clone()).collect::<Vec<_>>();
        assert_eq!(data, [json!("undecided"), json!("nothing-paid")], "what was paid is between organizer and buyer");
        let unknown = registration::cancel_order(&app.platform, &authorized, OrderId(uuid::Uuid::new_v4())).await;
        assert_eq!(codes(&unknown.expect_err("unknown")), ["NotFound"]);
        let elsewhere = app.db_event(&app.db_organization("other").await, "other", |_| {}).await;
        let foreign = staff_of_event::<ManageOrders>(&app.platform, staff.caller(), elsewhere.organization, elsewhere.id).await;
        assert_eq!(codes(&foreign.expect_err("another tenant's")), ["NotFound"]);
    }

    async fn one_place_is_given_up_alone_only_where_nothing_is_owed(app: TestApp) {
        let sold = sold(&app, 4900, 2).await;
        let organization = sold.order.organization_id;
        let staff = app.db_staff(&sold.organization, Role::Manager).await;
        let authorized = staff_of_event::<ManageRegistrations>(&app.platform, staff.caller(), organization, sold.event.id).await.expect("a right");
        let place = sold.places(&app).await[1].id;
        let before = app.db_written().await;
        let refused = registration::cancel_registration(&app.platform, &authorized, place).await.expect_err("it is owed");
        assert_eq!((codes(&refused), before), (vec!["WrongState".to_owned()], app.db_written().await));
        sold.pay(&app).await.expect("paid");
        for _ in 0..2 {
            let row = registration::cancel_registration(&app.platform, &authorized, place).await.expect("cancelled");
            assert_eq!(row.status, RegistrationStatus::Cancelled);
        }
        assert_eq!(sold.statuses(&app).await, [RegistrationStatus::Confirmed, RegistrationStatus::Cancelled]);
        assert_eq!(sold.now(&app).await.status, OrderStatus::Paid, "refunding is another matter");
        assert_eq!(app.db_available(&sold.event, sold.quota).await, 4);
        assert_eq!(kinds(&app).await[2..], mails([("CANCELLATION", "a1")]));

        let lone = ordered(&app, &sold.event, sold.ticket, 1).await;
        let place = app.db_registrations(&sold.event, &json!(lone.code)).await[0].id;
        registration::cancel_registration(&app.platform, &authorized, place).await.expect("cancelled");
        let found = order::Entity::find_by_id((organization, lone.id)).one(app.store().read()).await;
        assert_eq!(found.expect("an answer").expect("the order").status, OrderStatus::Cancelled, "nothing is left to pay for");
        assert_eq!(app.db_available(&sold.event, sold.quota).await, 4);

        let elsewhere = app.db_event(&sold.organization, "other", |_| {}).await;
        let ticket = app.db_ticket_type(&elsewhere, "Visitor", |_| {}).await;
        let foreign = ordered(&app, &elsewhere, ticket, 1).await;
        let place = app.db_registrations(&elsewhere, &json!(foreign.code)).await[0].id;
        let before = app.db_written().await;
        let refused = registration::cancel_registration(&app.platform, &authorized, place).await.expect_err("another event's");
        assert_eq!((codes(&refused), before), (vec!["NotFound".to_owned()], app.db_written().await));
    }
}
