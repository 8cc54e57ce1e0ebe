//! Letting people in, by their code or as those whom staff found by name, and taking it back. Attendance is a field that
//! partners may be granted, so each
//! change rewrites the registration's leads.

use consentry_domain::{CheckInId, OrganizationId, RegistrationId, RegistrationStatus};
use consentry_entity::{check_in, registration};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

pub use super::scan::{Holder, Scan};
use super::scan::{clean_code, list_of, moment};
use super::seen::note;
use crate::access::rights::CheckInPeople;
use crate::access::{Actor, Authorized, EventScope};
use crate::platform::store::sql::{self, Lock};
use crate::platform::store::{Store, Tx};
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::idempotency::{self, Claim};
use crate::services::sharing::leads;
use crate::transaction;

/// The right to let people in.
pub type Doorkeeper = Authorized<EventScope, CheckInPeople>;

/// Somebody who came in.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// The passage.
    pub check_in: check_in::Model,
    /// Who.
    pub registration: registration::Model,
}

/// Lets somebody in. The same request again answers with the same passage.
///
/// # Errors
/// Why not: unknown code, another event's, not confirmed, cancelled, there already.
pub async fn check_in(platform: &Platform, door: &Doorkeeper, scan: &Scan) -> Result<Admitted, Refused> {
    let organization = door.organization();
    let judged = scan.judge(door)?;
    let scope = format!("checkIn:{}", door.actor());
    let request = idempotency::Request::of(organization, scope, &scan.idempotency_key, &(door.event(), scan))?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let id: CheckInId = tx.ordered_id();
        if let Claim::Replayed(made) = idempotency::claim(platform, tx, &request, id.0).await? {
            return admitted(tx, organization, CheckInId(made)).await;
        }
        let at = moment(judged.at, now)?;
        let registration = lock_holder(tx, organization, &scan.holder)
            .await?
            .ok_or_else(|| Refused::not_found(scan.holder.field()))?;
        refuse(door, scan.holder.field(), &registration)?;
        if is_in(tx, &registration, &judged.list).await? {
            let words = "Whoever holds this code is in already. Take that back first if it was a mistake.";
            return Err(Refused::because(scan.holder.field(), Code::AlreadyCheckedIn, words));
        }
        let row = check_in::Model {
            organization_id: organization,
            id,
            event_id: door.event(),
            registration_id: registration.id,
            list: judged.list.clone(),
            at: at.0,
            device: judged.device.clone(),
            account_id: door.actor().account(),
            undone_at: None,
        };
        insert(tx, door, row.clone()).await?;
        Ok(Admitted {
            check_in: row,
            registration,
        })
    })
}

async fn is_in(tx: &Tx, registration: &registration::Model, list: &str) -> Result<bool, Fault> {
    let open = check_in::Entity::find()
        .filter(check_in::Column::OrganizationId.eq(registration.organization_id))
        .filter(check_in::Column::RegistrationId.eq(registration.id))
        .filter(check_in::Column::List.eq(list))
        .filter(check_in::Column::UndoneAt.is_null())
        .one(tx)
        .await?;
    Ok(open.is_some())
}

/// Writes a passage down, with what follows from it.
async fn insert(tx: &Tx, door: &Doorkeeper, row: check_in::Model) -> Result<(), Fault> {
    let (organization, registration) = (row.organization_id, row.registration_id);
    let detail = serde_json::json!({ "list": row.list });
    check_in::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    leads::rewrite(tx, organization, &[registration]).await?;
    note(tx, door, "checkIn", Some(("registration", registration.0)), detail).await
}

fn refuse(door: &Doorkeeper, field: &str, registration: &registration::Model) -> Result<(), Refused> {
    if registration.event_id != door.event() {
        // An id is of what was found here; a code is in somebody's hand.
        if field != "code" {
            return Err(Refused::not_found(field));
        }
        let words = "This code is for another event.";
        return Err(Refused::because(field, Code::WrongEvent, words));
    }
    match registration.status {
        RegistrationStatus::Confirmed => Ok(()),
        RegistrationStatus::Pending => {
            let words = "This place is not confirmed: a payment, an approval or a parent's permission is missing.";
            Err(Refused::because(field, Code::NotConfirmed, words))
        }
        RegistrationStatus::Cancelled => Err(Refused::because(field, Code::Cancelled, "This place was cancelled.")),
        RegistrationStatus::Erased => Err(Refused::not_found(field)),
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
    let Some(registration) = of_holder(store, organization, &scan.holder).await? else {
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

/// The registration of whoever stands there, of whatever event.
///
/// # Errors
/// When the database fails.
pub async fn of_holder(
    store: &Store,
    organization: OrganizationId,
    holder: &Holder,
) -> Result<Option<registration::Model>, Fault> {
    let all = registration::Entity::find().filter(registration::Column::OrganizationId.eq(organization));
    let one = match holder {
        Holder::Code(code) => all.filter(registration::Column::CheckInCode.eq(clean_code(code))),
        Holder::Registration(id) => all.filter(registration::Column::Id.eq(*id)),
    };
    Ok(one.one(store.read()).await?)
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

/// The registration of whoever stands there, locked.
async fn lock_holder(
    tx: &Tx,
    organization: OrganizationId,
    holder: &Holder,
) -> Result<Option<registration::Model>, Fault> {
    let code = match holder {
        Holder::Code(code) => clean_code(code),
        Holder::Registration(id) => return lock(tx, organization, *id).await,
    };
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
