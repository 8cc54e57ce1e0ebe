//! Payments and their orders as rows: read under lock, as states of `domain`, and written back.

use consentry_domain::order::Order;
use consentry_domain::payment::Payment;
use consentry_domain::{Instant, OrderId, OrganizationId, PaymentId, PaymentStatus};
use consentry_entity::{event, order, organization, payment};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect,
};

use crate::platform::Fault;
use crate::platform::store::{Store, Tx};

/// The order, locked.
pub(super) async fn lock_order(tx: &Tx, organization: OrganizationId, id: OrderId) -> Result<order::Model, Fault> {
    let found = order::Entity::find_by_id((organization, id))
        .lock_exclusive()
        .one(tx)
        .await?;
    found.ok_or_else(|| Fault::Corrupt("a payment without its order".into()))
}

/// The payment, locked; its order must be locked already.
pub(super) async fn lock_payment(
    tx: &Tx,
    organization: OrganizationId,
    id: PaymentId,
) -> Result<payment::Model, Fault> {
    let found = payment::Entity::find_by_id((organization, id))
        .lock_exclusive()
        .one(tx)
        .await?;
    found.ok_or_else(|| Fault::Corrupt("a payment is gone".into()))
}

/// The payment, as it was a moment ago.
pub(super) async fn payment(
    store: &Store,
    organization: OrganizationId,
    id: PaymentId,
) -> Result<Option<payment::Model>, DbErr> {
    payment::Entity::find_by_id((organization, id)).one(store.read()).await
}

/// The one payment of an order of which money may still come.
pub(super) async fn open_payment(
    tx: &Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<Option<payment::Model>, DbErr> {
    payment::Entity::find()
        .filter(payment::Column::OrganizationId.eq(organization))
        .filter(payment::Column::OrderId.eq(order))
        .filter(payment::Column::Status.is_in([PaymentStatus::Created, PaymentStatus::Processing]))
        .lock_exclusive()
        .one(tx)
        .await
}

/// How many payments of the order were ever begun.
pub(super) async fn count(tx: &Tx, organization: OrganizationId, order: OrderId) -> Result<u64, DbErr> {
    payment::Entity::find()
        .filter(payment::Column::OrganizationId.eq(organization))
        .filter(payment::Column::OrderId.eq(order))
        .count(tx)
        .await
}

/// Where an order stands.
pub(super) fn order_state(row: &order::Model) -> Result<Order, Fault> {
    let at = |micros: Option<i64>| micros.map(Instant);
    Order::from_stored(row.status, at(row.expires_at), at(row.paid_at), at(row.ended_at))
        .ok_or_else(|| Fault::Corrupt("an order without the time of its state".into()))
}

/// Where a payment stands.
pub(super) fn payment_state(row: &payment::Model) -> Result<Payment, Fault> {
    Payment::from_stored(row.status, row.confirmed_at.map(Instant), row.refund_due)
        .ok_or_else(|| Fault::Corrupt("a payment without the time of its state".into()))
}

/// Writes where a payment stands into its row; [`save`] stores it.
pub(super) fn put(row: &mut payment::Model, state: Payment) {
    row.status = state.status();
    if let Payment::Confirmed { at, refund_due } = state {
        row.confirmed_at = Some(at.0);
        row.refund_due = refund_due;
    }
    if !state.is_open() {
        // Who has the address of the page could look at it for ever.
        row.redirect_url = None;
    }
}

/// Stores a payment that is locked.
pub(super) async fn save(tx: &Tx, row: &mut payment::Model) -> Result<(), DbErr> {
    row.revision += 1;
    payment::Entity::update(row.clone().into_active_model().reset_all())
        .exec(tx)
        .await?;
    Ok(())
}

/// Stores a new payment.
pub(super) async fn insert(tx: &Tx, row: &payment::Model) -> Result<(), DbErr> {
    payment::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Stores an order's new deadline.
pub(super) async fn save_deadline(tx: &Tx, order: &order::Model) -> Result<(), DbErr> {
    crate::platform::store::sql::execute(
        tx,
        "update \"order\" set expires_at = $3, revision = revision + 1 where organization_id = $1 and id = $2",
        [order.organization_id.into(), order.id.into(), order.expires_at.into()],
    )
    .await?;
    Ok(())
}

/// What an order is for, and who runs it.
pub(super) async fn event_of(tx: &Tx, order: &order::Model) -> Result<(event::Model, organization::Model), Fault> {
    let missing = || Fault::Corrupt("an order without its event".into());
    let event = event::Entity::find_by_id((order.organization_id, order.event_id))
        .one(tx)
        .await?;
    let organization = organization::Entity::find_by_id(order.organization_id).one(tx).await?;
    Ok((event.ok_or_else(missing)?, organization.ok_or_else(missing)?))
}
