//! What the data-protection officer does. Nobody else on the staff reaches anything here: the proof of one person's
//! consents is the only place where staff see them.

mod person;

pub use person::{ErasePersonUserError, ExportPersonDataUserError};

use async_graphql::{Context, Enum, ID, InputObject, MergedObject, Result, SimpleObject};
use consentry_domain::{ConsentRecordId, OrganizationId, RegistrationId};
use consentry_entity::event;

use super::roster::{at, of_part};
use crate::access::staff_of_event;
use crate::graphql::connection::Page;
use crate::graphql::scalars::DateTime;
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::Refused;
use crate::services::roster::protect::{self, Officer, Proof, Protected, Protection};
use crate::{connection, mutation};

/// The mutations.
#[derive(MergedObject, Default)]
pub struct ProtectionMutation(
    RestrictPerson,
    LiftRestriction,
    QuarantineRegistration,
    LiftQuarantine,
    person::PersonMutation,
);

/// What protects a registration.
#[derive(SimpleObject)]
pub struct RegistrationProtection {
    /// Opaque; of the registration.
    id: ID,
    /// Since when processing is restricted.
    restricted_at: Option<DateTime>,
    /// Since when it is in quarantine.
    quarantined_at: Option<DateTime>,
}

impl RegistrationProtection {
    /// As the API shows it.
    pub(super) fn new(organization: OrganizationId, found: Protected) -> Self {
        Self {
            id: ids::encode(organization, found.id),
            restricted_at: found.restricted_at.map(DateTime::from),
            quarantined_at: found.quarantined_at.map(DateTime::from),
        }
    }
}

/// A person to be restricted or not.
#[derive(InputObject)]
pub struct RestrictPersonInput {
    /// One of the person's registrations; it holds for all of theirs in the organization. Where nobody has proved the
    /// registration's address it holds for this one alone.
    registration_id: ID,
}

/// A person whose restriction ends.
#[derive(InputObject)]
pub struct LiftRestrictionInput {
    /// One of the person's registrations.
    registration_id: ID,
}

/// A registration to be kept back.
#[derive(InputObject)]
pub struct QuarantineRegistrationInput {
    /// Which.
    registration_id: ID,
}

/// A registration whose quarantine ends.
#[derive(InputObject)]
pub struct LiftQuarantineInput {
    /// Which.
    registration_id: ID,
}

mutation! {
    /// Restricts the processing of a person's data: nothing of theirs is shared.
    RestrictPerson::restrict_person(RestrictPersonInput) => restrict;
    RestrictPersonPayload {
        /// What protects the registration now; absent when it was refused.
        protection: RegistrationProtection
    }
    RestrictPersonUserError, RestrictPersonErrorCode { NotFound }
}

mutation! {
    /// Ends the restriction of a person.
    LiftRestriction::lift_restriction(LiftRestrictionInput) => lift_restriction;
    LiftRestrictionPayload {
        /// What protects the registration now; absent when it was refused.
        protection: RegistrationProtection
    }
    LiftRestrictionUserError, LiftRestrictionErrorCode { NotFound }
}

mutation! {
    /// Keeps a registration back: nothing of it is shared.
    QuarantineRegistration::quarantine_registration(QuarantineRegistrationInput) => quarantine;
    QuarantineRegistrationPayload {
        /// What protects the registration now; absent when it was refused.
        protection: RegistrationProtection
    }
    QuarantineRegistrationUserError, QuarantineRegistrationErrorCode { NotFound }
}

mutation! {
    /// Ends the quarantine of a registration.
    LiftQuarantine::lift_quarantine(LiftQuarantineInput) => lift_quarantine;
    LiftQuarantinePayload {
        /// What protects the registration now; absent when it was refused.
        protection: RegistrationProtection
    }
    LiftQuarantineUserError, LiftQuarantineErrorCode { NotFound }
}

