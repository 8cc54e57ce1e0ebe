//! What somebody is a member of: the staff of partners.

use async_graphql::{Context, ID, Result, SimpleObject};

use super::PartnerCompany;
use crate::access::seats_of;
use crate::graphql::public::Organization;
use crate::graphql::{errors, ids, platform};
use crate::services::organizations;

/// One's membership in the staff of a partner.
#[derive(SimpleObject)]
pub struct PartnerMembership {
    /// What `partner(memberId:)` takes.
    id: ID,
    /// Whose events they are.
    organization: Organization,
    /// At which company one is.
    partner: PartnerCompany,
}

/// The memberships of an account. Two statements.
pub(in crate::graphql) async fn of_account(
    ctx: &Context<'_>,
    account: consentry_domain::AccountId,
) -> Result<Vec<PartnerMembership>> {
    let store = &platform(ctx).store;
    let seats = seats_of(store, account)
        .await
        .map_err(|fault| errors::internal(&fault))?;
    let owners = organizations::by_ids(store, seats.iter().map(|seat| seat.organization)).await;
    let owners = owners.map_err(|error| errors::internal(&error.into()))?;
    let membership = |seat: crate::access::Seat| {
        let owner = owners.iter().find(|owner| owner.id == seat.organization)?;
        Some(PartnerMembership {
            id: ids::encode(seat.organization, seat.id),
            organization: owner.clone().into(),
            partner: seat.into(),
        })
    };
    Ok(seats.into_iter().filter_map(membership).collect())
}
