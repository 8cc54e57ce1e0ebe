//! Changing what an organization is called and where it is reached.

use consentry_domain::ActorKind;
use consentry_entity::organization;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QuerySelect};

use crate::access::rights::ManageOrganization;
use crate::access::{Authorized, OrganizationScope};
use crate::platform::{Fault, Platform, Problems, Refused};
use crate::services::{audit, input, partners};
use crate::transaction;

/// A change of an organization; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct OrganizationChange {
    /// The revision that was seen.
    pub revision: i64,
    /// As people know it.
    pub name: Option<String>,
    /// As it is registered.
    pub legal_name: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Whom to write to.
    pub contact_email: Option<String>,
    /// Whom to write to about data protection.
    pub data_protection_contact: Option<String>,
    /// The language of its mails.
    pub default_locale: Option<String>,
}

impl OrganizationChange {
    /// As it is kept; everything that is wrong with it comes at once.
    fn judge(&self) -> Result<Self, Refused> {
        let mut problems = Problems::new();
        let mut keep = |field, typed: &Option<String>, judged: &dyn Fn(&str) -> input::Judged<String>| {
            typed.as_deref().and_then(|typed| problems.keep(field, judged(typed)))
        };
        let line = |most| move |typed: &str| input::line(typed, most);
        let judged = Self {
            revision: self.revision,
            name: keep("name", &self.name, &line(200)),
            legal_name: keep("legalName", &self.legal_name, &line(200)),
            country: keep("country", &self.country, &input::country),
            contact_email: keep("contactEmail", &self.contact_email, &input::email),
            data_protection_contact: keep("dataProtectionContact", &self.data_protection_contact, &line(300)),
            default_locale: keep("defaultLocale", &self.default_locale, &input::locale),
        };
        problems.none()?;
        Ok(judged)
    }

    /// The row with what is named; its revision is the same.
    fn on(&self, before: &organization::Model) -> organization::Model {
        let put = |named: &Option<String>, stored: &String| named.as_ref().unwrap_or(stored).clone();
        organization::Model {
            name: put(&self.name, &before.name),
            legal_name: put(&self.legal_name, &before.legal_name),
            country: put(&self.country, &before.country),
            contact_email: put(&self.contact_email, &before.contact_email),
            data_protection_contact: put(&self.data_protection_contact, &before.data_protection_contact),
            default_locale: put(&self.default_locale, &before.default_locale),
            ..before.clone()
        }
    }
}

/// Changes it. Where the organization receives leads itself it is called there as here. What was consented to keeps the
/// words that were shown.
///
/// # Errors
/// What is wrong with the input, or `STALE`, where something would change.
pub async fn update(
    platform: &Platform,
    authorized: &Authorized<OrganizationScope, ManageOrganization>,
    change: &OrganizationChange,
) -> Result<organization::Model, Refused> {
    let id = authorized.organization();
    // Before anything is locked.
    let change = change.judge()?;
    transaction!(platform.store.writer(), async |tx| {
        // The streams' offers come first in the order of locks.
        let itself = partners::seize_own(tx, id).await?;
        let found = organization::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
        let before = found.ok_or_else(|| Fault::Corrupt("an organization that was there a moment ago".into()))?;
        // Whoever first hosts waits for the organization's row from here on; what somebody did before is seen now.
        let itself = match itself {
            None => partners::seize_own(tx, id).await?,
            seized => seized,
        };
        let after = change.on(&before);
        if after == before {
            return Ok(before);
        }
        partners::fresh(before.revision, change.revision)?;
        let after = organization::Model {
            revision: before.revision + 1,
            ..after
        };
        organization::Entity::update(after.clone().into_active_model().reset_all())
            .exec(tx)
            .await?;
        partners::follow(tx, itself, &after).await?;
        let entry = audit::Entry {
            organization: id,
            actor: ActorKind::Staff,
            account: Some(authorized.actor()),
            action: "updateOrganization",
            event: None,
            subject_kind: "organization",
            subject: Some(id.0),
            detail: serde_json::json!({}),
        };
        audit::note(tx, entry).await?;
        Ok(after)
    })
}
