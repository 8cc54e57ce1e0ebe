use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::Language;
use crate::organizer::ACTIONS;

/// Prefixes of keys that are made from the values of an enum of the schema: every value needs its message.
const OF_ENUMS: &[(&str, &str)] = &[
    ("actor", "ActorKind"),
    ("device-state", "DoorDeviceState"),
    ("availability", "Availability"),
    ("complaint-state", "ComplaintState"),
    ("consent-action", "ConsentAction"),
    ("consent-state", "ConsentState"),
    ("document", "DocumentKind"),
    ("event-kind", "EventKind"),
    ("event-status", "EventStatus"),
    ("field", "AttendeeField"),
    ("goal", "Purpose"),
    ("mail-kind", "MailKind"),
    ("mail-status", "MailStatus"),
    ("offer-state", "OfferVersionState"),
    ("order-status", "OrderStatus"),
    ("payment-status", "PaymentStatus"),
    ("refund-due", "RefundDueReason"),
    ("role", "StaffRole"),
    ("staff-role", "PartnerMemberRole"),
    ("taken", "RosterFetchState"),
    ("team-role", "StaffRole"),
    ("question-kind", "QuestionKind"),
    ("sensitivity", "Sensitivity"),
    ("partner-group", "PartnerRole"),
    ("partner-role", "PartnerRole"),
    ("payment-method", "PaymentMethod"),
    ("place-status", "PlaceStatus"),
    ("purpose", "Purpose"),
    ("registration-status", "RegistrationStatus"),
    ("sample", "AttendeeField"),
    ("session-kind", "SessionKind"),
    ("token-status", "TokenStatus"),
    ("waits-for", "PendingReason"),
];
/// Prefixes of keys that count something from one on.
const COUNTED: &[(&str, usize)] = &[("weekday", 7), ("month", 12)];

fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    let text = language.texts().join("\n");
    let mut key = String::new();
    for line in text.lines() {
        if let Some((name, _)) = line
            .split_once(" =")
            .filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            key = name.to_owned();
            assert!(
                found.insert(key.clone(), BTreeSet::new()).is_none(),
                "{key} stands twice"
            );
        }
        for variable in line.split('$').skip(1) {
            let name: String = variable.chars().take_while(|c| c.is_alphanumeric()).collect();
            found
                .get_mut(&key)
                .expect("a variable belongs to a message")
                .insert(name);
        }
    }
    found
}

/// Every quoted text of the pages that could be a key, and every prefix that is completed at run time.
fn named() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("templates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            for quoted in text.split('"').skip(1) {
                found.insert(quoted.to_owned());
            }
        }
    }
    found
}

fn values_of_enum(name: &str) -> Vec<String> {
    let schema = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema.graphql")).expect("a schema");
    let start = schema
        .find(&format!("\nenum {name} {{"))
        .unwrap_or_else(|| panic!("no enum {name}"));
    let body = &schema[start..start + schema[start..].find("\n}").expect("it ends")];
    body.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && line.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .map(|value| value.to_ascii_lowercase().replace('_', "-"))
        .collect()
}

#[test]
fn all_languages_have_the_same_messages_with_the_same_variables() {
    let english = messages(Language::English);
    for language in Language::ALL {
        assert_eq!(messages(language), english, "{}", language.code());
    }
}

#[test]
fn every_message_is_named_by_a_page_and_every_page_names_one_that_there_is() {
    let there: BTreeSet<String> = messages(Language::English).into_keys().collect();
    let named = named();
    let mut wanted = BTreeSet::new();
    for (prefix, name) in OF_ENUMS {
        wanted.extend(
            values_of_enum(name)
                .into_iter()
                .map(|value| format!("{prefix}-{value}")),
        );
    }
    for (prefix, count) in COUNTED {
        wanted.extend((1..=*count).map(|number| format!("{prefix}-{number}")));
    }
    wanted.extend(ACTIONS.iter().map(|action| format!("action-{action}")));
    let missing: Vec<_> = wanted.difference(&there).collect();
    assert!(missing.is_empty(), "without words: {missing:?}");
    let unused: Vec<_> = there
        .iter()
        .filter(|key| !named.contains(*key) && !wanted.contains(*key))
        .collect();
    assert!(unused.is_empty(), "nobody says: {unused:?}");
}

#[test]
fn keys_that_pages_say_exist() {
    let there = messages(Language::English);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("templates")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            for call in [".say(\"", ".say1(\"", ".say2(\"", ".count(\"", ".say_with(\""] {
                for rest in text.split(call).skip(1) {
                    let key = rest.split('"').next().unwrap_or_default();
                    count += 1;
                    assert!(there.contains_key(key), "{}: there is no message {key}", path.display());
                }
            }
        }
    }
    assert!(
        count > 50,
        "only {count} messages are said: has the way of saying them changed?"
    );
}

#[test]
fn the_browsers_wish_is_weighed() {
    assert_eq!(Language::accepted("de-CH, en;q=0.8"), Language::German);
    assert_eq!(Language::accepted("fr, en;q=0.5, de;q=0.7"), Language::German);
    assert_eq!(Language::accepted("de;q=0, en;q=0.1"), Language::English);
    assert_eq!(Language::accepted("fr"), Language::English);
    assert_eq!(Language::accepted(""), Language::English);
    assert_eq!(Language::accepted("de;q=x"), Language::English);
}

#[test]
fn every_message_can_be_said() {
    for language in Language::ALL {
        for (key, variables) in messages(language) {
            let arguments = variables
                .iter()
                .map(|name| (name.as_str(), fluent_bundle::FluentValue::from(2)))
                .collect();
            let mut errors = Vec::new();
            let bundle = language.bundle();
            let pattern = bundle.get_message(&key).and_then(|message| message.value());
            let text = bundle.format_pattern(pattern.expect("a value"), Some(&arguments), &mut errors);
            assert!(
                errors.is_empty() && !text.trim().is_empty(),
                "{} {key}: {errors:?}",
                language.code()
            );
        }
    }
}

#[test]
fn whoever_sponsors_an_event_does_not_hold_it_in_german_either() {
    assert_eq!(Language::German.say("partner-role-co-sponsor"), "Mitsponsor");
    assert_eq!(Language::German.say("partner-group-co-sponsor"), "Mitsponsoren");
    let texts = Language::German.texts().join("\n");
    assert!(
        !texts.contains("Mitveranstalter"),
        "who holds an event together with others answers for its data as well"
    );
}
