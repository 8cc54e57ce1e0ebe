//! Letting people in by their code, and taking it back. Attendance is a field that partners may be granted, so each
//! change rewrites the registration's leads.

use consentry_domain::{CheckInId, OrganizationId, RegistrationId, RegistrationStatus, text};
use consentry_entity::{check_in, registration};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::seen::note;
use crate::access::rights::CheckInPeople;
use crate::access::{Actor, Authorized, DoorDevice, EventScope};
use crate::platform::store::sql::{self, Lock};
use crate::platform::store::{Store, Tx};
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::idempotency::{self, Claim};
use crate::services::input;
use crate::services::sharing::leads;
use crate::transaction;

/// The right to let people in.
pub type Doorkeeper = Authorized<EventScope, CheckInPeople>;

/// The door where none is named.
const MAIN: &str = "main";

/// A code that was shown at a door.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Scan {
    /// New for each passage.
    pub idempotency_key: String,
    /// The code.
    pub code: String,
    /// Which door or list; the main one where none is named.
    pub list: Option<String>,
    /// With which device.
    pub device: Option<String>,
}

/// Somebody who came in.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// The passage.
    pub check_in: check_in::Model,
    /// Who.
    pub registration: registration::Model,
}

fn clean_code(code: &str) -> String {
    text::sought(code.trim()).to_uppercase()
}

/// The door that a scan names, or at which the device stands.
fn list_of(door: &Doorkeeper, scan: &Scan) -> input::Judged<String> {
    let actor = door.actor();
    let standing = actor.device().and_then(DoorDevice::list).unwrap_or(MAIN);
    let named = input::optional(scan.list.as_deref(), |list| input::line(list, 50))?;
    Ok(named.unwrap_or_else(|| standing.to_owned()))
}

/// With which device somebody is let in: one that has a credential of its own cannot pass for another.
fn device_of(door: &Doorkeeper, scan: &Scan) -> input::Judged<Option<String>> {
    let said = input::optional(scan.device.as_deref(), |text| input::line(text, 100))?;
    Ok(door.actor().device().map(|device| device.name().to_owned()).or(said))
}

/// Lets the holder of a code in. The same request again answers with the same passage.
///
/// # Errors
/// Why not: unknown code, another event's, not confirmed, cancelled, there already.
pub async fn check_in(platform: &Platform, door: &Doorkeeper, scan: &Scan) -> Result<Admitted, Refused> {
    let organization = door.organization();
    let mut problems = Problems::new();
    let list = problems.keep("list", list_of(door, scan)).unwrap_or_default();
    let device = problems.keep("device", device_of(door, scan));
    problems.none()?;
    let device = device.flatten();
    let code = clean_code(&scan.code);
    let scope = format!("checkIn:{}", door.actor());
    let request = idempotency::Request::of(organization, scope, &scan.idempotency_key, &(door.event(), scan))?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let id: CheckInId = tx.ordered_id();
        if let Claim::Replayed(made) = idempotency::claim(platform, tx, &request, id.0).await? {
            return admitted(tx, organization, CheckInId(made)).await;
        }
        let registration = lock_by_code(tx, organization, &code)
            .await?
            .ok_or_else(|| Refused::not_found("code"))?;
        refuse(door, &registration)?;
        let open = check_in::Entity::find()
            .filter(check_in::Column::OrganizationId.eq(organization))
            .filter(check_in::Column::RegistrationId.eq(registration.id))
            .filter(check_in::Column::List.eq(&list))
            .filter(check_in::Column::UndoneAt.is_null())
            .one(tx)
            .await?;
        if open.is_some() {
            let words = "Whoever holds this code is in already. Take that back first if it was a mistake.";
            return Err(Refused::because("code", Code::AlreadyCheckedIn, words));
        }
        let row = check_in::Model {
            organization_id: organization,
            id,
            event_id: door.event(),
            registration_id: registration.id,
            list: list.clone(),
            at: now.0,
            device: device.clone(),
            account_id: door.actor().account(),
            undone_at: None,
        };
        check_in::Entity::insert(row.clone().into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        leads::rewrite(tx, organization, &[registration.id]).await?;
        note(
            tx,
            door,
            "checkIn",
            Some(("registration", registration.id.0)),
            serde_json::json!({ "list": list }),
        )
        .await?;
        Ok(Admitted {
            check_in: row,
            registration,
        })
    })
}

