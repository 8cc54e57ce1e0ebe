//! From the id in an input to what its partner's administrator may do. Unknown, foreign and forbidden are one answer, at the
//! field that named it.

use async_graphql::{Context, ID};

use super::place::AdministeredPlace as Shown;
use crate::access::{AdministeredPartner, AdministeredPlace, OfPartner, OfPlace, administrator_at, administrator_of};
use crate::graphql::errors::at;
use crate::graphql::ids::{self, PublicId};
use crate::graphql::{caller, platform};
use crate::platform::{Fault, Refused};
use crate::services::partners;

/// The partner of this, which the caller administers, and its id.
pub(super) async fn of_partner<T: OfPartner + PublicId>(
    ctx: &Context<'_>,
    field: &str,
    id: &ID,
) -> Result<(AdministeredPartner, T), Refused> {
    let caller = caller(ctx);
    caller.signed_in().ok_or(Refused::Unauthenticated)?;
    let (organization, id) = ids::decode::<T>(id).ok_or_else(|| Refused::not_found(field))?;
    let own = administrator_of(platform(ctx), caller, organization, id).await;
    Ok((own.map_err(|refused| at(field, refused))?, id))
}

/// The place of this, whose partner the caller administers, and its id.
pub(super) async fn of_place<T: OfPlace + PublicId>(
    ctx: &Context<'_>,
    field: &str,
    id: &ID,
) -> Result<(AdministeredPlace, T), Refused> {
    let caller = caller(ctx);
    caller.signed_in().ok_or(Refused::Unauthenticated)?;
    let (organization, id) = ids::decode::<T>(id).ok_or_else(|| Refused::not_found(field))?;
    let place = administrator_at(platform(ctx), caller, organization, id).await;
    Ok((place.map_err(|refused| at(field, refused))?, id))
}

/// The place as it is shown after a change.
pub(super) async fn shown(ctx: &Context<'_>, place: &AdministeredPlace) -> Result<Shown, Refused> {
    let found = partners::own_place(&platform(ctx).store, place.of(), place.event_partner()).await?;
    let found = found.ok_or_else(|| Fault::Corrupt("a place that was there a moment ago".into()))?;
    Ok(found.into())
}
