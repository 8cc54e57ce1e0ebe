//! Places given up because their person is erased: without a word to anybody but that person, who asked for it.

use std::collections::BTreeMap;

use consentry_domain::order::OpenPayment;
use consentry_domain::{OrderStatus, OrganizationId, OutboxKind, QuotaId, RegistrationId};

use super::in_hand::{InHand, state_of};
use super::places;
use super::settle::wrong_state;
use crate::platform::store::Tx;
use crate::platform::{Code, Refused};
use crate::services::outbox::{NewWork, add};
use crate::services::sharing::leads;

/// Marks these registrations of a locked order as erased and takes their leads away; an unpaid or free order of which
/// nobody else holds a place ends with them. What is to be given back of which quota: by [`give_back`], last of all.
///
/// # Errors
/// `PAYMENT_PROCESSING` while money is on its way for an order that would end.
pub(crate) async fn give_up(held: &mut InHand<'_>, ids: &[RegistrationId]) -> Result<BTreeMap<QuotaId, i64>, Refused> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (holding, others): (Vec<RegistrationId>, Vec<RegistrationId>) =
        held.holding().map(|row| row.id).partition(|id| ids.contains(id));
    let open = matches!(held.order.status, OrderStatus::Pending | OrderStatus::Expiring);
    let free = held.order.status == OrderStatus::Paid && held.order.total_minor == 0;
    if !holding.is_empty() && others.is_empty() && (open || free) {
        end(held).await?;
    }
    let freed = held.needs(&holding).await?;
    let mut states = Vec::new();
    for row in held.registrations.iter().filter(|row| ids.contains(&row.id)) {
        states.push((row.id, state_of(row)?.erase(held.now).map_err(wrong_state)?));
    }
    held.write_registrations(&states).await?;
    leads::rewrite(held.tx, held.organization(), ids).await?;
    Ok(freed)
}

/// Gives places back.
///
/// # Errors
/// When the database fails.
pub(crate) async fn give_back(
    tx: &Tx,
    organization: OrganizationId,
    freed: &BTreeMap<QuotaId, i64>,
) -> Result<(), Refused> {
    Ok(places::free(tx, organization, freed).await?)
}

async fn end(held: &mut InHand<'_>) -> Result<(), Refused> {
    let (payment, open) = held.open_payment().await?;
    if payment == OpenPayment::Processing {
        let message = "A payment of one of the orders is being processed. Try again once it has succeeded or failed.";
        return Err(Refused::because("personId", Code::PaymentProcessing, message));
    }
    let cancelled = held.state()?.cancel(payment, held.now).map_err(wrong_state)?;
    held.write_order(cancelled).await?;
    if let Some(open) = open {
        let key = format!("expire-payment:{}", open.id);
        let work = NewWork {
            organization: held.organization(),
            kind: OutboxKind::ExpirePayment,
            subject: open.id.0,
            dedupe_key: &key,
        };
        add(held.tx, work).await?;
    }
    Ok(())
}
