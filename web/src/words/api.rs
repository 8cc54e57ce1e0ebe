//! What the API says is wrong, in the visitor's language: it speaks English, and its sentences are looked up.
//!
//! A sentence that the table lacks stays as it is, so that nobody is left without a reason.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::Language;

/// English, a tab, German; `{}` stands for what the sentence says of this case.
const GERMAN: &str = include_str!("../../locales/de/api.tsv");

/// How deep what is looked up can stand in what is looked up.
const DEEPEST: usize = 3;

/// The sentences of a language.
struct Table {
    /// Those that are always the same.
    whole: HashMap<&'static str, &'static str>,
    /// The parts between what differs, and how the sentence goes.
    parts: Vec<(Vec<&'static str>, &'static str)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let lines = GERMAN.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once('\t'));
    let mut table = Table {
        whole: HashMap::new(),
        parts: Vec::new(),
    };
    for (english, german) in pairs {
        if english.contains("{}") {
            table.parts.push((english.split("{}").collect(), german));
        } else {
            table.whole.insert(english, german);
        }
    }
    // What says more of the sentence comes first.
    table
        .parts
        .sort_by_key(|(parts, _)| std::cmp::Reverse(parts.iter().map(|part| part.len()).sum::<usize>()));
    table
});

/// A sentence of the API in this language.
pub(crate) fn said(language: Language, sentence: &str) -> String {
    match language {
        Language::English => sentence.to_owned(),
        Language::German => german(sentence, DEEPEST),
    }
}

fn german(sentence: &str, deep: usize) -> String {
    if let Some(german) = TABLE.whole.get(sentence) {
        return (*german).to_owned();
    }
    if deep == 0 {
        return sentence.to_owned();
    }
    for (parts, german) in &TABLE.parts {
        if let Some(found) = between(parts, sentence) {
            return filled(german, &found, deep - 1);
        }
    }
    sentence.to_owned()
}

/// What stands between the parts of a sentence, if it has them in this order and begins and ends with the outer ones.
fn between<'a>(parts: &[&str], sentence: &'a str) -> Option<Vec<&'a str>> {
    let (first, rest) = parts.split_first()?;
    let (last, middle) = rest.split_last()?;
    let mut left = sentence.strip_prefix(first)?.strip_suffix(last)?;
    let mut found = Vec::with_capacity(rest.len());
    for part in middle {
        let (before, after) = left.split_once(part)?;
        found.push(before);
        left = after;
    }
    found.push(left);
    Some(found)
}

fn filled(german: &str, found: &[&str], deep: usize) -> String {
    let mut whole = String::new();
    let mut found = found.iter();
    for (number, part) in german.split("{}").enumerate() {
        if number > 0 {
            whole.push_str(&found.next().map(|what| self::german(what, deep)).unwrap_or_default());
        }
        whole.push_str(part);
    }
    whole
}

/// The lists of an answer whose messages are the API's own words.
const TOLD: [&str; 3] = ["userErrors", "problems", "publishCheck"];

