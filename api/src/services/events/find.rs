//! Finding an event.

use consentry_domain::{EventId, EventSessionId, EventStatus, OrganizationId, text};
use consentry_entity::{event, event_session, organization};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use uuid::Uuid;

use crate::access::AtEvents;
use crate::access::rights::ViewOrganization;
use crate::platform::store::{Store, sql};

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anyone: drafts and archived events are not there.
    Public,
    /// Staff.
    Staff,
}

impl Audience {
    fn sees(self, event: &event::Model) -> bool {
        match self {
            Self::Staff => true,
            Self::Public => !matches!(event.status, EventStatus::Draft | EventStatus::Archived),
        }
    }
}

/// The organization of this slug and its event of this slug.
///
/// # Errors
/// When the database fails.
pub async fn by_slug(
    store: &Store,
    audience: Audience,
    organization: &str,
    slug: &str,
) -> Result<Option<(organization::Model, event::Model)>, DbErr> {
    let Some(organization) = organization::Entity::find()
        .filter(organization::Column::Slug.eq(&*text::sought(organization)))
        .one(store.read())
        .await?
    else {
        return Ok(None);
    };
    let event = of_organization(store, audience, organization.id, slug).await?;
    Ok(event.map(|event| (organization, event)))
}

/// The event of this slug in an organization that is known already.
///
/// # Errors
/// When the database fails.
pub async fn of_organization(
    store: &Store,
    audience: Audience,
    organization: OrganizationId,
    slug: &str,
) -> Result<Option<event::Model>, DbErr> {
    Ok(event::Entity::find()
        .filter(event::Column::OrganizationId.eq(organization))
        .filter(event::Column::Slug.eq(&*text::sought(slug)))
        .one(store.read())
        .await?
        .filter(|event| audience.sees(event)))
}

/// The organization's events at which the caller works, in whatever state, the one that was made last first; one more
/// than asked for.
///
/// # Errors
/// When the database fails.
pub async fn managed(
    store: &Store,
    at: &AtEvents<ViewOrganization>,
    first: u32,
    after: Option<EventId>,
) -> Result<Vec<event::Model>, DbErr> {
    use event::Column;
    let mut select = event::Entity::find()
        .filter(Column::OrganizationId.eq(at.organization()))
        .order_by_desc(Column::Id)
        .limit(u64::from(first) + 1);
    if let Some(events) = at.events() {
        select = select.filter(Column::Id.is_in(events.iter().copied()));
    }
    if let Some(after) = after {
        select = select.filter(Column::Id.lt(after));
    }
    select.all(store.read()).await
}

/// The event of this id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(
    store: &Store,
    audience: Audience,
    organization: OrganizationId,
    id: EventId,
) -> Result<Option<event::Model>, DbErr> {
    Ok(event::Entity::find_by_id((organization, id))
        .one(store.read())
        .await?
        .filter(|event| audience.sees(event)))
}

/// Whether anyone can see an event of this organization.
///
/// # Errors
/// When the database fails.
pub async fn shows_any(store: &Store, organization: OrganizationId) -> Result<bool, DbErr> {
    let row = event::Entity::find()
        .filter(event::Column::OrganizationId.eq(organization))
        .filter(event::Column::Status.is_not_in([EventStatus::Draft, EventStatus::Archived]))
        .one(store.read())
        .await?;
    Ok(row.is_some())
}

/// The session of this id.
///
/// # Errors
/// When the database fails.
pub async fn session_by_id(
    store: &Store,
    organization: OrganizationId,
    id: EventSessionId,
) -> Result<Option<event_session::Model>, DbErr> {
    event_session::Entity::find_by_id((organization, id))
        .one(store.read())
        .await
}

/// The event to which a part belongs: a ticket type, quota, question, session, speaker, document, partner or offer. One statement.
///
/// # Errors
/// When the database fails.
pub async fn event_of_part(store: &Store, organization: OrganizationId, part: Uuid) -> Result<Option<EventId>, DbErr> {
    let row = sql::optional(
        store.read(),
        "select event_id from ticket_type where organization_id = $1 and id = $2 \
         union all select event_id from quota where organization_id = $1 and id = $2 \
         union all select event_id from question where organization_id = $1 and id = $2 \
         union all select event_id from event_session where organization_id = $1 and id = $2 \
         union all select event_id from speaker where organization_id = $1 and id = $2 \
         union all select event_id from legal_document where organization_id = $1 and id = $2 \
         union all select event_id from event_partner where organization_id = $1 and id = $2 \
         union all select event_id from sharing_offer where organization_id = $1 and id = $2",
        [organization.into(), part.into()],
    )
    .await?;
    row.map(|row| row.try_get("", "event_id")).transpose()
}
