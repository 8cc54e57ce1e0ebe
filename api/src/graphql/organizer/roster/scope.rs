//! From the id in an input to the right on its event. Unknown, foreign and forbidden are one answer, at the field that
//! named it.

use async_graphql::{Context, ID};
use consentry_domain::{EventId, OrganizationId};

use crate::access::rights::Permission;
use crate::access::{
    Authorized, EventScope, OrganizationScope, Part, staff_of_event, staff_of_organization, staff_of_part,
};
pub(in crate::graphql::organizer) use crate::graphql::errors::at;
use crate::graphql::ids::{self, PublicId};
use crate::graphql::{caller, platform};
use crate::platform::Refused;

/// The right on this organization.
pub(in crate::graphql::organizer) async fn of_organization<P: Permission>(
    ctx: &Context<'_>,
    field: &str,
    id: &ID,
) -> Result<Authorized<OrganizationScope, P>, Refused> {
    let caller = caller(ctx);
    caller.signed_in().ok_or(Refused::Unauthenticated)?;
    let organization: OrganizationId = ids::decode_global(id).ok_or_else(|| Refused::not_found(field))?;
    staff_of_organization(platform(ctx), caller, organization)
        .await
        .map_err(|refused| at(field, refused))
}

/// The right on the organization that something belongs to, and its id.
pub(in crate::graphql::organizer) async fn of_owner<P: Permission, T: PublicId>(
    ctx: &Context<'_>,
    field: &str,
    id: &ID,
) -> Result<(Authorized<OrganizationScope, P>, T), Refused> {
    let caller = caller(ctx);
    caller.signed_in().ok_or(Refused::Unauthenticated)?;
    let (organization, id) = ids::decode::<T>(id).ok_or_else(|| Refused::not_found(field))?;
    let authorized = staff_of_organization(platform(ctx), caller, organization).await;
    Ok((authorized.map_err(|refused| at(field, refused))?, id))
}

/// The right on this event.
pub(in crate::graphql::organizer) async fn of_event<P: Permission>(
    ctx: &Context<'_>,
    field: &str,
    id: &ID,
) -> Result<Authorized<EventScope, P>, Refused> {
    let caller = caller(ctx);
    caller.may_hold::<P>()?;
    let (organization, event) = ids::decode::<EventId>(id).ok_or_else(|| Refused::not_found(field))?;
    staff_of_event(platform(ctx), caller, organization, event)
        .await
        .map_err(|refused| at(field, refused))
}

/// The right on the event of this, and its id.
pub(in crate::graphql::organizer) async fn of_part<P: Permission, T: Part + PublicId>(
    ctx: &Context<'_>,
    field: &str,
    id: &ID,
) -> Result<(Authorized<EventScope, P>, T), Refused> {
    let caller = caller(ctx);
    caller.may_hold::<P>()?;
    let (organization, id) = ids::decode::<T>(id).ok_or_else(|| Refused::not_found(field))?;
    let authorized = staff_of_part(platform(ctx), caller, organization, id).await;
    Ok((authorized.map_err(|refused| at(field, refused))?, id))
}
