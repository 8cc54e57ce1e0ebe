//! `requestSignInLink`.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use crate::graphql::scalars::Locale;
use crate::graphql::{errors, platform};
use crate::services::sign_in;
use crate::user_errors;

/// Who wants to sign in.
#[derive(InputObject)]
pub struct RequestSignInLinkInput {
    /// The address of the account.
    email: String,
    /// The language of the mail.
    locale: Option<Locale>,
}

user_errors! {
    /// Why `requestSignInLink` was refused.
    RequestSignInLinkUserError, RequestSignInLinkErrorCode { Invalid, Required, TooLong }
}

/// What `requestSignInLink` did.
#[derive(SimpleObject, Default)]
pub struct RequestSignInLinkPayload {
    /// Why it was refused.
    user_errors: Vec<RequestSignInLinkUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct RequestSignInLink;

/// The mutation.
#[Object]
impl RequestSignInLink {
    /// Sends a link that signs in once, if the address belongs to somebody; the answer never tells whether.
    async fn request_sign_in_link(
        &self,
        ctx: &Context<'_>,
        input: RequestSignInLinkInput,
    ) -> Result<Option<RequestSignInLinkPayload>> {
        let locale = input.locale.as_ref().map(|locale| locale.0.as_str());
        let user_errors = match sign_in::request(platform(ctx), &input.email, locale).await {
            Ok(()) => Vec::new(),
            Err(refused) => errors::problems(refused)?,
        };
        Ok(Some(RequestSignInLinkPayload { user_errors }))
    }
}
