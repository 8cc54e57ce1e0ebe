//! What may stand where, line by line: SQL, unfinished work, hosts; and how long a file may grow.

use super::{Sources, Violation};

/// The most lines of a file that is no test. Longer ones have started to do a second thing.
const LONGEST: usize = 500;

/// SQL and its execution outside the rooms that may hold them.
#[must_use]
pub fn sql(sources: &Sources) -> Vec<Violation> {
    const SQL: &[&str] = &[
        "Statement::from_",
        "from_sql",
        "from_string",
        "query_one",
        "query_all",
        "execute_raw",
        "execute_unprepared",
        ".exec(",
        "ConnectionTrait",
        "raw_sql!",
        "store::sql",
    ];
    const FREE_OF_IT: &[&str] = &[
        "domain/src/",
        "api/src/graphql/",
        "api/src/http/",
        "web/src/",
        "api/src/config/",
    ];
    lines(sources, |path, code, _| {
        let free = path.ends_with(".rs") && FREE_OF_IT.iter().any(|folder| path.starts_with(folder));
        let word = SQL.iter().find(|word| free && code.contains(**word))?;
        Some(format!("`{word}` belongs into a service or the platform"))
    })
}

/// Work that says of itself that it is not done, and output that bypasses the log.
#[must_use]
pub fn unfinished(sources: &Sources) -> Vec<Violation> {
    const WORDS: &[&str] = &["todo!(", "unimplemented!(", "dbg!("];
    let note = ["FIX", "ME"].concat();
    lines(sources, |path, code, text| {
        if !path.ends_with(".rs") {
            return None;
        }
        let word = WORDS
            .iter()
            .find(|word| code.contains(**word))
            .map(|word| (*word).to_owned());
        let word = word.or_else(|| text.contains(&note).then(|| note.clone()))?;
        Some(format!("`{word}`: finish it or take it out"))
    })
}

/// The environment is read in one place, so that `consentry config` can show everything that matters.
#[must_use]
pub fn environment(sources: &Sources) -> Vec<Violation> {
    lines(sources, |path, code, _| {
        let elsewhere = path.starts_with("api/src/") && !path.starts_with("api/src/config/");
        let reads = ["env::var", "env::vars"].iter().any(|word| code.contains(word));
        (elsewhere && reads).then(|| "only `config` reads the environment".to_owned())
    })
}

/// Names of package registries: where packages come from is the affair of whoever builds.
#[must_use]
pub fn hosts(sources: &Sources) -> Vec<Violation> {
    let hosts: Vec<String> = [
        ["crates", "io"],
        ["npmjs", "org"],
        ["npmjs", "com"],
        ["pypi", "org"],
        ["pythonhosted", "org"],
        ["debian", "org"],
    ]
    .iter()
    .map(|parts| parts.join("."))
    .collect();
    lines(sources, |path, _, text| {
        // Cargo writes its own registry into its lock file.
        if path == "Cargo.lock" {
            return None;
        }
        let host = hosts.iter().find(|host| text.contains(host.as_str()))?;
        Some(format!("`{host}` is a registry's host"))
    })
}

/// Files that are too long. Tests may be long: they list cases.
#[must_use]
pub fn length(sources: &Sources) -> Vec<Violation> {
    sources
        .rust()
        .filter(|source| !source.is_test() && source.text.lines().count() > LONGEST)
        .map(|source| Violation {
            path: source.path.clone(),
            line: 0,
            what: format!("{} lines; {LONGEST} is the most", source.text.lines().count()),
        })
        .collect()
}

/// Judges every line: path, code (comments and literals blanked), text.
fn lines(sources: &Sources, judge: impl Fn(&str, &str, &str) -> Option<String>) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in &sources.0 {
        for (index, (code, text)) in source.code.lines().zip(source.text.lines()).enumerate() {
            if let Some(what) = judge(&source.path, code, text) {
                violations.push(Violation {
                    path: source.path.clone(),
                    line: index + 1,
                    what,
                });
            }
        }
    }
    violations
}
