//! The sources keep the drawing of rooms and the house rules; and each rule, given a violation, finds it.

use consentry_tests::structure::{Sources, Violation, actions, arrows, assert_none, rules};

/// Fails unless the rule finds exactly one violation in the planted file, and says so.
fn finds(rule: fn(&Sources) -> Vec<Violation>, path: &str, text: &str, what: &str) {
    let found = rule(&Sources::planted(path, text));
    assert_eq!(found.len(), 1, "{path}: {found:?}");
    assert!(found[0].what.contains(what), "{} says nothing of {what}", found[0]);
}

/// Fails if the rule finds anything in the planted file.
fn accepts(rule: fn(&Sources) -> Vec<Violation>, path: &str, text: &str) {
    assert_none(&rule(&Sources::planted(path, text)));
}

#[test]
fn crates_depend_only_in_the_direction_of_the_arrows() {
    let rule = arrows::between_crates;
    finds(
        rule,
        "domain/Cargo.toml",
        "[dependencies]\nconsentry-entity = { path = '' }",
        "consentry-entity",
    );
    finds(
        rule,
        "entity/Cargo.toml",
        "[dev-dependencies]\nconsentry = { path = '' }",
        "`consentry`",
    );
    finds(
        rule,
        "migration/Cargo.toml",
        "[dependencies]\nconsentry-entity = { path = '' }",
        "consentry-entity",
    );
    accepts(
        rule,
        "api/Cargo.toml",
        "[dependencies]\nconsentry-entity = { path = '' }\nserde = '1'",
    );
    assert_none(&rule(&Sources::read()));
}

#[test]
fn rooms_know_each_other_only_in_the_direction_of_the_arrows() {
    let rule = arrows::between_rooms;
    finds(
        rule,
        "api/src/services/mail/mod.rs",
        "use crate::graphql::ids::Id;",
        "`services` may not know `graphql`",
    );
    finds(
        rule,
        "api/src/http/mod.rs",
        "use crate::{config::Config, services::events};",
        "may not know `services`",
    );
    finds(
        rule,
        "web/src/event.rs",
        "fn f() { consentry::services::events::list() }",
        "pages may not know `services`",
    );
    finds(
        rule,
        "api/src/access/mod.rs",
        "use super::services::Outcome;",
        "may not know `services`",
    );
    finds(
        rule,
        "api/src/config/server.rs",
        "mod tests { use super::super::super::jobs::Worker; }",
        "`jobs`",
    );
    finds(rule, "api/src/attic/mod.rs", "", "`attic` is not in the drawing");
    accepts(
        rule,
        "api/src/graphql/mod.rs",
        "use crate::services::events; // never crate::web::x\nuse crate::access::Caller;",
    );
    assert_none(&rule(&Sources::read()));
}

#[test]
fn each_borrowed_crate_is_known_to_few_rooms() {
    let rule = arrows::to_borrowed_crates;
    finds(
        rule,
        "api/src/services/events.rs",
        "use poem::Request;",
        "may know `poem`",
    );
    finds(
        rule,
        "api/src/services/mail/mod.rs",
        "fn f(x: async_graphql::Value) {}",
        "may know `async_graphql`",
    );
    finds(
        rule,
        "api/src/graphql/public/event.rs",
        "use sea_orm::EntityTrait;",
        "may know `sea_orm`",
    );
    finds(
        rule,
        "api/src/services/events.rs",
        "use stripe::Client;",
        "services::payments",
    );
    finds(
        rule,
        "api/src/http/mod.rs",
        "use consentry_entity::lead;",
        "may know `consentry_entity`",
    );
    accepts(
        rule,
        "api/src/services/payments/provider/stripe.rs",
        "use stripe::Client;",
    );
    assert_none(&rule(&Sources::read()));
}

