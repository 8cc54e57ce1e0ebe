//! Two worlds that differ only in what an observer may not know give it the same bytes; and planted leaks are found.

use std::process::Command;

use consentry::platform::leaks::Leak;
use consentry_tests::Engine;
use consentry_tests::interference::{CHANNELS, Pair, compare_staff, staff_kinds};
use consentry_tests::structure::{Sources, Violation, assert_none};

/// So many times the usual number of cases, where there is time.
fn cases(usual: u64) -> u64 {
    let long = std::env::var("CONSENTRY_TEST_LONG").is_ok();
    if long { usual * 40 } else { usual }
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
        for case in 1..=8 {
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
    let compared = compare_staff(engine, Leak::None, cases(4)).await;
    let compared = compared.unwrap_or_else(|difference| panic!("{difference}"));
    println!("{compared} answers to staff: {:?}", staff_kinds());
    for leak in Leak::TO_STAFF {
        let Err(difference) = compare_staff(engine, *leak, 3).await else {
            panic!("{leak:?} was not found");
        };
        println!("{leak:?} was found: {}", difference.at);
    }
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
    staff_cannot_tell_who_decided_what
);

const MODULE: &str = "api/src/platform/leaks.rs";
const GATE: &str = "#[cfg(feature = \"planted-leaks\")]";

/// Compiles the module of leaks alone; what the compiler says.
fn compiled_alone(assertions: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata"])
        .args([
            "--cfg",
            "feature=\"planted-leaks\"",
            "-C",
            &format!("debug-assertions={assertions}"),
        ])
        .arg("--out-dir")
        .arg(folder.path())
        .arg(Sources::root().join(MODULE))
        .output()
        .expect("a compiler");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn no_release_build_accepts_planted_leaks() {
    let words = "it is for tests and not for a release build";
    assert!(compiled_alone("off").contains(words));
    assert!(!compiled_alone("on").contains(words));
    if std::env::var("CONSENTRY_TEST_LONG").is_ok() {
        let folder = tempfile::tempdir().expect("a folder");
        let output = Command::new("cargo")
            .args([
                "check",
                "--locked",
                "--release",
                "-p",
                "consentry",
                "--features",
                "planted-leaks",
                "--target-dir",
            ])
            .arg(folder.path())
            .current_dir(Sources::root())
            .output()
            .expect("cargo");
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains(words));
    }
}

/// Mentions of leaks that do not stand under the feature: each must be within a few lines of an item or statement that
/// the feature gates.
fn ungated(sources: &Sources) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in sources
        .rust()
        .filter(|source| source.path.starts_with("api/src/") && source.path != MODULE)
    {
        let lines: Vec<&str> = source.text.lines().collect();
        let mut gated_until = 0;
        for (number, line) in lines.iter().enumerate() {
            if line.trim() == GATE {
                gated_until = end_of_item(&lines, number + 1);
            }
            let mentions = ["leaks", "Leak::", "spoil(", ".leak"]
                .iter()
                .any(|word| line.contains(word));
            if mentions && number > gated_until {
                violations.push(Violation {
                    path: source.path.clone(),
                    line: number + 1,
                    what: "a planted leak outside of its feature".into(),
                });
            }
        }
    }
    violations
}

/// The last line of the item, field or statement that starts at this line.
fn end_of_item(lines: &[&str], start: usize) -> usize {
    let mut depth = 0_i32;
    for (number, line) in lines.iter().enumerate().skip(start) {
        for character in line.chars() {
            match character {
                '{' | '(' | '[' => depth += 1,
                '}' | ')' | ']' => depth -= 1,
                _ => {}
            }
        }
        let end = line.trim_end();
        if depth <= 0 && (end.ends_with([';', ',', '}'])) {
            return number;
        }
    }
    lines.len()
}

#[test]
fn every_mention_of_a_leak_stands_under_its_feature() {
    assert_none(&ungated(&Sources::read()));
    let plain = "fn pull() {\n    let pulled = spoil(platform);\n}\n";
    assert_eq!(ungated(&Sources::planted("api/src/services/pull.rs", plain)).len(), 1);
    let after = format!("{GATE}\nfn spoil() {{\n    leaks::x();\n}}\n\nfn pull() {{\n    leaks::x();\n}}\n");
    let found = ungated(&Sources::planted("api/src/services/pull.rs", &after));
    assert_eq!(found.iter().map(|found| found.line).collect::<Vec<_>>(), [7]);
    let gates = Sources::read()
        .rust()
        .filter(|source| source.text.contains(GATE))
        .count();
    assert!(gates >= 6, "{gates} files");
}
