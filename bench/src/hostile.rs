//! Documents made to cost more than they weigh: each has to be refused at once.

use std::time::{Duration, Instant};

use crate::Failure;
use crate::report::Report;
use crate::shop::Shop;

/// The most that a refusal may take, request and answer included.
const LIMIT: Duration = Duration::from_millis(10);

/// Sends each document several times; the fastest answer counts, because the machine may have had something else to do.
pub(crate) async fn measure(shop: &Shop, report: &mut Report) -> Result<(), Failure> {
    let mut slowest = (Duration::ZERO, String::new());
    let corpus = corpus();
    let count = corpus.len();
    for (name, document) in corpus {
        let mut fastest = Duration::MAX;
        for _ in 0..5 {
            let begun = Instant::now();
            let answer = shop.anyone.send(&document, &serde_json::Value::Null).await?;
            fastest = fastest.min(begun.elapsed());
            if !String::from_utf8_lossy(&answer).contains("\"errors\"") {
                return Err(format!("{name} was answered").into());
            }
        }
        if fastest > slowest.0 {
            slowest = (fastest, name);
        }
    }
    report.hostile(count, &slowest.1, slowest.0, LIMIT);
    Ok(())
}

fn corpus() -> Vec<(String, String)> {
    let mut corpus = Vec::new();
    for levels in (9..=31).step_by(2) {
        corpus.push((
            format!("fragments that each spread the last twice, {levels} levels"),
            bomb(2, levels, ""),
        ));
        corpus.push((format!("the same in fields, {levels} levels"), bomb(2, levels, "x ")));
    }
    for levels in 3..=8 {
        corpus.push((
            format!("fragments that each spread the last thirty times, {levels} levels"),
            bomb(30, levels, ""),
        ));
    }
    for levels in [65, 400, 900, 5000] {
        for (open, close) in [("{ a ", "}"), ("[", "]"), ("{a:", "}"), ("(a:", ")")] {
            let deep = format!("{{ a(b: {}1{}) }}", open.repeat(levels), close.repeat(levels));
            corpus.push((format!("{levels} times {open}"), deep));
        }
    }
    corpus.push((
        "a field five hundred times".into(),
        format!("query {{ {} }}", "__typename \n".repeat(500)),
    ));
    let aliases: String = (0..1001).map(|number| format!("a{number}: __typename ")).collect();
    corpus.push(("a thousand aliases".into(), format!("query {{ {aliases} }}")));
    let directives = "@include(if: true) ".repeat(500);
    corpus.push((
        "five hundred directives".into(),
        format!("query {{ __typename {directives} }}"),
    ));
    let circle = "{ __schema { types { fields { type { fields { type { fields { type { fields { type { fields { type { fields \
                  { type { fields { type { fields { type { name } } } } } } } } } } } } } } } } } } }";
    corpus.push(("introspection in a circle".into(), circle.into()));
    corpus.push((
        "a string of a hundred kilobytes".into(),
        format!("{{ event(slug: \"{}\") {{ id }} }}", "a".repeat(100_000)),
    ));
    corpus
}

fn bomb(breadth: usize, levels: usize, before: &str) -> String {
    let mut text = format!("{{ ...F{levels} }} fragment F0 on Query {{ __typename }}");
    for level in 1..=levels {
        let spread = match before {
            "" => format!("...F{} ", level - 1),
            field => format!("{field}{{ ...F{} }} ", level - 1),
        };
        text.push_str(&format!(" fragment F{level} on Query {{ {} }}", spread.repeat(breadth)));
    }
    text
}
