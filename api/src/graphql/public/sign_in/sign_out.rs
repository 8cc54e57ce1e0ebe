//! `signOut`.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use crate::graphql::{caller, errors, platform};
use crate::services::sign_in;
use crate::user_errors;

/// Which sessions to end.
#[derive(InputObject)]
pub struct SignOutInput {
    /// Every session of the account, not this one alone.
    #[graphql(default)]
    everywhere: bool,
}

user_errors! {
    /// Why `signOut` was refused.
    SignOutUserError, SignOutErrorCode { NotPermitted }
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
    /// Ends the session at once.
    async fn sign_out(&self, ctx: &Context<'_>, input: SignOutInput) -> Result<Option<SignOutPayload>> {
        let signed_in = caller(ctx).signed_in().ok_or_else(errors::unauthenticated)?;
        let ended = if input.everywhere {
            sign_in::end_all(platform(ctx), signed_in).await
        } else {
            sign_in::end(platform(ctx), signed_in).await
        };
        let user_errors = match ended {
            Ok(()) => Vec::new(),
            Err(refused) => errors::problems(refused)?,
        };
        Ok(Some(SignOutPayload { user_errors }))
    }
}
