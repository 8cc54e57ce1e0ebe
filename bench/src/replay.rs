//! The same statements sent by pgbench: what the database alone costs.
//!
//! A request is sent twice, and its statements are read from the server's log. Where a value differs between the two it
//! belongs to the request (an id, a hash, an address), and pgbench makes a new one each time, the same wherever it
//! occurs; everything else stays as it was.

use std::collections::HashMap;
use std::process::Stdio;
use std::time::Duration;

use regex::Regex;
use tempfile::NamedTempFile;
use tokio::process::Command;

use crate::database::Database;
use crate::statements::{Executed, Log};
use crate::{Arguments, Failure, accounts};

/// What pgbench showed.
pub(crate) struct Replayed {
    /// Transactions in a second.
    pub(crate) per_second: f64,
    /// CPU of the server for one of them; pgbench's own is not counted.
    pub(crate) cpu: Duration,
    /// How many statements there are.
    pub(crate) statements: usize,
}

/// Captures the statements of `send(0)` and `send(1)`, and lets pgbench send them on eight connections.
pub(crate) async fn run<F>(arguments: &Arguments, database: &Database, send: F) -> Result<Replayed, Failure>
where
    F: AsyncFn(usize) -> Result<(), Failure>,
{
    let name = database.url.rsplit('/').next().unwrap_or_default();
    // The first one fills caches of prepared statements and is not what is measured.
    send(0).await?;
    let mut log = Log::follow(&arguments.postgres_log, &arguments.postgres, name).await?;
    send(0).await?;
    log.statements().await?;
    // A token's first request of a minute notes it, the next one does not: then both are sent again.
    let mut tries = 0;
    let (first, second) = loop {
        send(0).await?;
        let first = log.statements().await?;
        send(1).await?;
        let second = log.statements().await?;
        tries += 1;
        if shape(&first) == shape(&second) || tries == MOST_TRIES {
            break (first, second);
        }
    };
    log.end().await?;
    let login = first.first().ok_or("no statement was logged")?.login.clone();
    let script = script(&first, &second)?;
    let file = NamedTempFile::new()?;
    std::fs::write(file.path(), &script)?;
    if let Ok(folder) = std::env::var("BENCH_SCRIPTS") {
        let digest = script.len();
        std::fs::write(format!("{folder}/{login}-{digest}.sql"), &script)?;
    }
    pgbench(arguments, &login, name, file.path(), 1).await?;
    let before = accounts::cpu_of_family(arguments.postgres_pid)?;
    let (count, per_second) = pgbench(arguments, &login, name, file.path(), arguments.seconds).await?;
    let cpu = (accounts::cpu_of_family(arguments.postgres_pid)? - before) / count;
    Ok(Replayed {
        per_second,
        cpu,
        statements: first.len(),
    })
}

/// How often two requests may send different statements.
const MOST_TRIES: usize = 3;

/// What was executed, without its values.
fn shape(executed: &[Executed]) -> Vec<(&str, usize)> {
    let shape = executed.iter().map(|one| (one.text.as_str(), one.values.len()));
    shape.collect()
}

async fn pgbench(
    arguments: &Arguments,
    login: &str,
    database: &str,
    script: &std::path::Path,
    seconds: u64,
) -> Result<(u32, f64), Failure> {
    let server = arguments
        .postgres
        .split_once('@')
        .and_then(|(_, rest)| rest.split_once('/'));
    let (host, port) = server
        .and_then(|(server, _)| server.split_once(':'))
        .ok_or("an address without a port")?;
    let output = Command::new(arguments.postgres_programs.join("pgbench"))
        .args(["--no-vacuum", "--protocol=prepared", "--client=8", "--jobs=1"])
        .args([
            "--host",
            host,
            "--port",
            port,
            "--username",
            login,
            "--time",
            &seconds.to_string(),
        ])
        .arg("--file")
        .arg(script)
        .arg(database)
        .stdin(Stdio::null())
        .output()
        .await?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let number = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse::<f64>().ok())
    };
    match (number("number of transactions actually processed: "), number("tps = ")) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of transactions")]
        (Some(count), Some(rate)) if output.status.success() && count > 0.0 => Ok((count as u32, rate)),
        _ => Err(format!("pgbench: {text} {errors}").into()),
    }
}

/// A pgbench script that executes what `first` executed, with the values that differ from `second`'s made anew.
fn script(first: &[Executed], second: &[Executed]) -> Result<String, Failure> {
    let (one, other) = (shape(first), shape(second));
    if one != other {
        return Err(format!("two requests sent different statements: {one:#?} {other:#?}").into());
    }
    let mut own = Own::new(first, second)?;
    let mut body = String::new();
    for (one, other) in first.iter().zip(second) {
        let mut text = one.text.clone();
        for number in (0..one.values.len()).rev() {
            let value = match (&one.values[number], &other.values[number]) {
                (None, _) => "null".to_owned(),
                (Some(value), other) if other.as_ref() == Some(value) => literal(value),
                (Some(value), _) => own.anew(value),
            };
            text = replace(&text, number + 1, &value);
        }
        body.push_str(&text);
        body.push_str(";\n");
    }
    let variables: String = (0..own.seen.len())
        .map(|number| format!("\\set a{number} random(0, 2147483647)\n\\set b{number} random(0, 140737488355327)\n"))
        .collect();
    Ok(variables + &body)
}

