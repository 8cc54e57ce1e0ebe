//! Organizations: the tenants.

mod create;
mod update;

pub use create::{NewOrganization, create};
pub use update::{OrganizationChange, Wish, update};

use consentry_domain::{OrganizationId, text};
use consentry_entity::organization;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use crate::platform::store::Store;

/// The organization of this slug.
///
/// # Errors
/// When the database fails.
pub async fn by_slug(store: &Store, slug: &str) -> Result<Option<organization::Model>, DbErr> {
    organization::Entity::find()
        .filter(organization::Column::Slug.eq(&*text::sought(slug)))
        .one(store.read())
        .await
}

/// The organization of this id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(store: &Store, id: OrganizationId) -> Result<Option<organization::Model>, DbErr> {
    organization::Entity::find_by_id(id).one(store.read()).await
}

/// The organizations of these ids; no statement where there are none.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(
    store: &Store,
    ids: impl Iterator<Item = OrganizationId>,
) -> Result<Vec<organization::Model>, DbErr> {
    let ids: Vec<OrganizationId> = ids.collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    organization::Entity::find()
        .filter(organization::Column::Id.is_in(ids))
        .all(store.read())
        .await
}

/// The quotas whose places left do not agree with a recount of the registrations that hold one: none, always.
pub const QUOTA_RECOUNT: &str = "\
    select q.organization_id, q.id, q.available, q.size - coalesce(held.places, 0) as expected \
    from quota q left join ( \
        select t.organization_id, t.quota_id, count(*) as places from quota_ticket_type t \
        join registration r on r.organization_id = t.organization_id and r.ticket_type_id = t.ticket_type_id \
        where r.status in ('PENDING', 'CONFIRMED') group by t.organization_id, t.quota_id \
    ) held on held.organization_id = q.organization_id and held.quota_id = q.id \
    where q.available <> q.size - coalesce(held.places, 0)";
