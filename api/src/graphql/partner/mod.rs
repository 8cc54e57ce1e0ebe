//! What a partner sees: types of its own, made only from what the disclosure rule returns.

mod access;
mod claim_token;
mod column;
mod event;
mod lead;
mod node;
mod page;
#[cfg(test)]
mod page_tests;
mod plan;
mod token;

pub use access::{PartnerAccess, PartnerCompany};
pub use claim_token::ClaimPartnerTokenUserError;
pub use event::PartnerEvent;
pub use lead::{Lead, LeadField};
pub use node::event as event_node;
pub use node::lead as lead_node;
pub use page::LeadPage;
pub use token::{PartnerField, PartnerToken};

use async_graphql::{Context, MergedObject, Object, Result};

use crate::access::Caller;
use crate::graphql::{caller, errors};

/// Queries of a partner.
#[derive(Default)]
pub struct PartnerQuery;

#[Object]
impl PartnerQuery {
    /// What the token that is sent along reaches.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<PartnerAccess>> {
        match caller(ctx) {
            Caller::Partner(credential) => Ok(Some(PartnerAccess::new(credential.clone()))),
            Caller::Anonymous => Err(errors::unauthenticated()),
            Caller::Account(_) => Ok(None),
        }
    }
}

/// Mutations of a partner.
#[derive(MergedObject, Default)]
pub struct TokenHolderMutation(claim_token::ClaimPartnerToken);
