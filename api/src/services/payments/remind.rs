//! Reminding buyers of orders that will expire. A step of the worker; each order is reminded of once.

use consentry_domain::{EventStatus, Instant, OrderId, OrderStatus, OrganizationId, PaymentMethod, PaymentStatus};
use consentry_entity::{order, provider_account};
use sea_orm::{DbErr, EntityTrait};

use super::{accounts, bank, rows};
use crate::platform::store::{Tx, sql};
use crate::platform::{Apart, Platform, Refused};
use crate::services::mail::facts::Transfer;
use crate::services::registration::{ToPay, remind_to_pay};
use crate::transaction;

/// The longest time before the deadline.
const AHEAD_MINUTES: i64 = 24 * 60;
/// How many orders one step takes.
const BATCH: i64 = 200;

/// Reminds of every order whose time is over in a day, or in half of the time that it had; how many.
///
/// Nobody is reminded of an order while money for it is on its way.
///
/// # Errors
/// The first one, after every other order was tried. What was done until then stays done.
pub async fn remind_due(platform: &Platform) -> Result<usize, Refused> {
    let now = platform.store.now().await?;
    let mut reminded = 0;
    let mut apart = Apart::default();
    for (organization, id) in due(platform, now).await? {
        let is_reminded = transaction!(platform.store.writer(), async |tx| { step(tx, organization, id).await });
        reminded += usize::from(apart.take(is_reminded));
    }
    apart.end(reminded)
}

async fn due(platform: &Platform, now: Instant) -> Result<Vec<(OrganizationId, OrderId)>, DbErr> {
    let rows = sql::all(
        platform.store.read(),
        "select organization_id, id from \"order\" where status = 'PENDING' and reminded_at is null \
         and expires_at > $1 and expires_at <= $2 and (expires_at - $1) * 2 <= expires_at - created_at \
         and not exists (select 1 from payment where payment.organization_id = \"order\".organization_id \
             and payment.order_id = \"order\".id and payment.status = 'PROCESSING') \
         order by expires_at limit $3",
        [now.0.into(), now.plus_minutes(AHEAD_MINUTES).0.into(), BATCH.into()],
    )
    .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "organization_id")?, row.try_get("", "id")?)))
        .collect()
}

/// One order, as it is now under its lock: another node, or its buyer, may have been faster.
async fn step(tx: &Tx, organization: OrganizationId, id: OrderId) -> Result<bool, Refused> {
    let now = tx.now().await?;
    let order = rows::lock_order(tx, organization, id).await?;
    if order.status != OrderStatus::Pending || order.reminded_at.is_some() || !is_due(&order, now) {
        return Ok(false);
    }
    let open = rows::open_payment(tx, organization, id).await?;
    if open
        .as_ref()
        .is_some_and(|open| open.status == PaymentStatus::Processing)
    {
        return Ok(false);
    }
    let (event, its) = rows::event_of(tx, &order).await?;
    sql::execute(
        tx,
        "update \"order\" set reminded_at = $3 where organization_id = $1 and id = $2",
        [organization.into(), id.into(), now.0.into()],
    )
    .await?;
    if event.status != EventStatus::Published {
        return Ok(false);
    }
    let transfer = match open.filter(|open| open.method == PaymentMethod::BankTransfer) {
        Some(open) => transfer(tx, &open).await?,
        None => None,
    };
    let to_pay = ToPay {
        organization: &its,
        event: &event,
        order: &order,
        transfer,
    };
    remind_to_pay(tx, &to_pay).await?;
    Ok(true)
}

/// Whether an order's time is over soon.
fn is_due(order: &order::Model, now: Instant) -> bool {
    order.expires_at.is_some_and(|expires| {
        let left = expires - now.0;
        left > 0 && expires <= now.plus_minutes(AHEAD_MINUTES).0 && left * 2 <= expires - order.created_at
    })
}

/// Where its buyer was told to transfer the money to.
async fn transfer(tx: &Tx, open: &consentry_entity::payment::Model) -> Result<Option<Transfer>, Refused> {
    let Some(id) = open.provider_account_id else {
        return Ok(None);
    };
    let account = provider_account::Entity::find_by_id((open.organization_id, id))
        .one(tx)
        .await?;
    Ok(match account {
        Some(account) => Some(bank::transfer(accounts::bank(&account)?, open)),
        None => None,
    })
}
