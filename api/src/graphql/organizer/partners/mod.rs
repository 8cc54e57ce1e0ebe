//! Partners and offers, as staff see and change them.

mod add_event_partner;
mod approve_offer;
mod context;
mod create_partner;
mod listed;
mod managed;
mod members;
mod reject_offer;
mod request_offer;
mod revise_offer;
mod update_event_partner;
mod update_partner;
mod version;
mod withdraw_offer;

pub use add_event_partner::AddEventPartnerUserError;
pub use approve_offer::ApproveOfferUserError;
pub use create_partner::CreatePartnerUserError;
pub(super) use listed::Listed;
pub use managed::{ManagedEventPartner, ManagedOffer, Partner, PartnerConnection};
pub(super) use members::of_partner as members;
pub use members::{
    InvitePartnerMemberUserError, PartnerMember, RemovePartnerMemberUserError, UpdatePartnerMemberUserError,
};
pub use reject_offer::RejectOfferUserError;
pub use request_offer::RequestOfferUserError;
pub use revise_offer::ReviseOfferUserError;
pub use update_event_partner::UpdateEventPartnerUserError;
pub use update_partner::UpdatePartnerUserError;
pub use withdraw_offer::WithdrawOfferUserError;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, MergedObject, Result};
use consentry_domain::{OfferId, OrganizationId, PartnerId};

use crate::access::rights::ViewOrganization;
use crate::access::{Authorized, EventScope};
use crate::graphql::connection::Page;
use crate::graphql::public::Event;
use crate::graphql::{errors, platform};
use crate::services::partners;

/// The mutations about partners and offers.
#[derive(MergedObject, Default)]
pub struct PartnerMutation(
    create_partner::CreatePartner,
    update_partner::UpdatePartner,
    add_event_partner::AddEventPartner,
    update_event_partner::UpdateEventPartner,
    request_offer::RequestOffer,
    revise_offer::ReviseOffer,
    approve_offer::ApproveOffer,
    reject_offer::RejectOffer,
    withdraw_offer::WithdrawOffer,
    members::MemberMutation,
);

/// An event's partners with offers in every state.
pub(super) async fn of_event(
    ctx: &Context<'_>,
    authorized: &Authorized<EventScope, ViewOrganization>,
    event: Event,
    listed: &Listed,
) -> Result<Vec<ManagedEventPartner>> {
    let found = listed.of(&platform(ctx).store, authorized).await;
    let (all, questions) = found.map_err(|fault| errors::internal(&fault))?;
    let view = authorized.also().ok_or_else(errors::unauthenticated)?;
    let context = managed::Context {
        event,
        questions,
        tokens: Arc::new(managed::EventTokens::new(view)),
    };
    Ok(all
        .into_iter()
        .map(|partner| ManagedEventPartner::new(context.clone(), partner))
        .collect())
}

/// An offer of an event's partner, found by its id.
pub(super) struct FoundOffer {
    /// Whose it is.
    pub partner: ManagedEventPartner,
    /// The offer.
    pub offer: ManagedOffer,
    /// What it can ask for, to name fields by.
    pub context: managed::Context,
}

/// The offers of an event's partners, by their ids.
pub(super) async fn offers_of_event(
    ctx: &Context<'_>,
    authorized: &Authorized<EventScope, ViewOrganization>,
    event: Event,
) -> Result<HashMap<OfferId, FoundOffer>> {
    let view = authorized.also().ok_or_else(errors::unauthenticated)?;
    let alone = Listed::new(vec![Arc::new(view)]);
    let all = of_event(ctx, authorized, event, &alone).await?;
    let offers = all.iter().flat_map(ManagedEventPartner::found);
    Ok(offers.collect())
}

/// A page of the organization's partners, by name.
pub(super) async fn page(
    ctx: &Context<'_>,
    organization: OrganizationId,
    first: i32,
    after: Option<String>,
) -> Result<PartnerConnection> {
    let platform = platform(ctx);
    let list = [b"partners".as_slice(), organization.0.as_bytes()].concat();
    let page = Page::parse(platform, &list, first, after)?;
    let place = match &page.after {
        Some(place) => {
            Some(read_place(place).ok_or_else(|| errors::bad_input("after: this is not a cursor of this list."))?)
        }
        None => None,
    };
    let rows = partners::page(&platform.store, organization, page.first, place.as_ref()).await;
    let mut rows = rows.map_err(|error| errors::internal(&error.into()))?;
    let more = rows.len() > page.first as usize;
    rows.truncate(page.first as usize);
    let entries = rows.into_iter().map(|row| {
        let place = [row.id.0.as_bytes().as_slice(), row.display_name.as_bytes()].concat();
        (place, Partner::from(row))
    });
    Ok(PartnerConnection::new(platform, &list, &page, more, entries.collect()))
}

/// The name and id of the last one shown.
fn read_place(place: &[u8]) -> Option<(String, PartnerId)> {
    let (id, name) = place.split_at_checked(16)?;
    Some((
        String::from_utf8(name.to_vec()).ok()?,
        PartnerId(uuid::Uuid::from_slice(id).ok()?),
    ))
}
