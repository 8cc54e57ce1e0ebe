//! The actions that the audit log is told, and those that the page of the log has words for: one list of two.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, Sources, Violation};

/// Where the page has its list.
pub const LIST: &str = "web/src/organizer/log/actions.rs";

/// Actions that are written and not in the list, and such as are in the list and that nobody writes.
#[must_use]
pub fn known_to_the_log(sources: &Sources) -> Vec<Violation> {
    let listed = listed(sources);
    let written = written(sources);
    let violation = |path: &str, what: String| Violation {
        path: path.to_owned(),
        line: 0,
        what,
    };
    let unknown = written.iter().filter(|(action, _)| !listed.contains(*action));
    let unknown = unknown.map(|(action, path)| violation(path, format!("`{action}` is missing in {LIST}")));
    let idle = listed.iter().filter(|action| !written.contains_key(*action));
    let idle = idle.map(|action| violation(LIST, format!("nobody writes `{action}`")));
    unknown.chain(idle).collect()
}

/// The names in the page's list.
fn listed(sources: &Sources) -> BTreeSet<String> {
    let list = sources.0.iter().find(|source| source.path == LIST);
    let text = list.and_then(|source| source.text.split("ACTIONS: ").nth(1));
    let text = text.and_then(|rest| rest.split("];").next());
    names(text.unwrap_or_default()).map(str::to_owned).collect()
}

/// The names that services write, each with a file that does.
fn written(sources: &Sources) -> BTreeMap<String, String> {
    let services = sources
        .rust()
        .filter(|source| source.path.starts_with("api/src/services/") && !source.is_test());
    let services: Vec<&Source> = services.collect();
    let told: BTreeSet<&str> = services.iter().flat_map(|source| told(&source.text)).collect();
    let mut found = BTreeMap::new();
    for source in services {
        let text = source.text.as_str();
        let actions = fields(text)
            .chain(told.iter().flat_map(|function| arguments(text, function)))
            .chain(chosen(text));
        for action in actions {
            found.insert(action.to_owned(), source.path.clone());
        }
    }
    found
}

/// The functions that are told an action.
fn told(text: &str) -> impl Iterator<Item = &str> {
    let functions = text.split("fn ").skip(1);
    functions.filter_map(|function| {
        let head = function.split('{').next()?;
        let name = head.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next()?;
        head.contains("action: &").then_some(name)
    })
}

/// What an entry says itself.
fn fields(text: &str) -> impl Iterator<Item = &str> {
    let fields = text.split("action: \"").skip(1);
    fields.filter_map(|rest| rest.split('"').next())
}

/// What calls of a function say: the first literal of each.
fn arguments<'a>(text: &'a str, function: &str) -> Vec<&'a str> {
    let call = format!("{function}(");
    let calls = text.match_indices(call.as_str()).filter(|(at, _)| {
        let before = &text[..*at];
        let is_part_of_a_word = before.ends_with(|sign: char| sign.is_alphanumeric() || sign == '_');
        !is_part_of_a_word && !before.ends_with("fn ")
    });
    let inside = calls.map(|(at, _)| inside(&text[at + call.len()..]));
    inside
        .filter_map(|arguments| arguments.split('"').nth(1))
        .filter(|literal| is_name(literal))
        .collect()
}

/// What stands before the parenthesis that ends it.
fn inside(text: &str) -> &str {
    let mut depth = 1;
    for (at, sign) in text.char_indices() {
        match sign {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

/// What is chosen among: in a function `action`, and where a `match` gives one beside something else.
fn chosen(text: &str) -> impl Iterator<Item = &str> {
    let functions = text.split("fn action(").skip(1);
    let functions = functions.filter_map(|rest| rest.split("\n    }").next());
    let matches = text.split("let (").skip(1).filter_map(|rest| {
        let (bound, arms) = rest.split_once(") = match")?;
        let gives_one = bound.split(',').any(|name| name.trim() == "action");
        gives_one.then(|| arms.split("};").next()).flatten()
    });
    functions.chain(matches).flat_map(names)
}

/// The literals that could be the name of an action.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2).filter(|literal| is_name(literal))
}

/// Whether it is written as a mutation's name is, of more words than one.
fn is_name(text: &str) -> bool {
    text.starts_with(|sign: char| sign.is_ascii_lowercase())
        && text.contains(|sign: char| sign.is_ascii_uppercase())
        && text.chars().all(|sign| sign.is_ascii_alphabetic())
}
