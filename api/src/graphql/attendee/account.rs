//! `me`: the signed-in account.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use consentry_domain::Instant;
use consentry_entity::{account, session};

use super::person::Person;
use super::protection::{self, AccountProtection};
use crate::graphql::organizer::TeamMember;
use crate::graphql::partner::{self, PartnerMembership};
use crate::graphql::public::SessionKind;
use crate::graphql::scalars::DateTime;
use crate::graphql::{caller, errors, ids, platform};
use crate::services::{people, sign_in, team};

/// The query.
#[derive(Default)]
pub struct AccountQuery;

/// Where an account is signed in.
#[derive(SimpleObject)]
pub struct AccountSession {
    /// Opaque; `signOut` ends it.
    id: ID,
    /// By a program or in a browser.
    kind: SessionKind,
    /// Since when.
    created_at: DateTime,
    /// When it was used last, to the minute.
    last_used_at: DateTime,
    /// Whether it is the one that asks.
    is_current: bool,
}

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
    /// Where the account is signed in, what was used last first.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<AccountSession>> {
        let Some(signed_in) = caller(ctx).signed_in() else {
            return Ok(Vec::new());
        };
        let found = sign_in::list(&platform(ctx).store, signed_in).await;
        let found = found.map_err(|fault| errors::internal(&fault))?;
        let shown = |row: session::Model| AccountSession {
            id: ids::encode_global(row.id),
            kind: row.kind.into(),
            created_at: Instant(row.created_at).into(),
            last_used_at: Instant(row.last_used_at).into(),
            is_current: row.id == signed_in.session(),
        };
        Ok(found.into_iter().map(shown).collect())
    }
    /// How the account is protected.
    async fn protection(&self, ctx: &Context<'_>) -> Result<AccountProtection> {
        let found = protection::of(platform(ctx), self.row.id).await;
        found.map_err(|fault| errors::internal(&fault))
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
    /// The partners to whose staff the account belongs now.
    async fn partner_memberships(&self, ctx: &Context<'_>) -> Result<Vec<PartnerMembership>> {
        partner::memberships(ctx, self.row.id).await
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
