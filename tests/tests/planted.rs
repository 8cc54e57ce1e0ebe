//! What tests plant (leaks, faults, places to stop) is in test builds alone: each of it stands under its feature, no
//! release build accepts the features, and the release binary holds none of its words.

use std::path::{Path, PathBuf};
use std::process::Command;

use consentry_tests::structure::{Sources, Violation, assert_none};

/// What is planted.
struct Planted {
    feature: &'static str,
    /// The file that refuses a release build.
    refused_in: &'static str,
    /// What it says.
    words: &'static str,
    /// Its own files.
    modules: &'static [&'static str],
    /// What mentions it.
    mentions: &'static [&'static str],
    /// Bytes of a program that has it.
    traces: &'static [&'static str],
}

const PLANTED: &[Planted] = &[
    Planted {
        feature: "planted-leaks",
        refused_in: "api/src/platform/leaks.rs",
        words: "it is for tests and not for a release build",
        modules: &["api/src/platform/leaks.rs"],
        mentions: &["leaks", "Leak::", "spoil(", ".leak"],
        traces: &["x-total-count", "This is not yours."],
    },
    Planted {
        feature: "planted-faults",
        refused_in: "api/src/lib.rs",
        words: "planted faults belong into test builds",
        modules: &[
            "api/src/platform/faults.rs",
            "api/src/config/faults.rs",
            "api/src/services/disclosure/planted.rs",
        ],
        mentions: &["faults::", "planted::", "mod faults", "mod planted"],
        traces: &[
            "CONSENTRY_TEST_PLANTED_FAULT",
            "CONSENTRY_TEST_STOP_AT",
            "record-after-answer",
            "node-unrecorded",
            "token-cache",
        ],
    },
    Planted {
        feature: "failpoints",
        refused_in: "api/src/lib.rs",
        words: "fail points belong into test builds",
        modules: &[],
        mentions: &[],
        traces: &["disclosure-recorded", "answer-written"],
    },
];

