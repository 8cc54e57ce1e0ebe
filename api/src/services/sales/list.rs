//! The list of published events, soonest first.

use std::collections::HashMap;

use consentry_domain::{EventId, EventKind, EventStatus, Instant, OrganizationId};
use consentry_entity::{event, organization};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::platform::Fault;
use crate::platform::store::Store;

/// Which events.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventFilter {
    /// Of this organization.
    pub organization: Option<OrganizationId>,
    /// Of this kind.
    pub kind: Option<EventKind>,
    /// That start at this moment or later.
    pub from: Option<Instant>,
    /// That start before this moment.
    pub until: Option<Instant>,
}

/// A place in the list: after this start and event.
pub type EventPlace = (Instant, EventId);

/// Published events with their organizations, one more than asked for.
///
/// # Errors
/// When the database fails.
pub async fn events(
    store: &Store,
    filter: EventFilter,
    after: Option<EventPlace>,
    first: u32,
) -> Result<Vec<(event::Model, organization::Model)>, Fault> {
    use event::Column;
    let mut select = event::Entity::find()
        .filter(Column::Status.eq(EventStatus::Published))
        .order_by_asc(Column::StartsAt)
        .order_by_asc(Column::Id)
        .limit(u64::from(first) + 1);
    if let Some(organization) = filter.organization {
        select = select.filter(Column::OrganizationId.eq(organization));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(Column::Kind.eq(kind));
    }
    if let Some(from) = filter.from {
        select = select.filter(Column::StartsAt.gte(from.0));
    }
    if let Some(until) = filter.until {
        select = select.filter(Column::StartsAt.lt(until.0));
    }
    if let Some((starts_at, id)) = after {
        select = select.filter(
            Expr::tuple([Expr::col(Column::StartsAt), Expr::col(Column::Id)])
                .gt(Expr::tuple([Expr::val(starts_at.0), Expr::val(id)])),
        );
    }
    let events = select.all(store.read()).await?;
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let organizations: HashMap<OrganizationId, organization::Model> = organization::Entity::find()
        .filter(organization::Column::Id.is_in(events.iter().map(|event| event.organization_id)))
        .all(store.read())
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let with_organization = |event: event::Model| {
        let organization = organizations.get(&event.organization_id)?.clone();
        Some((event, organization))
    };
    Ok(events.into_iter().filter_map(with_organization).collect())
}
