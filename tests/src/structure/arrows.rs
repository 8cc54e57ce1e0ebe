//! Which room may know which. The tables below are the drawing; the functions compare the sources with it.
//!
//! `web` → `graphql` → `services` → `domain` + `entity`: never the other way round, never past a room.

use super::paths::{Named, module_of, named};
use super::{Source, Sources, Violation};

/// Crates of ours: each with those that it may depend on. Tests and benchmarks may know everything.
const CRATES: &[(&str, &[&str])] = &[
    // Rules know nobody.
    ("domain", &[]),
    ("entity", &["consentry-domain"]),
    // History is text: a migration that used today's entity would change when the entity does. What it computes for rows
    // that are there is a rule.
    ("migration", &["consentry-domain"]),
    ("api", &["consentry-domain", "consentry-entity", "consentry-migration"]),
    // Pages are a client of the API.
    ("web", &["consentry"]),
    ("program", &["consentry", "consentry-web"]),
];

/// Rooms of the program: each with those that it may know. A room that is not here has no place in the drawing yet.
const ROOMS: &[(&str, &[&str])] = &[
    ("config", &[]),
    // What everybody stands on: the database, keys, time and chance.
    ("platform", &["config"]),
    ("access", &["platform"]),
    ("services", &["access", "platform", "config"]),
    ("jobs", &["services", "access", "platform", "config"]),
    ("graphql", &["services", "access", "platform"]),
    // The edge carries requests to the schema and answers back. It decides nothing, so it knows no service.
    ("http", &["graphql", "access", "platform", "config"]),
    // Sub-commands put the parts together.
    (
        "cli",
        &["http", "graphql", "jobs", "services", "access", "platform", "config"],
    ),
];

/// Rooms of the program that the pages may know: they run documents of the schema, and know no service behind it.
const KNOWN_TO_PAGES: &[&str] = &["graphql", "http", "access", "platform", "config"];

/// Other people's crates that only some rooms may know, so that each can be replaced in one place.
const BORROWED: &[(&[&str], &[&str])] = &[
    // `config` judges an address with the crate that will use it.
    (&["poem"], &["http", "cli", "config"]),
    (&["async_graphql"], &["graphql", "http", "cli"]),
    (
        &["sea_orm", "sea_orm_migration", "sqlx"],
        &["platform", "access", "services", "jobs", "cli"],
    ),
    (
        &[
            "stripe",
            "stripe_checkout",
            "stripe_core",
            "stripe_types",
            "stripe_webhook",
        ],
        &["services::payments"],
    ),
    (&["lettre"], &["services::mail", "config"]),
    (&["figment"], &["config"]),
    (&["image"], &["services::pictures", "cli"]),
    (&["consentry_migration"], &["platform", "services", "cli"]),
    // The edge of pages and resolvers shape what services return, never a row.
    (
        &["consentry_entity"],
        &["platform", "access", "services", "jobs", "cli", "graphql"],
    ),
];

/// What rules must not be able to do: they are told the time and handed the random bytes.
const IMPURE: &[&[&str]] = &[
    &["std", "fs"],
    &["std", "net", "TcpListener"],
    &["std", "net", "TcpStream"],
    &["std", "net", "ToSocketAddrs"],
    &["std", "net", "UdpSocket"],
    &["std", "env"],
    &["std", "process"],
    &["std", "io"],
    &["std", "thread"],
    &["std", "time"],
    &["rand"],
    &["jiff"],
    &["tokio"],
    &["sqlx"],
    &["poem"],
    &["async_graphql"],
    &["reqwest"],
    &["tracing"],
];

/// Dependencies between our crates, as their manifests say.
///
/// # Panics
/// When a manifest is no TOML.
#[must_use]
pub fn between_crates(sources: &Sources) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (folder, allowed) in CRATES {
        let path = format!("{folder}/Cargo.toml");
        let Some(manifest) = sources.0.iter().find(|source| source.path == path) else {
            continue;
        };
        let table: toml::Table = manifest.text.parse().expect("the manifest is TOML");
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(dependencies) = table.get(section).and_then(toml::Value::as_table) else {
                continue;
            };
            for name in dependencies.keys() {
                if (name == "consentry" || name.starts_with("consentry-")) && !allowed.contains(&name.as_str()) {
                    violations.push(Violation {
                        path: path.clone(),
                        line: 0,
                        what: format!("`{folder}` may not depend on `{name}`"),
                    });
                }
            }
        }
    }
    violations
}