/// Compiles a file alone and without its modules, with a feature; what the compiler says.
fn compiled_alone(planted: &Planted, assertions: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(Sources::root().join(planted.refused_in)).expect("a source");
    let is_module = |line: &&str| line.ends_with(';') && (line.starts_with("pub mod ") || line.starts_with("mod "));
    let alone: Vec<&str> = text.lines().filter(|line| !is_module(line)).collect();
    let file = folder.path().join("alone.rs");
    std::fs::write(&file, alone.join("\n")).expect("written");
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata"])
        .args(["--cfg", &format!("feature=\"{}\"", planted.feature)])
        .args(["-C", &format!("debug-assertions={assertions}")])
        .arg("--out-dir")
        .arg(folder.path())
        .arg(file)
        .output()
        .expect("a compiler");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn no_release_build_accepts_what_is_planted() {
    for planted in PLANTED {
        assert!(
            compiled_alone(planted, "off").contains(planted.words),
            "{}",
            planted.feature
        );
        assert!(
            !compiled_alone(planted, "on").contains(planted.words),
            "{}",
            planted.feature
        );
    }
}

#[test]
fn nothing_but_the_tests_switches_it_on() {
    let sources = Sources::root();
    for manifest in [
        "Cargo.toml",
        "api/Cargo.toml",
        "web/Cargo.toml",
        "program/Cargo.toml",
        "bench/Cargo.toml",
    ] {
        let text = std::fs::read_to_string(sources.join(manifest)).expect("a manifest");
        let manifest_of: toml::Table = text.parse().expect("TOML");
        let features = manifest_of.get("features").and_then(toml::Value::as_table);
        assert!(
            features.is_none_or(|features| !features.contains_key("default")),
            "{manifest} has default features"
        );
        for planted in PLANTED {
            let quoted = format!("\"{}\"", planted.feature);
            // The one may include the other; no dependency asks for them.
            let asked = text
                .lines()
                .filter(|line| line.contains(&quoted) && !line.starts_with("planted-"));
            assert_eq!(asked.count(), 0, "{manifest} switches {} on", planted.feature);
        }
    }
}

/// Where these bytes stand in a file.
fn holds(file: &Path, words: &str) -> bool {
    let bytes = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

#[test]
fn the_tested_program_has_it_and_so_the_search_for_it_finds_something() {
    let tested =
        PathBuf::from(std::env::var_os("CONSENTRY_TEST_BINARY").expect("CONSENTRY_TEST_BINARY names the program"));
    for planted in PLANTED {
        for trace in planted.traces {
            assert!(
                holds(&tested, trace),
                "{trace} is not in a program with {}",
                planted.feature
            );
        }
    }
}

/// It builds the whole program, which takes minutes: as a release, but not optimized, which takes many more of them and
/// changes nothing about what is in it. In a folder of its own, so that nobody takes it for the one to hand out.
#[test]
#[ignore = "builds a release binary"]
fn the_release_binary_has_none_of_it() {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| Sources::root().join("target"), PathBuf::from);
    let target = target.join("planted");
    let cargo = |arguments: &[&str]| {
        let output = Command::new("cargo")
            .args(arguments)
            .args(["--locked", "--release", "--config", "profile.release.opt-level=0"])
            .env("CARGO_TARGET_DIR", &target)
            .current_dir(Sources::root())
            .output();
        output.expect("cargo")
    };
    for planted in PLANTED {
        let output = cargo(&["check", "--package", "consentry", "--features", planted.feature]);
        assert!(!output.status.success(), "{}", planted.feature);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(planted.words), "{}: {said}", planted.feature);
    }
    let output = cargo(&["build", "--package", "consentry-program"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let binary = target.join("release/consentry");
    assert!(holds(&binary, "requestErasure"), "the program is another one");
    for planted in PLANTED {
        for trace in planted.traces {
            assert!(!holds(&binary, trace), "{trace} of {} is in it", planted.feature);
        }
    }
}

/// Mentions of what is planted that do not stand under its feature: each must be within an item or statement that the
/// feature gates.
fn ungated(sources: &Sources, planted: &Planted) -> Vec<Violation> {
    let gate = format!("#[cfg(feature = \"{}\")]", planted.feature);
    let mut violations = Vec::new();
    for source in sources
        .rust()
        .filter(|source| !source.path.starts_with("tests/") && !planted.modules.contains(&source.path.as_str()))
    {
        let lines: Vec<&str> = source.text.lines().collect();
        let mut gated_until = 0;
        for (number, line) in lines.iter().enumerate() {
            if line.trim() == gate {
                gated_until = end_of_item(&lines, number + 1);
            }
            let mentions = planted.mentions.iter().any(|word| line.contains(word));
            if mentions && number > gated_until {
                violations.push(Violation {
                    path: source.path.clone(),
                    line: number + 1,
                    what: format!("{} outside of its feature", planted.feature),
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
fn every_mention_of_it_stands_under_its_feature() {
    let sources = Sources::read();
    for planted in PLANTED {
        assert_none(&ungated(&sources, planted));
    }
    let leaks = &PLANTED[0];
    let gate = format!("#[cfg(feature = \"{}\")]", leaks.feature);
    let plain = "fn pull() {\n    let pulled = spoil(platform);\n}\n";
    assert_eq!(
        ungated(&Sources::planted("api/src/services/pull.rs", plain), leaks).len(),
        1
    );
    let after = format!("{gate}\nfn spoil() {{\n    leaks::x();\n}}\n\nfn pull() {{\n    leaks::x();\n}}\n");
    let found = ungated(&Sources::planted("api/src/services/pull.rs", &after), leaks);
    assert_eq!(found.iter().map(|found| found.line).collect::<Vec<_>>(), [7]);
    let fault = "fn pull() {\n    crate::platform::faults::arm();\n}\n";
    assert_eq!(
        ungated(&Sources::planted("api/src/services/pull.rs", fault), &PLANTED[1]).len(),
        1
    );
    for planted in PLANTED.iter().filter(|planted| !planted.mentions.is_empty()) {
        let gate = format!("feature = \"{}\"", planted.feature);
        let gates = sources.rust().filter(|source| source.text.contains(&gate)).count();
        assert!(gates >= 5, "{} in {gates} files", planted.feature);
    }
}
