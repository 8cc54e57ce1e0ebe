//! Every address that the pages declare is in `pages.tsv`, with somebody who finds something there.

use consentry_tests::structure::routes::{Asked, patterns};
use consentry_tests::structure::{Source, Sources, assert_none};

use crate::role_pages::{POST, spelled, table};

/// Addresses at which nobody finds anything, with the reason.
const NOBODYS: [(&str, &str); 2] = [
    ("/-/components", "an installation in earnest has no list of components"),
    ("/<^.+$>", "what answers where nothing is"),
];
/// Addresses that change with what is found there; the crawl opens each that a page names.
const OF_CONTENTS: [&str; 1] = ["/assets/:name"];
/// What somebody is told who finds nothing, or has to sign in first.
const NOTHING: [&str; 3] = ["404", "in", "401"];

/// How well a pattern fits a path: the number of parts that it names; none where it does not fit.
fn fits(pattern: &str, path: &str) -> Option<usize> {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    let named = |(part, its): (&&str, &&str)| match part.strip_prefix(':') {
        Some(_) if !its.is_empty() => Some(0),
        _ if part == its => Some(1),
        _ => None,
    };
    let parts: Option<Vec<usize>> = pattern.iter().zip(&path).map(named).collect();
    parts
        .filter(|_| pattern.len() == path.len())
        .map(|parts| parts.iter().sum())
}

#[test]
fn every_address_of_the_pages_is_in_the_table_and_somebody_finds_something_there() {
    let (patterns, unread) = patterns(&Sources::read());
    assert_none(&unread);
    assert!(patterns.len() > 100, "{patterns:?}");
    let lines = table().1;
    let mut missing = Vec::new();
    for (pattern, asked) in &patterns {
        let is_its = |page: &str| {
            let path = spelled(page);
            let others = patterns.keys().filter_map(|other| fits(other, &path)).max();
            let fit = fits(pattern, &path);
            fit.is_some() && fit == others && page.starts_with(POST) == (*asked == Asked::SentOnly)
        };
        let its: Vec<_> = lines.iter().filter(|(page, _)| is_its(page)).collect();
        let is_found = its
            .iter()
            .any(|(_, words)| words.iter().any(|word| !NOTHING.contains(word)));
        let is_nobodys = NOBODYS.iter().any(|(its, _)| its == pattern) || OF_CONTENTS.contains(&pattern.as_str());
        match (is_nobodys, its.is_empty(), is_found) {
            (false, true, _) => missing.push(format!("{pattern} has no line ({asked:?})")),
            (false, false, false) => missing.push(format!("nobody finds anything at {pattern}")),
            (true, _, true) => missing.push(format!("somebody finds something at {pattern}")),
            _ => {}
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    let strange: Vec<_> = lines
        .iter()
        .filter(|(page, _)| !patterns.keys().any(|pattern| fits(pattern, &spelled(page)).is_some()))
        .map(|(page, _)| *page)
        .filter(|page| !page.ends_with("/nothing") && *page != "/nowhere")
        .collect();
    assert!(strange.is_empty(), "no address of the pages: {strange:?}");
}

#[test]
fn addresses_are_read_however_they_are_written_and_none_is_overlooked() {
    let text = "fn routes(routes: Route) -> Route {
        let team = \"/team/:organization\";
        routes.at(\"/me\", get(own())).at(team, get(own()).post(own()))
            .at(format!(\"{team}/:member\"), both(One)).at(\n\"/me/copy\",\n post(own())).at(addresses(1), get(own()))
    }";
    let (found, unread) = patterns(&Sources(vec![Source::new("web/src/planted.rs", text)]));
    let found: Vec<(&str, Asked)> = found
        .iter()
        .map(|(pattern, asked)| (pattern.as_str(), *asked))
        .collect();
    let expected = [
        ("/me", Asked::Opened),
        ("/me/copy", Asked::SentOnly),
        ("/team/:organization", Asked::Opened),
        ("/team/:organization/:member", Asked::Opened),
    ];
    assert_eq!(found, expected);
    assert_eq!(unread.len(), 1, "{unread:?}");
    assert!(unread[0].what.contains("addresses(1)"), "{}", unread[0]);
}
