//! Seeing to it that an open payment can no longer be paid; where somebody was faster, that is what counts.

use consentry_domain::order::Order;
use consentry_domain::{Instant, OrganizationId, PaymentId, PaymentMethod, PaymentStatus};
use consentry_entity::{order, payment};
use sea_orm::{DbErr, EntityTrait};

use super::provider::{Expiry, PaymentProvider, ProviderError};
use super::settle::{self, Applied, Seen, apply};
use super::{accounts, checkout, rows};
use crate::platform::{Fault, Platform, Refused};
use crate::transaction;

/// Why it may still be payable.
#[derive(Debug, thiserror::Error)]
pub(super) enum CloseError {
    /// The provider did not do it.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The database failed.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl From<DbErr> for CloseError {
    fn from(error: DbErr) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Fault> for CloseError {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault.into())
    }
}

/// Closes a payment. Safe to repeat.
///
/// # Errors
/// When the provider or the database does not answer: it may still be payable.
pub(super) async fn close(
    platform: &Platform,
    organization: OrganizationId,
    id: PaymentId,
) -> Result<Applied, CloseError> {
    let Some(payment) = rows::payment(&platform.store, organization, id).await? else {
        return Ok(Applied::Nothing);
    };
    match payment.status {
        PaymentStatus::Created => {}
        PaymentStatus::Processing => return Ok(Applied::Processing),
        // It is over; only its order may still have to follow.
        _ => return Ok(end_order(platform, &payment).await?),
    }
    match payment.method {
        PaymentMethod::BankTransfer => Ok(see(platform, &payment, Seen::Gone).await?),
        PaymentMethod::StripeCheckout => at_provider(platform, &payment).await,
    }
}

async fn at_provider(platform: &Platform, payment: &payment::Model) -> Result<Applied, CloseError> {
    let Some(reference) = reference(platform, payment).await? else {
        return Ok(see(platform, payment, Seen::Gone).await?);
    };
    match provider(platform, payment).await?.expire(&reference).await? {
        Expiry::Expired => Ok(see(platform, payment, Seen::Gone).await?),
        Expiry::AlreadyComplete(checkout) => Ok(see(platform, payment, Seen::Checkout(&checkout)).await?),
    }
}

/// The checkout's reference. Where its answer was never heard, the same request finds it; none where there is no such page.
async fn reference(platform: &Platform, payment: &payment::Model) -> Result<Option<String>, CloseError> {
    if let Some(reference) = &payment.provider_ref {
        return Ok(Some(reference.clone()));
    }
    let now = platform.store.now().await?;
    if payment.expires_at.is_none_or(|at| Instant(at) <= now) {
        return Ok(None);
    }
    let order = order(platform, payment).await?;
    match checkout::create(platform, &order, payment).await? {
        Ok(checkout) => Ok(Some(checkout.reference)),
        Err(ProviderError::Refused { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn order(platform: &Platform, payment: &payment::Model) -> Result<order::Model, Refused> {
    let found = order::Entity::find_by_id((payment.organization_id, payment.order_id))
        .one(platform.store.read())
        .await?;
    Ok(found.ok_or_else(|| Fault::Corrupt("a payment without its order".into()))?)
}

/// The provider of a payment's account.
pub(super) async fn provider(
    platform: &Platform,
    payment: &payment::Model,
) -> Result<std::sync::Arc<dyn PaymentProvider>, CloseError> {
    let missing = || ProviderError::Misconfigured {
        code: "no_account".to_owned(),
    };
    let id = payment.provider_account_id.ok_or_else(missing)?;
    let account = accounts::by_id(&platform.store, payment.organization_id, id).await?;
    let provider = accounts::provider(platform, &account.ok_or_else(missing)?)?;
    Ok(provider.ok_or_else(missing)?)
}

/// Applies what was seen, in a transaction of its own.
pub(super) async fn see(platform: &Platform, payment: &payment::Model, seen: Seen<'_>) -> Result<Applied, Refused> {
    transaction!(platform.store.writer(), async |tx| { apply(tx, payment, seen).await })
}

async fn end_order(platform: &Platform, payment: &payment::Model) -> Result<Applied, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let order = rows::lock_order(tx, payment.organization_id, payment.order_id).await?;
        if let Order::Expiring { .. } = rows::order_state(&order)? {
            settle::finish_expiry(tx, &order).await?;
        }
        Ok::<_, Refused>(Applied::Nothing)
    })
}
