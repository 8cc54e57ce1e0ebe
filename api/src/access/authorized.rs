//! The proof that somebody may do something to something.

use std::marker::PhantomData;
use std::sync::Arc;

use consentry_domain::{AccountId, EventId, OrganizationId, Role};

use super::door::{Actor, DoorDevice};
use super::rights::Permission;
use crate::platform::Refused;

/// An organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationScope {
    /// The tenant.
    pub organization: OrganizationId,
}

/// An event of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventScope {
    /// The tenant.
    pub organization: OrganizationId,
    /// The event, which exists there.
    pub event: EventId,
}

/// That `actor` holds the right `P` on the thing `S`. Only `access` makes one.
#[derive(Debug)]
pub struct Authorized<S, P: Permission> {
    scope: S,
    actor: P::Actor,
    /// The actor's roles that count for the thing.
    roles: Vec<Role>,
    right: PhantomData<fn() -> P>,
}

impl<S: Copy, P: Permission> Authorized<S, P> {
    /// If one of these roles holds the right.
    pub(super) fn by_roles(scope: S, actor: AccountId, roles: Vec<Role>) -> Option<Self> {
        roles
            .iter()
            .any(|role| P::RIGHT.roles().contains(role))
            .then_some(Self {
                scope,
                actor: actor.into(),
                roles,
                right: PhantomData,
            })
    }

    /// Whether the actor holds another right on the same thing, from the roles that were looked up for this one.
    #[must_use]
    pub fn also<Q: Permission>(&self) -> Option<Authorized<S, Q>> {
        Authorized::by_roles(self.scope, self.actor.account()?, self.roles.clone())
    }

    /// The thing.
    #[must_use]
    pub fn scope(&self) -> S {
        self.scope
    }

    /// Who holds the right.
    #[must_use]
    pub fn actor(&self) -> P::Actor {
        self.actor.clone()
    }
}

impl<P: Permission> Authorized<EventScope, P> {
    /// If a device can hold the right, and this is its event.
    pub(super) fn by_device(device: &Arc<DoorDevice>, scope: EventScope) -> Result<Self, Refused> {
        let actor = P::Actor::of_device(device).ok_or(Refused::Unauthenticated)?;
        if scope != device.scope() {
            return Err(Refused::not_found(""));
        }
        Ok(Self {
            scope,
            actor,
            roles: Vec::new(),
            right: PhantomData,
        })
    }

    /// The tenant.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.scope.organization
    }

    /// The event.
    #[must_use]
    pub fn event(&self) -> EventId {
        self.scope.event
    }
}

impl<P: Permission> Authorized<OrganizationScope, P> {
    /// The tenant.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.scope.organization
    }
}