fn refuse(door: &Doorkeeper, registration: &registration::Model) -> Result<(), Refused> {
    if registration.event_id != door.event() {
        return Err(Refused::because(
            "code",
            Code::WrongEvent,
            "This code is for another event.",
        ));
    }
    match registration.status {
        RegistrationStatus::Confirmed => Ok(()),
        RegistrationStatus::Pending => {
            let words = "This place is not confirmed: a payment, an approval or a parent's permission is missing.";
            Err(Refused::because("code", Code::NotConfirmed, words))
        }
        RegistrationStatus::Cancelled => Err(Refused::because("code", Code::Cancelled, "This place was cancelled.")),
        RegistrationStatus::Erased => Err(Refused::not_found("code")),
    }
}

/// Takes a passage back; one that was taken back stays so.
///
/// # Errors
/// Not found, where the event has no such passage.
pub async fn undo(platform: &Platform, door: &Doorkeeper, id: CheckInId) -> Result<Admitted, Refused> {
    let organization = door.organization();
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let found = check_in::Entity::find_by_id((organization, id)).one(tx).await?;
        let found = found
            .filter(|row| row.event_id == door.event())
            .ok_or_else(|| Refused::not_found("checkInId"))?;
        lock(tx, organization, found.registration_id).await?;
        let undone = sql::execute(
            tx,
            "update check_in set undone_at = $3 where organization_id = $1 and id = $2 and undone_at is null",
            [organization.into(), id.into(), now.0.into()],
        )
        .await?;
        if undone == 1 {
            leads::rewrite(tx, organization, &[found.registration_id]).await?;
            let subject = Some(("registration", found.registration_id.0));
            note(
                tx,
                door,
                "undoCheckIn",
                subject,
                serde_json::json!({ "list": found.list }),
            )
            .await?;
        }
        admitted(tx, organization, id).await
    })
}

/// The passage because of which this code is refused.
///
/// # Errors
/// When the database fails.
pub async fn earlier(store: &Store, door: &Doorkeeper, scan: &Scan) -> Result<Option<check_in::Model>, Fault> {
    let organization = door.organization();
    let Some(registration) = by_code(store, organization, &scan.code).await? else {
        return Ok(None);
    };
    let Ok(list) = list_of(door, scan) else {
        return Ok(None);
    };
    Ok(check_in::Entity::find()
        .filter(check_in::Column::OrganizationId.eq(organization))
        .filter(check_in::Column::EventId.eq(door.event()))
        .filter(check_in::Column::RegistrationId.eq(registration.id))
        .filter(check_in::Column::List.eq(list))
        .filter(check_in::Column::UndoneAt.is_null())
        .one(store.read())
        .await?)
}

/// The registration of a code, of whatever event.
///
/// # Errors
/// When the database fails.
pub async fn by_code(
    store: &Store,
    organization: OrganizationId,
    code: &str,
) -> Result<Option<registration::Model>, Fault> {
    Ok(registration::Entity::find()
        .filter(registration::Column::OrganizationId.eq(organization))
        .filter(registration::Column::CheckInCode.eq(clean_code(code)))
        .one(store.read())
        .await?)
}

async fn admitted(tx: &Tx, organization: OrganizationId, id: CheckInId) -> Result<Admitted, Refused> {
    let missing = || Refused::not_found("checkInId");
    let check_in = check_in::Entity::find_by_id((organization, id))
        .one(tx)
        .await?
        .ok_or_else(missing)?;
    let registration = registration::Entity::find_by_id((organization, check_in.registration_id))
        .one(tx)
        .await?;
    Ok(Admitted {
        check_in,
        registration: registration.ok_or_else(missing)?,
    })
}

/// The registration of a code, locked.
async fn lock_by_code(tx: &Tx, organization: OrganizationId, code: &str) -> Result<Option<registration::Model>, Fault> {
    let row = sql::optional(
        tx,
        "select id from registration where organization_id = $1 and check_in_code = $2",
        [organization.into(), code.into()],
    )
    .await?;
    match row {
        Some(row) => lock(tx, organization, row.try_get("", "id")?).await,
        None => Ok(None),
    }
}

/// A registration, locked, as it is now.
pub(super) async fn lock(
    tx: &Tx,
    organization: OrganizationId,
    id: RegistrationId,
) -> Result<Option<registration::Model>, Fault> {
    let text = format!(
        "select id from registration where organization_id = $1 and id = $2{}",
        sql::lock_suffix(tx.engine(), Lock::Exclusive)
    );
    sql::optional(tx, &text, [organization.into(), id.into()]).await?;
    Ok(registration::Entity::find_by_id((organization, id)).one(tx).await?)
}
