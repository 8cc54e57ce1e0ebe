//! `exportMyData`: taking along everything that an organization holds of oneself.

use async_graphql::{Context, ID, InputObject, SimpleObject};

use super::person;
use crate::graphql::platform;
use crate::graphql::public::Organization;
use crate::graphql::scalars::DateTime;
use crate::mutation;
use crate::platform::Refused;
use crate::services::privacy::{self, Request};

/// Whose data.
#[derive(InputObject)]
pub struct ExportMyDataInput {
    /// Oneself within one organization: one of `me { people { id } }`.
    person_id: ID,
}

/// Everything that one organization holds of somebody.
#[derive(SimpleObject)]
pub struct MyData {
    /// The organization.
    organization: Organization,
    /// As of when.
    at: DateTime,
    /// What each table holds; those with nothing are left out.
    tables: Vec<MyDataTable>,
}

/// What one table holds of somebody.
#[derive(SimpleObject)]
pub struct MyDataTable {
    /// The table.
    name: &'static str,
    /// What its data is for.
    purpose: &'static str,
    /// How long it is kept.
    retention: &'static str,
    /// The columns, without those that hold a secret.
    columns: Vec<&'static str>,
    /// The rows, a value for each column: times as RFC 3339, amounts in minor units, what is structured as JSON.
    rows: Vec<Vec<Option<String>>>,
}

mutation! {
    /// Everything that one organization holds of oneself (Art. 15 and 20 GDPR). That it was asked for is
    /// in the organization's audit log.
    ExportMyData::export_my_data(ExportMyDataInput) => run;
    ExportMyDataPayload {
        /// The data; absent when it was refused.
        data: MyData
    }
    ExportMyDataUserError, ExportMyDataErrorCode { NotFound }
}

async fn run(ctx: &Context<'_>, input: ExportMyDataInput) -> Result<MyData, Refused> {
    let platform = platform(ctx);
    let own = person::own(ctx, &input.person_id).await?;
    let data = privacy::export(platform, Request::Own(&own)).await?;
    Ok(shown(data))
}

/// As the API shows it.
pub(in crate::graphql) fn shown(data: privacy::MyData) -> MyData {
    let table = |held: privacy::Held| MyDataTable {
        name: held.name,
        purpose: held.purpose,
        retention: held.retention,
        columns: held.columns,
        rows: held.rows,
    };
    MyData {
        organization: data.organization.into(),
        at: data.at.into(),
        tables: data.tables.into_iter().map(table).collect(),
    }
}
