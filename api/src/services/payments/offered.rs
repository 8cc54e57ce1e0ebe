//! How an order can be paid now, for whoever looks at it.

use consentry_domain::{Instant, PaymentMethod, PaymentStatus, ProviderKind};
use consentry_entity::{order, payment};

use super::bank::{self, Instructions};
use super::{accounts, rows};
use crate::platform::{Fault, Platform};

/// The ways that the organization offers; none where nothing is to be paid, or while money is on its way.
///
/// # Errors
/// When the database fails.
pub async fn offered(
    platform: &Platform,
    order: &order::Model,
    payments: &[payment::Model],
) -> Result<Vec<PaymentMethod>, Fault> {
    let now = platform.store.now().await?;
    let is_on_its_way = payments
        .iter()
        .any(|payment| payment.status == PaymentStatus::Processing);
    if is_on_its_way || !rows::order_state(order)?.takes_payment(now) {
        return Ok(Vec::new());
    }
    let mut offered = Vec::new();
    for (kind, method) in [
        (ProviderKind::Stripe, PaymentMethod::StripeCheckout),
        (ProviderKind::BankTransfer, PaymentMethod::BankTransfer),
    ] {
        let account = accounts::active(&platform.store, order.organization_id, kind).await?;
        if let Some(account) = account
            && accounts::is_ready(platform, &account)?
        {
            offered.push(method);
        }
    }
    Ok(offered)
}

/// How to pay by the transfer that was chosen, while its order waits for it.
///
/// # Errors
/// When the database fails.
pub async fn transfer_of(
    platform: &Platform,
    order: &order::Model,
    payments: &[payment::Model],
) -> Result<Option<Instructions>, Fault> {
    let now: Instant = platform.store.now().await?;
    if !rows::order_state(order)?.takes_payment(now) {
        return Ok(None);
    }
    let chosen = payments
        .iter()
        .find(|payment| payment.method == PaymentMethod::BankTransfer && payment.status == PaymentStatus::Created);
    match chosen {
        Some(payment) => bank::instructions(platform, payment, order.expires_at).await,
        None => Ok(None),
    }
}
