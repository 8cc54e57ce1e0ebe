//! Unpaid orders end in two steps: *expiring*, while a provider may have to be told to take no money, then *expired*, when
//! their places are free. Never while a payment is processing.

use consentry_domain::order::{OpenPayment, Order};
use consentry_domain::{ActorKind, Instant, OrderId, OrganizationId, OutboxKind, RegistrationId};
use sea_orm::DbErr;

use super::in_hand::{InHand, News, state_of};
use super::places;
use super::settle::wrong_state;
use crate::platform::store::{Tx, sql};
use crate::platform::{Apart, Platform, Refused};
use crate::services::audit;
use crate::services::mail::facts::{Cancelled, CancelledBy, Refund};
use crate::services::outbox::{NewWork, add};
use crate::services::sharing::leads;
use crate::transaction;

/// How many orders one step takes.
const BATCH: i64 = 200;

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expiry {
    /// Orders whose provider is being told now.
    pub begun: usize,
    /// Orders that have ended.
    pub expired: usize,
}

/// A step of the worker: begins the expiry of every order whose time is over, and ends it where no payment is open. For
/// one that is open, the provider's part is put into the outbox; who has done it calls [`finish_expiry`].
///
/// # Errors
/// The first one, after every other order was tried. What was done until then stays done.
pub async fn expire_due(platform: &Platform, now: Instant) -> Result<Expiry, Refused> {
    let mut done = Expiry::default();
    let mut apart = Apart::default();
    for (organization, id) in due(platform, now).await? {
        let ended = transaction!(platform.store.writer(), async |tx| { step(tx, organization, id).await });
        match apart.take(ended) {
            Step::Nothing => {}
            Step::Begun => done.begun += 1,
            Step::Expired => done.expired += 1,
        }
    }
    apart.end(done)
}

/// Ends the expiry of an order whose provider takes no money any more: its payment is closed. Doing it twice is doing
/// it once.
///
/// # Errors
/// `WRONG_STATE` where a payment of it is still open or it does not expire.
pub async fn finish_expiry(tx: &Tx, organization: OrganizationId, id: OrderId) -> Result<(), Refused> {
    let mut held = InHand::take(tx, organization, id)
        .await?
        .ok_or_else(|| Refused::not_found(""))?;
    if let Order::Expired { .. } = held.state()? {
        return Ok(());
    }
    let (payment, _) = held.open_payment().await?;
    finish(&mut held, payment).await
}

#[derive(Default)]
enum Step {
    #[default]
    Nothing,
    Begun,
    Expired,
}

async fn due(platform: &Platform, now: Instant) -> Result<Vec<(OrganizationId, OrderId)>, DbErr> {
    let rows = sql::all(
        platform.store.read(),
        "select organization_id, id from \"order\" where status in ('PENDING', 'EXPIRING') and expires_at <= $1 \
         order by expires_at limit $2",
        [now.0.into(), BATCH.into()],
    )
    .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "organization_id")?, row.try_get("", "id")?)))
        .collect()
}

/// One order, as it is now under its lock: another node may have been faster.
async fn step(tx: &Tx, organization: OrganizationId, id: OrderId) -> Result<Step, Refused> {
    let Some(mut held) = InHand::take(tx, organization, id).await? else {
        return Ok(Step::Nothing);
    };
    let (payment, open) = held.open_payment().await?;
    let mut begun = false;
    if let Order::Pending { .. } = held.state()? {
        // Its time is not over after all, or money is on its way.
        let Ok(expiring) = held.state()?.begin_expiry(payment, held.now) else {
            return Ok(Step::Nothing);
        };
        held.write_order(expiring).await?;
        begun = true;
    }
    match (held.state()?, payment, open) {
        (Order::Expiring { .. }, OpenPayment::None, _) => {
            finish(&mut held, payment).await?;
            Ok(Step::Expired)
        }
        (Order::Expiring { .. }, OpenPayment::Created, Some(open)) if begun => {
            let key = format!("expire-payment:{}", open.id);
            let work = NewWork {
                organization,
                kind: OutboxKind::ExpirePayment,
                subject: open.id.0,
                dedupe_key: &key,
            };
            add(tx, work).await?;
            Ok(Step::Begun)
        }
        _ => Ok(Step::Nothing),
    }
}

async fn finish(held: &mut InHand<'_>, payment: OpenPayment) -> Result<(), Refused> {
    let expired = held.state()?.expire(payment, held.now).map_err(wrong_state)?;
    let lost: Vec<RegistrationId> = held.holding().map(|row| row.id).collect();
    let mut states = Vec::new();
    for row in held.registrations.iter().filter(|row| lost.contains(&row.id)) {
        states.push((row.id, state_of(row)?.cancel(held.now).map_err(wrong_state)?));
    }
    held.write_order(expired).await?;
    held.write_registrations(&states).await?;
    leads::rewrite(held.tx, held.organization(), &lost).await?;
    let freed = held.needs(&lost).await?;
    let news = News::Ended {
        what: Cancelled::UnpaidOrder,
        by: CancelledBy::Time,
        refund: Refund::NothingPaid,
        registrations: lost,
    };
    held.tell(news).await?;
    let entry = audit::Entry {
        organization: held.organization(),
        actor: ActorKind::System,
        account: None,
        action: "orderExpired",
        event: Some(held.order.event_id),
        subject_kind: "order",
        subject: Some(held.order.id.0),
        detail: serde_json::json!({}),
    };
    audit::note(held.tx, entry).await?;
    places::free(held.tx, held.organization(), &freed).await?;
    Ok(())
}
