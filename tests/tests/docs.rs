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
