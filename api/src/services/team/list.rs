//! The team and the audit log, page by page.

use std::collections::{BTreeSet, HashMap};

use consentry_domain::{AccountId, AuditEntryId, DoorDeviceId, EventId, Instant, OrganizationId, TeamMemberId, text};
use consentry_entity::{account, audit_entry, door_device, organization, team_member};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Member;
use crate::access::rights::{ManageTeam, ProtectData, ViewAudit};
use crate::access::{Authorized, OrganizationScope};
use crate::platform::Fault;
use crate::platform::store::Store;
use crate::services::complaints;

/// Everybody who holds a role, in the order in which they came; whether more follow.
///
/// # Errors
/// When the database fails.
pub async fn members(
    store: &Store,
    lead: &Authorized<OrganizationScope, ManageTeam>,
    first: u32,
    after: Option<TeamMemberId>,
) -> Result<(Vec<Member>, bool), Fault> {
    let mut query = team_member::Entity::find()
        .filter(team_member::Column::OrganizationId.eq(lead.organization()))
        .filter(team_member::Column::RemovedAt.is_null())
        .order_by_asc(team_member::Column::Id)
        .limit(u64::from(first) + 1);
    if let Some(after) = after {
        query = query.filter(team_member::Column::Id.gt(after));
    }
    let mut rows = query.all(store.read()).await?;
    let more = rows.len() > first as usize;
    rows.truncate(first as usize);
    let accounts = accounts(store, rows.iter().map(|row| row.account_id)).await?;
    let member = |row: team_member::Model| {
        let account = accounts.get(&row.account_id).cloned();
        let missing = || Fault::Corrupt("a team member without an account".into());
        Ok(Member {
            account: account.ok_or_else(missing)?,
            row,
        })
    };
    Ok((rows.into_iter().map(member).collect::<Result<_, Fault>>()?, more))
}

/// The roles that an account holds now, in the order in which it was given them.
///
/// # Errors
/// When the database fails.
pub async fn memberships(store: &Store, account: &account::Model) -> Result<Vec<(Member, organization::Model)>, Fault> {
    let now = store.now().await?;
    let rows = team_member::Entity::find()
        .filter(team_member::Column::AccountId.eq(account.id))
        .filter(team_member::Column::RemovedAt.is_null())
        .filter(
            Condition::any()
                .add(team_member::Column::EndsAt.is_null())
                .add(team_member::Column::EndsAt.gt(now.0)),
        )
        .order_by_asc(team_member::Column::Id)
        .all(store.read())
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let organizations: HashMap<OrganizationId, organization::Model> = organization::Entity::find()
        .filter(organization::Column::Id.is_in(rows.iter().map(|row| row.organization_id)))
        .all(store.read())
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let membership = |row: team_member::Model| {
        let organization = organizations.get(&row.organization_id).cloned()?;
        let account = account.clone();
        Some((Member { row, account }, organization))
    };
    Ok(rows.into_iter().filter_map(membership).collect())
}

/// Which entries of the audit log.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct AuditFilter {
    /// Of this event.
    pub event: Option<EventId>,
    /// Of this action.
    pub action: Option<String>,
    /// From then on.
    pub from: Option<i64>,
    /// Before then.
    pub until: Option<i64>,
}

/// An entry with the address of the account, where there is one.
#[derive(Clone, Debug)]
pub struct Noted {
    /// The entry.
    pub row: audit_entry::Model,
    /// Whose account.
    pub email: Option<String>,
    /// The name of the device that did it, or to which it was done.
    pub device: Option<String>,
}

/// The audit log, newest first; whether more follow. What tells of complaints is there for the data-protection officer alone.
///
/// # Errors
/// When the database fails.
pub async fn audit_log(
    store: &Store,
    reader: &Authorized<OrganizationScope, ViewAudit>,
    filter: &AuditFilter,
    first: u32,
    after: Option<AuditEntryId>,
) -> Result<(Vec<Noted>, bool), Fault> {
    use audit_entry::Column;
    let mut query = audit_entry::Entity::find()
        .filter(Column::OrganizationId.eq(reader.organization()))
        .order_by_desc(Column::Id)
        .limit(u64::from(first) + 1);
    if reader.also::<ProtectData>().is_none() {
        query = query.filter(Column::SubjectKind.ne(complaints::SUBJECT));
    }
    if let Some(event) = filter.event {
        query = query.filter(Column::EventId.eq(event));
    }
    if let Some(action) = &filter.action {
        query = query.filter(Column::Action.eq(&*text::sought(action)));
    }
    if let Some(from) = filter.from {
        query = query.filter(Column::At.gte(Instant(from).0));
    }
    if let Some(until) = filter.until {
        query = query.filter(Column::At.lt(Instant(until).0));
    }
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    let mut rows = query.all(store.read()).await?;
    let more = rows.len() > first as usize;
    rows.truncate(first as usize);
    let accounts = accounts(store, rows.iter().filter_map(|row| row.account_id)).await?;
    let devices = devices(store, reader.organization(), &rows).await?;
    let noted = |row: audit_entry::Model| {
        let account = row.account_id.and_then(|id| accounts.get(&id));
        Noted {
            email: account.map(|account| account.email.clone()),
            device: device_of(&row).and_then(|id| devices.get(&id).cloned()),
            row,
        }
    };
    Ok((rows.into_iter().map(noted).collect(), more))
}

/// The device that an entry names.
fn device_of(row: &audit_entry::Model) -> Option<DoorDeviceId> {
    let detail: serde_json::Value = serde_json::from_str(&row.detail).ok()?;
    serde_json::from_value(detail.get("device")?.clone()).ok()
}

/// The names of the devices that the entries name.
async fn devices(
    store: &Store,
    organization: OrganizationId,
    rows: &[audit_entry::Model],
) -> Result<HashMap<DoorDeviceId, String>, Fault> {
    let ids: BTreeSet<DoorDeviceId> = rows.iter().filter_map(device_of).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = door_device::Entity::find()
        .filter(door_device::Column::OrganizationId.eq(organization))
        .filter(door_device::Column::Id.is_in(ids))
        .all(store.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

async fn accounts(
    store: &Store,
    ids: impl Iterator<Item = AccountId>,
) -> Result<HashMap<AccountId, account::Model>, Fault> {
    let mut ids: Vec<AccountId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = account::Entity::find()
        .filter(account::Column::Id.is_in(ids))
        .all(store.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
