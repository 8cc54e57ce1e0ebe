//! By which words the roster finds registrations: written in the transaction of whatever changed their texts.

use consentry_domain::words;
use consentry_entity::registration;
use sea_orm::{DbErr, Value};

use crate::platform::store::{Tx, sql};

/// Writes the words of these registrations, in one statement; the index of each engine follows by itself.
///
/// # Errors
/// When the database fails.
pub(super) async fn write(tx: &Tx, rows: &[registration::Model]) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = Vec::with_capacity(rows.len() * 5);
    let mut places = Vec::with_capacity(rows.len());
    for row in rows {
        places.push(format!("({})", sql::list(values.len() + 1, 5)));
        let kept = of(row);
        let pieces = words::pieces(row.event_id, &kept);
        let bound: [Value; 5] = [
            row.organization_id.into(),
            row.id.into(),
            row.event_id.into(),
            kept.into(),
            pieces.into(),
        ];
        values.extend(bound);
    }
    let text = format!(
        "insert into registration_words (organization_id, registration_id, event_id, words, pieces) values {} \
         on conflict (organization_id, registration_id) do update set words = excluded.words, pieces = excluded.pieces",
        places.join(", ")
    );
    sql::execute(tx, &text, values).await?;
    Ok(())
}

/// What a registration is found by.
fn of(row: &registration::Model) -> String {
    let texts = [
        &row.full_name,
        &row.given_name,
        &row.family_name,
        &row.email,
        &row.company,
    ];
    let texts = texts.into_iter().flatten().map(String::as_str);
    words::kept(texts.chain([row.order_code.as_str()]))
}
