//! Ticket types with what is left of them.

use std::collections::HashMap;
use std::sync::Arc;

use consentry_domain::price::{Item, TaxInclusion, TaxRate};
use consentry_domain::sale::{Left, SaleWindow, availability};
use consentry_domain::{Availability, Currency, EventStatus, Instant, Money, QuotaId, TicketTypeId, Visibility};
use consentry_entity::{event, quota, quota_ticket_type, ticket_type};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryTrait};

use super::batch::{EventKey, by_event, of_events};
use crate::platform::Fault;
use crate::services::Localized;

/// A ticket type, as it is sold at this moment.
#[derive(Clone, Debug)]
pub struct OnSale {
    /// Its row.
    pub row: ticket_type::Model,
    /// Its name per language.
    pub name: Localized,
    /// What it includes, per language.
    pub description: Option<Localized>,
    /// The price of one.
    pub price: Money,
    /// Its tax rate.
    pub tax_rate: TaxRate,
    /// The quotas that a place is taken of.
    pub quotas: Vec<QuotaId>,
    left: Vec<Left>,
    window: SaleWindow,
    status: EventStatus,
}

impl OnSale {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> TicketTypeId {
        self.row.id
    }

    /// Whether it can be bought at this moment.
    #[must_use]
    pub fn availability(&self, now: Instant) -> Availability {
        if self.row.archived_at.is_some() {
            return Availability::SaleEnded;
        }
        availability(self.status, self.window, &self.left, now)
    }

    /// What was left of this quota, if places of it are taken.
    #[must_use]
    pub fn left(&self, quota: QuotaId) -> Option<i64> {
        let index = self.quotas.iter().position(|its| *its == quota)?;
        self.left.get(index).map(|left| left.available)
    }

    /// Whether everybody finds it.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.row.visibility == Visibility::Public && self.row.archived_at.is_none()
    }

    /// So many of them, to be priced.
    #[must_use]
    pub fn item(&self, quantity: u32) -> Item {
        let inclusion = if self.row.price_includes_tax {
            TaxInclusion::Included
        } else {
            TaxInclusion::Added
        };
        Item {
            quantity,
            unit_price: self.price,
            tax_rate: self.tax_rate,
            inclusion,
        }
    }

    fn new(row: ticket_type::Model, event: &event::Model) -> Result<Self, Fault> {
        let currency = Currency::parse(&event.currency)
            .ok_or_else(|| Fault::Corrupt("an event's currency is not of the table".into()))?;
        let tax_rate =
            TaxRate::new(row.tax_rate).ok_or_else(|| Fault::Corrupt("a tax rate is not between 0 and 100 %".into()))?;
        Ok(Self {
            name: Localized::parse(&row.name)?,
            description: row.description.as_deref().map(Localized::parse).transpose()?,
            price: Money::new(row.price_minor, currency),
            tax_rate,
            quotas: Vec::new(),
            left: Vec::new(),
            window: SaleWindow {
                from: row.available_from.map(Instant),
                until: row.available_until.map(Instant),
                event_ends: Instant(event.ends_at),
            },
            status: event.status,
            row,
        })
    }
}

/// Every ticket type of these events, in one statement: a row for each of its quotas, one without where it has none.
pub(super) async fn load(
    connection: &impl ConnectionTrait,
    events: &[event::Model],
) -> Result<HashMap<EventKey, Vec<Arc<OnSale>>>, Fault> {
    use ticket_type::Column;
    let mut select = ticket_type::Entity::find()
        .filter(of_events(Column::OrganizationId, Column::EventId, events))
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id);
    let takes = (quota_ticket_type::Entity, quota_ticket_type::Column::OrganizationId);
    QueryTrait::query(&mut select)
        .left_join(
            quota_ticket_type::Entity,
            Expr::col(takes)
                .equals((ticket_type::Entity, Column::OrganizationId))
                .and(
                    Expr::col((quota_ticket_type::Entity, quota_ticket_type::Column::TicketTypeId))
                        .equals((ticket_type::Entity, Column::Id)),
                ),
        )
        .left_join(
            quota::Entity,
            Expr::col((quota::Entity, quota::Column::OrganizationId))
                .equals(takes)
                .and(
                    Expr::col((quota::Entity, quota::Column::Id))
                        .equals((quota_ticket_type::Entity, quota_ticket_type::Column::QuotaId)),
                ),
        )
        .expr_as(quota::Column::Id.into_expr(), "quota_id")
        .expr_as(quota::Column::Available.into_expr(), "quota_available")
        .expr_as(quota::Column::Size.into_expr(), "quota_size");
    let rows = connection.query_all(select.as_query()).await?;
    let by_key: HashMap<EventKey, &event::Model> = events
        .iter()
        .map(|event| ((event.organization_id, event.id), event))
        .collect();
    let mut found: Vec<(EventKey, OnSale)> = Vec::new();
    for row in &rows {
        let model = ticket_type::Model::from_query_result(row, "")?;
        let key = (model.organization_id, model.event_id);
        let Some(event) = by_key.get(&key) else {
            continue;
        };
        if found.last().is_none_or(|(_, last)| last.row.id != model.id) {
            found.push((key, OnSale::new(model, event)?));
        }
        if let (Some(quota), Some((_, last))) = (row.try_get::<Option<QuotaId>>("", "quota_id")?, found.last_mut()) {
            last.quotas.push(quota);
            last.left.push(Left {
                available: row.try_get("", "quota_available")?,
                size: row.try_get("", "quota_size")?,
            });
        }
    }
    Ok(by_event(
        found.into_iter().map(|(key, on_sale)| (key, Arc::new(on_sale))),
    ))
}
