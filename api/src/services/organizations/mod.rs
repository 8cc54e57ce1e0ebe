//! Organizations: the tenants.

use consentry_domain::OrganizationId;
use consentry_entity::organization;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use crate::platform::store::Store;

/// The organization of this slug.
///
/// # Errors
/// When the database fails.
pub async fn by_slug(store: &Store, slug: &str) -> Result<Option<organization::Model>, DbErr> {
    organization::Entity::find()
        .filter(organization::Column::Slug.eq(slug))
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
