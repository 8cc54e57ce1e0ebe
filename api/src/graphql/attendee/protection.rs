//! How one's account is protected: an authenticator, a password, recovery codes.

use async_graphql::{Context, InputObject, SimpleObject};
use consentry_domain::AccountId;

use crate::access::SignedIn;
use crate::graphql::scalars::DateTime;
use crate::graphql::{caller, platform};
use crate::mutation;
use crate::platform::{Fault, Platform, Refused};
use crate::services::sign_in;

/// How an account is protected.
#[derive(SimpleObject)]
pub struct AccountProtection {
    /// Since when the code of an authenticator is asked for at each sign-in; absent where it is not.
    authenticator_since: Option<DateTime>,
    /// Whether a password signs in, with a code. A link sent by mail always does.
    has_password: bool,
    /// How many recovery codes are left.
    recovery_codes_left: i32,
}

/// How the account is protected now.
pub(super) async fn of(platform: &Platform, account: AccountId) -> Result<AccountProtection, Fault> {
    let found = sign_in::protection(&platform.store, account).await?;
    Ok(AccountProtection {
        authenticator_since: found.authenticator_since.map(Into::into),
        has_password: found.has_password,
        recovery_codes_left: i32::try_from(found.recovery_codes).unwrap_or(i32::MAX),
    })
}

fn signed_in(ctx: &Context<'_>) -> Result<SignedIn, Refused> {
    caller(ctx).signed_in().ok_or(Refused::Unauthenticated)
}

/// What is asked for before a change.
#[derive(InputObject)]
pub struct PrepareAuthenticatorInput {
    /// What the present authenticator shows, where there is one, or a recovery code.
    code: Option<String>,
}

/// An authenticator that waits for its first code. Its secret is shown here and nowhere else.
#[derive(SimpleObject)]
pub struct PreparedAuthenticator {
    /// The secret, to be typed: base32.
    secret: String,
    /// The same to be shown as a code in a picture (`otpauth:`).
    uri: String,
    /// Until when it waits.
    expires_at: DateTime,
}

mutation! {
    /// Prepares an authenticator (RFC 6238: SHA-1, 6 digits, 30 seconds), which counts once `confirmAuthenticator` was shown a
    /// code of it. One that counts goes on counting until then.
    PrepareAuthenticator::prepare_authenticator(PrepareAuthenticatorInput) => prepare;
    PrepareAuthenticatorPayload {
        /// The authenticator; absent when it was refused.
        authenticator: PreparedAuthenticator
    }
    PrepareAuthenticatorUserError, PrepareAuthenticatorErrorCode { Required, Invalid, RateLimited }
}

async fn prepare(ctx: &Context<'_>, input: PrepareAuthenticatorInput) -> Result<PreparedAuthenticator, Refused> {
    let prepared = sign_in::prepare(platform(ctx), signed_in(ctx)?, input.code.as_deref()).await?;
    Ok(PreparedAuthenticator {
        secret: prepared.secret,
        uri: prepared.uri,
        expires_at: prepared.expires_at.into(),
    })
}

/// The first code of what was prepared.
#[derive(InputObject)]
pub struct ConfirmAuthenticatorInput {
    /// What it shows.
    code: String,
    /// A password to sign in with, beside its codes; a link sent by mail does without. At least 10 characters, at most 128,
    /// and none that is guessed soon.
    password: Option<String>,
}

mutation! {
    /// Lets the prepared authenticator count: its code is asked for at each sign-in from now on. Other sessions end.
    ConfirmAuthenticator::confirm_authenticator(ConfirmAuthenticatorInput) => confirm;
    ConfirmAuthenticatorPayload {
        /// Codes for the day when the authenticator is lost, each works once; they are shown here and nowhere else. Absent when
        /// it was refused.
        recovery_codes: Vec<String>
    }
    ConfirmAuthenticatorUserError, ConfirmAuthenticatorErrorCode { WrongState, Invalid, TooLong, RateLimited }
}

async fn confirm(ctx: &Context<'_>, input: ConfirmAuthenticatorInput) -> Result<Vec<String>, Refused> {
    let password = input.password.map(Into::into);
    sign_in::confirm(platform(ctx), signed_in(ctx)?, &input.code, password.as_ref()).await
}

/// A new password.
#[derive(InputObject)]
pub struct SetPasswordInput {
    /// The password; none takes it away.
    password: Option<String>,
    /// What the authenticator shows, or a recovery code.
    code: String,
}

mutation! {
    /// Sets a password, or takes it away. Other sessions end.
    SetPassword::set_password(SetPasswordInput) => set_password;
    SetPasswordPayload {
        /// How the account is protected now; absent when it was refused.
        protection: AccountProtection
    }
    SetPasswordUserError, SetPasswordErrorCode { WrongState, Required, Invalid, TooLong, RateLimited }
}

async fn set_password(ctx: &Context<'_>, input: SetPasswordInput) -> Result<AccountProtection, Refused> {
    let (signed_in, password) = (signed_in(ctx)?, input.password.map(Into::into));
    sign_in::set_password(platform(ctx), signed_in, password.as_ref(), &input.code).await?;
    Ok(of(platform(ctx), signed_in.account()).await?)
}

/// What is asked for before a change.
#[derive(InputObject)]
pub struct RenewRecoveryCodesInput {
    /// What the authenticator shows, or a recovery code.
    code: String,
}

mutation! {
    /// Makes new recovery codes; the earlier ones work no more.
    RenewRecoveryCodes::renew_recovery_codes(RenewRecoveryCodesInput) => renew;
    RenewRecoveryCodesPayload {
        /// The codes, each works once; they are shown here and nowhere else. Absent when it was refused.
        recovery_codes: Vec<String>
    }
    RenewRecoveryCodesUserError, RenewRecoveryCodesErrorCode { WrongState, Required, Invalid, RateLimited }
}

async fn renew(ctx: &Context<'_>, input: RenewRecoveryCodesInput) -> Result<Vec<String>, Refused> {
    sign_in::renew_codes(platform(ctx), signed_in(ctx)?, &input.code).await
}

/// What is asked for before a change.
#[derive(InputObject)]
pub struct RemoveAuthenticatorInput {
    /// What the authenticator shows, or a recovery code.
    code: String,
}

mutation! {
    /// Takes the authenticator away, and with it the password and the recovery codes. Other sessions end.
    RemoveAuthenticator::remove_authenticator(RemoveAuthenticatorInput) => remove;
    RemoveAuthenticatorPayload {
        /// How the account is protected now; absent when it was refused.
        protection: AccountProtection
    }
    RemoveAuthenticatorUserError, RemoveAuthenticatorErrorCode { Required, Invalid, RateLimited }
}

async fn remove(ctx: &Context<'_>, input: RemoveAuthenticatorInput) -> Result<AccountProtection, Refused> {
    let signed_in = signed_in(ctx)?;
    sign_in::remove(platform(ctx), signed_in, &input.code).await?;
    Ok(of(platform(ctx), signed_in.account()).await?)
}
