//! `refreshSession`.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::Session;
use crate::graphql::{errors, platform};
use crate::services::sign_in;
use crate::user_errors;

/// A session to go on with.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// The refresh token, which is used up.
    refresh_token: String,
}

user_errors! {
    /// Why `refreshSession` was refused.
    RefreshSessionUserError, RefreshSessionErrorCode { NotFound }
}

/// What `refreshSession` did.
#[derive(SimpleObject, Default)]
pub struct RefreshSessionPayload {
    /// The session with new tokens; absent when it was refused.
    session: Option<Session>,
    /// Why it was refused.
    user_errors: Vec<RefreshSessionUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct RefreshSession;

/// The mutation.
#[Object]
impl RefreshSession {
    /// Exchanges a refresh token for new tokens. One that was used before ends its session.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        input: RefreshSessionInput,
    ) -> Result<Option<RefreshSessionPayload>> {
        Ok(Some(
            match sign_in::refresh(platform(ctx), &input.refresh_token).await {
                Ok(session) => RefreshSessionPayload {
                    session: Some(session.into()),
                    ..Default::default()
                },
                Err(refused) => RefreshSessionPayload {
                    user_errors: errors::problems(refused)?,
                    ..Default::default()
                },
            },
        ))
    }
}
