//! `redeemSignInLink`.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::Session;
use crate::graphql::{errors, platform};
use crate::services::sign_in;
use crate::user_errors;

/// A link from a mail.
#[derive(InputObject)]
pub struct RedeemSignInLinkInput {
    /// The last part of its address.
    secret: String,
}

user_errors! {
    /// Why `redeemSignInLink` was refused.
    RedeemSignInLinkUserError, RedeemSignInLinkErrorCode { NotFound }
}

/// What `redeemSignInLink` did.
#[derive(SimpleObject, Default)]
pub struct RedeemSignInLinkPayload {
    /// The session; absent when it was refused.
    session: Option<Session>,
    /// Why it was refused.
    user_errors: Vec<RedeemSignInLinkUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct RedeemSignInLink;

/// The mutation.
#[Object]
impl RedeemSignInLink {
    /// Signs in with a link, which is used up.
    async fn redeem_sign_in_link(
        &self,
        ctx: &Context<'_>,
        input: RedeemSignInLinkInput,
    ) -> Result<Option<RedeemSignInLinkPayload>> {
        Ok(Some(match sign_in::redeem(platform(ctx), &input.secret).await {
            Ok(session) => RedeemSignInLinkPayload {
                session: Some(session.into()),
                ..Default::default()
            },
            Err(refused) => RedeemSignInLinkPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            },
        }))
    }
}
