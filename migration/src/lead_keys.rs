//! Leads that are there before the keys are by which they are sorted: those that an earlier program made.

use consentry_domain::lead::SortKeys;
use consentry_domain::{LeadId, LeadValues, OfferId, OrganizationId};
use sea_orm_migration::sea_orm::prelude::Uuid;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

/// So many leads are read at once.
const STEP: usize = 500;

/// Writes the keys of every lead that is served.
pub(crate) async fn fill(connection: &impl ConnectionTrait) -> Result<(), DbErr> {
    let backend = connection.get_database_backend();
    let read = format!(
        "select organization_id, stream_id, id, full_name, family_name, company from lead where state = 1 \
         and (organization_id, stream_id, id) > ($1, $2, $3) order by organization_id, stream_id, id limit {STEP}"
    );
    let write = "update lead set sort_full_name = $4, sort_family_name = $5, sort_company = $6 \
                 where organization_id = $1 and stream_id = $2 and id = $3";
    let nil = Uuid::nil();
    let mut after = (OrganizationId(nil), OfferId(nil), LeadId(nil));
    loop {
        let values: [Value; 3] = [after.0.into(), after.1.into(), after.2.into()];
        let rows = connection
            .query_all_raw(Statement::from_sql_and_values(backend, &read, values))
            .await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = place(last)?;
        for row in &rows {
            let keys = keys(row)?;
            let (organization, stream, id) = place(row)?;
            let values: [Value; 6] = [
                organization.into(),
                stream.into(),
                id.into(),
                keys.full_name.into(),
                keys.family_name.into(),
                keys.company.into(),
            ];
            connection
                .execute_raw(Statement::from_sql_and_values(backend, write, values))
                .await?;
        }
    }
}

fn place(row: &QueryResult) -> Result<(OrganizationId, OfferId, LeadId), DbErr> {
    Ok((
        row.try_get("", "organization_id")?,
        row.try_get("", "stream_id")?,
        row.try_get("", "id")?,
    ))
}

fn keys(row: &QueryResult) -> Result<SortKeys, DbErr> {
    Ok(SortKeys::of(&LeadValues {
        full_name: row.try_get("", "full_name")?,
        family_name: row.try_get("", "family_name")?,
        company: row.try_get("", "company")?,
        ..LeadValues::default()
    }))
}
