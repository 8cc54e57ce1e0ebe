//! Payments that are written directly.

use consentry_domain::{OrderId, OrganizationId, PaymentMethod, PaymentStatus};
use consentry_entity::payment;

use super::TestApp;

impl TestApp {
    /// Writes a payment by card that was begun, as `change` makes it; the row.
    ///
    /// # Panics
    /// When the database refuses it.
    pub async fn db_payment(
        &self,
        organization: OrganizationId,
        order: OrderId,
        change: impl FnOnce(&mut payment::Model),
    ) -> payment::Model {
        let now = self.store().now().await.expect("a time");
        let mut row = payment::Model {
            organization_id: organization,
            id: self.store().entropy().ordered_id(now),
            order_id: order,
            method: PaymentMethod::StripeCheckout,
            status: PaymentStatus::Created,
            amount_minor: 100,
            currency: "EUR".into(),
            provider_account_id: None,
            provider_ref: None,
            intent_ref: None,
            reference: None,
            redirect_url: None,
            return_url: None,
            failure: None,
            refund_due: None,
            created_at: now.0,
            confirmed_at: None,
            expires_at: None,
            checked_at: None,
            revision: 1,
            refund_settled_at: None,
        };
        change(&mut row);
        self.db_insert(row.clone()).await;
        row
    }
}
