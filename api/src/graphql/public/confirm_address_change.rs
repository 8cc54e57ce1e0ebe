//! `confirmAddressChange`: whoever reads a registration's new address proves it.

use async_graphql::{Context, InputObject};

use super::RegistrationSummary;
use crate::graphql::platform;
use crate::mutation;
use crate::platform::Refused;
use crate::services::registration::{self as service, change};

/// The proof of a new address.
#[derive(InputObject)]
pub struct ConfirmAddressChangeInput {
    /// The secret of the mail's link.
    secret: String,
}

mutation! {
    /// Proves the address to which the link was mailed: it replaces the one before, and from then on whoever signs in
    /// with it has the registration. Doing it twice is doing it once.
    ConfirmAddressChange::confirm_address_change(ConfirmAddressChangeInput) => run;
    ConfirmAddressChangePayload {
        /// The registration with its new address; absent when it was refused.
        registration: RegistrationSummary
    }
    ConfirmAddressChangeUserError, ConfirmAddressChangeErrorCode { NotFound }
}

async fn run(ctx: &Context<'_>, input: ConfirmAddressChangeInput) -> Result<RegistrationSummary, Refused> {
    let platform = platform(ctx);
    let row = change::confirm_address_change(platform, &input.secret).await?;
    Ok(RegistrationSummary::new(service::with_event(platform, row).await?)?)
}
