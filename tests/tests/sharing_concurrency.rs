//! Many at once: consents, withdrawals, corrections, restrictions, pulls' marks and switches of versions, on the same
//! registrations and offers. Whatever their order, the lead table follows from the truth afterwards.

use std::sync::Arc;

use consentry::platform::Fault;
use consentry::platform::store::sql;
use consentry::services::sharing::{leads, verify};
use consentry_domain::FieldMask;
use consentry_entity::stream;
use consentry_tests::app::{SeededAttendee, SeededOffer, Sharing, decision};
use consentry_tests::{TestApp, on_both_databases};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const FIELDS: [&[&str]; 4] = [
    &["EMAIL"],
    &["EMAIL", "PHONE"],
    &["FULL_NAME"],
    &["FULL_NAME", "EMAIL", "PHONE"],
];
/// How often each of them acts.
const TIMES: usize = 40;

struct World {
    app: TestApp,
    sharing: Sharing,
    offers: Vec<SeededOffer>,
    attendees: Vec<SeededAttendee>,
}

impl World {
    async fn decide(&self, rng: &mut StdRng) {
        let attendee = self.attendees.choose(rng).expect("somebody");
        let offer = self.offers.choose(rng).expect("an offer");
        if rng.random_bool(0.15) {
            attendee.withdraw(offer, None).await;
            return;
        }
        let stream = stream::Entity::find_by_id((offer.organization, offer.id))
            .one(self.app.store().read())
            .await;
        let version = stream.expect("an answer").expect("a stream").version.unwrap_or(1);
        let fields: &[&str] = if rng.random_bool(0.1) {
            &[]
        } else {
            FIELDS.choose(rng).expect("fields")
        };
        let payload = attendee.decide(&self.app, &[decision(offer, version, fields)]).await;
        let errors = payload["userErrors"].as_array().expect("errors");
        assert!(errors.iter().all(|error| error["code"] == "STALE"), "{errors:?}");
    }

    /// Changes a registration as staff or a job would, without having locked an offer before.
    async fn change(&self, rng: &mut StdRng) {
        let attendee = self.attendees.choose(rng).expect("somebody");
        let (organization, registration) = (attendee.organization, attendee.registration);
        let what = [
            "phone = '+49 30 1'",
            "phone = '+49 30 2'",
            "phone = null",
            "restricted_at = 1",
            "restricted_at = null",
            "restricted_at = null",
            "status = 'CANCELLED'",
            "status = 'CONFIRMED'",
            "status = 'CONFIRMED'",
            "status = 'CONFIRMED'",
            "email = 'a@example.org'",
            "email = 'b@example.org'",
        ];
        let text = format!(
            "update registration set {} where organization_id = $1 and id = $2",
            what.choose(rng).expect("a change")
        );
        let changed: Result<(), Fault> = consentry::transaction!(self.app.store().writer(), async |tx| {
            sql::execute(tx, &text, [organization.into(), registration.into()]).await?;
            leads::rewrite(tx, organization, &[registration]).await
        });
        changed.expect("changed");
    }

    /// Marks a few leads as a pull does: all of a page in one transaction, in the order of their ids.
    async fn mark(&self, rng: &mut StdRng) {
        let offer = self.offers.choose(rng).expect("an offer");
        let received = FieldMask::RECEIVED.to_db();
        let marked: Result<(), Fault> = consentry::transaction!(self.app.store().writer(), async |tx| {
            let page = "select id, revision from lead where organization_id = $1 and stream_id = $2 and state = 1 order by id limit 5";
            for row in sql::all(tx, page, [offer.organization.into(), offer.id.into()]).await? {
                let (id, revision): (consentry_domain::LeadId, i64) =
                    (row.try_get("", "id")?, row.try_get("", "revision")?);
                let text = "update lead set received = received | $5 where organization_id = $1 and stream_id = $2 and id = $3 \
                            and state = 1 and revision = $4";
                let values = [
                    offer.organization.into(),
                    offer.id.into(),
                    id.into(),
                    revision.into(),
                    received.into(),
                ];
                sql::execute(tx, text, values).await?;
            }
            Ok(())
        });
        marked.expect("marked");
    }

    async fn switch(&self, rng: &mut StdRng) {
        let offer = self.offers.choose(rng).expect("an offer");
        let send = async |name: &str, kind: &str, input: Value| -> Value {
            let document = format!(
                "mutation($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code }} offer {{ requested {{ version }} inForce {{ version }} }} }} }}"
            );
            self.sharing.staff.data(&document, json!({ "input": input })).await[name].clone()
        };
        // The same again is covered by what was given, less keeps a part of it, more takes it away.
        let fields = if rng.random_bool(0.85) {
            FIELDS[3]
        } else {
            FIELDS.choose(rng).expect("fields")
        };
        let fields: Vec<Value> = fields.iter().map(|field| json!(field)).collect();
        let mut terms = Sharing::terms(&fields);
        terms["idempotencyKey"] = json!(uuid::Uuid::new_v4().to_string());
        terms["offerId"] = json!(offer.public_id);
        let revised = send("reviseOffer", "ReviseOfferInput", terms).await;
        let version = revised["offer"]["requested"]["version"].as_i64().expect("a version");
        let input = json!({ "offerId": offer.public_id, "version": version });
        let approved = send("approveOffer", "ApproveOfferInput", input.clone()).await;
        assert_eq!(approved["userErrors"], json!([]));
        if rng.random_bool(0.04) {
            assert_eq!(
                send("withdrawOffer", "WithdrawOfferInput", input).await["userErrors"],
                json!([])
            );
        }
    }
}

on_both_databases! {
    async fn whatever_happens_at_once_the_leads_follow_from_the_truth(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let mut offers = Vec::new();
        for name in ["Ferris", "Corro"] {
            offers.push(sharing.offer(name, &["FULL_NAME", "EMAIL", "PHONE"]).await);
        }
        let mut attendees = Vec::new();
        for number in 0..4 {
            attendees.push(app.db_attendee(&sharing, &format!("n{number}@example.org"), |_| ()).await);
        }
        let world = Arc::new(World { app, sharing, offers, attendees });
        let mut tasks = tokio::task::JoinSet::new();
        for task in 0..7_u64 {
            let world = world.clone();
            tasks.spawn(async move {
                let mut rng = StdRng::seed_from_u64(task);
                for _ in 0..TIMES {
                    match task {
                        0..3 => world.decide(&mut rng).await,
                        3 | 4 => world.change(&mut rng).await,
                        5 => world.mark(&mut rng).await,
                        // One alone revises: two would find the other's request waiting.
                        _ => world.switch(&mut rng).await,
                    }
                }
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended.expect("no task fails");
        }
        let report = verify::verify(world.app.store()).await.expect("verified");
        let marked = "a lead is marked as received without a record of it";
        let others: Vec<_> = report.differences.iter().filter(|found| found.what != marked).collect();
        assert!(others.is_empty(), "{others:#?}");
        let mut records = 0;
        for attendee in &world.attendees {
            records += world.app.db_consent_records(attendee).await.len();
        }
        println!("{} leads and tombstones, {records} consent records", report.leads);
        assert!(records > 20, "{records}");
    }
}
