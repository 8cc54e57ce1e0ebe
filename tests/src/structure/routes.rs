//! The addresses of pages, as they are declared: every `.at(…)` of `web`, read from its sources.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, Sources, Violation};

/// Names that stand for several patterns, and the file that lists those in pairs.
const LISTED: &[(&str, &str)] = &[
    ("pattern", "web/src/links/mod.rs"),
    ("door", "web/src/organizer/door/mod.rs"),
];

/// What can be asked of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// A page is opened there, and perhaps a form sent.
    Opened,
    /// A form is sent there; it has no page.
    SentOnly,
}

/// Every pattern (`/me/data/:id`) with what can be asked of it, and the declarations that this reader does not understand.
#[must_use]
pub fn patterns(sources: &Sources) -> (BTreeMap<String, Asked>, Vec<Violation>) {
    let mut found = BTreeMap::new();
    let mut unread = Vec::new();
    let files = sources
        .0
        .iter()
        .filter(|source| source.path.starts_with("web/src/") && source.is_rust());
    for source in files.filter(|source| source.code.contains("Route")) {
        for (at, _) in source.code.match_indices(".at(") {
            let start = at + ".at(".len();
            let rest = source.text[start..].trim_start();
            let (first, answered) = argument(rest);
            let asked = if answered.starts_with("post(") {
                Asked::SentOnly
            } else {
                Asked::Opened
            };
            match resolved(sources, source, first) {
                Some(patterns) => found.extend(patterns.into_iter().map(|pattern| (pattern, asked))),
                None => unread.push(Violation {
                    path: source.path.clone(),
                    line: source.text[..start].lines().count(),
                    what: format!("the address {first} is not understood: name it by a text that stands in this file"),
                }),
            }
        }
    }
    (found, unread)
}

/// The first argument, and what comes after it.
fn argument(text: &str) -> (&str, &str) {
    let mut is_quoted = false;
    let mut depth = 0_i32;
    for (at, character) in text.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth -= 1,
            ',' if !is_quoted && depth == 0 => return (text[..at].trim(), text[at + 1..].trim_start()),
            _ => {}
        }
        if depth < 0 {
            return (text[..at].trim(), "");
        }
    }
    (text, "")
}

/// The patterns that an argument says: a text, a name of one, or a `format!` that puts one name into a text.
fn resolved(sources: &Sources, source: &Source, argument: &str) -> Option<BTreeSet<String>> {
    if let Some(text) = quoted(argument) {
        return Some(BTreeSet::from([text.to_owned()]));
    }
    if let Some(inside) = argument
        .strip_prefix("format!(")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        let text = quoted(inside)?;
        let (before, rest) = text.split_once('{')?;
        let (name, after) = rest.split_once('}')?;
        let all = named(sources, source, name)?;
        return Some(all.iter().map(|its| format!("{before}{its}{after}")).collect());
    }
    named(sources, source, argument)
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))
}

fn named(sources: &Sources, source: &Source, name: &str) -> Option<BTreeSet<String>> {
    let start = format!("let {name} = \"");
    if let Some((_, rest)) = source.text.split_once(&start) {
        return rest.split('"').next().map(|text| BTreeSet::from([text.to_owned()]));
    }
    let (_, path) = LISTED.iter().find(|(its, _)| *its == name)?;
    let list = sources.0.iter().find(|source| source.path == *path)?;
    let all: BTreeSet<String> = ["(\"/", ", \"/"]
        .iter()
        .flat_map(|before| list.text.split(before).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .map(|text| format!("/{text}"))
        .collect();
    (!all.is_empty()).then_some(all)
}
