//! Whether the provider still accepts each organization's credentials.

use consentry_domain::ProviderKind;
use consentry_entity::{organization, provider_account};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::accounts;
use crate::platform::{Fault, Platform};

/// One organization's account.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The organization's slug.
    pub organization: String,
    /// What is wrong with it; nothing if the provider answered.
    pub problem: Option<String>,
}

/// Asks Stripe about every active account, once each, changing nothing. An account without keys yet is left out.
///
/// # Errors
/// Where the database or a sealed secret cannot be read.
pub async fn check_all(platform: &Platform) -> Result<Vec<Checked>, Fault> {
    let accounts = provider_account::Entity::find()
        .filter(provider_account::Column::Kind.eq(ProviderKind::Stripe))
        .filter(provider_account::Column::Active.eq(true))
        .order_by_asc(provider_account::Column::OrganizationId)
        .all(platform.store.read())
        .await?;
    let tenants = accounts.iter().map(|account| account.organization_id);
    let organizations = organization::Entity::find()
        .filter(organization::Column::Id.is_in(tenants))
        .all(platform.store.read())
        .await?;
    let now = Timestamp::from_microsecond(platform.store.now().await?.0)
        .map_err(|error| Fault::Corrupt(format!("the database's time: {error}")))?;
    let mut checked = Vec::new();
    for account in accounts {
        let Some(provider) = accounts::provider(platform, &account)? else {
            continue;
        };
        let found = organizations.iter().find(|row| row.id == account.organization_id);
        let answer = provider.events_since(now, None).await;
        checked.push(Checked {
            organization: found.map(|row| row.slug.clone()).unwrap_or_default(),
            problem: answer.err().map(|error| error.to_string()),
        });
    }
    Ok(checked)
}
