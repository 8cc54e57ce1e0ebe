//! Transfers to the organization's bank account: staff book them by their reference.

use consentry_domain::Instant;
use consentry_entity::{order, payment};

use super::accounts::{self, BankAccount};
use crate::platform::{Fault, Platform};
use crate::services::mail::facts::Transfer;

/// How to pay by transfer.
#[derive(Clone, Debug)]
pub struct Instructions {
    /// Where to.
    pub account: BankAccount,
    /// What to write into the transfer.
    pub reference: String,
    /// Until when, where there is a limit.
    pub due: Option<Instant>,
}

/// What a transfer for this payment of the order must say: the order's code, numbered from the second payment on.
pub(super) fn reference(order: &order::Model, earlier: u64) -> String {
    match earlier {
        0 => order.code.clone(),
        more => format!("{}-{}", order.code, more + 1),
    }
}

/// How to pay this payment.
pub(super) async fn instructions(
    platform: &Platform,
    payment: &payment::Model,
    due: Option<i64>,
) -> Result<Option<Instructions>, Fault> {
    let (Some(id), Some(reference)) = (payment.provider_account_id, payment.reference.clone()) else {
        return Ok(None);
    };
    let Some(row) = accounts::by_id(&platform.store, payment.organization_id, id).await? else {
        return Ok(None);
    };
    Ok(Some(Instructions {
        account: accounts::bank(&row)?,
        reference,
        due: due.map(Instant),
    }))
}

/// The same, as mails say it.
pub(super) fn transfer(account: BankAccount, payment: &payment::Model) -> Transfer {
    Transfer {
        holder: account.account_holder.into(),
        iban: account.iban.into(),
        bic: account.bic.map(Into::into),
        reference: payment.reference.clone().unwrap_or_default().into(),
        amount_minor: payment.amount_minor,
        currency: payment.currency.as_str().into(),
    }
}
