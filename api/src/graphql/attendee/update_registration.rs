//! `updateRegistration`: changing what one said about oneself.

use async_graphql::Context;

use super::consents;
use super::registration::Registration;
use crate::graphql::platform;
use crate::graphql::registration_change::registration_change;
use crate::mutation;
use crate::platform::Refused;
use crate::services::people;
use crate::services::registration::change;

registration_change! {
    /// A change of one's own registration; what is left out stays, what is blank is emptied.
    UpdateRegistrationInput {
        /// One's own registration.
        registration_id,
        /// Another address is kept as a wish until the link is opened that is mailed there; naming the one in force
        /// gives the wish up.
        email
    }
}

mutation! {
    /// Changes one's own registration: name, address and the like at any time, answers until the organizer's deadline.
    /// Partners who may have a value get the new one.
    UpdateRegistration::update_registration(UpdateRegistrationInput) => run;
    UpdateRegistrationPayload {
        /// The registration; absent when it was refused.
        registration: Registration
    }
    UpdateRegistrationUserError, UpdateRegistrationErrorCode {
        Invalid, Required, TooLong, NotFound, Stale, TooLate, WrongState, LimitExceeded, TooYoung
    }
}

async fn run(ctx: &Context<'_>, input: UpdateRegistrationInput) -> Result<Registration, Refused> {
    let platform = platform(ctx);
    let own = consents::own(ctx, &input.registration_id).await?;
    let revision = input.revision;
    change::update(platform, &own, revision, &input.change(own.organization())).await?;
    Ok(Registration::one(people::own(&platform.store, &own).await?)?)
}
