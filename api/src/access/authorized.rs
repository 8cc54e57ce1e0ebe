//! The proof that somebody may do something to something.

use std::marker::PhantomData;

use consentry_domain::{AccountId, EventId, OrganizationId};

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
    right: PhantomData<fn() -> P>,
}

impl<S: Copy, P: Permission> Authorized<S, P> {
    pub(super) fn new(scope: S, actor: AccountId) -> Self {
        Self {
            scope,
            actor,
            right: PhantomData,
        }
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
