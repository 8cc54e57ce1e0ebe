//! What comes into the build: no banned crate, no unknown licence, no version with a known fault, and a line of
//! reason in docs/dependencies.md for each dependency of ours.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::process::Command;

use consentry_tests::structure::Sources;

fn table(path: &str) -> toml::Table {
    let text = std::fs::read_to_string(Sources::root().join(path)).unwrap();
    text.parse().unwrap()
}

/// A crate that is built.
#[derive(Debug)]
struct Built {
    name: String,
    licence: String,
}

/// Everything that this workspace builds on this machine, as cargo resolves features.
fn built() -> Vec<Built> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--workspace",
            "--locked",
            "--offline",
            "--prefix",
            "none",
            "--no-dedupe",
        ])
        .args(["--format", "{p}|{l}"])
        .current_dir(Sources::root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo tree: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines: BTreeSet<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    assert!(lines.len() > 100, "cargo tree named only {} crates", lines.len());
    lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (package, licence) = line.split_once('|').unwrap();
            Built {
                name: package.split(' ').next().unwrap().to_owned(),
                licence: licence.to_owned(),
            }
        })
        .collect()
}

fn banned<'a>(built: &'a [Built], deny: &toml::Table) -> Vec<&'a str> {
    let names: Vec<&str> = deny["bans"]["deny"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["crate"].as_str().unwrap())
        .collect();
    built
        .iter()
        .map(|one| one.name.as_str())
        .filter(|name| names.contains(name))
        .collect()
}

#[test]
fn no_banned_crate_is_built() {
    let deny = table("deny.toml");
    let planted = Built {
        name: "ring".to_owned(),
        licence: "ISC".to_owned(),
    };
    assert_eq!(banned(&[planted], &deny), ["ring"]);
    assert_eq!(banned(&built(), &deny), [""; 0]);
}

/// Whether an SPDX expression can be fulfilled with the licences that we accept.
fn acceptable(expression: &str, accepted: &dyn Fn(&str) -> bool) -> bool {
    // `/` is how `OR` was written once.
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ")
        .replace(" WITH ", "+WITH+");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let verdict = any_of(&words, &mut at, accepted);
    verdict && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize, accepted: &dyn Fn(&str) -> bool) -> bool {
    let mut verdict = all_of(words, at, accepted);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        verdict |= all_of(words, at, accepted);
    }
    verdict
}

fn all_of(words: &[&str], at: &mut usize, accepted: &dyn Fn(&str) -> bool) -> bool {
    let mut verdict = one(words, at, accepted);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        verdict &= one(words, at, accepted);
    }
    verdict
}

fn one(words: &[&str], at: &mut usize, accepted: &dyn Fn(&str) -> bool) -> bool {
    let word = words.get(*at).copied().unwrap_or_default();
    *at += 1;
    if word == "(" {
        let verdict = any_of(words, at, accepted);
        *at += 1;
        return verdict;
    }
    accepted(&word.replace("+WITH+", " WITH "))
}

#[test]
fn every_licence_is_one_that_we_accept() {
    let deny = table("deny.toml");
    let allowed: Vec<&str> = deny["licenses"]["allow"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|l| l.as_str())
        .collect();
    let accepted = |licence: &str| allowed.contains(&licence);

    assert!(acceptable("Unlicense/MIT", &accepted));
    assert!(acceptable("(MIT OR GPL-3.0) AND Unicode-3.0", &accepted));
    assert!(acceptable("Apache-2.0 WITH LLVM-exception OR GPL-2.0", &accepted));
    assert!(!acceptable("MIT AND GPL-3.0", &accepted));
    assert!(!acceptable("MIT AND (GPL-3.0 OR AGPL-3.0)", &accepted));
    assert!(!acceptable("", &accepted));

    let refused: Vec<_> = built()
        .into_iter()
        .filter(|one| !acceptable(&one.licence, &accepted))
        .collect();
    assert!(refused.is_empty(), "{refused:?}");
}

