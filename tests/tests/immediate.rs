//! Immediate: what was taken away is in no answer that begins after its commit, on any node; and whatever an answer
//! contained is marked as received.
//!
//! Two processes of the program serve one PostgreSQL database, eight clients pull pages and single leads from both without
//! a pause, and meanwhile everything that can be taken away is: consents, places, orders, people, tokens, versions, the
//! partner itself, the offer.

use std::time::Duration;

use consentry::platform::faults::Planted;
use consentry_tests::immediate::{DEEDS, History, Taken, Taking};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_that_begins_after_a_commit_contains_what_it_took_away() {
    let history = History::run(None).await;
    let after = history.after();
    let close: Vec<usize> = after.iter().map(|(_, close)| *close).collect();
    let leads: usize = history.answers.iter().map(|(_, answer)| answer.leads().len()).sum();
    println!(
        "{} commits; {} answers with {leads} leads; {} began closely after a commit (the fewest after one: {})",
        history.taken.len(),
        history.answers.len(),
        close.iter().sum::<usize>(),
        close.iter().min().expect("a commit")
    );
    let violations = history.violations();
    assert!(violations.is_empty(), "{violations:#?}");
    assert_eq!(history.unmarked(), []);
    for (taking, (answers, _)) in history.taken.iter().zip(&after) {
        assert!(*answers > 0, "{}: no answer came afterwards", taking.how);
    }
    let without = close.iter().filter(|answers| **answers == 0).count();
    assert!(
        without * 2 < close.len(),
        "after {without} commits no answer was close enough to say anything"
    );
    for deed in DEEDS {
        let name = format!("{deed:?}");
        assert!(
            history.taken.iter().any(|taking| taking.how == name),
            "{name} never happened"
        );
    }
    let never = history.never_shown();
    assert!(never.is_empty(), "taken away, and never shown before: {never:#?}");
    assert!(history.answers.iter().all(|(_, answer)| answer.whole));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_remembers_tokens_for_a_second_is_found_out() {
    let violations = History::run(Some(Planted::TokenCache)).await.violations();
    assert!(!violations.is_empty(), "the memory was not noticed");
    let of_tokens = |(taking, _): &(Taking, Duration)| matches!(taking.what, Taken::Token(_));
    assert!(violations.iter().all(of_tokens), "{violations:#?}");
    println!(
        "{} answers to revoked tokens, up to {:?} after the commit",
        violations.len(),
        violations.iter().map(|(_, after)| *after).max()
    );
}
