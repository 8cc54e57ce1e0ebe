//! Many registrations from one: the rows of the pattern that went through the program are copied in the database, with
//! ids and names of their own. What the program would have written for them stands in every table that a page reads.

use std::time::Instant;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};

use crate::Failure;
use crate::shop::Shop;

/// What takes the place of a copied column's value, on SQLite and on PostgreSQL. `{n}` is the copy's number.
struct Instead {
    column: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

const fn instead(column: &'static str, sqlite: &'static str, postgres: &'static str) -> Instead {
    Instead {
        column,
        sqlite,
        postgres,
    }
}

/// An id that rows of several tables share: made from its kind and the copy's number.
macro_rules! shared {
    ($column:literal, $kind:literal) => {
        instead(
            $column,
            concat!("unhex(printf('%08x%024x', ", $kind, ", n))"),
            concat!("(lpad(to_hex(", $kind, "), 8, '0') || lpad(to_hex(n), 24, '0'))::uuid"),
        )
    };
}

/// An id that nothing refers to, random as the program's.
macro_rules! random {
    ($column:literal) => {
        instead($column, "randomblob(16)", concat!("md5('", $column, "' || n)::uuid"))
    };
}

const NAME: Instead = instead("full_name", "'Person ' || n", "'Person ' || n");
const EMAIL: Instead = instead(
    "email",
    "'p' || n || '@people.example'",
    "'p' || n || '@people.example'",
);
const CODE: Instead = instead("order_code", "printf('%010X', n)", "upper(lpad(to_hex(n), 10, '0'))");

const TABLES: &[(&str, &[Instead])] = &[
    (
        "\"order\"",
        &[
            shared!("id", 1),
            instead("code", CODE.sqlite, CODE.postgres),
            instead("buyer_email", EMAIL.sqlite, EMAIL.postgres),
            instead("buyer_email_key", EMAIL.sqlite, EMAIL.postgres),
        ],
    ),
    ("order_line", &[shared!("id", 4), shared!("order_id", 1)]),
    (
        "registration",
        &[
            shared!("id", 2),
            shared!("order_id", 1),
            CODE,
            instead("person_id", "null", "null"),
            instead("check_in_code", CODE.sqlite, CODE.postgres),
            instead("badge_code", CODE.sqlite, CODE.postgres),
            NAME,
            // Names in an order that is not that of the ids.
            instead(
                "sort_name",
                "cast(printf('person %08d', (n * 7919) % 1000003) as blob)",
                "convert_to('person ' || lpad(((n::bigint * 7919) % 1000003)::text, 8, '0'), 'UTF8')",
            ),
            EMAIL,
            instead("email_key", EMAIL.sqlite, EMAIL.postgres),
        ],
    ),
    ("acknowledgement", &[shared!("registration_id", 2)]),
    (
        "consent",
        &[shared!("registration_id", 2), shared!("consent_record_id", 3)],
    ),
    ("consent_record", &[shared!("id", 3), shared!("registration_id", 2)]),
    ("opening", &[shared!("id", 3), shared!("registration_id", 2)]),
    ("contact", &[shared!("registration_id", 2), random!("contact_key")]),
    (
        "lead",
        &[
            random!("id"),
            shared!("registration_id", 2),
            random!("contact_key"),
            shared!("consent_record_id", 3),
            NAME,
            EMAIL,
            instead("sort_full_name", "'person ' || n", "'person ' || n"),
        ],
    ),
];

/// Fills the event up to so many registrations.
pub(crate) async fn fill(shop: &Shop, size: u32) -> Result<(), Failure> {
    let database = shop.program.database.connect().await?;
    let sqlite = shop.program.database.is_sqlite();
    let count = size.saturating_sub(1);
    let begun = Instant::now();
    if sqlite {
        // The copies need not survive a crash, and fit into memory.
        for pragma in ["synchronous = off", "cache_size = -1000000", "foreign_keys = off"] {
            database.execute_unprepared(&format!("pragma {pragma}")).await?;
        }
    }
    for (table, replaced) in TABLES {
        let columns = columns(&database, table.trim_matches('"'), sqlite).await?;
        let value = |column: &String| {
            let found = replaced.iter().find(|instead| instead.column == column);
            found.map_or_else(
                || format!("p.{column}"),
                |instead| (if sqlite { instead.sqlite } else { instead.postgres }).to_owned(),
            )
        };
        let values: Vec<String> = columns.iter().map(value).collect();
        let numbers = if sqlite {
            format!(
                "(with recursive s(n) as (select 1 union all select n + 1 from s where n < {count}) select n from s)"
            )
        } else {
            format!("(select n from generate_series(1, {count}) n)")
        };
        // Of the pattern's consent records only the last is kept for the copies: it is the one that is in force.
        let pattern = match *table {
            "consent_record" | "opening" => {
                format!("(select * from {table} where id in (select consent_record_id from consent))")
            }
            other => format!("(select * from {other})"),
        };
        let copy = format!(
            "insert into {table} ({}) select {} from {pattern} p cross join {numbers} s",
            columns.join(", "),
            values.join(", ")
        );
        database
            .execute_unprepared(&copy)
            .await
            .map_err(|error| format!("{table}: {error}"))?;
    }
    consentry_migration::words::fill(&database).await?;
    database
        .execute_unprepared(&format!("update quota set size = size + {count}"))
        .await?;
    if !sqlite {
        database.execute_unprepared("vacuum analyze").await?;
    }
    database.close().await?;
    let filled = begun.elapsed();
    let verified = shop.program.run(&["verify"]).await?;
    if !verified.contains(" 0 differences") {
        return Err(format!("the copies are not what the program would have written: {verified}").into());
    }
    eprintln!(
        "   {size} registrations on {}: filled in {:.0} s, compared with the truth in {:.0} s",
        shop.program.database.engine(),
        filled.as_secs_f64(),
        (begun.elapsed() - filled).as_secs_f64()
    );
    Ok(())
}

async fn columns(database: &DatabaseConnection, table: &str, sqlite: bool) -> Result<Vec<String>, DbErr> {
    let text = if sqlite {
        format!("select name from pragma_table_info('{table}')")
    } else {
        format!(
            "select column_name::text as name from information_schema.columns where table_name = '{table}' and table_schema = 'public'"
        )
    };
    let rows = database
        .query_all_raw(Statement::from_string(database.get_database_backend(), text))
        .await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}
