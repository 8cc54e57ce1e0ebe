//! Orders, places, money and quotas agree with each other whatever happens to them, one by one and many at once: counted
//! again from the rows in the plainest way.
//!
//! `CONSENTRY_TEST_LONG` makes more of it, `CONSENTRY_TEST_SEED` something else.

use std::sync::Arc;

use consentry_tests::naive::Counter;
use consentry_tests::on_both_databases;
use rand::SeedableRng;
use rand::rngs::StdRng;

on_both_databases! {
    async fn whatever_happens_to_orders_every_place_is_counted_once_and_all_money_has_its_order(app: TestApp) {
        let long = std::env::var_os("CONSENTRY_TEST_LONG").is_some();
        let seed = std::env::var("CONSENTRY_TEST_SEED").ok();
        let seed: u64 = seed.map_or(7, |text| text.parse().expect("CONSENTRY_TEST_SEED is a number"));
        let began = std::time::Instant::now();
        let counter = Arc::new(Counter::open(app).await);
        let mut rng = StdRng::seed_from_u64(seed);
        for number in 0..if long { 2000 } else { 200 } {
            counter.deed(&mut rng).await;
            counter.recount(&format!("seed {seed}, deed {number}")).await;
        }
        for round in 0..if long { 60 } else { 8 } {
            let mut tasks = tokio::task::JoinSet::new();
            for task in 0..6 {
                let counter = counter.clone();
                let its_seed = seed + 1 + round * 6 + task;
                tasks.spawn(async move {
                    let mut rng = StdRng::seed_from_u64(its_seed);
                    for _ in 0..25 {
                        counter.deed(&mut rng).await;
                    }
                });
            }
            while let Some(ended) = tasks.join_next().await {
                ended.unwrap_or_else(|error| panic!("seed {seed}, round {round}: {error}"));
            }
            counter.recount(&format!("seed {seed}, round {round}")).await;
        }
        println!("{:.1} s; done and refused: {}", began.elapsed().as_secs_f64(), counter.summary());
        assert_eq!(counter.never(), [""; 0], "what never happened shows nothing");
    }
}