#[test]
fn rules_are_pure() {
    let rule = arrows::purity;
    finds(
        rule,
        "domain/src/age.rs",
        "use std::time::SystemTime;",
        "std::time::SystemTime",
    );
    finds(rule, "domain/src/token.rs", "fn f() { rand::rng() }", "rand::rng");
    accepts(rule, "domain/src/age.rs", "use std::fmt;");
    assert_none(&rule(&Sources::read()));
}

#[test]
fn a_partners_types_cannot_reach_a_registration() {
    let rule = arrows::of_the_partners_schema;
    finds(
        rule,
        "api/src/graphql/partner/lead.rs",
        "use consentry_entity::registration;",
        "consentry_entity",
    );
    finds(
        rule,
        "api/src/graphql/partner/lead.rs",
        "use super::super::attendee::Registration;",
        "attendee",
    );
    accepts(
        rule,
        "api/src/graphql/partner/lead.rs",
        "use crate::services::disclosure;",
    );
    assert_none(&rule(&Sources::read()));
}

#[test]
fn resolvers_pages_and_rules_hold_no_sql() {
    let rule = rules::sql;
    finds(
        rule,
        "api/src/graphql/public/event.rs",
        "let s = Statement::from_sql(a, b);",
        "Statement::",
    );
    finds(rule, "web/src/event.rs", "event::Entity::find().exec(db)", ".exec(");
    accepts(
        rule,
        "api/src/graphql/public/event.rs",
        "// a Statement:: in a comment\nlet s = \"query_one\";",
    );
    accepts(rule, "api/src/services/events.rs", "Statement::from_sql(a, b)");
    assert_none(&rule(&Sources::read()));
}

#[test]
fn nothing_calls_itself_unfinished() {
    let rule = rules::unfinished;
    finds(rule, "api/src/a.rs", "fn f() { todo!() }", "todo!");
    finds(rule, "api/src/a.rs", &["// FIX", "ME later"].concat(), "finish it");
    assert_none(&rule(&Sources::read()));
}

#[test]
fn only_config_reads_the_environment() {
    let rule = rules::environment;
    finds(
        rule,
        "api/src/services/a.rs",
        "let a = std::env::var(\"A\");",
        "environment",
    );
    accepts(rule, "api/src/config/sources.rs", "let a = std::env::var(\"A\");");
    assert_none(&rule(&Sources::read()));
}

#[test]
fn no_file_names_a_registrys_host() {
    let rule = rules::hosts;
    finds(rule, "docs/a.md", &["see crates", ".io"].concat(), "registry");
    assert_none(&rule(&Sources::read()));
}

#[test]
fn the_log_has_words_for_every_action_that_is_written() {
    let rule = actions::known_to_the_log;
    let service = "api/src/services/a.rs";
    finds(rule, service, "Entry { action: \"payTwice\", detail }", "payTwice");
    finds(
        rule,
        service,
        "fn note(tx: &Tx, action: &str) {}\nfn f() { note(tx(1), \"payTwice\", \"eventPartner\")?; }",
        "payTwice",
    );
    finds(
        rule,
        service,
        "let (next, action) = match how {\n    _ => (state, \"payTwice\"),\n};\nlet other = \"nextThing\";",
        "payTwice",
    );
    finds(
        rule,
        service,
        "impl A {\n    fn action(self) -> &'static str {\n        \"payTwice\"\n    }\n}\nlet other = \"nextThing\";",
        "payTwice",
    );
    finds(
        rule,
        actions::LIST,
        "const ACTIONS: &[&str] = &[\"payTwice\"];",
        "nobody writes",
    );
    accepts(rule, service, "fn f() { tell(tx, \"payTwice\"); }");
    assert_none(&rule(&Sources::read()));
}

#[test]
fn files_stay_short() {
    let rule = rules::length;
    finds(rule, "api/src/a.rs", &"\n".repeat(501), "501 lines");
    accepts(rule, "api/src/a.rs", &"\n".repeat(500));
    accepts(rule, "api/src/a/tests.rs", &"\n".repeat(900));
    assert_none(&rule(&Sources::read()));
}
