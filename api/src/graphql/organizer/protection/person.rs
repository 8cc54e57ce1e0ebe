//! What the data-protection officer does for whoever does not sign in: asked by post, or from an address that was never
//! proved.

use async_graphql::{Context, ID, InputObject, MergedObject, SimpleObject};
use consentry_domain::RegistrationId;

use crate::graphql::attendee::{MyData, my_data};
use crate::graphql::organizer::roster::{at, of_part};
use crate::graphql::platform;
use crate::graphql::scalars::DateTime;
use crate::mutation;
use crate::platform::Refused;
use crate::services::privacy::{self, Request};
use crate::services::roster::protect::Officer;

/// The mutations.
#[derive(MergedObject, Default)]
pub struct PersonMutation(ExportPersonData, ErasePerson);

/// Whose data is to be taken along.
#[derive(InputObject)]
pub struct ExportPersonDataInput {
    /// One of the person's registrations; what the organization holds of the person is taken. Where nobody has proved the
    /// registration's address it is what belongs to this one alone.
    registration_id: ID,
}

/// Who is to be forgotten.
#[derive(InputObject)]
pub struct ErasePersonInput {
    /// One of the person's registrations; all of the person's in the organization are erased. Where nobody has proved the
    /// registration's address it is this one alone.
    registration_id: ID,
}

/// What was erased for somebody.
#[derive(SimpleObject)]
pub struct PersonErasure {
    /// When.
    at: DateTime,
    /// How many registrations were emptied; none where it had been done before.
    registrations: i32,
    /// Whether a mail tells them that it is done. Where nobody has proved an address, none does.
    is_told: bool,
}

mutation! {
    /// Everything that the organization holds of a person (Art. 15 and 20 GDPR), for the data-protection officer to hand over:
    /// to whoever asked, and has shown who they are. That it was taken is in the audit log.
    ExportPersonData::export_person_data(ExportPersonDataInput) => export;
    ExportPersonDataPayload {
        /// The data; absent when it was refused.
        data: MyData
    }
    ExportPersonDataUserError, ExportPersonDataErrorCode { NotFound }
}

mutation! {
    /// Erases everything that the organization holds of a person (Art. 17 GDPR), as `requestErasure` does, on the word of the
    /// data-protection officer whom they asked. Doing it twice is doing it once. Nothing of it can be taken back.
    ErasePerson::erase_person(ErasePersonInput) => erase;
    ErasePersonPayload {
        /// What was erased; absent when it was refused.
        erasure: PersonErasure
    }
    ErasePersonUserError, ErasePersonErrorCode { NotFound, PaymentProcessing, WrongState }
}

async fn export(ctx: &Context<'_>, input: ExportPersonDataInput) -> Result<MyData, Refused> {
    let (officer, id): (Officer, RegistrationId) = of_part(ctx, "registrationId", &input.registration_id).await?;
    let data = privacy::export(platform(ctx), Request::Officer(&officer, id)).await;
    Ok(my_data(data.map_err(|refused| at("registrationId", refused))?))
}

async fn erase(ctx: &Context<'_>, input: ErasePersonInput) -> Result<PersonErasure, Refused> {
    let (officer, id): (Officer, RegistrationId) = of_part(ctx, "registrationId", &input.registration_id).await?;
    let erased = privacy::erase(platform(ctx), Request::Officer(&officer, id)).await;
    let erased = erased.map_err(|refused| match refused {
        Refused::Problems(mut problems) => {
            for problem in &mut problems {
                problem.field = vec!["registrationId".to_owned()];
            }
            Refused::Problems(problems)
        }
        other => other,
    })?;
    Ok(PersonErasure {
        at: erased.at.into(),
        registrations: i32::try_from(erased.registrations).unwrap_or(i32::MAX),
        is_told: erased.is_told,
    })
}
