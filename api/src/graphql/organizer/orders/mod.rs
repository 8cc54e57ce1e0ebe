//! Orders, as staff see them, and the mutations that end orders and places.

mod list;

pub use list::{ManagedOrder, ManagedOrderConnection, OrderFilter};

pub(super) use list::page;

use async_graphql::{Context, ID, InputObject, MergedObject, Result};
use consentry_domain::{OrderId, RegistrationId};

use super::roster::{RosterEntry, entry, of_part};
use crate::access::rights::{ManageOrders, ManageRegistrations};
use crate::access::{Authorized, EventScope};
use crate::graphql::platform;
use crate::mutation;
use crate::platform::Refused;
use crate::services::registration as service;

/// The mutations.
#[derive(MergedObject, Default)]
pub struct OrderMutation(CancelOrder, CancelRegistrationAsStaff);

/// An order to be called off.
#[derive(InputObject)]
pub struct CancelOrderInput {
    /// Which.
    order_id: ID,
}

mutation! {
    /// Calls an order off with all its places. Doing it twice is doing it once. Money is not sent back by this.
    CancelOrder::cancel_order(CancelOrderInput) => cancel_order;
    CancelOrderPayload {
        /// The order; absent when it was refused.
        order: ManagedOrder
    }
    CancelOrderUserError, CancelOrderErrorCode { NotFound, PaymentProcessing, WrongState }
}

async fn cancel_order(ctx: &Context<'_>, input: CancelOrderInput) -> Result<ManagedOrder, Refused> {
    let (authorized, id): (Authorized<EventScope, ManageOrders>, OrderId) =
        of_part(ctx, "orderId", &input.order_id).await?;
    let row = service::cancel_order(platform(ctx), &authorized, id).await?;
    list::managed(platform(ctx), row).await
}

/// A place to be called off.
#[derive(InputObject)]
pub struct CancelRegistrationAsStaffInput {
    /// Which.
    registration_id: ID,
}

mutation! {
    /// Calls one place off. Doing it twice is doing it once. Money is not sent back by this.
    CancelRegistrationAsStaff::cancel_registration_as_staff(CancelRegistrationAsStaffInput) => cancel_registration;
    CancelRegistrationAsStaffPayload {
        /// The registration; absent when it was refused.
        registration: RosterEntry
    }
    CancelRegistrationAsStaffUserError, CancelRegistrationAsStaffErrorCode { NotFound, PaymentProcessing, WrongState }
}

async fn cancel_registration(ctx: &Context<'_>, input: CancelRegistrationAsStaffInput) -> Result<RosterEntry, Refused> {
    let (authorized, id): (Authorized<EventScope, ManageRegistrations>, RegistrationId) =
        of_part(ctx, "registrationId", &input.registration_id).await?;
    service::cancel_registration(platform(ctx), &authorized, id).await?;
    entry(ctx, authorized.organization(), authorized.event(), id).await
}
