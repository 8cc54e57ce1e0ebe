//! What a partner sees: types of its own, made only from what the disclosure rule returns.

mod access;
mod administration;
mod claim_token;
mod column;
mod event;
mod lead;
mod membership;
mod node;
mod offers;
mod own_tokens;
mod page;
#[cfg(test)]
mod page_tests;
mod place;
mod plan;
mod scope;
mod search;
mod token;
mod token_scope;

pub use access::{PartnerAccess, PartnerCompany};
pub use administration::PartnerAdministration;
pub use claim_token::ClaimPartnerTokenUserError;
pub use event::PartnerEvent;
pub use lead::{Lead, LeadField};
pub use membership::PartnerMembership;
pub(in crate::graphql) use membership::of_account as memberships;
pub use node::event as event_node;
pub use node::lead as lead_node;
pub use offers::{AskForApprovalUserError, DiscardOfferDraftUserError, DraftOfferUserError, TakeBackOfferUserError};
pub use own_tokens::{IssueOwnTokenUserError, RevokeOwnTokenUserError};
pub use page::LeadPage;
pub(in crate::graphql) use token::shown as shown_token;
pub use token::{PartnerField, PartnerToken};
pub use token_scope::TokenScopeInput;
pub(in crate::graphql) use token_scope::scopes;

use async_graphql::{Context, ID, MergedObject, Object, Result};

use crate::access::{Caller, seat};
use crate::graphql::{caller, errors, ids, platform};

/// Queries of a partner.
#[derive(Default)]
pub struct PartnerQuery;

#[Object]
impl PartnerQuery {
    /// What the token that is sent along reaches; or what one reaches as a member of a partner's staff, of which one where
    /// an account is a member of several is said with an id of `me { partnerMemberships }`.
    async fn partner(&self, ctx: &Context<'_>, member_id: Option<ID>) -> Result<Option<PartnerAccess>> {
        match caller(ctx) {
            Caller::Anonymous | Caller::Door(_) => Err(errors::unauthenticated()),
            Caller::Partner(_) if member_id.is_some() => Ok(None),
            Caller::Partner(credential) => Ok(Some(PartnerAccess::new(credential.clone()))),
            caller @ Caller::Account(..) => {
                let named = match &member_id {
                    Some(id) => match ids::decode(id) {
                        None => return Ok(None),
                        named => named,
                    },
                    None => None,
                };
                let found = seat(platform(ctx), caller, named).await;
                let found = found.map_err(|fault| errors::internal(&fault))?;
                Ok(found.map(|(seat, credential)| PartnerAccess::of_member(seat, credential)))
            }
        }
    }
}

/// Mutations of a partner.
#[derive(MergedObject, Default)]
pub struct TokenHolderMutation(
    claim_token::ClaimPartnerToken,
    offers::OwnOfferMutation,
    own_tokens::OwnTokenMutation,
);
