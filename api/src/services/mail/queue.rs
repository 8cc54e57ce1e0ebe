//! Queueing a mail: part of the change that it tells of, so that neither exists without the other.

use consentry_domain::{EventId, Instant, MailId, MailStatus, OrderId, OrganizationId, OutboxKind, RegistrationId};
use consentry_entity::mail;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, DbErr, EntityTrait as _};

use super::Message;
use crate::platform::store::Tx;
use crate::services::outbox::{Added, NewWork, add, add_all};

/// A mail to be sent.
#[derive(Clone, Debug)]
pub struct NewMail<'a> {
    /// Whose it is.
    pub organization: OrganizationId,
    /// The event it is about.
    pub event: Option<EventId>,
    /// The order it is about.
    pub order: Option<OrderId>,
    /// The registration it is about.
    pub registration: Option<RegistrationId>,
    /// In which language (BCP 47).
    pub locale: &'a str,
    /// To whom, as stored with the person.
    pub to: &'a str,
    /// What it says.
    pub message: Message,
    /// The same mail has the same key ("confirmation:" and the order's id): queued twice, it is sent once.
    pub dedupe_key: &'a str,
}

/// Whether the mail was new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queued {
    /// It was.
    New(MailId),
    /// A mail with this key is there, sent or not.
    Known,
}

/// Queues a mail in the transaction at hand.
///
/// # Errors
/// When the database fails.
pub async fn queue(tx: &Tx, new: NewMail<'_>) -> Result<Queued, DbErr> {
    let queued = queue_all(tx, std::slice::from_ref(&new)).await?;
    Ok(queued.first().copied().unwrap_or(Queued::Known))
}

/// Queues several mails in the transaction at hand, in two statements; what became of each.
///
/// # Errors
/// When the database fails.
pub async fn queue_all(tx: &Tx, new: &[NewMail<'_>]) -> Result<Vec<Queued>, DbErr> {
    let now = tx.now().await?;
    let ids: Vec<MailId> = new.iter().map(|_| tx.ordered_id()).collect();
    let work = new.iter().zip(&ids).map(|(new, id)| NewWork {
        organization: new.organization,
        kind: OutboxKind::Mail,
        subject: id.0,
        dedupe_key: new.dedupe_key,
    });
    let added = add_all(tx, work.collect()).await?;
    let (mut rows, mut queued) = (Vec::new(), Vec::new());
    for ((new, id), added) in new.iter().zip(ids).zip(added) {
        if added == Added::Known {
            queued.push(Queued::Known);
            continue;
        }
        rows.push(row(new, id, now)?);
        queued.push(Queued::New(id));
    }
    if !rows.is_empty() {
        mail::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(queued)
}

fn row(new: &NewMail<'_>, id: MailId, now: Instant) -> Result<mail::ActiveModel, DbErr> {
    let data = new.message.to_data().map_err(|error| DbErr::Json(error.to_string()))?;
    Ok(mail::ActiveModel {
        organization_id: Set(new.organization),
        id: Set(id),
        event_id: Set(new.event),
        order_id: Set(new.order),
        registration_id: Set(new.registration),
        kind: Set(new.message.kind()),
        locale: Set(new.locale.to_owned()),
        to_address: Set(Some(new.to.to_owned())),
        data: Set(data),
        status: Set(MailStatus::Queued),
        message_id: Set(None),
        created_at: Set(now.0),
        sent_at: Set(None),
        error: Set(None),
    })
}

/// Queues a copy of a mail under an id of its own.
pub(super) async fn copy(tx: &Tx, first: &mail::Model, again: MailId) -> Result<(), DbErr> {
    let now = tx.now().await?;
    let dedupe_key = format!("resend:{again}");
    let work = NewWork {
        organization: first.organization_id,
        kind: OutboxKind::Mail,
        subject: again.0,
        dedupe_key: &dedupe_key,
    };
    add(tx, work).await?;
    let row = mail::ActiveModel {
        id: Set(again),
        status: Set(MailStatus::Queued),
        message_id: Set(None),
        created_at: Set(now.0),
        sent_at: Set(None),
        error: Set(None),
        ..mail::ActiveModel::from(first.clone()).reset_all()
    };
    mail::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}
