//! The lead table is what the rule says: the rule written a second time, in the plainest way and from its text alone, is
//! held against the table after thousands of changes of every kind, one by one and many at once.
//!
//! `CONSENTRY_TEST_LONG` makes more of them, `CONSENTRY_TEST_SEED` others.

use std::sync::Arc;

use consentry_domain::{ConsentAction, Role};
use consentry_tests::app::{REGISTER, decision};
use consentry_tests::naive::{World, compare, rows::Tables, rule};
use consentry_tests::{Client, TestApp, on_both_databases};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::json;

/// How much is done: changes one by one, then rounds of changes at once by so many tasks.
struct Effort {
    one_by_one: usize,
    rounds: usize,
    tasks: usize,
    each: usize,
}

fn effort() -> Effort {
    let long = std::env::var_os("CONSENTRY_TEST_LONG").is_some();
    Effort {
        one_by_one: if long { 3000 } else { 500 },
        rounds: if long { 20 } else { 8 },
        tasks: 5,
        each: 40,
    }
}

fn seed() -> u64 {
    let given = std::env::var("CONSENTRY_TEST_SEED").ok();
    given.map_or(4, |text| text.parse().expect("CONSENTRY_TEST_SEED is a number"))
}

/// The rule's differences with the tables as they stand.
async fn differences(app: &TestApp) -> Vec<String> {
    let tables = Tables::read(app).await;
    let mut wrong = compare::standing(&tables);
    wrong.extend(compare::recorded(&tables));
    wrong
}

on_both_databases! {
    async fn a_strangers_ticks_confirmed_with_none_named_leave_no_lead_row(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        // A stranger types somebody's address, ticks everything and says to be of age.
        let mut input = Client::register_input(&sharing.event, "1", &[(sharing.ticket, "somebody@example.org")]);
        input["attendees"][0]["ofAge"] = json!(true);
        input["attendees"][0]["consents"] = json!([decision(&offer, 1, &["FULL_NAME", "EMAIL"])]);
        let payload = app.anonymous().done("register", REGISTER, json!({ "input": input })).await;
        let registration = app.db_registrations(&sharing.event, &payload["order"]["code"]).await.remove(0);
        assert_eq!(app.db_stream_leads(&offer).await, []);
        let document = "mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) { registration { emailProved } userErrors { code } } }";
        let input = json!({ "secret": app.registration_secret(&registration), "consents": [] });
        let payload = app.anonymous().done("confirmEmail", document, json!({ "input": input })).await;
        assert_eq!(payload["registration"]["emailProved"], json!(true));
        assert_eq!(app.db_stream_leads(&offer).await, []);
        let tables = Tables::read(&app).await;
        let share = rule::share(&tables, registration.id.0, offer.id.0);
        assert_eq!(share, rule::Share::Nothing);
        assert_eq!(differences(&app).await, [""; 0]);
    }

    async fn a_place_whose_address_is_proved_later_is_restricted_like_its_person(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let restrict = "mutation($input: RestrictPersonInput!) { restrictPerson(input: $input) { userErrors { code } } }";
        officer.done("restrictPerson", restrict, json!({ "input": { "registrationId": ada.public_id } })).await;
        let payload = app.anonymous().register(&sharing.event, "1", &[(sharing.ticket, "ada@example.org")]).await;
        let registration = app.db_registrations(&sharing.event, &payload["order"]["code"]).await.remove(0);
        let document = "mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) { userErrors { code } } }";
        let input = json!({ "secret": app.registration_secret(&registration), "ofAge": true, "consents": [decision(&offer, 1, &["EMAIL"])] });
        app.anonymous().done("confirmEmail", document, json!({ "input": input })).await;
        let later = app.db_registrations(&sharing.event, &payload["order"]["code"]).await.remove(0);
        assert_eq!(later.restricted_at, app.db_registration(&ada).await.restricted_at);
        assert_eq!(app.db_stream_leads(&offer).await, []);
        let lift = "mutation($input: LiftRestrictionInput!) { liftRestriction(input: $input) { userErrors { code } } }";
        officer.done("liftRestriction", lift, json!({ "input": { "registrationId": ada.public_id } })).await;
        assert_eq!(app.db_stream_leads(&offer).await.len(), 1);
        assert_eq!(differences(&app).await, [""; 0]);
    }

    async fn what_one_change_records_is_in_the_order_in_which_it_happened(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let mut offers = Vec::new();
        for name in ["One", "Two", "Three", "Four", "Five", "Six"] {
            offers.push(sharing.offer(name, &["EMAIL"]).await);
        }
        let given: Vec<_> = offers.iter().map(|offer| decision(offer, 1, &["EMAIL"])).collect();
        ada.decide(&app, &given).await;
        // Staff corrects the address; its reader proves it and refuses everything.
        let correct = "mutation($input: CorrectRegistrationInput!) { correctRegistration(input: $input) { userErrors { code } } }";
        let revision = app.db_registration(&ada).await.revision;
        let input = json!({ "registrationId": ada.public_id, "revision": revision, "email": "augusta@example.org" });
        sharing.staff.done("correctRegistration", correct, json!({ "input": input })).await;
        let confirm = "mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) { userErrors { code } } }";
        let refused: Vec<_> = offers.iter().map(|offer| decision(offer, 1, &[])).collect();
        let input = json!({ "secret": app.registration_secret(&app.db_registration(&ada).await), "consents": refused });
        app.anonymous().done("confirmEmail", confirm, json!({ "input": input })).await;
        let records = app.db_consent_records(&ada).await;
        for offer in &offers {
            let its = records.iter().filter(|record| record.offer_id == offer.id);
            let actions: Vec<ConsentAction> = its.map(|record| record.action).collect();
            use ConsentAction as A;
            assert_eq!(actions, [A::Granted, A::Suspended, A::Resumed, A::Withdrawn]);
        }
        assert_eq!(differences(&app).await, [""; 0]);
    }

    async fn whatever_happens_the_lead_table_is_what_the_rule_says(app: TestApp) {
        let (seed, effort) = (seed(), effort());
        println!("seed {seed}");
        let world = Arc::new(World::begin(app).await);
        let began = std::time::Instant::now();
        world.one_by_one(&mut StdRng::seed_from_u64(seed), effort.one_by_one).await;
        println!("{:.1} s", began.elapsed().as_secs_f64());
        for round in 0..effort.rounds {
            let mut tasks = tokio::task::JoinSet::new();
            for task in 0..effort.tasks {
                let world = world.clone();
                let its_seed = seed + 1 + (round * effort.tasks + task) as u64;
                tasks.spawn(async move {
                    let mut rng = StdRng::seed_from_u64(its_seed);
                    for _ in 0..effort.each {
                        world.change(&mut rng).await;
                    }
                });
            }
            while let Some(ended) = tasks.join_next().await {
                ended.unwrap_or_else(|error| panic!("seed {seed}, round {round}: {error}"));
            }
            world.compare(&format!("at once, round {round}")).await;
        }
        world.until_everything_happened(&mut StdRng::seed_from_u64(seed)).await;
        world.compare("at last").await;
        println!("{:.1} s; {}", began.elapsed().as_secs_f64(), world.history.summary());
        assert_eq!(world.history.never(), [], "a kind of change that never happened shows nothing");
        assert_eq!(world.history.never_came_about(), []);
    }
}
