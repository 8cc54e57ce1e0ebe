//! Transfers to the organization's bank account: staff book them by their reference.

use consentry_domain::{Currency, Instant, Money, transfer};
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
    /// How much.
    pub amount: Money,
    /// Until when, where there is a limit.
    pub due: Option<Instant>,
}

impl Instructions {
    /// The same as the text of a code that banks' apps read; none where the scheme does not fit.
    #[must_use]
    pub fn qr_payload(&self) -> Option<String> {
        let details = transfer::Transfer {
            holder: &self.account.account_holder,
            iban: &self.account.iban,
            bic: self.account.bic.as_deref(),
            reference: &self.reference,
            amount: self.amount,
        };
        details.payload()
    }
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
    let currency =
        Currency::parse(&payment.currency).ok_or_else(|| Fault::Corrupt("a payment's currency".to_owned()))?;
    Ok(Some(Instructions {
        account: accounts::bank(&row)?,
        reference,
        amount: Money::new(payment.amount_minor, currency),
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
