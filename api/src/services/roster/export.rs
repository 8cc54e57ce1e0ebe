//! Lists that staff take away: a purpose must be named, whom the list names is written down, and attendees see it.

use consentry_domain::{AttendeeField, ExportStatus, Field, FieldMask, RosterExportId};
use consentry_entity::roster_export;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Value};

use super::list::conditions;
use super::seen::note;
use super::{Filter, List, Wanted, Way};
use crate::access::rights::ExportRoster;
use crate::access::{Authorized, EventScope};
use crate::platform::store::{Store, sql};
use crate::platform::{Fault, Platform, Problems, Refused};
use crate::services::idempotency::{self, Claim};
use crate::services::input;
use crate::transaction;

/// The right to take a list away.
pub type Exporter = Authorized<EventScope, ExportRoster>;

/// A list to be taken away.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NewExport {
    /// The client's key.
    pub idempotency_key: String,
    /// What for; the attendees read it.
    pub purpose: String,
    /// Who is in it.
    pub filter: Filter,
}

/// Writes down that the list is taken away, and whom it names. Its lines are fetched afterwards.
///
/// # Errors
/// What is wrong with it.
pub async fn create(
    platform: &Platform,
    exporter: &Exporter,
    new: &NewExport,
) -> Result<roster_export::Model, Refused> {
    let (organization, event) = (exporter.organization(), exporter.event());
    let mut problems = Problems::new();
    let purpose = problems
        .keep("purpose", input::line(&new.purpose, 500))
        .unwrap_or_default();
    problems.none()?;
    let json = |error: serde_json::Error| Fault::Outside(error.to_string());
    let filter = serde_json::to_string(&new.filter).map_err(json)?;
    let wanted = Wanted {
        filter: new.filter.clone(),
        ..Wanted::default()
    };
    let list = List {
        engine: platform.store.engine(),
        organization,
        event,
        wanted: &wanted,
        way: Way::to_all(event, wanted.filter.words.as_ref()),
    };
    let scope = format!("exportRoster:{}", exporter.actor());
    let request = idempotency::Request::of(organization, scope, &new.idempotency_key, &(event, new))?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let id: RosterExportId = tx.ordered_id();
        if let Claim::Replayed(made) = idempotency::claim(platform, tx, &request, id.0).await? {
            let made = roster_export::Entity::find_by_id((organization, RosterExportId(made)))
                .one(tx)
                .await?;
            return made.ok_or_else(|| Refused::not_found(""));
        }
        let mut row = roster_export::Model {
            organization_id: organization,
            id,
            event_id: event,
            account_id: exporter.actor(),
            purpose: purpose.clone(),
            status: ExportStatus::Ready,
            filter: filter.clone(),
            row_count: None,
            created_at: now.0,
            finished_at: Some(now.0),
        };
        roster_export::Entity::insert(row.clone().into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        let mut values: Vec<Value> = vec![organization.into(), event.into(), id.into()];
        let text = format!(
            "insert into roster_export_item (organization_id, export_id, registration_id) \
             select organization_id, $3, id from registration \
             where organization_id = $1 and event_id = $2 and status <> 'ERASED'{}",
            conditions(list, &mut values)
        );
        let count = i64::try_from(sql::execute(tx, &text, values).await?).unwrap_or(i64::MAX);
        let text = "update roster_export set row_count = $3 where organization_id = $1 and id = $2";
        sql::execute(tx, text, [organization.into(), id.into(), count.into()]).await?;
        row.row_count = Some(count);
        let detail = serde_json::json!({ "rows": count });
        note(tx, exporter, "exportRoster", Some(("rosterExport", id.0)), detail).await?;
        Ok(row)
    })
}

/// An export of the event.
///
/// # Errors
/// When the database fails.
pub async fn one(
    store: &Store,
    exporter: &Exporter,
    id: RosterExportId,
) -> Result<Option<roster_export::Model>, Fault> {
    let row = roster_export::Entity::find_by_id((exporter.organization(), id))
        .one(store.read())
        .await?;
    Ok(row.filter(|row| row.event_id == exporter.event()))
}

/// The columns of the file. A new one is added at the end; none is ever renamed or moved.
pub const COLUMNS: [&str; 16] = [
    "order_code",
    "status",
    "full_name",
    "given_name",
    "family_name",
    "email",
    "phone",
    "company",
    "job_title",
    "city",
    "country",
    "ticket_type",
    "created_at",
    "confirmed_at",
    "checked_in_at",
    "order_status",
];

/// The fields that the columns hold, as attendees know them.
#[must_use]
pub fn fields() -> FieldMask {
    let fields = COLUMNS.iter().filter_map(|column| match *column {
        "full_name" => Some(AttendeeField::FullName),
        "given_name" => Some(AttendeeField::GivenName),
        "family_name" => Some(AttendeeField::FamilyName),
        "email" => Some(AttendeeField::Email),
        "phone" => Some(AttendeeField::Phone),
        "company" => Some(AttendeeField::Company),
        "job_title" => Some(AttendeeField::JobTitle),
        "city" => Some(AttendeeField::City),
        "country" => Some(AttendeeField::Country),
        "ticket_type" => Some(AttendeeField::TicketType),
        "checked_in_at" => Some(AttendeeField::Attendance),
        _ => None,
    });
    fields.map(Field::Standard).collect()
}
