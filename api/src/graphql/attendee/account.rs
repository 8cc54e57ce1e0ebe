//! `me`: the signed-in account.

use async_graphql::{Context, ID, Object, Result};
use consentry_entity::account;

use super::person::Person;
use crate::graphql::organizer::TeamMember;
use crate::graphql::{caller, errors, ids, platform};
use crate::services::{people, team};

/// The query.
#[derive(Default)]
pub struct AccountQuery;

/// Somebody who can sign in to this installation.
pub struct Account {
    row: account::Model,
}

impl Account {
    pub(super) fn new(row: account::Model) -> Self {
        Self { row }
    }
}

/// Somebody who can sign in to this installation.
#[Object]
impl Account {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode_global(self.row.id)
    }
    /// The address that signs in.
    async fn email(&self) -> &str {
        &self.row.email
    }
    /// Who the account is within each organization.
    async fn people(&self, ctx: &Context<'_>) -> Result<Vec<Person>> {
        let found = people::people(&platform(ctx).store, self.row.id).await;
        let found = found.map_err(|fault| errors::internal(&fault))?;
        Ok(found
            .into_iter()
            .map(|(row, organization)| Person::new(row, organization))
            .collect())
    }
    /// The roles that the account holds now in organizations' teams.
    async fn team_memberships(&self, ctx: &Context<'_>) -> Result<Vec<TeamMember>> {
        let found = team::memberships(&platform(ctx).store, &self.row).await;
        let found = found.map_err(|fault| errors::internal(&fault))?;
        Ok(found
            .into_iter()
            .map(|(member, organization)| TeamMember::new(member, organization))
            .collect())
    }
}

#[Object]
impl AccountQuery {
    /// The signed-in account; absent when nobody is signed in.
    async fn me(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let Some(signed_in) = caller(ctx).signed_in() else {
            return Ok(None);
        };
        let found = people::account(&platform(ctx).store, signed_in.account()).await;
        let found = found.map_err(|error| errors::internal(&error.into()))?;
        Ok(found.map(Account::new))
    }
}
