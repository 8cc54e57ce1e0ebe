//! Creating an event, as a draft with sensible defaults.

use consentry_domain::{ActorKind, EventId, EventKind, EventStatus};
use consentry_entity::event;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};

use crate::access::rights::ManageEvents;
use crate::access::{Authorized, OrganizationScope};
use crate::platform::store::Tx;
use crate::platform::{Code, Platform, Problems, Refused};
use crate::services::{Localized, audit, idempotency, input};
use crate::transaction;

/// A new event, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NewEvent {
    /// The client's key.
    pub idempotency_key: String,
    /// The last part of its address.
    pub slug: String,
    /// Conference or webinar.
    pub kind: EventKind,
    /// Its title.
    pub title: Localized,
    /// The language of its texts when a reader's is not there.
    pub default_locale: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Wall time of its start in that zone: `2027-03-01T09:00`.
    pub starts_local: String,
    /// Wall time of its end.
    pub ends_local: String,
    /// ISO 4217.
    pub currency: String,
}

/// Creates it, or answers with the event that the same request made before.
///
/// # Errors
/// What is wrong with the input, field by field.
pub async fn create(
    platform: &Platform,
    authorized: &Authorized<OrganizationScope, ManageEvents>,
    new: &NewEvent,
) -> Result<event::Model, Refused> {
    let organization = authorized.organization();
    let draft = judge(new)?;
    let scope = format!("createEvent:{}", authorized.actor());
    let request = idempotency::Request::of(organization, scope, &new.idempotency_key, new)?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let id: EventId = tx.ordered_id();
        if let idempotency::Claim::Replayed(made) = idempotency::claim(platform, tx, &request, id.0).await? {
            return event::Entity::find_by_id((organization, EventId(made)))
                .one(tx)
                .await?
                .ok_or_else(|| Refused::not_found(""));
        }
        let row = event::Model {
            organization_id: organization,
            id,
            created_at: now.0,
            ..draft.clone()
        };
        insert(
            tx,
            authorized,
            &row,
            "createEvent",
            serde_json::json!({ "slug": row.slug }),
        )
        .await?;
        Ok(row)
    })
}

/// Writes a new event, where its address is free, and what was done into the audit log.
pub(super) async fn insert(
    tx: &Tx,
    authorized: &Authorized<OrganizationScope, ManageEvents>,
    row: &event::Model,
    action: &str,
    detail: serde_json::Value,
) -> Result<(), Refused> {
    let taken = event::Entity::find()
        .filter(event::Column::OrganizationId.eq(row.organization_id))
        .filter(event::Column::Slug.eq(&row.slug))
        .count(tx)
        .await?;
    if taken > 0 {
        return Err(Refused::because(
            "slug",
            Code::Taken,
            "Another event has this address; choose another.",
        ));
    }
    event::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    let entry = audit::Entry {
        organization: row.organization_id,
        actor: ActorKind::Staff,
        account: Some(authorized.actor()),
        action,
        event: Some(row.id),
        subject_kind: "event",
        subject: Some(row.id.0),
        detail,
    };
    Ok(audit::note(tx, entry).await?)
}

/// A title, in at least one language.
pub(super) fn judge_title(problems: &mut Problems, title: &Localized) -> Localized {
    let title = problems.keep("title", input::localized(title, 200)).unwrap_or_default();
    if title.is_empty() {
        problems.add("title", Code::Required, "Give the event a title.");
    }
    title
}

/// Checks the input; the row has no id and no tenant yet.
fn judge(new: &NewEvent) -> Result<event::Model, Refused> {
    let mut problems = Problems::new();
    let slug = problems.keep("slug", input::slug(&new.slug)).unwrap_or_default();
    let title = judge_title(&mut problems, &new.title);
    let default_locale = problems
        .keep("defaultLocale", input::locale(&new.default_locale))
        .unwrap_or_default();
    let currency = problems
        .keep("currency", input::currency(&new.currency))
        .unwrap_or_default();
    let starts = problems.keep("startsLocal", input::wall_time(&new.starts_local, &new.time_zone));
    let ends = problems.keep("endsLocal", input::wall_time(&new.ends_local, &new.time_zone));
    if let (Some(starts), Some(ends)) = (&starts, &ends)
        && starts.instant >= ends.instant
    {
        problems.add("endsLocal", Code::Invalid, "The end must come after the start.");
    }
    let (Some(starts), Some(ends)) = (starts, ends) else {
        return Err(problems.none().err().unwrap_or_else(|| Refused::not_found("")));
    };
    problems.none()?;
    Ok(event::Model {
        organization_id: uuid::Uuid::nil().into(),
        id: uuid::Uuid::nil().into(),
        slug,
        kind: new.kind,
        status: EventStatus::Draft,
        title: title.to_column(),
        description: Localized::default().to_column(),
        default_locale,
        time_zone: new.time_zone.clone(),
        starts_at: starts.instant.0,
        ends_at: ends.instant.0,
        starts_local: starts.wall,
        ends_local: ends.wall,
        venue: None,
        join_url: None,
        currency,
        minimum_age: None,
        consent_age: 16,
        asks_date_of_birth: false,
        requires_parental_permission: false,
        answers_editable_until: None,
        order_hold_minutes: 30,
        transfer_hold_days: 10,
        contact_email: None,
        created_at: 0,
        published_at: None,
        ended_at: None,
        revision: 1,
    })
}
