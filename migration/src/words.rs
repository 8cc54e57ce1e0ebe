//! Registrations that are there before the words are by which the roster finds them: those that an earlier program made.

use consentry_domain::{EventId, OrganizationId, RegistrationId, words};
use sea_orm_migration::sea_orm::prelude::Uuid;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, TransactionSession, TransactionTrait, Value,
};

/// So many registrations are read and written at once.
const STEP: usize = 500;

/// Writes the words of every registration that has none; how many they were. Each step is a transaction that keeps its
/// registrations from being changed or erased meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn fill(connection: &(impl ConnectionTrait + TransactionTrait)) -> Result<usize, DbErr> {
    let backend = connection.get_database_backend();
    let lock = match backend {
        DbBackend::Sqlite => "",
        _ => " for share of r",
    };
    let mut after = (OrganizationId(Uuid::nil()), RegistrationId(Uuid::nil()));
    let mut filled = 0;
    loop {
        let text = format!(
            "select r.organization_id, r.id, r.event_id, r.full_name, r.given_name, r.family_name, r.email, r.company, \
             r.order_code from registration r left join registration_words w on w.organization_id = r.organization_id \
             and w.registration_id = r.id where w.number is null and r.status <> 'ERASED' \
             and (r.organization_id, r.id) > ($1, $2) order by r.organization_id, r.id limit {STEP}{lock}"
        );
        let values: [Value; 2] = [after.0.into(), after.1.into()];
        let transaction = connection.begin().await?;
        let rows = transaction
            .query_all_raw(Statement::from_sql_and_values(backend, &text, values))
            .await?;
        let Some(last) = rows.last() else {
            return Ok(filled);
        };
        after = (last.try_get("", "organization_id")?, last.try_get("", "id")?);
        let mut values: Vec<Value> = Vec::with_capacity(rows.len() * 5);
        for row in &rows {
            values.extend(words_of(row)?);
        }
        let places: Vec<String> = (0..rows.len()).map(|row| placeholders(row * 5)).collect();
        let text = format!(
            "insert into registration_words (organization_id, registration_id, event_id, words, pieces) values {} \
             on conflict (organization_id, registration_id) do nothing",
            places.join(", ")
        );
        transaction
            .execute_raw(Statement::from_sql_and_values(backend, &text, values))
            .await?;
        transaction.commit().await?;
        filled += rows.len();
    }
}

/// `($1, $2, $3, $4, $5)` behind none.
fn placeholders(behind: usize) -> String {
    let numbers: Vec<String> = (behind + 1..=behind + 5).map(|number| format!("${number}")).collect();
    format!("({})", numbers.join(", "))
}

fn words_of(row: &QueryResult) -> Result<[Value; 5], DbErr> {
    let event: EventId = row.try_get("", "event_id")?;
    let columns = [
        "full_name",
        "given_name",
        "family_name",
        "email",
        "company",
        "order_code",
    ];
    let texts = columns.map(|column| row.try_get::<Option<String>>("", column));
    let texts = texts.into_iter().collect::<Result<Vec<_>, _>>()?;
    let kept = words::kept(texts.iter().flatten().map(String::as_str));
    let pieces = words::pieces(event, &kept);
    Ok([
        row.try_get::<OrganizationId>("", "organization_id")?.into(),
        row.try_get::<RegistrationId>("", "id")?.into(),
        event.into(),
        kept.into(),
        pieces.into(),
    ])
}
