//! Team members: their roles, for the whole organization or one event, until they end.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use consentry_domain::{AccountId, EventId, OrganizationId, Role};
use consentry_entity::event;

use super::rights::Permission;
use super::{Authorized, Caller, EventScope, OrganizationScope};
use crate::platform::store::sql;
use crate::platform::{Platform, Refused};

/// A team member's live role and where it holds.
#[derive(Clone, Copy, Debug)]
struct Held {
    role: Role,
    event: Option<EventId>,
    event_exists: bool,
}

/// Somebody who holds a role in an organization, for the whole of it or for an event. Only this module makes one.
#[derive(Clone, Debug)]
pub struct Member {
    organization: OrganizationId,
    account: AccountId,
    held: Vec<Held>,
}

impl Member {
    /// Whether the member holds `P` on this event; not where it is another tenant's.
    #[must_use]
    pub fn on_event<P: Permission>(&self, event: &event::Model) -> Option<Authorized<EventScope, P>> {
        if event.organization_id != self.organization {
            return None;
        }
        on_event(self.organization, event.id, self.account, &self.held)
    }
}

/// An event role counts for its event, an organization role for all.
fn on_event<P: Permission>(
    organization: OrganizationId,
    event: EventId,
    account: AccountId,
    held: &[Held],
) -> Option<Authorized<EventScope, P>> {
    let counts = |held: &&Held| held.event.is_none_or(|its| its == event);
    let roles = held.iter().filter(counts).map(|held| held.role).collect();
    Authorized::by_roles(EventScope { organization, event }, account, roles)
}

/// Asks whether the caller holds `P` on this event. An event role counts for its event, an organization role for all; a
/// device lets people in at its own.
///
/// # Errors
/// [`Refused::Unauthenticated`] when nobody is signed in; not found when the event is not there, is another tenant's, or
/// the right is missing: one answer; [`Refused::AuthenticatorRequired`] where the organization asks its team for one and
/// the caller, who is of it, has none.
pub async fn staff_of_event<P: Permission>(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
    event: EventId,
) -> Result<Authorized<EventScope, P>, Refused> {
    if let Caller::Door(device) = caller {
        return Authorized::by_device(device, EventScope { organization, event });
    }
    let signed_in = caller.signed_in().ok_or(Refused::Unauthenticated)?;
    let mut held = roles(platform, organization, signed_in.account(), Some(event)).await?;
    held.retain(|held| held.event_exists);
    on_event(organization, event, signed_in.account(), &held).ok_or_else(|| Refused::not_found(""))
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
    let held = roles(platform, organization, signed_in.account(), None).await?;
    let of_the_whole = held.iter().filter(|held| held.event.is_none());
    let roles = of_the_whole.map(|held| held.role).collect();
    Authorized::by_roles(OrganizationScope { organization }, signed_in.account(), roles)
        .ok_or_else(|| Refused::not_found(""))
}

/// At which events of an organization somebody holds the right `P`. Only `access` makes one.
#[derive(Debug)]
pub struct AtEvents<P> {
    member: Member,
    events: Option<BTreeSet<EventId>>,
    right: PhantomData<fn() -> P>,
}

impl<P: Permission> AtEvents<P> {
    /// The tenant.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.member.organization
    }

    /// The events; none: all of the organization's.
    #[must_use]
    pub fn events(&self) -> Option<&BTreeSet<EventId>> {
        self.events.as_ref()
    }

    /// The right at one of them; none where it does not reach. The event is of this organization and exists.
    #[must_use]
    pub fn at(&self, event: &event::Model) -> Option<Authorized<EventScope, P>> {
        self.member.on_event(event)
    }
}

/// Asks at which events of the organization the caller holds `P`: at all, by a role for the whole of it, or at some.
///
/// # Errors
/// As [`staff_of_event`]; not found, too, where it is none.
pub async fn staff_at_events<P: Permission>(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
) -> Result<AtEvents<P>, Refused> {
    let member = member_of(platform, caller, organization).await?;
    let able = member.held.iter().filter(|held| P::RIGHT.roles().contains(&held.role));
    let events: Vec<Option<EventId>> = able.map(|held| held.event).collect();
    if events.is_empty() {
        return Err(Refused::not_found(""));
    }
    Ok(AtEvents {
        member,
        events: events.into_iter().collect(),
        right: PhantomData,
    })
}

/// Asks whether the caller holds any role in the organization, for the whole of it or for an event.
///
/// # Errors
/// As [`staff_of_event`].
pub async fn member_of(platform: &Platform, caller: &Caller, organization: OrganizationId) -> Result<Member, Refused> {
    let account = caller.signed_in().ok_or(Refused::Unauthenticated)?.account();
    let held = roles(platform, organization, account, None).await?;
    if held.is_empty() {
        return Err(Refused::not_found(""));
    }
    Ok(Member {
        organization,
        account,
        held,
    })
}

/// The live roles of an account, and whether the event in question exists: one statement.
///
/// # Errors
/// [`Refused::AuthenticatorRequired`] where there are some and the organization asks its team for what the account lacks.
async fn roles(
    platform: &Platform,
    organization: OrganizationId,
    account: AccountId,
    event: Option<EventId>,
) -> Result<Vec<Held>, Refused> {
    let text = format!(
        "select t.role, t.event_id, exists (select 1 from event e where e.organization_id = $2 and e.id = $4) as there, \
         o.authenticator_required and not exists (select 1 from credential c where c.account_id = $3 and c.kind = 'TOTP' \
         and c.expires_at is null) as locked \
         from team_member t join organization o on o.id = t.organization_id \
         where t.organization_id = $2 and t.account_id = $3 and t.removed_at is null \
         and (t.ends_at is null or t.ends_at > {})",
        sql::now(platform.store.engine(), 1)
    );
    let values = [
        sql::now_value(&platform.store),
        organization.into(),
        account.into(),
        event.into(),
    ];
    let rows = sql::all(platform.store.read(), &text, values).await?;
    let mut held = Vec::with_capacity(rows.len());
    for row in &rows {
        if row.try_get("", "locked")? {
            return Err(Refused::AuthenticatorRequired);
        }
        held.push(Held {
            role: row.try_get("", "role")?,
            event: row.try_get("", "event_id")?,
            event_exists: row.try_get("", "there")?,
        });
    }
    Ok(held)
}
