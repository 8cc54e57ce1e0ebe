//! Team members: their roles, for the whole organization or one event, until they end.

use consentry_domain::{AccountId, EventId, Instant, OrganizationId, Role};
use sea_orm::{ConnectionTrait, DbErr};

use super::rights::Permission;
use super::{Authorized, Caller, EventScope, OrganizationScope};
use crate::platform::store::sql;
use crate::platform::{Platform, Refused};

/// A team member's live role and where it holds.
struct Held {
    role: Role,
    event: Option<EventId>,
}

/// Asks whether the caller holds `P` on this event. An event role counts for its event, an organization role for all.
///
/// # Errors
/// [`Refused::Unauthenticated`] when nobody is signed in; not found when the event is not there, is another tenant's, or
/// the right is missing: one answer.
pub async fn staff_of_event<P: Permission>(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
    event: EventId,
) -> Result<Authorized<EventScope, P>, Refused> {
    let signed_in = caller.signed_in().ok_or(Refused::Unauthenticated)?;
    let now = platform.store.now().await?;
    let connection = platform.store.read();
    let exists = sql::optional(
        connection,
        "select 1 as one from event where organization_id = $1 and id = $2",
        [organization.into(), event.into()],
    )
    .await?
    .is_some();
    let held = roles(connection, organization, signed_in.account(), now).await?;
    let allowed = held
        .iter()
        .any(|held| P::RIGHT.roles().contains(&held.role) && held.event.is_none_or(|its| its == event));
    if exists && allowed {
        Ok(Authorized::new(EventScope { organization, event }, signed_in.account()))
    } else {
        Err(Refused::not_found(""))
    }
}

/// Asks whether the caller holds `P` on the whole organization.
///
/// # Errors
/// As [`staff_of_event`].
pub async fn staff_of_organization<P: Permission>(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
) -> Result<Authorized<OrganizationScope, P>, Refused> {
    let signed_in = caller.signed_in().ok_or(Refused::Unauthenticated)?;
    let now = platform.store.now().await?;
    let held = roles(platform.store.read(), organization, signed_in.account(), now).await?;
    if held.iter().any(|held| held.event.is_none() && P::RIGHT.roles().contains(&held.role)) {
        Ok(Authorized::new(OrganizationScope { organization }, signed_in.account()))
    } else {
        Err(Refused::not_found(""))
    }
}

/// Asks whether the caller holds any role in the organization, for the whole of it or for an event.
///
/// # Errors
/// As [`staff_of_event`].
pub async fn member_of(platform: &Platform, caller: &Caller, organization: OrganizationId) -> Result<AccountId, Refused> {
    let signed_in = caller.signed_in().ok_or(Refused::Unauthenticated)?;
    let now = platform.store.now().await?;
    if roles(platform.store.read(), organization, signed_in.account(), now).await?.is_empty() {
        return Err(Refused::not_found(""));
    }
    Ok(signed_in.account())
}

async fn roles(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    account: AccountId,
    now: Instant,
) -> Result<Vec<Held>, DbErr> {
    sql::all(
        connection,
        "select role, event_id from team_member where organization_id = $1 and account_id = $2 \
         and removed_at is null and (ends_at is null or ends_at > $3)",
        [organization.into(), account.into(), now.0.into()],
    )
    .await?
    .iter()
    .map(|row| Ok(Held { role: row.try_get("", "role")?, event: row.try_get("", "event_id")? }))
    .collect()
}
