//! `signOut`.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use consentry_domain::SessionId;

use crate::access::Caller;
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::Refused;
use crate::services::{doors, sign_in};
use crate::user_errors;

/// Which sessions to end.
#[derive(InputObject)]
pub struct SignOutInput {
    /// Every session of the account, not this one alone.
    #[graphql(default)]
    everywhere: bool,
    /// Another session of the account, instead of this one: one of `me { sessions { id } }`.
    session_id: Option<ID>,
}

user_errors! {
    /// Why `signOut` was refused.
    SignOutUserError, SignOutErrorCode { NotPermitted, NotFound }
}

/// What `signOut` did.
#[derive(SimpleObject, Default)]
pub struct SignOutPayload {
    /// Why it was refused.
    user_errors: Vec<SignOutUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct SignOut;

/// The mutation.
#[Object]
impl SignOut {
    /// Ends the session at once. A device at a door ends itself, and cannot sign in again.
    async fn sign_out(&self, ctx: &Context<'_>, input: SignOutInput) -> Result<Option<SignOutPayload>> {
        if let Caller::Door(device) = caller(ctx) {
            let left = doors::leave(platform(ctx), device).await;
            let user_errors = left.err().map_or(Ok(Vec::new()), errors::problems)?;
            return Ok(Some(SignOutPayload { user_errors }));
        }
        let signed_in = caller(ctx).signed_in().ok_or_else(errors::unauthenticated)?;
        let ended = match input.session_id {
            _ if input.everywhere => sign_in::end_all(platform(ctx), signed_in).await,
            None => sign_in::end(platform(ctx), signed_in).await,
            Some(id) => match ids::decode_global::<SessionId>(&id) {
                Some(id) => sign_in::end_another(platform(ctx), signed_in, id).await,
                None => Err(Refused::not_found("sessionId")),
            },
        };
        let user_errors = match ended {
            Ok(()) => Vec::new(),
            Err(refused) => errors::problems(refused)?,
        };
        Ok(Some(SignOutPayload { user_errors }))
    }
}
