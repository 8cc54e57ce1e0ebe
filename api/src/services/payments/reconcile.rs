//! Asking the provider about whatever a lost webhook left open. A step of the worker.

use consentry_domain::{Instant, PaymentMethod, PaymentStatus};
use consentry_entity::payment;
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::close::{CloseError, provider, see};
use super::provider::ProviderError;
use super::settle::{Applied, Seen};
use crate::platform::store::sql;
use crate::platform::{Platform, Refused};

/// How long nothing must have been heard of a payment.
const SILENCE_MINUTES: i64 = 10;
/// How many payments one step asks about.
const BATCH: u64 = 100;

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Payments that were asked about.
    pub asked: usize,
    /// Those of which something new was learned.
    pub changed: usize,
    /// Those whose provider did not answer.
    pub unanswered: usize,
}

/// Asks about every open payment of which nothing was heard for a while.
///
/// # Errors
/// When the database fails. What was done until then stays done.
pub async fn reconcile(platform: &Platform) -> Result<Reconciled, Refused> {
    let now = platform.store.now().await?;
    let mut done = Reconciled::default();
    for payment in silent(platform, now).await? {
        done.asked += 1;
        match ask(platform, &payment, now).await {
            Ok(Applied::Nothing) => {}
            Ok(_) => done.changed += 1,
            Err(CloseError::Refused(refused)) => return Err(refused),
            Err(CloseError::Provider(error)) => {
                tracing::warn!(payment = %payment.id, %error, "a payment's provider did not answer");
                done.unanswered += 1;
                asked(platform, &payment, now).await?;
            }
        }
    }
    Ok(done)
}

async fn silent(platform: &Platform, now: Instant) -> Result<Vec<payment::Model>, DbErr> {
    use payment::Column;
    let since = now.plus_minutes(-SILENCE_MINUTES).0;
    let never_asked = Condition::all()
        .add(Column::CheckedAt.is_null())
        .add(Column::CreatedAt.lte(since));
    payment::Entity::find()
        .filter(Column::Status.is_in([PaymentStatus::Created, PaymentStatus::Processing]))
        .filter(Column::Method.eq(PaymentMethod::StripeCheckout))
        .filter(Condition::any().add(Column::CheckedAt.lte(since)).add(never_asked))
        .order_by_asc(Column::CheckedAt)
        .order_by_asc(Column::Id)
        .limit(BATCH)
        .all(platform.store.read())
        .await
}

async fn ask(platform: &Platform, payment: &payment::Model, now: Instant) -> Result<Applied, CloseError> {
    let Some(reference) = &payment.provider_ref else {
        // Nobody ever learned where to pay. Once its time is over, nobody will.
        if payment.expires_at.is_some_and(|at| Instant(at) <= now) {
            return Ok(see(platform, payment, Seen::Gone).await?);
        }
        asked(platform, payment, now).await?;
        return Ok(Applied::Nothing);
    };
    let checkout = match provider(platform, payment).await?.retrieve(reference).await {
        Ok(checkout) => checkout,
        // The account's keys were exchanged for those of another one.
        Err(error @ ProviderError::Refused { .. }) => {
            tracing::error!(payment = %payment.id, %error, "the provider does not know a payment");
            return Err(error.into());
        }
        Err(error) => return Err(error.into()),
    };
    Ok(see(platform, payment, Seen::Checkout(&checkout)).await?)
}

/// Notes that it was asked about, so that others have their turn.
async fn asked(platform: &Platform, payment: &payment::Model, now: Instant) -> Result<(), Refused> {
    crate::transaction!(platform.store.writer(), async |tx| {
        sql::execute(
            tx,
            "update payment set checked_at = $3 where organization_id = $1 and id = $2",
            [payment.organization_id.into(), payment.id.into(), now.0.into()],
        )
        .await?;
        Ok::<_, Refused>(())
    })
}
