//! An order, as its buyer sees it: of other attendees only what the buyer typed.

use consentry_domain::{OrderId, OrganizationId, PaymentStatus, RegistrationId, RegistrationStatus, TicketTypeId};
use consentry_entity::{event, order, order_line, organization, payment, registration};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

use crate::platform::keys::{Link, LinkKind};
use crate::platform::store::Store;
use crate::platform::{Fault, Platform};
use crate::services::events::{self, Audience};
use crate::services::organizations;

/// The secret that opens this order for its buyer.
#[must_use]
pub fn secret(platform: &Platform, order: &order::Model) -> String {
    let link = Link {
        organization: order.organization_id,
        id: order.id.0,
        generation: order.secret_generation,
    };
    platform.keys.link(LinkKind::Order, link)
}

/// The order that a secret opens.
///
/// # Errors
/// When the database fails.
pub async fn linked(platform: &Platform, secret: &str) -> Result<Option<order::Model>, DbErr> {
    let Some(link) = platform.keys.open_link(LinkKind::Order, secret) else {
        return Ok(None);
    };
    let found = order::Entity::find_by_id((link.organization, OrderId(link.id)))
        .one(platform.store.read())
        .await?;
    Ok(found.filter(|order| order.secret_generation == link.generation))
}

/// The order of this code, if the secret opens it; a wrong organization, code or secret is one answer.
///
/// # Errors
/// When the database fails.
pub async fn open(
    platform: &Platform,
    organization: &str,
    code: &str,
    secret: &str,
) -> Result<Option<order::Model>, DbErr> {
    let found = linked(platform, secret).await?;
    let Some(order) = found.filter(|order| order.code == code) else {
        return Ok(None);
    };
    let its = organizations::by_id(&platform.store, order.organization_id).await?;
    Ok(its.filter(|its| its.slug == organization).map(|_| order))
}

/// The event that an order is for, in whatever state, with its organization.
///
/// # Errors
/// When the database fails or the event is not there.
pub async fn event_of(store: &Store, order: &order::Model) -> Result<(event::Model, organization::Model), Fault> {
    let missing = || Fault::Corrupt("an order without its event".into());
    let event = events::by_id(store, Audience::Staff, order.organization_id, order.event_id).await?;
    let organization = organizations::by_id(store, order.organization_id).await?;
    Ok((event.ok_or_else(missing)?, organization.ok_or_else(missing)?))
}

/// Its lines, in their order.
///
/// # Errors
/// When the database fails.
pub async fn lines(
    store: &Store,
    organization: OrganizationId,
    order: OrderId,
) -> Result<Vec<order_line::Model>, DbErr> {
    order_line::Entity::find()
        .filter(order_line::Column::OrganizationId.eq(organization))
        .filter(order_line::Column::OrderId.eq(order))
        .order_by_asc(order_line::Column::Id)
        .all(store.read())
        .await
}

/// A place of an order, as its buyer may see it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OrderedPlace {
    /// The registration.
    pub id: RegistrationId,
    /// What was bought.
    pub ticket_type_id: TicketTypeId,
    /// Where it stands.
    pub status: RegistrationStatus,
    /// Whether it is the buyer's own.
    pub is_buyer: bool,
    /// The name that the buyer typed; none once it is erased.
    pub ordered_name: Option<String>,
    /// The address that the buyer typed; none once it is erased.
    pub ordered_email: Option<String>,
    /// What is shown at the door: of the buyer's own place, once it is confirmed. The buyer has it from the mail that brought
    /// the order's link, whether or not the mailbox is proved; once the place has another mailbox, it is told there alone.
    pub check_in_code: Option<String>,
}

/// Its places, in their order. The codes of others are not even read.
///
/// # Errors
/// When the database fails.
pub async fn places(store: &Store, organization: OrganizationId, order: OrderId) -> Result<Vec<OrderedPlace>, DbErr> {
    use registration::Column;
    let is_buyers_ticket = Column::IsBuyer
        .eq(true)
        .and(Column::Status.eq(RegistrationStatus::Confirmed))
        .and(Expr::col(Column::Email).equals(Column::OrderedEmail));
    registration::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::TicketTypeId,
            Column::Status,
            Column::IsBuyer,
            Column::OrderedName,
            Column::OrderedEmail,
        ])
        .expr_as(
            CaseStatement::new().case(is_buyers_ticket, Expr::col(Column::CheckInCode)),
            "check_in_code",
        )
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::OrderId.eq(order))
        .order_by_asc(Column::Id)
        .into_model()
        .all(store.read())
        .await
}

/// Its payments, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn payments(
    store: &Store,
    organization: OrganizationId,
    order: OrderId,
) -> Result<Vec<payment::Model>, DbErr> {
    payment::Entity::find()
        .filter(payment::Column::OrganizationId.eq(organization))
        .filter(payment::Column::OrderId.eq(order))
        .order_by_asc(payment::Column::Id)
        .all(store.read())
        .await
}

/// What is still to be paid, in minor units: nothing once the order is paid or has ended.
#[must_use]
pub fn amount_due(order: &order::Model, payments: &[payment::Model]) -> i64 {
    use consentry_domain::OrderStatus as S;
    if !matches!(order.status, S::Pending | S::Expiring) {
        return 0;
    }
    let there = payments
        .iter()
        .filter(|payment| payment.status == PaymentStatus::Confirmed && payment.refund_due.is_none());
    Ord::max(
        order.total_minor - there.map(|payment| payment.amount_minor).sum::<i64>(),
        0,
    )
}
