//! The proof that somebody may do something to something.

use std::marker::PhantomData;

use consentry_domain::{AccountId, EventId, OrganizationId, Role};

use super::rights::Permission;

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
pub struct Authorized<S, P> {
    scope: S,
    actor: AccountId,
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
                actor,
                roles,
                right: PhantomData,
            })
    }

    /// Whether the actor holds another right on the same thing, from the roles that were looked up for this one.
    #[must_use]
    pub fn also<Q: Permission>(&self) -> Option<Authorized<S, Q>> {
        Authorized::by_roles(self.scope, self.actor, self.roles.clone())
    }

    /// The thing.
    #[must_use]
    pub fn scope(&self) -> S {
        self.scope
    }

    /// Who holds the right.
    #[must_use]
    pub fn actor(&self) -> AccountId {
        self.actor
    }
}

impl<P: Permission> Authorized<EventScope, P> {
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
