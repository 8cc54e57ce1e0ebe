//! Unpaid orders expire in two steps: the provider is told to take no money any more, then the places are free. A step of
//! the worker.

use std::time::Duration;

use consentry_domain::{OutboxKind, PaymentId};

use super::close::{CloseError, close};
use crate::platform::{Platform, Refused};
use crate::services::outbox::{self, Failure, Work};
use crate::services::registration::{self, Expiry};
use crate::transaction;

/// How many payments one step closes.
const BATCH: u32 = 50;
/// For how long a payment's closing is ours.
const LEASE: Duration = Duration::from_secs(300);
/// How often closing is tried; after that an operator must look.
const ATTEMPTS: u32 = 12;

/// Begins the expiry of every order whose time is over, and tells the providers what is to be told.
///
/// # Errors
/// When the database fails. What was done until then stays done.
pub async fn expire_due(platform: &Platform) -> Result<Expiry, Refused> {
    let now = platform.store.now().await?;
    let mut done = registration::expire_due(platform, now).await?;
    let work = outbox::lease(&platform.store, OutboxKind::ExpirePayment, BATCH, LEASE).await?;
    for work in work {
        if perform(platform, &work).await? {
            done.expired += 1;
        }
    }
    Ok(done)
}

/// Closes one payment; whether that was done.
async fn perform(platform: &Platform, work: &Work) -> Result<bool, Refused> {
    let error = match close(platform, work.organization, PaymentId(work.subject)).await {
        Ok(_) => {
            transaction!(platform.store.writer(), async |tx| {
                outbox::done(tx, work).await?;
                Ok::<_, Refused>(())
            })?;
            return Ok(true);
        }
        Err(CloseError::Refused(refused)) => return Err(refused),
        Err(CloseError::Provider(error)) => error,
    };
    tracing::warn!(payment = %work.subject, %error, "a payment could not be closed");
    let failure = Failure::Temporary { max_attempts: ATTEMPTS };
    let reason = error.to_string();
    transaction!(platform.store.writer(), async |tx| {
        outbox::failed(tx, &platform.store, work, failure, &reason).await?;
        Ok::<_, Refused>(())
    })?;
    Ok(false)
}
