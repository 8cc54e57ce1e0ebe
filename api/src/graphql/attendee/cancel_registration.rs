//! `cancelRegistration`: giving one's own place up.

use async_graphql::{Context, ID, InputObject};

use super::consents;
use super::registration::Registration;
use crate::graphql::platform;
use crate::mutation;
use crate::platform::Refused;
use crate::services::{people, registration};

/// A place that is given up.
#[derive(InputObject)]
pub struct CancelRegistrationInput {
    /// One's own registration.
    registration_id: ID,
}

mutation! {
    /// Gives one's own place up, until the event begins. Doing it twice is doing it once; whether money comes back is the
    /// organizer's matter.
    CancelRegistration::cancel_registration(CancelRegistrationInput) => run;
    CancelRegistrationPayload {
        /// The registration, cancelled; absent when it was refused.
        registration: Registration
    }
    CancelRegistrationUserError, CancelRegistrationErrorCode { NotFound, WrongState, TooLate, PaymentProcessing }
}

async fn run(ctx: &Context<'_>, input: CancelRegistrationInput) -> Result<Registration, Refused> {
    let platform = platform(ctx);
    let own = consents::own(ctx, &input.registration_id).await?;
    registration::cancel_own(platform, &own).await?;
    Ok(Registration::one(people::own(&platform.store, &own).await?)?)
}
