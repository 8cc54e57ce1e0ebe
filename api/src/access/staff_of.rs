//! Staff of the event that a thing belongs to, asked by the thing's id.

use consentry_domain::{EventId, EventPartnerId, OfferId, OrderId, OrganizationId};
use sea_orm::Value;

use super::rights::Permission;
use super::{Authorized, Caller, EventScope, staff_of_event};
use crate::platform::store::sql;
use crate::platform::{Platform, Refused};

/// Asks whether the caller holds `P` on the event at which this partner has a role.
///
/// # Errors
/// As [`staff_of_event`]; an unknown id answers as a foreign one.
pub async fn staff_of_event_partner<P: Permission>(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
    id: EventPartnerId,
) -> Result<Authorized<EventScope, P>, Refused> {
    let text = "select event_id from event_partner where organization_id = $1 and id = $2";
    staff_of(platform, caller, organization, text, id.into()).await
}

/// Asks whether the caller holds `P` on the event of this offer.
///
/// # Errors
/// As [`staff_of_event`]; an unknown id answers as a foreign one.
pub async fn staff_of_offer<P: Permission>(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
    id: OfferId,
) -> Result<Authorized<EventScope, P>, Refused> {
    let text = "select event_id from sharing_offer where organization_id = $1 and id = $2";
    staff_of(platform, caller, organization, text, id.into()).await
}

/// Asks whether the caller holds `P` on the event of this order.
///
/// # Errors
/// As [`staff_of_event`]; an unknown id answers as a foreign one.
pub async fn staff_of_order<P: Permission>(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
    id: OrderId,
) -> Result<Authorized<EventScope, P>, Refused> {
    let text = "select event_id from \"order\" where organization_id = $1 and id = $2";
    staff_of(platform, caller, organization, text, id.into()).await
}

async fn staff_of<P: Permission>(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
    text: &str,
    id: Value,
) -> Result<Authorized<EventScope, P>, Refused> {
    // Who is not signed in learns nothing about what is there.
    caller.signed_in().ok_or(Refused::Unauthenticated)?;
    let row = sql::optional(platform.store.read(), text, [organization.into(), id]).await?;
    let event: EventId = row.ok_or_else(|| Refused::not_found(""))?.try_get("", "event_id")?;
    staff_of_event(platform, caller, organization, event).await
}
