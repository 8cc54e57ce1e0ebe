//! How to pay, and a reminder of it: said to the buyer alone.

use consentry_domain::{Currency, Instant, Money};
use consentry_entity::{event, order, organization};

use crate::platform::store::Tx;
use crate::platform::{Fault, Refused};
use crate::services::mail::facts::{Moment, Transfer};
use crate::services::mail::{self, Link, LinkPurpose, Message, NewMail, about, messages};

/// An order that is to be paid.
pub struct ToPay<'a> {
    /// Who runs the event.
    pub organization: &'a organization::Model,
    /// The event.
    pub event: &'a event::Model,
    /// The order.
    pub order: &'a order::Model,
    /// Where to transfer the money to, once that way was chosen.
    pub transfer: Option<Transfer>,
}

/// Queues the mail that tells how to pay; once for each `key`.
///
/// # Errors
/// When the database fails.
pub async fn tell_how_to_pay(tx: &Tx, to_pay: &ToPay<'_>, key: &str) -> Result<(), Refused> {
    let Some(due) = to_pay.due() else { return Ok(()) };
    let order = to_pay.order;
    let message = messages::PaymentInstructions {
        controller: about::controller(to_pay.organization, &order.locale)?,
        event: about::event(to_pay.event, &order.locale)?,
        recipient: order.buyer_name.as_deref().unwrap_or_default().into(),
        order_code: order.code.as_str().into(),
        amount: about::amount(to_pay.amount()?),
        due,
        transfer: to_pay.transfer.clone(),
        order: to_pay.link(),
    };
    to_pay.queue(tx, message.into(), &format!("pay:{key}")).await
}

/// Queues the mail that reminds of a payment; once for each order.
///
/// # Errors
/// When the database fails.
pub async fn remind_to_pay(tx: &Tx, to_pay: &ToPay<'_>) -> Result<(), Refused> {
    let Some(due) = to_pay.due() else { return Ok(()) };
    let order = to_pay.order;
    let message = messages::PaymentReminder {
        controller: about::controller(to_pay.organization, &order.locale)?,
        event: about::event(to_pay.event, &order.locale)?,
        recipient: order.buyer_name.as_deref().unwrap_or_default().into(),
        order_code: order.code.as_str().into(),
        amount: about::amount(to_pay.amount()?),
        due,
        transfer: to_pay.transfer.clone(),
        order: to_pay.link(),
    };
    to_pay.queue(tx, message.into(), &format!("remind:{}", order.id)).await
}

impl ToPay<'_> {
    /// Until when the places are held; none where the order waits for no money.
    fn due(&self) -> Option<Moment> {
        let until = self.order.expires_at.filter(|_| self.order.total_minor > 0)?;
        Some(Moment::in_zone(Instant(until), &self.event.time_zone))
    }

    fn amount(&self) -> Result<Money, Fault> {
        let unknown = || Fault::Corrupt("an order's currency is not of the table".into());
        let currency = Currency::parse(&self.order.currency).ok_or_else(unknown)?;
        Ok(Money::new(self.order.total_minor, currency))
    }

    fn link(&self) -> Link {
        Link::Secret {
            purpose: LinkPurpose::Order,
            organization: self.order.organization_id,
            id: self.order.id.0,
            generation: self.order.secret_generation,
        }
    }

    async fn queue(&self, tx: &Tx, message: Message, key: &str) -> Result<(), Refused> {
        let Some(to) = &self.order.buyer_email else {
            return Ok(());
        };
        let new = NewMail {
            organization: self.order.organization_id,
            event: Some(self.event.id),
            order: Some(self.order.id),
            registration: None,
            locale: &self.order.locale,
            to,
            message,
            dedupe_key: key,
        };
        mail::queue(tx, new).await?;
        Ok(())
    }
}
