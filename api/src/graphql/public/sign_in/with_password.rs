//! `signInWithPassword`.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::{BrowserSession, Session, SessionKind};
use crate::graphql::{errors, platform};
use crate::services::sign_in::{self, Opened, Typed};
use crate::user_errors;

/// Who signs in, and by what.
#[derive(InputObject)]
pub struct SignInWithPasswordInput {
    /// The address of the account.
    email: String,
    /// Its password.
    password: String,
    /// What its authenticator shows, or one of its recovery codes.
    code: String,
    /// For whom the session is.
    #[graphql(default_with = "SessionKind::Api")]
    kind: SessionKind,
}

user_errors! {
    /// Why `signInWithPassword` was refused.
    SignInWithPasswordUserError, SignInWithPasswordErrorCode {
        /// Something of it is not right, or there were too many wrong ones before. Nobody is told which.
        NotFound,
        /// Too many people are signing in at this moment.
        RateLimited,
    }
}

/// What `signInWithPassword` did.
#[derive(SimpleObject, Default)]
pub struct SignInWithPasswordPayload {
    /// The session, where one with tokens was asked for; absent when it was refused.
    session: Option<Session>,
    /// The session, where a browser's was asked for; absent when it was refused.
    browser_session: Option<BrowserSession>,
    /// Why it was refused.
    user_errors: Vec<SignInWithPasswordUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct SignInWithPassword;

/// The mutation.
#[Object]
impl SignInWithPassword {
    /// Signs in with a password and the code of an authenticator.
    async fn sign_in_with_password(
        &self,
        ctx: &Context<'_>,
        input: SignInWithPasswordInput,
    ) -> Result<Option<SignInWithPasswordPayload>> {
        let mut payload = SignInWithPasswordPayload::default();
        let password = input.password.into();
        let typed = Typed {
            email: &input.email,
            password: &password,
            code: &input.code,
        };
        match Box::pin(sign_in::with_password(platform(ctx), &typed, input.kind.into())).await {
            Ok(Opened::Api(session)) => payload.session = Some(session.into()),
            Ok(Opened::Browser(session)) => payload.browser_session = Some(session.into()),
            Err(refused) => payload.user_errors = errors::problems(refused)?,
        }
        Ok(Some(payload))
    }
}