/// The values that belong to a request.
struct Own {
    tokens: Regex,
    /// Those that differ, with the number of their variables.
    seen: HashMap<String, usize>,
}

impl Own {
    fn new(first: &[Executed], second: &[Executed]) -> Result<Self, Failure> {
        let tokens = Regex::new(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")?;
        let mut seen = HashMap::new();
        let pairs = first
            .iter()
            .zip(second)
            .flat_map(|(one, other)| one.values.iter().zip(&other.values));
        for (one, other) in pairs {
            let (Some(one), Some(other)) = (one, other) else {
                continue;
            };
            if one == other {
                continue;
            }
            for id in tokens.find_iter(one).map(|found| found.as_str()) {
                if !other.contains(id) {
                    let next = seen.len();
                    seen.entry(id.to_owned()).or_insert(next);
                }
            }
            let next = seen.len();
            seen.entry(one.clone()).or_insert(next);
        }
        Ok(Self { tokens, seen })
    }

    /// SQL for a value like this one that no request had before.
    fn anew(&mut self, value: &str) -> String {
        let number = self.seen.get(value).copied().unwrap_or_default();
        let whole = self.tokens.find(value).is_some_and(|found| found.as_str() == value);
        if whole {
            return id(number);
        }
        if let Some(bytes) = value.strip_prefix("\\x") {
            // Longer ones are contents, not names: their length is what costs.
            return match bytes.len() {
                16..=128 => format!("decode(lpad(to_hex(:b{number}::bigint), {}, '0'), 'hex')", bytes.len()),
                _ => literal(value),
            };
        }
        if value.parse::<i64>().is_ok() {
            return literal(value);
        }
        let mut parts = Vec::new();
        let mut end = 0;
        for found in self.tokens.find_iter(value) {
            if let Some(number) = self.seen.get(found.as_str()) {
                parts.push(literal(&value[end..found.start()]));
                parts.push(format!("({})::text", id(*number)));
                end = found.end();
            }
        }
        if !parts.is_empty() {
            parts.push(literal(&value[end..]));
            return format!("({})", parts.join(" || "));
        }
        match value.len() {
            ..=12 => format!("lpad(to_hex(:b{number}::bigint), {}, '0')", value.len().max(8)),
            13..=80 => format!("(to_hex(:b{number}::bigint) || {})", literal(value)),
            _ => literal(value),
        }
    }
}

/// An identifier anywhere in the space of ids.
fn id(number: usize) -> String {
    format!("(lpad(to_hex(:a{number}::bigint * 2), 8, '0') || lpad(to_hex(:b{number}::bigint), 24, '0'))::uuid")
}

/// A literal without a colon, which pgbench takes for a variable.
fn literal(value: &str) -> String {
    format!(
        "E'{}'",
        value
            .replace('\\', "\\\\")
            .replace('\'', "''")
            .replace(':', "\\x3a")
            .replace('\n', "\\n")
    )
}

/// Puts SQL in the place of `$number`.
fn replace(text: &str, number: usize, value: &str) -> String {
    let name = format!("${number}");
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(&name) {
        out.push_str(before);
        match after.starts_with(|next: char| next.is_ascii_digit()) {
            true => out.push_str(&name),
            false => out.push_str(value),
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_hides_what_pgbench_would_take_for_a_variable() {
        assert_eq!(literal(r#"{"a":true} it's \x00"#), r#"E'{"a"\x3atrue} it''s \\x00'"#);
    }

    #[test]
    fn a_place_is_not_the_beginning_of_another() {
        assert_eq!(replace("$1, $10, $1", 1, "x"), "x, $10, x");
    }

    #[test]
    fn what_differs_is_made_anew_and_the_same_wherever_it_occurs() {
        let executed = |id: &str, at: &str| Executed {
            login: "p".into(),
            text: "insert into t values ($1, $2, $3)".into(),
            values: vec![Some(id.into()), Some(at.into()), Some(format!("{{{id}}}"))],
        };
        let one = executed("00000000-0000-7000-8000-000000000001", "5");
        let other = executed("00000000-0000-7000-8000-000000000002", "6");
        let script = script(&[one], &[other]).unwrap();
        assert!(!script.contains("00000001"), "{script}");
        assert_eq!(script.matches(":a0::bigint").count(), 2, "{script}");
        assert!(script.contains("E'5'"), "{script}");
    }
}
