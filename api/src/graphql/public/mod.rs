//! What anyone may see and do.

mod event;
mod localized;
mod organization;
mod sign_in;

pub use event::{Event, EventKind, EventStatus};
pub use localized::{LocalizedTextInput, localized};
pub use organization::Organization;
pub use sign_in::{
    RedeemSignInLinkUserError, RefreshSessionUserError, RequestSignInLinkUserError, Session, SignOutUserError,
};

use async_graphql::{Context, MergedObject, Object, Result};

use crate::graphql::{errors, platform};
use crate::services::events::{self, Audience};

/// Queries of anyone.
#[derive(Default)]
pub struct PublicQuery;

#[Object]
impl PublicQuery {
    /// A published event, by its organization's and its own slug.
    async fn event(&self, ctx: &Context<'_>, organization: String, slug: String) -> Result<Option<Event>> {
        let found = events::by_slug(&platform(ctx).store, Audience::Public, &organization, &slug)
            .await
            .map_err(|error| errors::internal(&error.into()))?;
        found
            .map(|(organization, event)| Event::new(event, organization))
            .transpose()
            .map_err(|fault| errors::internal(&fault))
    }
}

/// Mutations of anyone.
#[derive(MergedObject, Default)]
pub struct PublicMutation(
    sign_in::RequestSignInLink,
    sign_in::RedeemSignInLink,
    sign_in::RefreshSession,
    sign_in::SignOut,
);
