//! What staff see, by its id.

use async_graphql::{Context, ID, Result};
use consentry_domain::{PartnerId, RegistrationId};

use super::partners::Partner;
use super::roster::{self, of_event, of_part};
use super::{ManagedEvent, RosterEntry};
use crate::access::member_of;
use crate::access::rights::{ViewOrganization, ViewRoster};
use crate::access::{Authorized, EventScope};
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::Refused;
use crate::services::events::{self, Audience};
use crate::services::{organizations, partners, roster as rosters};

/// An event in whatever state.
pub(in crate::graphql) async fn event(ctx: &Context<'_>, id: &ID) -> Result<Option<ManagedEvent>> {
    absent(managed(ctx, id).await)
}

async fn managed(ctx: &Context<'_>, id: &ID) -> Result<ManagedEvent, Refused> {
    let view: Authorized<EventScope, ViewOrganization> = of_event(ctx, "", id).await?;
    let store = &platform(ctx).store;
    let missing = || Refused::not_found("");
    let row = events::by_id(store, Audience::Staff, view.organization(), view.event()).await?;
    let owner = organizations::by_id(store, view.organization()).await?;
    Ok(ManagedEvent::new(
        view,
        row.ok_or_else(missing)?,
        owner.ok_or_else(missing)?,
    ))
}

/// A place, which is in the audit log as a page of the roster is.
pub(in crate::graphql) async fn roster_entry(ctx: &Context<'_>, id: &ID) -> Result<Option<RosterEntry>> {
    absent(seen(ctx, id).await)
}

async fn seen(ctx: &Context<'_>, id: &ID) -> Result<RosterEntry, Refused> {
    let (view, id): (Authorized<EventScope, ViewRoster>, RegistrationId) = of_part(ctx, "", id).await?;
    let platform = platform(ctx);
    let row = rosters::note_seen(platform, &view, id).await?;
    Ok(RosterEntry::one(
        platform,
        roster::event_of(platform, &view).await?,
        row,
    ))
}

/// A company with which the organization shares.
pub(in crate::graphql) async fn partner(ctx: &Context<'_>, id: &ID) -> Result<Option<Partner>> {
    absent(known(ctx, id).await)
}

async fn known(ctx: &Context<'_>, id: &ID) -> Result<Partner, Refused> {
    let missing = || Refused::not_found("");
    let (organization, id) = ids::decode::<PartnerId>(id).ok_or_else(missing)?;
    member_of(platform(ctx), caller(ctx), organization).await?;
    let row = partners::by_id(&platform(ctx).store, organization, id).await?;
    Ok(row.ok_or_else(missing)?.into())
}

/// Nobody is told to sign in: what they may not see is not there.
fn absent<T>(outcome: Result<T, Refused>) -> Result<Option<T>> {
    match outcome {
        Err(Refused::Unauthenticated) => Ok(None),
        other => errors::absent(other),
    }
}
