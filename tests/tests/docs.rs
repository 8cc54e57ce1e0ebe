//! The documentation says what is so: its links lead somewhere, the configuration keys that it names exist, and a
//! partner who follows the guide gets leads.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::path::Path;

use consentry_tests::demo::Demo;
use consentry_tests::structure::{Source, Sources};

fn pages(sources: &Sources) -> Vec<&Source> {
    let pages: Vec<&Source> = sources
        .0
        .iter()
        .filter(|s| s.path == "README.md" || s.path.starts_with("docs/"))
        .collect();
    assert!(pages.len() > 4, "where is the documentation?");
    pages
}

/// The targets of links to files of ours, with the folder of the page in front.
fn links(page: &Source) -> Vec<String> {
    let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    page.text
        .split("](")
        .skip(1)
        .filter_map(|rest| {
            rest.split_once(')')
                .map(|(target, _)| target.split('#').next().unwrap_or_default())
        })
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .map(|target| format!("{folder}/{target}"))
        .collect()
}

#[test]
fn links_lead_to_files_that_exist() {
    let planted = Source::new(
        "docs/a.md",
        "[b](b.md#c) [d](https://example.org) [e](#f) [g](../README.md)",
    );
    assert_eq!(links(&planted), ["docs/b.md", "docs/../README.md"]);

    for page in pages(&Sources::read()) {
        for link in links(page) {
            let target = Sources::root().join(link.trim_start_matches('/'));
            assert!(target.exists(), "{} links to {link}, which does not exist", page.path);
        }
    }
}

#[test]
fn configuration_keys_that_are_named_exist() {
    let sources = Sources::read();
    let sections: Vec<&str> = sources
        .rust()
        .filter_map(|source| source.path.strip_prefix("api/src/config/")?.strip_suffix(".rs"))
        .collect();
    let mut named = 0;
    for page in pages(&sources) {
        for word in page.text.split('`').skip(1).step_by(2) {
            let key = word.split([' ', '=']).next().unwrap_or_default();
            let Some((section, name)) = key.split_once('.') else {
                continue;
            };
            if !sections.contains(&section) || name.contains(['/', '.']) {
                continue;
            }
            named += 1;
            let source = sources.named(&format!("api/src/config/{section}.rs"));
            assert!(
                source.code.contains(&format!("pub {name}:")),
                "{} names `{key}`, which does not exist",
                page.path
            );
        }
    }
    assert!(
        named > 5,
        "only {named} keys were found: has the way they are written changed?"
    );
}

/// The messages of a language, plurals left out.
fn messages(sources: &Sources, language: &str) -> std::collections::BTreeMap<String, String> {
    let folder = format!("web/locales/{language}/");
    let files = sources.0.iter().filter(|source| source.path.starts_with(&folder));
    let lines = files.flat_map(|source| source.text.lines());
    let pairs = lines.filter_map(|line| line.split_once(" = "));
    pairs.map(|(key, text)| (key.to_owned(), text.to_owned())).collect()
}

#[test]
fn the_review_of_the_wording_quotes_what_the_pages_say_and_names_tests_that_there_are() {
    let sources = Sources::read();
    let page = sources.named("docs/consent-wording.md");
    let (english, german) = (messages(&sources, "en"), messages(&sources, "de"));
    let mut quoted = 0;
    for part in page.text.split('“').skip(1) {
        let (text, rest) = part.split_once('”').unwrap();
        let Some(key) = rest.strip_prefix(" (`").and_then(|rest| rest.split('`').next()) else {
            continue;
        };
        assert_eq!(english.get(key).map(String::as_str), Some(text), "{key}");
        assert!(german.contains_key(key), "{key} has no German words");
        quoted += 1;
    }
    assert!(quoted > 20, "only {quoted} messages are quoted");
    let mut named = 0;
    let words: Vec<&str> = page.text.split('`').skip(1).step_by(2).collect();
    for word in &words {
        if word.starts_with("tests/") || word.starts_with("web/src/") {
            assert!(Sources::root().join(word).exists(), "{word} is not there");
        } else if word.matches('_').count() > 1 {
            let tests = sources.rust().filter(|source| source.path.starts_with("tests/tests/"));
            let there = tests
                .into_iter()
                .any(|source| source.text.contains(&format!("fn {word}(")));
            assert!(there, "there is no test {word}");
            named += 1;
        }
    }
    assert!(named > 8, "only {named} tests are named");
}

/// The first block of a page in that language.
fn block<'a>(page: &'a Source, language: &str) -> &'a str {
    let opening = format!("```{language}\n");
    let rest = page
        .text
        .split_once(&opening)
        .unwrap_or_else(|| panic!("{} has no {language}", page.path))
        .1;
    rest.split_once("```").unwrap().0
}

#[test]
fn a_partner_who_follows_the_guide_gets_leads() {
    let sources = Sources::read();
    let guide = sources.named("docs/partners.md");
    let demo = Demo::start();

    let answer = demo.run(Path::new("bash"), &["-c", block(guide, "sh")]);
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let page = answer["data"]["partner"]["leads"]["nodes"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer:#}"));
    assert!(!page.is_empty(), "{answer:#}");

    std::fs::write(demo.file("pull.py"), block(guide, "python")).unwrap();
    let python = std::env::var_os("CONSENTRY_TEST_PYTHON").unwrap_or_else(|| "python3".into());
    let printed = demo.run(Path::new(&python), &["pull.py"]);
    let rows = std::fs::read_to_string(demo.file("leads.csv")).unwrap().lines().count() - 1;
    assert_eq!(printed.trim(), format!("{rows} leads"));
    assert!(rows >= page.len(), "all pages hold at least what the first one does");
}

#[test]
fn a_partner_who_takes_an_example_from_the_portal_gets_leads() {
    let demo = Demo::start();
    let place = demo.partner_place();
    let python = std::env::var_os("CONSENTRY_TEST_PYTHON").unwrap_or_else(|| "python3".into());
    // Saved as somebody would save it.
    for (example, program, file) in [
        ("curl", "bash".into(), "leads.sh"),
        ("python", python, "leads.py"),
        ("javascript", "node".into(), "leads.mjs"),
    ] {
        let code = std::fs::read_to_string(Sources::root().join(format!("web/src/portal/examples/{example}.txt")));
        let code = code
            .unwrap()
            .replace("{api}", &format!("{}/graphql", demo.url()))
            .replace("{place}", &place)
            .replace("{purpose}", "EVENT_FOLLOW_UP");
        let left = ["{api}", "{place}", "{purpose}"].map(|name| code.contains(name));
        assert_eq!(left, [false; 3], "{code}");
        std::fs::write(demo.file(file), code).unwrap();
        let answer = demo.run(Path::new(&program), &[file]);
        let nodes = answer
            .split("nodes")
            .nth(1)
            .unwrap_or_else(|| panic!("{example}: {answer}"));
        assert!(
            nodes.contains("deleteBy") && nodes.contains("hasNextPage"),
            "{example}: {answer}"
        );
    }
}
