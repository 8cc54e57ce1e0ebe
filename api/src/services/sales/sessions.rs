//! The agenda of events, in the order in which it happens.

use std::collections::HashMap;

use consentry_domain::{EventSessionId, Instant};
use consentry_entity::{event, event_session};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, WindowStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};

use super::batch::{EventKey, by_event, of_events};

/// A place in an agenda: after this start and session.
pub type SessionPlace = (Instant, EventSessionId);

/// The first sessions of each of these events, one more than asked for, in one statement.
pub(super) async fn load_first(
    connection: &impl ConnectionTrait,
    events: &[event::Model],
    first: u32,
) -> Result<HashMap<EventKey, Vec<event_session::Model>>, DbErr> {
    use event_session::Column;
    let number = Alias::new("number");
    let mut window = WindowStatement::partition_by(Column::EventId);
    window
        .order_by(Column::StartsAt, Order::Asc)
        .order_by(Column::Id, Order::Asc);
    let mut numbered = Query::select();
    for column in <Column as sea_orm::Iterable>::iter() {
        numbered.column(column);
    }
    numbered
        .expr_window_as(Func::cust(Alias::new("row_number")), window, number.clone())
        .from(event_session::Entity)
        .cond_where(of_events(Column::OrganizationId, Column::EventId, events));
    let sessions = Alias::new("sessions");
    let mut select = Query::select();
    select
        .expr(Expr::col(sea_orm::sea_query::Asterisk))
        .from_subquery(numbered, sessions)
        .and_where(Expr::col(number).lte(i64::from(first) + 1))
        .order_by(Column::StartsAt, Order::Asc)
        .order_by(Column::Id, Order::Asc);
    let rows = connection.query_all(&select).await?;
    let rows = rows.iter().map(|row| {
        let session = event_session::Model::from_query_result(row, "")?;
        Ok(((session.organization_id, session.event_id), session))
    });
    Ok(by_event(rows.collect::<Result<Vec<_>, DbErr>>()?))
}

/// The sessions of one event after this place, one more than asked for.
///
/// # Errors
/// When the database fails.
pub async fn sessions_after(
    connection: &impl ConnectionTrait,
    (organization, event): EventKey,
    (starts_at, id): SessionPlace,
    first: u32,
) -> Result<Vec<event_session::Model>, DbErr> {
    use event_session::Column;
    event_session::Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::EventId.eq(event))
        .filter(
            Expr::tuple([Expr::col(Column::StartsAt), Expr::col(Column::Id)])
                .gt(Expr::tuple([Expr::val(starts_at.0), Expr::val(id)])),
        )
        .order_by_asc(Column::StartsAt)
        .order_by_asc(Column::Id)
        .limit(u64::from(first) + 1)
        .all(connection)
        .await
}
