//! `redeemSignInLink`.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::{BrowserSession, Session, SessionKind};
use crate::graphql::{errors, platform};
use crate::services::sign_in::{self, Opened};
use crate::user_errors;

/// A link from a mail.
#[derive(InputObject)]
pub struct RedeemSignInLinkInput {
    /// The last part of its address.
    secret: String,
    /// What the account's authenticator shows, where it has one, or one of its recovery codes.
    code: Option<String>,
    /// For whom the session is.
    #[graphql(default_with = "SessionKind::Api")]
    kind: SessionKind,
}

user_errors! {
    /// Why `redeemSignInLink` was refused.
    RedeemSignInLinkUserError, RedeemSignInLinkErrorCode {
        /// The link does not work any more.
        NotFound,
        /// The account has an authenticator: its code is missing. The link still works.
        Required,
        /// The code is wrong. The link still works.
        Invalid,
        /// There were too many wrong codes: the message says how long to wait.
        RateLimited,
    }
}

/// What `redeemSignInLink` did.
#[derive(SimpleObject, Default)]
pub struct RedeemSignInLinkPayload {
    /// The session, where one with tokens was asked for; absent when it was refused.
    session: Option<Session>,
    /// The session, where a browser's was asked for; absent when it was refused.
    browser_session: Option<BrowserSession>,
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
        let mut payload = RedeemSignInLinkPayload::default();
        let redeemed = sign_in::redeem(platform(ctx), &input.secret, input.code.as_deref(), input.kind.into());
        match Box::pin(redeemed).await {
            Ok(Opened::Api(session)) => payload.session = Some(session.into()),
            Ok(Opened::Browser(session)) => payload.browser_session = Some(session.into()),
            Err(refused) => payload.user_errors = errors::problems(refused)?,
        }
        Ok(Some(payload))
    }
}
