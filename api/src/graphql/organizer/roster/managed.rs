//! One registration with what belongs to working on it: what can be corrected, and what protects it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use consentry_domain::RegistrationId;
use consentry_entity::registration;

use super::{Badge, RosterEntry, badge};
use crate::access::rights::{ViewOrganization, ViewRoster};
use crate::access::{Authorized, EventScope};
use crate::graphql::organizer::protection::RegistrationProtection;
use crate::graphql::public::{Answer, Event, PostalAddress};
use crate::graphql::scalars::{Date, Locale};
use crate::graphql::{errors, ids, platform};
use crate::services::people;
use crate::services::roster::{self, protect};
use crate::services::sharing::postal_address;

/// A registration, as those see it who work on it.
pub struct ManagedRegistration {
    authorized: Arc<Authorized<EventScope, ViewOrganization>>,
    event: Event,
    id: RegistrationId,
    entry: RosterEntry,
}

/// A registration of this event; absent where there is none, and for who may not see the roster. That it was looked at is
/// in the audit log.
pub(in crate::graphql::organizer) async fn one(
    ctx: &Context<'_>,
    authorized: &Arc<Authorized<EventScope, ViewOrganization>>,
    event: Event,
    id: &ID,
) -> Result<Option<ManagedRegistration>> {
    let view: Option<Authorized<EventScope, ViewRoster>> = authorized.also();
    let (Some(view), Some((organization, id))) = (view, ids::decode::<RegistrationId>(id)) else {
        return Ok(None);
    };
    if organization != view.organization() {
        return Ok(None);
    }
    let row = errors::absent(roster::note_seen(platform(ctx), &view, id).await)?;
    Ok(row.map(|row| ManagedRegistration {
        authorized: authorized.clone(),
        entry: RosterEntry::one(platform(ctx), event.clone(), row),
        event,
        id,
    }))
}

/// A registration, as those see it who work on it.
#[Object]
impl ManagedRegistration {
    /// As the roster shows it.
    async fn entry(&self) -> RosterEntry {
        self.entry.clone()
    }

    /// All that can be corrected in it. Absent for roles that may not correct it.
    async fn details(&self, ctx: &Context<'_>) -> Result<Option<RegistrationDetails>> {
        let Some(authorized) = self.authorized.also() else {
            return Ok(None);
        };
        let row = errors::absent(roster::whole(platform(ctx), &authorized, self.id).await)?;
        Ok(row.map(|row| RegistrationDetails {
            event: self.event.clone(),
            row,
        }))
    }

    /// What is printed on its badge. Absent where it is not confirmed, and for roles that may not correct it. That it was
    /// read is in the audit log.
    async fn badge(&self, ctx: &Context<'_>) -> Result<Option<Badge>> {
        let Some(printer) = self.authorized.also() else {
            return Ok(None);
        };
        badge::badge(ctx, &printer, self.event.clone(), self.id).await
    }

    /// What protects it. Absent for everybody but the data-protection officer.
    async fn protection(&self, ctx: &Context<'_>) -> Result<Option<RegistrationProtection>> {
        let Some(officer) = self.authorized.also() else {
            return Ok(None);
        };
        let found = errors::absent(protect::of(platform(ctx), &officer, self.id).await)?;
        Ok(found.map(|found| RegistrationProtection::new(officer.organization(), found)))
    }
}

/// All that can be corrected in a registration.
pub struct RegistrationDetails {
    event: Event,
    row: registration::Model,
}

/// All that can be corrected in a registration.
#[Object]
impl RegistrationDetails {
    /// The whole name; absent once it is erased.
    async fn full_name(&self) -> Option<&str> {
        self.row.full_name.as_deref()
    }
    /// The given name.
    async fn given_name(&self) -> Option<&str> {
        self.row.given_name.as_deref()
    }
    /// The family name.
    async fn family_name(&self) -> Option<&str> {
        self.row.family_name.as_deref()
    }
    /// The address; absent once it is erased.
    async fn email(&self) -> Option<&str> {
        self.row.email.as_deref()
    }
    /// Whether somebody who reads that address has proved it.
    async fn email_proved(&self) -> bool {
        self.row.email_proved_at.is_some()
    }
    /// The telephone number.
    async fn phone(&self) -> Option<&str> {
        self.row.phone.as_deref()
    }
    /// The company.
    async fn company(&self) -> Option<&str> {
        self.row.company.as_deref()
    }
    /// The job title.
    async fn job_title(&self) -> Option<&str> {
        self.row.job_title.as_deref()
    }
    /// The town.
    async fn city(&self) -> Option<&str> {
        self.row.city.as_deref()
    }
    /// ISO 3166-1 alpha-2.
    async fn country(&self) -> Option<&str> {
        self.row.country.as_deref()
    }
    /// The postal address.
    async fn postal_address(&self) -> Result<Option<PostalAddress>> {
        let address = postal_address(self.row.postal_address.as_deref()).map_err(|fault| errors::internal(&fault))?;
        Ok(address.map(Into::into))
    }
    /// A page about them.
    async fn social_profile(&self) -> Option<&str> {
        self.row.social_profile.as_deref()
    }
    /// When they were born; absent where the event did not ask.
    async fn date_of_birth(&self) -> Option<Date> {
        self.row.date_of_birth.clone().map(Date)
    }
    /// The language of what is written to them.
    async fn locale(&self) -> Locale {
        Locale(self.row.locale.clone())
    }
    /// What was answered, in the order of the questions.
    async fn answers(&self, ctx: &Context<'_>) -> Result<Vec<Answer>> {
        let (organization, id) = (self.row.organization_id, self.row.id);
        let all = people::answers(&platform(ctx).store, organization, &[id]).await;
        let mut all = all.map_err(|fault| errors::internal(&fault))?;
        let its = all.remove(&id).unwrap_or_default();
        if its.is_empty() {
            return Ok(Vec::new());
        }
        let questions = self.event.all_questions(ctx).await?;
        Ok(Answer::list(organization, &its, &questions))
    }
}
