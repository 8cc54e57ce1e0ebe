//! Log before disclose: whatever a partner received of a lead, were it one character of an answer that was cut off, is in
//! the database, marked and recorded, though the program or the database is killed at any moment. The database may know of
//! more: of answers that were under way.
//!
//! The partners pull pages and single leads by their ids: the schema has no third way to a lead, which a test here says.
//! The program is a process of its own and is killed by `SIGKILL`: where it stands between the record's commit and the
//! answer's first byte, while an answer's bytes are on their way, and at moments of a seeded chance.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use consentry::platform::faults::Planted;
use consentry_tests::cluster::Cluster;
use consentry_tests::recording::{Answers, Moment, Report, Way, World};
use consentry_tests::world::Schema;
use consentry_tests::{TestApp, on_both_databases};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// A hundred moments between the record's commit and the last byte of an answer.
fn between_record_and_answer() -> impl Iterator<Item = Moment> {
    let mut rng = StdRng::seed_from_u64(1);
    (0..100).map(move |round| match round % 10 {
        9 => Moment::InTheBody(rng.random_range(1..200_000)),
        even if even % 2 == 0 => Moment::At("disclosure-recorded", rng.random_range(1..6)),
        _ => Moment::At("answer-written", rng.random_range(1..6)),
    })
}

on_both_databases! {
    async fn what_was_received_is_recorded_though_the_program_is_killed_between_record_and_answer(app: TestApp) {
        let world = World::new(app).await;
        let report = world.run(None, between_record_and_answer()).await;
        assert_eq!(report.kills, 100);
        report.assert_recorded();
        assert!(report.cut > 2, "hardly any answer was cut off: {}", report.cut);
        assert!(report.surplus > 20, "hardly any record was ahead of its answer: {}", report.surplus);
    }

    async fn what_was_received_is_recorded_though_the_program_is_killed_at_any_moment(app: TestApp) {
        let world = World::new(app).await;
        let mut rng = StdRng::seed_from_u64(2);
        let report = world.run(None, (0..40).map(|_| Moment::After(rng.random_range(0..150_000)))).await;
        report.assert_recorded();
    }

    async fn a_program_that_records_after_it_answers_is_found_out(app: TestApp) {
        let world = World::new(app).await;
        let moments = (0..6).map(|_| Moment::InTheBody(1));
        let report = world.run(Some(Planted::RecordAfterAnswer), moments).await;
        assert!(!report.missing.is_empty(), "{report:#?}");
    }

    async fn a_program_that_keeps_no_record_of_a_lead_asked_for_by_its_id_is_found_out(app: TestApp) {
        let world = World::new(app).await;
        let moments = (0..5).map(|_| Moment::After(250_000));
        let report = world.run(Some(Planted::NodeUnrecorded), moments).await;
        assert!(!report.missing.is_empty(), "{report:#?}");
        assert!(report.missing.iter().all(|(way, _)| *way == Way::Node), "{report:#?}");
    }
}

/// PostgreSQL itself ends as if the power had failed, with the program going on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_received_is_recorded_though_the_database_server_is_stopped_at_once() {
    let mut cluster = Cluster::make();
    let world = World::new(TestApp::start_on(&cluster.url()).await).await;
    let mut report = Report::default();
    let mut rng = StdRng::seed_from_u64(3);
    let program = world.home.start(None, None).await;
    for round in 0..6 {
        let over = Arc::new(AtomicBool::new(false));
        let pulling = world.partners.pull(round, Answers::Short, |_| {}, over.clone());
        let pause = Duration::from_micros(rng.random_range(100_000..400_000));
        let stopping = async {
            tokio::time::sleep(pause).await;
            tokio::task::block_in_place(|| cluster.stop_at_once());
            over.store(true, Ordering::SeqCst);
            // What is under way waits for it.
            tokio::task::block_in_place(|| cluster.start());
        };
        let answers = tokio::join!(pulling, stopping).0;
        world.compare(&answers, &mut report).await;
    }
    program.kill();
    program.gone().await;
    println!("{report}");
    report.assert_recorded();
}

#[test]
fn the_schema_has_no_other_way_to_a_lead() {
    let schema = Schema::of_the_program();
    let mut ways = Vec::new();
    for object in schema.objects() {
        for field in schema.fields(object) {
            if ["Lead", "LeadEdge", "LeadConnection", "Node"].contains(&field.of.as_str()) {
                ways.push(format!("{object}.{}", field.name));
            }
        }
    }
    ways.sort();
    let pulled = [
        "LeadConnection.edges",
        "LeadConnection.nodes",
        "LeadEdge.node",
        "PartnerAccess.leads",
        "Query.node",
    ];
    assert_eq!(ways, pulled, "let tests/src/recording/partners.rs pull by it, too");
}
