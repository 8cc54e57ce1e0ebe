//! Reading partners.

use std::collections::HashMap;
use std::sync::Arc;

use consentry_domain::{OrganizationId, PartnerId};
use consentry_entity::partner;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::rights::ViewOrganization;
use crate::access::{Authorized, EventScope};
use crate::platform::Fault;
use crate::platform::store::Store;
use crate::services::sharing::offers::{self, EventKey, PartnerAtEvent};

/// The partners at an event with offers in every state.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn at_event(
    store: &Store,
    authorized: &Authorized<EventScope, ViewOrganization>,
) -> Result<Vec<PartnerAtEvent>, Fault> {
    let key = (authorized.organization(), authorized.event());
    let mut found = offers::of_events(store.read(), &[key]).await?;
    Ok(found.remove(&key).unwrap_or_default())
}

/// The same at each of these events, in as many statements.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn at_events(
    store: &Store,
    authorized: &[Arc<Authorized<EventScope, ViewOrganization>>],
) -> Result<HashMap<EventKey, Vec<PartnerAtEvent>>, Fault> {
    let keys: Vec<EventKey> = authorized.iter().map(|one| (one.organization(), one.event())).collect();
    offers::of_events(store.read(), &keys).await
}

/// A partner of the organization.
///
/// # Errors
/// When the database fails.
pub async fn by_id(
    store: &Store,
    organization: OrganizationId,
    id: PartnerId,
) -> Result<Option<partner::Model>, DbErr> {
    partner::Entity::find_by_id((organization, id)).one(store.read()).await
}

/// Up to `first` partners, one more where there is one, by name. `after` is the name and id of the last one shown.
///
/// # Errors
/// When the database fails.
pub async fn page(
    store: &Store,
    organization: OrganizationId,
    first: u32,
    after: Option<&(String, PartnerId)>,
) -> Result<Vec<partner::Model>, DbErr> {
    use partner::Column as C;
    use sea_orm::sea_query::{Expr, ExprTrait};
    let mut query = partner::Entity::find()
        .filter(C::OrganizationId.eq(organization))
        .order_by_asc(C::DisplayName)
        .order_by_asc(C::Id)
        .limit(u64::from(first) + 1);
    if let Some((name, id)) = after {
        let place = Expr::tuple([Expr::col(C::DisplayName), Expr::col(C::Id)]);
        query = query.filter(place.gt(Expr::tuple([Expr::value(name.clone()), Expr::value(*id)])));
    }
    query.all(store.read()).await
}
