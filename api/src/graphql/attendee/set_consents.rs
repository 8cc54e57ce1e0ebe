//! `setConsents`.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::consents::{self, RegistrationConsents};
use super::registration::Registration;
use crate::graphql::public::{ConsentInput, ConsentIssue, GuardianInput};
use crate::graphql::{errors, platform};
use crate::platform::Refused;
use crate::services::people;
use crate::services::sharing::{Guardian, Said, Wish, own};
use crate::user_errors;

/// Decisions about the named offers; every other stays as it is.
#[derive(InputObject)]
pub struct SetConsentsInput {
    /// One's own registration.
    registration_id: ID,
    /// The revision of the consents that was seen.
    revision: i64,
    /// Whether one is of age to decide alone; needed once, with the first yes, where no date of birth is known.
    of_age: Option<bool>,
    /// Who decides for somebody under age; needed once.
    guardian: Option<GuardianInput>,
    /// The decisions.
    consents: Vec<ConsentInput>,
}

user_errors! {
    /// Why `setConsents` was refused.
    SetConsentsUserError, SetConsentsErrorCode { Invalid, Required, TooLong, NotFound, Stale }
}

/// What `setConsents` changed.
#[derive(SimpleObject, Default)]
pub struct SetConsentsPayload {
    /// The consents as they are now; absent when it was refused.
    registration_consents: Option<RegistrationConsents>,
    /// The registration; absent when it was refused.
    registration: Option<Registration>,
    /// Decisions that could not be taken; the others were.
    consent_issues: Vec<ConsentIssue>,
    /// Why it was refused. Nothing is written then.
    user_errors: Vec<SetConsentsUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct SetConsents;

/// The mutation.
#[Object]
impl SetConsents {
    /// Decides what partners may have of one's own registration. Nothing is given that is not named.
    async fn set_consents(&self, ctx: &Context<'_>, input: SetConsentsInput) -> Result<Option<SetConsentsPayload>> {
        match run(ctx, input).await {
            Ok((registration, consents, consent_issues)) => Ok(Some(SetConsentsPayload {
                registration_consents: Some(consents),
                registration: Some(registration),
                consent_issues,
                ..Default::default()
            })),
            Err(refused) => Ok(Some(SetConsentsPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

/// The registration, its consents, and what could not be decided.
type Done = (Registration, RegistrationConsents, Vec<ConsentIssue>);

async fn run(ctx: &Context<'_>, input: SetConsentsInput) -> Result<Done, Refused> {
    let own = consents::own(ctx, &input.registration_id).await?;
    let wishes: Vec<Wish> = input
        .consents
        .iter()
        .map(|consent| consent.wish(own.organization()))
        .collect();
    let guardian = input.guardian.map(Guardian::from);
    let said = Said::new(input.of_age, guardian.as_ref());
    let outcome = own::set(platform(ctx), &own, said, input.revision, &wishes).await?;
    let now = consents::look(ctx, &own).await?;
    let issues = now.issues(&outcome.issues);
    let registration = Registration::one(people::own(&platform(ctx).store, &own).await?)?;
    Ok((registration, now, issues))
}
