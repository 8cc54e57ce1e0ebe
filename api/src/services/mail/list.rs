//! Looking at mails and starting them anew, for operators.

use consentry_domain::{Instant, MailId, MailKind, MailStatus, OrganizationId, OutboxId, OutboxKind, OutboxState};
use consentry_entity::{mail, outbox};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde::Serialize;

use super::{Links, Message, Rendered, render};
use crate::platform::store::{Store, sql};
use crate::services::outbox::{Held, revive};

/// Which mails to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Of this organization only.
    pub organization: Option<OrganizationId>,
    /// With this status only.
    pub status: Option<MailStatus>,
    /// Made before this one.
    pub before: Option<MailId>,
}

/// A mail in a list: to whom it goes is not shown there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its id.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// In which language it was asked for.
    pub locale: String,
    /// Whether a server has accepted it.
    pub status: MailStatus,
    /// When it was queued.
    pub created_at: Instant,
    /// When a server accepted it.
    pub sent_at: Option<Instant>,
    /// Where its work stands.
    pub delivery: Option<Delivery>,
    /// Why it failed for good.
    pub error: Option<String>,
}

/// Where the work of delivering a mail stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// To be done, being done, done, given up.
    pub state: OutboxState,
    /// Attempts so far.
    pub attempts: i32,
    /// When it is tried next.
    pub next_at: Instant,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
}

/// A whole mail.
#[derive(Clone, Debug)]
pub struct Shown {
    /// As in the list.
    pub summary: Summary,
    /// To whom; none when it was erased.
    pub to: Option<String>,
    /// What it says; none when its facts were erased or cannot be written.
    pub rendered: Option<Rendered>,
}

/// The newest mails, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store, filter: Filter, limit: u64) -> Result<Vec<Summary>, DbErr> {
    let mut query = mail::Entity::find().order_by_desc(mail::Column::Id).limit(limit);
    if let Some(organization) = filter.organization {
        query = query.filter(mail::Column::OrganizationId.eq(organization));
    }
    if let Some(status) = filter.status {
        query = query.filter(mail::Column::Status.eq(status));
    }
    if let Some(before) = filter.before {
        query = query.filter(mail::Column::Id.lt(before));
    }
    let rows = query.all(store.read()).await?;
    let work = deliveries(store, rows.iter().map(|row| row.id)).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let delivery = work.iter().find(|work| work.subject_id == row.id.0).map(delivery);
            summary(&row, delivery)
        })
        .collect())
}

/// One mail, as it reads; its links work.
///
/// # Errors
/// When the database fails.
pub async fn show(store: &Store, links: &dyn Links, id: MailId) -> Result<Option<Shown>, DbErr> {
    let Some(row) = find(store, id).await? else {
        return Ok(None);
    };
    let delivery = deliveries(store, [id]).await?.first().map(delivery);
    let message = Message::from_data(row.kind, &row.data).ok();
    let rendered = message.and_then(|message| render(&message, &row.locale, links).ok());
    Ok(Some(Shown {
        summary: summary(&row, delivery),
        to: row.to_address,
        rendered,
    }))
}

/// Starts the delivery of a mail anew that was given up or waits; one that was sent stays as it is.
///
/// # Errors
/// When the database fails.
pub async fn retry(store: &Store, id: MailId) -> Result<Held, DbErr> {
    let Some(row) = find(store, id).await? else {
        return Ok(Held::No);
    };
    let Some(work) = deliveries(store, [id]).await?.into_iter().next() else {
        return Ok(Held::No);
    };
    let (organization, work): (OrganizationId, OutboxId) = (row.organization_id, work.id);
    crate::transaction!(store.writer(), async |tx| {
        let held = revive(tx, organization, work).await?;
        if held == Held::Yes {
            sql::execute(
                tx,
                "update mail set status = 'QUEUED', error = null \
                 where organization_id = $1 and id = $2 and status = 'FAILED'",
                [organization.0.into(), id.0.into()],
            )
            .await?;
        }
        Ok::<_, DbErr>(held)
    })
}

/// How many mails wait to be sent.
///
/// # Errors
/// When the database fails.
pub async fn waiting(store: &Store) -> Result<i64, DbErr> {
    let row = sql::one(
        store.read(),
        "select count(*) as waiting from outbox where kind = 'MAIL' and state in ('READY', 'LEASED')",
        [],
    )
    .await?;
    row.try_get("", "waiting")
}

async fn find(store: &Store, id: MailId) -> Result<Option<mail::Model>, DbErr> {
    mail::Entity::find()
        .filter(mail::Column::Id.eq(id))
        .one(store.read())
        .await
}

async fn deliveries(store: &Store, mails: impl IntoIterator<Item = MailId>) -> Result<Vec<outbox::Model>, DbErr> {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(OutboxKind::Mail))
        .filter(outbox::Column::SubjectId.is_in(mails.into_iter().map(|id| id.0)))
        .all(store.read())
        .await
}

fn delivery(work: &outbox::Model) -> Delivery {
    Delivery {
        state: work.state,
        attempts: work.attempts,
        next_at: Instant(work.next_at),
        last_error: work.last_error.clone(),
    }
}

fn summary(row: &mail::Model, delivery: Option<Delivery>) -> Summary {
    Summary {
        organization: row.organization_id,
        id: row.id,
        kind: row.kind,
        locale: row.locale.clone(),
        status: row.status,
        created_at: Instant(row.created_at),
        sent_at: row.sent_at.map(Instant),
        delivery,
        error: row.error.clone(),
    }
}
