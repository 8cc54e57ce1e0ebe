//! Two worlds that differ only in what an observer may not know give it the same bytes; and planted leaks are found.

use consentry::platform::leaks::Leak;
use consentry_tests::Engine;
use consentry_tests::interference::{Allowance, CHANNELS, Differ, Pair, compare_staff, staff_kinds};

/// So many times the usual number of cases, where there is time.
fn cases(usual: u64) -> u64 {
    let long = std::env::var("CONSENTRY_TEST_LONG").is_ok();
    if long { usual * 10 } else { usual }
}

async fn a_partner_cannot_tell_the_worlds_apart(engine: Engine) {
    let mut pair = Pair::start(engine, Leak::None).await;
    for case in 1..=cases(12) {
        if let Err(difference) = pair.run(case).await {
            panic!("{difference}");
        }
    }
    println!("{}", pair.count);
    println!("{} requests in each of two worlds on {engine:?}", pair.count.asked());
    assert_eq!(pair.count.missing(), Vec::<String>::new(), "never occurred");
    for channel in CHANNELS {
        println!("{}: {:?}: {}", channel.name, channel.asks, channel.how);
        for ask in channel.asks {
            assert!(
                pair.count.of(&format!("ask: {ask}")) > 0,
                "{}: nobody asked {ask}",
                channel.name
            );
        }
    }
}

async fn every_planted_leak_to_partners_is_found(engine: Engine) {
    for leak in Leak::TO_PARTNERS {
        let mut pair = Pair::start(engine, *leak).await;
        let mut found = None;
        for case in 1..=24 {
            if let Err(difference) = pair.run(case).await {
                found = Some((case, difference));
                break;
            }
        }
        let Some((case, difference)) = found else {
            panic!("{leak:?} was not found in {} requests", pair.count.asked());
        };
        println!(
            "{leak:?} was found in case {case}, after {} requests: {}",
            pair.count.asked(),
            difference.at.lines().next().unwrap_or_default()
        );
    }
}

async fn staff_cannot_tell_who_decided_what(engine: Engine) {
    let compared = compare_staff(engine, Leak::None, Differ::Decisions, cases(4)).await;
    let compared = compared.unwrap_or_else(|difference| panic!("{difference}"));
    println!("{compared} answers to staff: {:?}", staff_kinds());
    for leak in Leak::TO_STAFF {
        let Err(difference) = compare_staff(engine, *leak, Differ::Decisions, 3).await else {
            panic!("{leak:?} was not found");
        };
        println!("{leak:?} was found: {}", difference.at);
    }
}

async fn staff_cannot_tell_that_somebody_complained(engine: Engine) {
    let compared = compare_staff(engine, Leak::None, Differ::Complaints, cases(2)).await;
    let compared = compared.unwrap_or_else(|difference| panic!("{difference}"));
    println!(
        "{compared} answers to staff who are not the officer: {:?}",
        staff_kinds()
    );
}

async fn what_others_ask_for_does_not_use_up_the_allowance_of_a_token(engine: Engine) {
    let allowance = Allowance::compare(engine).await;
    println!("{allowance:?}");
    assert_eq!(allowance.alone, allowance.among_others);
    assert!(
        allowance.alone.contains(&200) && allowance.alone.last() == Some(&429),
        "{allowance:?}"
    );
}

macro_rules! on_each {
    ($($name:ident),*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(consentry_tests::Engine::Sqlite).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(consentry_tests::Engine::Postgres).await;
            })*
        }
    };
}

on_each!(
    a_partner_cannot_tell_the_worlds_apart,
    every_planted_leak_to_partners_is_found,
    staff_cannot_tell_who_decided_what,
    staff_cannot_tell_that_somebody_complained,
    what_others_ask_for_does_not_use_up_the_allowance_of_a_token
);
