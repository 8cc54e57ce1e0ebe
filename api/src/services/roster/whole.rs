//! One registration with all that can be corrected in it, for whoever may correct it.

use consentry_domain::RegistrationId;
use consentry_entity::registration;
use sea_orm::EntityTrait;

use crate::access::rights::ManageRegistrations;
use crate::access::{Authorized, EventScope};
use crate::platform::{Platform, Refused};

/// The registration, with what was not erased.
///
/// # Errors
/// Not found, where the event has no such registration.
pub async fn whole(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManageRegistrations>,
    id: RegistrationId,
) -> Result<registration::Model, Refused> {
    let row = registration::Entity::find_by_id((authorized.organization(), id))
        .one(platform.store.read())
        .await?;
    row.filter(|row| row.event_id == authorized.event())
        .ok_or_else(|| Refused::not_found("registrationId"))
}