/// Rooms of the program that know a room they may not, or that the drawing does not have.
#[must_use]
pub fn between_rooms(sources: &Sources) -> Vec<Violation> {
    let rooms: Vec<String> = sources.rust().filter_map(room).collect();
    let is_room = |name: &str| rooms.iter().any(|room| room == name) || ROOMS.iter().any(|(room, _)| *room == name);
    let mut violations = each_path(sources, |source, path| {
        let from_pages = source.path.starts_with("web/src/") && path.segments[0] == "consentry";
        let other = path.segments.get(1).filter(|_| from_pages)?;
        (!KNOWN_TO_PAGES.contains(&other.as_str())).then(|| format!("pages may not know `{other}`"))
    });
    for source in sources.rust() {
        let Some(room) = room(source) else { continue };
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            violations.push(violation(
                source,
                0,
                format!("the room `{room}` is not in the drawing of rooms"),
            ));
            continue;
        };
        for path in named(source) {
            let Some(other) = path.segments.get(1) else { continue };
            let foreign = path.segments[0] != "consentry" || *other == room || !is_room(other);
            if !foreign && !allowed.contains(&other.as_str()) {
                violations.push(violation(source, path.line, format!("`{room}` may not know `{other}`")));
            }
        }
    }
    violations
}

/// Other people's crates in rooms that should not know them.
#[must_use]
pub fn to_borrowed_crates(sources: &Sources) -> Vec<Violation> {
    each_path(sources, |source, path| {
        let room = module_of(&source.path);
        // What stands beside `src/` (tests, examples) uses the program from outside.
        if room[0] != "consentry" || room.len() == 1 || !source.path.starts_with("api/src/") {
            return None;
        }
        let (_, allowed) = BORROWED
            .iter()
            .find(|(crates, _)| crates.contains(&path.segments[0].as_str()))?;
        let inside = |place: &&str| place.split("::").zip(&room[1..]).all(|(a, b)| a == b);
        (!allowed.iter().any(inside)).then(|| format!("only {} may know `{}`", allowed.join(", "), path.segments[0]))
    })
}

/// Clocks, chance and the outside world in `domain`.
#[must_use]
pub fn purity(sources: &Sources) -> Vec<Violation> {
    each_path(sources, |source, path| {
        let impure = source.path.starts_with("domain/src/") && IMPURE.iter().any(|name| path.starts_with(name));
        impure.then(|| {
            format!(
                "rules are pure: `{}` has no place in `domain`",
                path.segments.join("::")
            )
        })
    })
}

/// What the partner's part of the schema must not be able to reach: types and services that hold more than was granted.
#[must_use]
pub fn of_the_partners_schema(sources: &Sources) -> Vec<Violation> {
    const HIDDEN: &[&[&str]] = &[
        &["consentry_entity"],
        &["consentry", "graphql", "attendee"],
        &["consentry", "graphql", "organizer"],
        &["consentry", "services", "complaints"],
        &["consentry", "services", "registration"],
        &["consentry", "services", "people"],
        &["consentry", "services", "privacy"],
    ];
    each_path(sources, |source, path| {
        let reaches =
            source.path.starts_with("api/src/graphql/partner/") && HIDDEN.iter().any(|name| path.starts_with(name));
        reaches.then(|| format!("a partner's types may not reach `{}`", path.segments.join("::")))
    })
}

fn each_path(sources: &Sources, judge: impl Fn(&Source, &Named) -> Option<String>) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in sources.rust() {
        for path in named(source) {
            if let Some(what) = judge(source, &path) {
                violations.push(violation(source, path.line, what));
            }
        }
    }
    violations
}

/// The room of a file of the program; none for `lib.rs` and `main.rs`, which only name the rooms.
fn room(source: &Source) -> Option<String> {
    let module = module_of(&source.path);
    (source.path.starts_with("api/src/") && module.len() > 1).then(|| module[1].clone())
}

fn violation(source: &Source, line: usize, what: String) -> Violation {
    Violation {
        path: source.path.clone(),
        line,
        what,
    }
}
