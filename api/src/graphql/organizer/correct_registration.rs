//! `correctRegistration`: staff put right what is wrong with a registration.

use async_graphql::Context;
use consentry_domain::RegistrationId;

use super::roster::{RosterEntry, entry, of_part};
use crate::access::rights::ManageRegistrations;
use crate::access::{Authorized, EventScope};
use crate::graphql::platform;
use crate::graphql::registration_change::registration_change;
use crate::mutation;
use crate::platform::Refused;
use crate::services::registration::change;

registration_change! {
    /// A correction of a registration; what is left out stays, what is blank is emptied.
    CorrectRegistrationInput {
        /// Which.
        registration_id,
        /// Another address holds at once. Nothing is shared until its reader has proved it by the link that is mailed
        /// there; every link that was mailed before is void.
        email
    }
}

mutation! {
    /// Corrects a registration, answers included. It takes effect at once.
    CorrectRegistration::correct_registration(CorrectRegistrationInput) => run;
    CorrectRegistrationPayload {
        /// The registration; absent when it was refused.
        registration: RosterEntry
    }
    CorrectRegistrationUserError, CorrectRegistrationErrorCode {
        Invalid, Required, TooLong, NotFound, Stale, WrongState
    }
}

async fn run(ctx: &Context<'_>, input: CorrectRegistrationInput) -> Result<RosterEntry, Refused> {
    let (authorized, id): (Authorized<EventScope, ManageRegistrations>, RegistrationId) =
        of_part(ctx, "registrationId", &input.registration_id).await?;
    let (organization, revision) = (authorized.organization(), input.revision);
    change::correct(platform(ctx), &authorized, id, revision, &input.change(organization)).await?;
    entry(ctx, organization, authorized.event(), id).await
}