/// Puts everything that an answer says is wrong into this language.
pub(crate) fn translate(language: Language, answer: &mut Value) {
    if language == Language::English {
        return;
    }
    match answer {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::Array(errors) if TOLD.contains(&name.as_str()) => errors.iter_mut().for_each(|error| {
                        if let Some(Value::String(message)) = error.get_mut("message") {
                            *message = said(language, message);
                        }
                    }),
                    other => translate(language, other),
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| translate(language, one)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    fn german_of(sentence: &str) -> String {
        said(Language::German, sentence)
    }

    #[test]
    fn sentences_are_said_in_german_with_what_they_are_about() {
        assert_eq!(german_of("This is needed."), "Das ist nötig.");
        assert_eq!(
            german_of("An order has at most 20 places."),
            "Eine Bestellung hat höchstens 20 Plätze."
        );
        assert_eq!(
            german_of("A number from 1 to 7 is expected."),
            "Bitte eine Zahl von 1 bis 7 angeben."
        );
        assert_eq!(
            german_of("This should be a country code like DE (ISO 3166-1 alpha-2)."),
            "Bitte ein Länderkürzel wie DE (ISO 3166-1 alpha-2) angeben."
        );
        assert_eq!(
            german_of("This cannot be: the date of birth lies in the future."),
            "Das kann nicht sein: Das Geburtsdatum liegt in der Zukunft."
        );
        assert_eq!(
            german_of("“Diet {} $1” has to be answered."),
            "„Diet {} $1“ muss beantwortet werden."
        );
        assert_eq!(german_of("Something new."), "Something new.");
        assert_eq!(said(Language::English, "This is needed."), "This is needed.");
    }

    #[test]
    fn only_the_messages_of_what_is_wrong_are_changed() {
        let mut answer = serde_json::json!({ "register": { "title": "This is needed.", "message": "This is needed.",
            "userErrors": [{ "field": ["x"], "message": "This is needed." }],
            "quote": { "problems": [{ "message": "This is sold out." }] },
            "publishCheck": [{ "name": "This is needed.", "message": "Add the terms." }] } });
        translate(Language::German, &mut answer);
        assert_eq!(
            answer,
            serde_json::json!({ "register": { "title": "This is needed.", "message": "This is needed.",
                "userErrors": [{ "field": ["x"], "message": "Das ist nötig." }],
                "quote": { "problems": [{ "message": "Das ist ausverkauft." }] },
                "publishCheck": [{ "name": "This is needed.", "message": "Fügen Sie die Bedingungen hinzu." }] } })
        );
    }

    #[test]
    fn both_sides_of_the_table_say_as_much_and_nothing_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for line in GERMAN.lines().filter(|line| !line.starts_with('#')) {
            let (english, german) = line.split_once('\t').unwrap_or_else(|| panic!("no tab: {line}"));
            let holes = |text: &str| text.matches("{}").count();
            assert_eq!(holes(english), holes(german), "{line}");
            assert!(seen.insert(english), "twice: {english}");
        }
    }

    /// What staff are told in words that no page shows, or that is no sentence for a field.
    const ELSEWHERE: &[&str] = &[
        "The input field's path, outermost first.",
        "What is wrong and the way out.",
        "Something went wrong on our side. It has been noted.",
        "Sign in first.",
        "The arguments are not understood.",
        "Nobody has this address.",
        "In your list of consents, with one click for each or for all: sign in, or open the link in any of our mails.",
    ];

    #[test]
    fn the_table_has_every_sentence_of_the_services() {
        let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/src/services");
        let mut missing = Vec::new();
        let mut count = 0;
        for path in sources(&services) {
            let source = std::fs::read_to_string(&path).expect("a source");
            let source = source.split("#[cfg(test)]\nmod").next().unwrap_or_default();
            for sentence in literals(source).filter(|text| is_sentence(text)) {
                count += 1;
                let sentence = without_names(&sentence);
                let there = TABLE.whole.contains_key(sentence.as_str())
                    || TABLE.parts.iter().any(|(parts, _)| parts.join("{}") == sentence);
                if !there && !ELSEWHERE.contains(&sentence.as_str()) {
                    missing.push(format!("{}: {sentence}", path.display()));
                }
            }
        }
        assert!(count > 200, "only {count} sentences: are they written in another way?");
        assert!(missing.is_empty(), "locales/de/api.tsv lacks\n{}", missing.join("\n"));
    }

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() && name != "mail" && name != "tests" {
                found.extend(sources(&path));
            } else if path.extension().is_some_and(|end| end == "rs") && name != "tests.rs" {
                found.push(path);
            }
        }
        found
    }

    /// Begins like a sentence, ends like one, and has words between.
    fn is_sentence(text: &str) -> bool {
        let begins = text.starts_with(|first: char| first.is_ascii_uppercase() || first == '“');
        begins && text.ends_with(['.', '…']) && text.contains(' ') && !text.contains('\n')
    }

    /// `{name}` as `{}`.
    fn without_names(text: &str) -> String {
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            plain.push_str(before);
            plain.push_str("{}");
            rest = after.split_once('}').map_or("", |(_, after)| after);
        }
        plain + rest
    }

    /// The texts between quotation marks, as the compiler reads them; comments have none.
    fn literals(source: &str) -> impl Iterator<Item = String> {
        let mut all = Vec::new();
        let code: String = source
            .lines()
            .map(|line| if line.trim_start().starts_with("//") { "" } else { line })
            .collect::<Vec<_>>()
            .join("\n");
        let mut signs = code.chars().peekable();
        while let Some(sign) = signs.next() {
            match sign {
                // A sign of its own: '"'.
                '\'' if signs.peek() == Some(&'"') => {
                    signs.next();
                }
                '"' => {
                    let mut text = String::new();
                    while let Some(sign) = signs.next() {
                        match sign {
                            '"' => break,
                            '\\' => match signs.next() {
                                Some('\n') => {
                                    while signs.peek().is_some_and(|sign| sign.is_whitespace()) {
                                        signs.next();
                                    }
                                }
                                Some(other) => text.push(other),
                                None => {}
                            },
                            other => text.push(other),
                        }
                    }
                    all.push(text);
                }
                _ => {}
            }
        }
        all.into_iter()
    }
}
