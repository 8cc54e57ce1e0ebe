//! Staff of the event to which something belongs: an order, a payment, a registration, an offer, a check-in, a mail, an export.

use consentry_domain::{
    CheckInId, DoorDeviceId, EventId, EventPartnerId, MailId, OfferId, OrderId, OrganizationId, PaymentId,
    RegistrationId, RosterExportId,
};
use uuid::Uuid;

use super::rights::Permission;
use super::{Authorized, Caller, EventScope, staff_of_event};
use crate::platform::store::sql;
use crate::platform::{Platform, Refused};

/// Something of an event.
pub trait Part: Copy + Into<Uuid> {
    /// The event of the one that `$2` names, in the organization `$1`.
    const EVENT: &'static str;
}

macro_rules! parts {
    ($($id:ty = $table:literal),* $(,)?) => {$(
        impl Part for $id {
            const EVENT: &'static str =
                concat!("select event_id from ", $table, " where organization_id = $1 and id = $2 and event_id is not null");
        }
    )*};
}

parts! {
    OrderId = "\"order\"",
    RegistrationId = "registration",
    CheckInId = "check_in",
    DoorDeviceId = "door_device",
    MailId = "mail",
    RosterExportId = "roster_export",
    EventPartnerId = "event_partner",
    OfferId = "sharing_offer",
}

impl Part for PaymentId {
    const EVENT: &'static str = "select o.event_id from payment p \
        join \"order\" o on o.organization_id = p.organization_id and o.id = p.order_id \
        where p.organization_id = $1 and p.id = $2";
}

/// Asks whether the caller holds `P` on the event of this.
///
/// # Errors
/// As [`staff_of_event`]; an unknown id answers as a foreign one.
pub async fn staff_of_part<P: Permission, T: Part>(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
    id: T,
) -> Result<Authorized<EventScope, P>, Refused> {
    // Who is not signed in learns nothing about what is there.
    caller.may_hold::<P>()?;
    let id: Uuid = id.into();
    let row = sql::optional(platform.store.read(), T::EVENT, [organization.into(), id.into()]).await?;
    let event: EventId = row.ok_or_else(|| Refused::not_found(""))?.try_get("", "event_id")?;
    staff_of_event(platform, caller, organization, event).await
}