/// Compares `1.2.3` by numbers; whatever follows a `-` or `+` makes it less.
fn compare(a: &str, b: &str) -> Ordering {
    let parts = |version: &str| {
        let core = version.split(['-', '+']).next().unwrap_or_default().to_owned();
        let numbers: Vec<u64> = core.split('.').map(|part| part.parse().unwrap()).collect();
        (numbers, core.len() == version.len())
    };
    parts(a).cmp(&parts(b))
}

/// The versions in the lock file that are below the minimum of the table.
fn too_old(lock: &toml::Table, minimums: &toml::Table) -> Vec<String> {
    let mut found = Vec::new();
    for minimum in minimums["crate"].as_array().unwrap() {
        let (name, at_least) = (minimum["name"].as_str().unwrap(), minimum["at_least"].as_str().unwrap());
        for package in lock["package"].as_array().unwrap() {
            let version = package["version"].as_str().unwrap();
            if package["name"].as_str() == Some(name) && compare(version, at_least) == Ordering::Less {
                found.push(format!(
                    "{name} {version} is below {at_least}: {}",
                    minimum["advisories"]
                ));
            }
        }
    }
    found
}

#[test]
fn no_locked_version_has_a_known_fault() {
    let minimums = table("min-versions.toml");
    let planted: toml::Table = "[[package]]\nname = 'h2'\nversion = '0.4.15'".parse().unwrap();
    assert_eq!(too_old(&planted, &minimums).len(), 1);
    assert_eq!(compare("0.11.22", "0.11.9"), Ordering::Greater);
    assert_eq!(compare("1.0.0-rc.1", "1.0.0"), Ordering::Less);

    let lock = table("Cargo.lock");
    for minimum in minimums["crate"].as_array().unwrap() {
        assert!(
            !minimum["advisories"].as_array().unwrap().is_empty(),
            "{minimum} names no advisory"
        );
        let locked = lock["package"]
            .as_array()
            .unwrap()
            .iter()
            .any(|package| package["name"] == minimum["name"]);
        assert!(
            locked,
            "{} is no longer used: take it out of min-versions.toml",
            minimum["name"]
        );
    }
    assert_eq!(too_old(&lock, &minimums), [""; 0]);
}

#[test]
fn the_reasons_of_all_dependencies_stand_in_the_docs() {
    let manifest = table("Cargo.toml");
    let ours: BTreeSet<String> = manifest["workspace"]["dependencies"]
        .as_table()
        .unwrap()
        .iter()
        .filter(|(_, value)| value.get("path").is_none())
        .map(|(name, _)| name.clone())
        .collect();

    let text = std::fs::read_to_string(Sources::root().join("docs/dependencies.md")).unwrap();
    let mut documented = BTreeSet::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert!(
            cells.len() == 3 && cells.iter().all(|cell| !cell.is_empty()),
            "incomplete: {line}"
        );
        for name in cells[0].split(", ") {
            assert!(
                documented.insert(name.trim_matches('`').to_owned()),
                "{name} stands twice"
            );
        }
    }
    let missing: Vec<_> = ours.difference(&documented).collect();
    let stale: Vec<_> = documented.difference(&ours).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "without a reason: {missing:?}; no longer used: {stale:?}"
    );
}

/// What is read of a page's camera is what its author published: the committed files say where they are from, and are the
/// package's byte for byte below that.
#[test]
fn files_of_others_are_those_of_their_packages() {
    let root = Sources::root();
    let modules = std::env::var_os("CONSENTRY_TEST_NODE_MODULES")
        .map_or_else(|| root.join("tests/tools/node_modules"), std::path::PathBuf::from);
    for name in ["decode.js", "index.js"] {
        let committed = std::fs::read_to_string(root.join("web/static/vendor/qr-0.7.0").join(name)).unwrap();
        let published = std::fs::read_to_string(modules.join("qr").join(name)).unwrap();
        let (head, rest) = committed.split_once('\n').unwrap();
        assert!(head.starts_with("/*! qr 0.7.0") && head.contains("MIT"), "{head}");
        assert!(rest == published, "{name} differs from the package");
    }
}
