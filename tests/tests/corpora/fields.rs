//! `fields.tsv`: every text that a mutation takes, what is accepted there, where it is stored.

use std::collections::BTreeSet;

use consentry::platform::store::sql;
use consentry_tests::TestApp;
use consentry_tests::world::Schema;
use serde_json::Value;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpora/fields.tsv");
/// What is no text although it is written as one: it has values of its own, or is only compared.
const NOT_WRITTEN: [&str; 4] = ["ID", "Int", "Boolean", "Float"];

/// What is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// One line of at most so many characters.
    Line(usize),
    /// Several lines.
    Text(usize),
    /// What has a form of its own, and what only finds things.
    Other,
}

/// A text that a mutation takes.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The mutation.
    pub mutation: &'static str,
    /// Where in its input.
    pub path: &'static str,
    /// What is accepted there.
    pub accepts: Accepts,
    /// In the words of the table.
    pub kind: &'static str,
    /// The table and its column; none where that is not looked at.
    pub stored: Option<(&'static str, &'static str)>,
}

impl Field {
    /// What it accepts, without how much.
    pub fn name_of_kind(&self) -> &'static str {
        self.kind.split(':').next().unwrap_or_default()
    }
}

/// Every one.
pub fn fields() -> Vec<Field> {
    let table: &'static str = std::fs::read_to_string(TABLE).expect("a table").leak();
    let lines = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    let fields = lines.map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [mutation, path, kind, stored] = cells[..] else {
            panic!("fields.tsv: {line}");
        };
        let most = |most: &str| most.parse().unwrap_or_else(|_| panic!("fields.tsv: {line}"));
        let accepts = match kind.split_once(':') {
            Some(("line", longest)) => Accepts::Line(most(longest)),
            Some(("text", longest)) => Accepts::Text(most(longest)),
            _ => Accepts::Other,
        };
        Field {
            mutation,
            path,
            accepts,
            kind,
            stored: stored.split_once('.'),
        }
    });
    fields.collect()
}

/// Every place in a mutation's input where something is written, with `0` for each list.
fn of_the_schema(schema: &Schema) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for mutation in schema.fields("Mutation") {
        for (path, of) in schema.leaves(&mutation.name) {
            if !NOT_WRITTEN.contains(&of.as_str()) && !schema.is_enum(&of) {
                let path = path.trim_start_matches("input.").replace('*', "0");
                all.insert((mutation.name.clone(), path));
            }
        }
    }
    all
}

/// The same place in the first of every list.
fn in_the_first(path: &str) -> String {
    let parts = path.split('.');
    let first = parts.map(|part| {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            "0"
        } else {
            part
        }
    });
    first.collect::<Vec<_>>().join(".")
}

#[test]
fn the_table_has_every_text_of_the_schema_and_no_other() {
    let listed: BTreeSet<_> = fields()
        .iter()
        .map(|field| (field.mutation.to_owned(), in_the_first(field.path)))
        .collect();
    let demanded = of_the_schema(&Schema::of_the_program());
    let missing: Vec<_> = demanded.difference(&listed).collect();
    assert!(
        missing.is_empty(),
        "tests/tests/corpora/fields.tsv does not say what is accepted in {missing:#?}"
    );
    let gone: Vec<_> = listed.difference(&demanded).collect();
    assert!(
        gone.is_empty(),
        "tests/tests/corpora/fields.tsv lists what no mutation takes: {gone:#?}"
    );
}

/// Whether a value is this text, or has it somewhere.
fn has(value: &Value, text: &str) -> bool {
    match value {
        Value::String(its) => its == text,
        Value::Array(all) => all.iter().any(|one| has(one, text)),
        Value::Object(all) => all.values().any(|one| has(one, text)),
        _ => false,
    }
}

/// The longest part of a text that is written the same way everywhere, in JSON and in a pattern, too.
fn plainest(text: &str) -> &str {
    text.split(|sign: char| !sign.is_ascii_alphanumeric())
        .max_by_key(|part| part.len())
        .unwrap_or_default()
}

/// Whether a column holds this text in a row, as it is or in an object of JSON.
pub async fn holds(app: &TestApp, (table, column): (&str, &str), text: &str) -> bool {
    // Only rows that may have it leave the database: there are thousands.
    let statement = format!(
        "select cast({column} as text) as v from \"{table}\" where cast({column} as text) like '%{}%'",
        plainest(text)
    );
    let rows = sql::all(app.store().admin(), &statement, []).await.expect("rows");
    rows.iter().any(|row| {
        let stored: String = row.try_get("", "v").expect("a text");
        stored == text || serde_json::from_str(&stored).is_ok_and(|value| has(&value, text))
    })
}
