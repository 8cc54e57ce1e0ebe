//! Sending a mail once more, because staff ask for it: the same words, the same links, to the same mailbox, never so
//! often that somebody is flooded, and never once its purpose is over.

use consentry_domain::{Instant, MailId};
use consentry_entity::mail;
use sea_orm::DbErr;

use super::staff::{self, Envelope, Keeper};
use super::{Message, purpose};
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::idempotency::{self, Claim};
use crate::transaction;

/// How long after the last copy there may be another.
const PAUSE_SECONDS: i64 = 60;
/// How many copies of a mail there may be in a day, the first one included.
const MOST_A_DAY: i64 = 10;

/// Queues a mail of the keeper's once more; the copy.
///
/// # Errors
/// Not found; `WRONG_STATE` where its purpose is over; `RATE_LIMITED` where a copy was sent a moment ago.
pub async fn again(platform: &Platform, keeper: Keeper<'_>, id: MailId, key: &str) -> Result<Envelope, Refused> {
    let scope = format!("resendMail:{}", keeper.actor());
    let body = id.to_string();
    let request = idempotency::Request {
        organization: keeper.organization(),
        scope: scope.into(),
        key,
        body: body.as_bytes().into(),
    };
    let copy = transaction!(platform.store.writer(), async |tx| {
        copy(platform, tx, keeper, id, &request).await
    })?;
    let sent = staff::envelope(&platform.store, keeper, copy).await?;
    sent.ok_or_else(|| Refused::not_found("mailId"))
}

async fn copy(
    platform: &Platform,
    tx: &Tx,
    keeper: Keeper<'_>,
    id: MailId,
    request: &idempotency::Request<'_>,
) -> Result<MailId, Refused> {
    let row = staff::whole(tx, keeper, id).await?;
    let row = row.ok_or_else(|| Refused::not_found("mailId"))?;
    let copy: MailId = tx.ordered_id();
    if let Claim::Replayed(made) = idempotency::claim(platform, tx, request, copy.0).await? {
        return Ok(MailId(made));
    }
    let over = || {
        let message = "This mail has no purpose any more: what it is about has ended, was changed, or was done.";
        Refused::because("mailId", Code::WrongState, message)
    };
    // Erased facts say nothing.
    let message = Message::from_data(row.kind, &row.data).map_err(|_| over())?;
    let now = tx.now().await?;
    // Whoever asks for another copy at the same time waits here, for the same rows are locked.
    if !purpose::holds(tx, &row, &message, now).await? {
        return Err(over());
    }
    let quiet = quiet(&row, message)?;
    if !has_rested(tx, &row, &quiet, now).await? {
        let message = "This mail was sent a moment ago, or too often today. Wait a little.";
        return Err(Refused::because("mailId", Code::RateLimited, message));
    }
    super::queue::copy(
        tx,
        &mail::Model {
            data: quiet,
            ..row.clone()
        },
        copy,
    )
    .await?;
    let detail = serde_json::json!({ "of": id.to_string(), "kind": row.kind.as_str() });
    keeper.note(tx, "resendMail", Some(copy), detail).await?;
    Ok(copy)
}

/// What it says, without asking once more what partners ask: that is said in one mail.
fn quiet(row: &mail::Model, message: Message) -> Result<String, Fault> {
    match message {
        Message::Confirmation(mut message) if message.undecided => {
            message.undecided = false;
            let data = Message::Confirmation(message).to_data();
            data.map_err(|error| Fault::Corrupt(error.to_string()))
        }
        _ => Ok(row.data.clone()),
    }
}

/// Whether its copies leave its reader in peace. Every copy counts, whichever of them is sent again.
async fn has_rested(tx: &Tx, row: &mail::Model, quiet: &str, now: Instant) -> Result<bool, Fault> {
    let (beside, of) = match (row.order_id, row.registration_id) {
        (Some(order), _) => ("order_id = $6", order.0),
        (None, Some(registration)) => ("registration_id = $6", registration.0),
        // Its own id names no event: what belongs to none.
        (None, None) => ("event_id is null and id is distinct from $6", uuid::Uuid::nil()),
    };
    let text = format!(
        "select count(*) as copies, max(created_at) as latest from mail \
         where organization_id = $1 and kind = $2 and to_address = $3 and data in ($4, $7) and created_at > $5 and {beside}"
    );
    let values = [
        row.organization_id.into(),
        row.kind.into(),
        row.to_address.clone().into(),
        row.data.clone().into(),
        now.plus_days(-1).0.into(),
        of.into(),
        quiet.into(),
    ];
    let counted = sql::one(tx, &text, values).await?;
    let read = |error: DbErr| Fault::from(error);
    let copies: i64 = counted.try_get("", "copies").map_err(read)?;
    let latest: Option<i64> = counted.try_get("", "latest").map_err(read)?;
    let pause = PAUSE_SECONDS * 1_000_000;
    Ok(copies < MOST_A_DAY && latest.is_none_or(|latest| latest + pause <= now.0))
}
