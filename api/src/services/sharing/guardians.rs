//! Guardians of attendees under age: asked by mail, known by the link that they received.

use consentry_domain::{GuardianRequestId, GuardianRequestStatus, text};
use consentry_entity::{guardian_request, registration};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::desk::Desk;
use super::notify;
use super::wish::Guardian;
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Problems, Refused};
use crate::services::input;

/// Whom a wish of somebody under age reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A guardian, now or before.
    Somebody(GuardianRequestId),
    /// Nobody: none is named.
    Nobody,
}

/// The guardian of a registration, if one was named.
///
/// # Errors
/// When the database fails.
pub async fn of(tx: &Tx, registration: &registration::Model) -> Result<Option<guardian_request::Model>, Refused> {
    use guardian_request::Column as C;
    let found = guardian_request::Entity::find()
        .filter(C::OrganizationId.eq(registration.organization_id))
        .filter(C::RegistrationId.eq(registration.id))
        .one(tx)
        .await?;
    Ok(found)
}

/// Whether a guardian was named for a registration.
///
/// # Errors
/// When the database fails.
pub async fn is_named(
    connection: &impl ConnectionTrait,
    registration: &registration::Model,
) -> Result<bool, sea_orm::DbErr> {
    use guardian_request::Column as C;
    let found = guardian_request::Entity::find()
        .filter(C::OrganizationId.eq(registration.organization_id))
        .filter(C::RegistrationId.eq(registration.id))
        .one(connection)
        .await?;
    Ok(found.is_some())
}

/// Names a guardian for a registration, or finds the one who is named already: an attendee names only one, and cannot
/// replace one by another. The mail is queued by whoever knows what is asked.
///
/// # Errors
/// When the database fails.
pub async fn name(
    tx: &Tx,
    registration: &registration::Model,
    guardian: Option<&Guardian>,
) -> Result<Option<guardian_request::Model>, Refused> {
    if let Some(known) = of(tx, registration).await? {
        return Ok(Some(known));
    }
    let Some(guardian) = guardian else { return Ok(None) };
    let row = guardian_request::Model {
        organization_id: registration.organization_id,
        id: tx.ordered_id(),
        registration_id: registration.id,
        guardian_name: Some(guardian.full_name.clone()),
        guardian_email: Some(guardian.email.clone()),
        generation: 1,
        status: GuardianRequestStatus::Waiting,
        created_at: tx.now().await?.0,
        decided_at: None,
    };
    guardian_request::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    Ok(Some(row))
}

/// Judges who was named as a guardian.
///
/// # Errors
/// What is wrong, with `guardian.` before the field; also an address that is the attendee's own.
pub fn judge(guardian: &Guardian, own_email: Option<&str>) -> Result<Guardian, Refused> {
    let mut problems = Problems::new();
    let full_name = problems
        .keep("guardian.fullName", input::line(&guardian.full_name, 200))
        .unwrap_or_default();
    let email = problems
        .keep("guardian.email", input::email(&guardian.email))
        .unwrap_or_default();
    if own_email.is_some_and(|own| text::email_key(own) == text::email_key(&email)) {
        problems.add(
            "guardian.email",
            Code::Invalid,
            "Name the guardian's own address, not the attendee's.",
        );
    }
    problems.none()?;
    Ok(Guardian { full_name, email })
}

/// Asks the guardian about what was wished, and names one first where none is.
pub(super) async fn ask_about_sharing(desk: &Desk<'_>, guardian: Option<&Guardian>) -> Result<Asked, Refused> {
    let Some(request) = name(desk.tx, desk.registration, guardian).await? else {
        return Ok(Asked::Nobody);
    };
    if !desk.changes.is_empty() || !desk.guardian_asked {
        notify::ask_guardian(desk, &request).await?;
    }
    Ok(Asked::Somebody(request.id))
}

/// Notes how the guardian answered.
pub(super) async fn answered(
    tx: &Tx,
    request: &guardian_request::Model,
    status: GuardianRequestStatus,
) -> Result<(), Refused> {
    let now = tx.now().await?;
    sql::execute(
        tx,
        "update guardian_request set status = $3, decided_at = $4 where organization_id = $1 and id = $2",
        [
            request.organization_id.into(),
            request.id.into(),
            status.into(),
            now.0.into(),
        ],
    )
    .await?;
    Ok(())
}
