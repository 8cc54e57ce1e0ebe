//! The places: ticket types that are not archived, and the quotas of which they are taken, all of them free.

use std::collections::BTreeMap;

use consentry_domain::{QuotaId, TicketTypeId};
use consentry_entity::{quota, quota_ticket_type, ticket_type};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::Pair;
use crate::platform::Refused;
use crate::platform::store::Tx;

/// Which ticket type came from which.
pub(super) type Tickets = BTreeMap<TicketTypeId, TicketTypeId>;

pub(super) async fn copy(tx: &Tx, pair: &Pair<'_>) -> Result<Tickets, Refused> {
    let organization = pair.from.organization_id;
    let rows = ticket_type::Entity::find()
        .filter(ticket_type::Column::OrganizationId.eq(organization))
        .filter(ticket_type::Column::EventId.eq(pair.from.id))
        .filter(ticket_type::Column::ArchivedAt.is_null())
        .order_by_asc(ticket_type::Column::Id)
        .all(tx)
        .await?;
    let mut tickets = Tickets::new();
    let mut copies = Vec::with_capacity(rows.len());
    for row in rows {
        let id = tx.ordered_id();
        tickets.insert(row.id, id);
        copies.push(ticket_type::Model {
            id,
            event_id: pair.to.id,
            available_from: pair.days.perhaps(row.available_from)?,
            available_until: pair.days.perhaps(row.available_until)?,
            revision: 1,
            ..row
        });
    }
    insert_all!(tx, ticket_type, copies);

    let rows = quota::Entity::find()
        .filter(quota::Column::OrganizationId.eq(organization))
        .filter(quota::Column::EventId.eq(pair.from.id))
        .order_by_asc(quota::Column::Id)
        .all(tx)
        .await?;
    let mut quotas: BTreeMap<QuotaId, QuotaId> = BTreeMap::new();
    let copies = rows.into_iter().map(|row| {
        let id = tx.ordered_id();
        quotas.insert(row.id, id);
        quota::Model {
            id,
            event_id: pair.to.id,
            available: row.size,
            revision: 1,
            ..row
        }
    });
    let copies: Vec<_> = copies.collect();
    insert_all!(tx, quota, copies);

    let rows = quota_ticket_type::Entity::find()
        .filter(quota_ticket_type::Column::OrganizationId.eq(organization))
        .filter(quota_ticket_type::Column::QuotaId.is_in(quotas.keys().copied()))
        .all(tx)
        .await?;
    let links = rows.into_iter().filter_map(|row| {
        Some(quota_ticket_type::Model {
            quota_id: *quotas.get(&row.quota_id)?,
            ticket_type_id: *tickets.get(&row.ticket_type_id)?,
            ..row
        })
    });
    let links: Vec<_> = links.collect();
    insert_all!(tx, quota_ticket_type, links);
    Ok(tickets)
}
