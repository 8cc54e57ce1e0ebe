//! An event like an earlier one: a draft of its own with the same agenda, tickets, questions, documents and partners.
//!
//! Everything has a new identity. What partners asked for comes as a request, to be approved anew. No person, order,
//! consent, token or address of an online room comes along.

/// So many rows go into one statement: SQLite binds 32 766 values at most.
const MOST_AT_ONCE: usize = 500;

/// Inserts rows, where there are some, with one statement for so many as fit.
macro_rules! insert_all {
    ($tx:expr, $entity:ident, $rows:expr) => {
        let models: Vec<$entity::Model> = $rows;
        for some in models.chunks(crate::services::events::copy::MOST_AT_ONCE) {
            let rows = some.iter().map(|row| row.clone().into_active_model().reset_all());
            $entity::Entity::insert_many(rows).exec_without_returning($tx).await?;
        }
    };
}

mod days;
mod sharing;
mod tickets;

use consentry_domain::{EventId, EventStatus};
use consentry_entity::{event, event_session, legal_document};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use self::days::Days;
use super::create::{self, judge_title};
use crate::access::rights::{ManageEvents, ManagePartners};
use crate::access::{Authorized, EventScope, OrganizationScope};
use crate::platform::store::Tx;
use crate::platform::{Code, Platform, Problems, Refused};
use crate::services::sharing::stream_facts;
use crate::services::{Localized, idempotency, input};
use crate::transaction;

/// What is new of an event like an earlier one, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct EventCopy {
    /// The client's key.
    pub idempotency_key: String,
    /// The last part of its address.
    pub slug: String,
    /// Its title; absent: as the earlier one's.
    pub title: Option<Localized>,
    /// Wall time of its start, in the earlier one's zone: `2028-03-01T09:00`.
    pub starts_local: String,
    /// Wall time of its end; absent: it lasts as many days as the earlier one, until the same time of day.
    pub ends_local: Option<String>,
}

/// An earlier event, and the one that is made from it.
struct Pair<'a> {
    from: &'a event::Model,
    to: &'a event::Model,
    days: Days,
}

/// Makes it, or answers with the event that the same request made before. Sessions, sales and whatever else happens at
/// some time of the earlier event happen at the same time of day, so many days later as the event itself.
///
/// # Errors
/// What is wrong with the input, field by field.
pub async fn copy(
    platform: &Platform,
    authorized: &Authorized<OrganizationScope, ManageEvents>,
    earlier: &Authorized<EventScope, ManagePartners>,
    copy: &EventCopy,
) -> Result<event::Model, Refused> {
    let organization = authorized.organization();
    if earlier.organization() != organization {
        return Err(Refused::not_found("eventId"));
    }
    let scope = format!("copyEvent:{}", authorized.actor());
    let request = idempotency::Request::of(organization, scope, &copy.idempotency_key, &(earlier.event(), copy))?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let id: EventId = tx.ordered_id();
        if let idempotency::Claim::Replayed(made) = idempotency::claim(platform, tx, &request, id.0).await? {
            let made = event::Entity::find_by_id((organization, EventId(made))).one(tx).await?;
            return made.ok_or_else(|| Refused::not_found(""));
        }
        let from = event::Entity::find_by_id((organization, earlier.event()))
            .one(tx)
            .await?;
        let from = from.ok_or_else(|| Refused::not_found("eventId"))?;
        let (row, days) = judge(&from, copy)?;
        let row = event::Model {
            id,
            created_at: now.0,
            ..row
        };
        create::insert(
            tx,
            authorized,
            &row,
            "copyEvent",
            serde_json::json!({ "slug": row.slug, "from": from.slug }),
        )
        .await?;
        let pair = Pair {
            from: &from,
            to: &row,
            days,
        };
        sessions(tx, &pair).await?;
        documents(tx, &pair).await?;
        let tickets = tickets::copy(tx, &pair).await?;
        sharing::copy(tx, &pair, &tickets).await?;
        stream_facts::rewrite(tx, organization, id).await?;
        Ok(row)
    })
}

/// The event's own row as a draft, and how many days later it is.
fn judge(from: &event::Model, copy: &EventCopy) -> Result<(event::Model, Days), Refused> {
    let mut problems = Problems::new();
    let slug = problems.keep("slug", input::slug(&copy.slug)).unwrap_or_default();
    let title = match &copy.title {
        None => from.title.clone(),
        Some(title) => judge_title(&mut problems, title).to_column(),
    };
    let starts = problems.keep("startsLocal", input::wall_time(&copy.starts_local, &from.time_zone));
    let days = starts
        .as_ref()
        .and_then(|starts| problems.keep("startsLocal", Days::between(from, &starts.wall)));
    let ends = days.as_ref().and_then(|days| match &copy.ends_local {
        Some(ends) => problems.keep("endsLocal", input::wall_time(ends, &from.time_zone)),
        None => problems.keep("endsLocal", days.wall_time(&from.ends_local)),
    });
    if let (Some(starts), Some(ends)) = (&starts, &ends)
        && starts.instant >= ends.instant
    {
        problems.add("endsLocal", Code::Invalid, "The end must come after the start.");
    }
    let (Some(starts), Some(ends), Some(days)) = (starts, ends, days) else {
        return Err(problems.none().err().unwrap_or_else(|| Refused::not_found("")));
    };
    let answers_editable_until = problems.keep("startsLocal", days.moment(from.answers_editable_until));
    problems.none()?;
    let row = event::Model {
        slug,
        status: EventStatus::Draft,
        title,
        starts_at: starts.instant.0,
        ends_at: ends.instant.0,
        starts_local: starts.wall,
        ends_local: ends.wall,
        // Whoever has the address of the earlier room would find the doors of the next one open.
        join_url: None,
        answers_editable_until: answers_editable_until.flatten(),
        published_at: None,
        ended_at: None,
        revision: 1,
        ..from.clone()
    };
    Ok((row, days))
}

/// The agenda, without who speaks: people are not copied.
async fn sessions(tx: &Tx, pair: &Pair<'_>) -> Result<(), Refused> {
    let rows = event_session::Entity::find()
        .filter(event_session::Column::OrganizationId.eq(pair.from.organization_id))
        .filter(event_session::Column::EventId.eq(pair.from.id))
        .order_by_asc(event_session::Column::Id)
        .all(tx)
        .await?;
    let mut copies = Vec::with_capacity(rows.len());
    for row in rows {
        copies.push(event_session::Model {
            id: tx.ordered_id(),
            event_id: pair.to.id,
            starts_at: pair.days.later(row.starts_at)?,
            ends_at: pair.days.later(row.ends_at)?,
            revision: 1,
            ..row
        });
    }
    insert_all!(tx, event_session, copies);
    Ok(())
}

/// The documents that are in force, each as its first version.
async fn documents(tx: &Tx, pair: &Pair<'_>) -> Result<(), Refused> {
    let rows = legal_document::Entity::find()
        .filter(legal_document::Column::OrganizationId.eq(pair.from.organization_id))
        .filter(legal_document::Column::EventId.eq(pair.from.id))
        .filter(legal_document::Column::SupersededAt.is_null())
        .order_by_asc(legal_document::Column::Id)
        .all(tx)
        .await?;
    let copies = rows.into_iter().map(|row| legal_document::Model {
        id: tx.ordered_id(),
        event_id: pair.to.id,
        version: 1,
        created_at: pair.to.created_at,
        ..row
    });
    let copies: Vec<_> = copies.collect();
    insert_all!(tx, legal_document, copies);
    Ok(())
}