async fn restrict(ctx: &Context<'_>, input: RestrictPersonInput) -> Result<RegistrationProtection, Refused> {
    run(ctx, &input.registration_id, Protection::Restrict).await
}

async fn lift_restriction(ctx: &Context<'_>, input: LiftRestrictionInput) -> Result<RegistrationProtection, Refused> {
    run(ctx, &input.registration_id, Protection::LiftRestriction).await
}

async fn quarantine(ctx: &Context<'_>, input: QuarantineRegistrationInput) -> Result<RegistrationProtection, Refused> {
    run(ctx, &input.registration_id, Protection::Quarantine).await
}

async fn lift_quarantine(ctx: &Context<'_>, input: LiftQuarantineInput) -> Result<RegistrationProtection, Refused> {
    run(ctx, &input.registration_id, Protection::LiftQuarantine).await
}

async fn run(ctx: &Context<'_>, id: &ID, what: Protection) -> Result<RegistrationProtection, Refused> {
    let (officer, id): (Officer, RegistrationId) = of_part(ctx, "registrationId", id).await?;
    let found = protect::protect(platform(ctx), &officer, id, what)
        .await
        .map_err(|refused| at("registrationId", refused))?;
    Ok(RegistrationProtection::new(officer.organization(), found))
}

/// What was done about a consent.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::ConsentAction")]
pub enum ConsentAction {
    /// Ticked, not given.
    Requested,
    /// Given.
    Granted,
    /// Said no.
    Refused,
    /// Taken back, wholly or in part.
    Withdrawn,
    /// Fell back to undecided.
    Lapsed,
    /// Suspended, because the address changed.
    Suspended,
    /// In force again.
    Resumed,
}

/// One record of a consent, with what opens its commitment: SHA-256 over salt and payload, as the log's documents say.
#[derive(SimpleObject)]
pub struct ConsentProof {
    /// Opaque; of the record.
    id: ID,
    /// What was done.
    action: ConsentAction,
    /// When.
    at: DateTime,
    /// The commitment, in hexadecimal digits.
    commitment: String,
    /// The salt, in hexadecimal digits; absent once it is erased.
    salt: Option<String>,
    /// What was committed to: canonical JSON with the words that were shown; absent once it is erased.
    payload: Option<String>,
}

connection!(ConsentProofConnection, ConsentProofEdge, ConsentProof);

/// The proofs of one registration; absent for everybody but the data-protection officer.
pub(super) async fn proofs(
    ctx: &Context<'_>,
    row: &event::Model,
    registration: &ID,
    first: i32,
    after: Option<String>,
) -> Result<Option<ConsentProofConnection>> {
    let platform = platform(ctx);
    let organization = row.organization_id;
    let officer: Option<Officer> = errors::absent(staff_of_event(platform, caller(ctx), organization, row.id).await)?;
    let (Some(officer), Some((its, id))) = (officer, ids::decode::<RegistrationId>(registration)) else {
        return Ok(None);
    };
    if its != organization {
        return Ok(None);
    }
    let list = format!("proofs:{organization}:{id}");
    let page = Page::parse(platform, list.as_bytes(), first, after)?;
    let after = page
        .after
        .as_deref()
        .and_then(|place| uuid::Uuid::from_slice(place).ok())
        .map(ConsentRecordId);
    let found = errors::absent(protect::proofs(platform, &officer, id, page.first, after).await)?;
    let Some((proofs, more)) = found else {
        return Ok(None);
    };
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    let proof = |proof: Proof| {
        let place = proof.id.0.as_bytes().to_vec();
        let node = ConsentProof {
            id: ids::encode(organization, proof.id),
            action: proof.action.into(),
            at: proof.at.into(),
            commitment: hex(&proof.commitment),
            salt: proof.salt.as_deref().map(hex),
            payload: proof.payload.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        };
        (place, node)
    };
    Ok(Some(ConsentProofConnection::new(
        platform,
        list.as_bytes(),
        &page,
        more,
        proofs.into_iter().map(proof).collect(),
    )))
}
