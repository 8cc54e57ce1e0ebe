//! The companies with which an organization shares.

use std::collections::BTreeSet;

use consentry_domain::{ActorKind, EventId, OrganizationId, PartnerId};
use consentry_entity::{organization, partner};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use super::judge;
use crate::access::rights::ManagePartners;
use crate::access::{Authorized, OrganizationScope};
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::sharing::{offers, stream_facts, switch};
use crate::services::{audit, idempotency};
use crate::transaction;

/// A new partner, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NewPartner {
    /// The client's key.
    pub idempotency_key: String,
    /// As people know it.
    pub display_name: String,
    /// As it is registered.
    pub legal_name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Whom the organization writes to.
    pub contact_email: String,
}

/// Creates it, or answers with the one that the same request made before.
///
/// # Errors
/// What is wrong with the input, field by field.
pub async fn create(
    platform: &Platform,
    authorized: &Authorized<OrganizationScope, ManagePartners>,
    new: &NewPartner,
) -> Result<partner::Model, Refused> {
    let organization = authorized.organization();
    let mut problems = Problems::new();
    let display_name = problems
        .keep("displayName", judge::name(&new.display_name))
        .unwrap_or_default();
    let legal_name = problems
        .keep("legalName", judge::name(&new.legal_name))
        .unwrap_or_default();
    let country = problems
        .keep("country", judge::country(&new.country))
        .unwrap_or_default();
    let contact_email = problems
        .keep("contactEmail", judge::email(&new.contact_email))
        .unwrap_or_default();
    problems.none()?;
    let scope = format!("createPartner:{}", authorized.actor());
    let request = idempotency::Request::of(organization, scope, &new.idempotency_key, new)?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let id: PartnerId = tx.ordered_id();
        if let idempotency::Claim::Replayed(made) = idempotency::claim(platform, tx, &request, id.0).await? {
            let made = partner::Entity::find_by_id((organization, PartnerId(made)))
                .one(tx)
                .await?;
            return made.ok_or_else(|| Refused::not_found(""));
        }
        let row = partner::Model {
            organization_id: organization,
            id,
            display_name: display_name.clone(),
            legal_name: legal_name.clone(),
            country: country.clone(),
            contact_email: contact_email.clone(),
            is_organization: false,
            active: true,
            created_at: now.0,
            revision: 1,
        };
        partner::Entity::insert(row.clone().into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        note(tx, authorized, "createPartner", id).await?;
        Ok(row)
    })
}

/// A change of a partner; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct PartnerChange {
    /// The revision that was seen.
    pub revision: i64,
    /// As people know it.
    pub display_name: Option<String>,
    /// As it is registered.
    pub legal_name: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Whom the organization writes to.
    pub contact_email: Option<String>,
    /// Whether anything is shared with it.
    pub active: Option<bool>,
}

/// Changes it. Names reach its streams; whether it is active shows or hides its leads everywhere.
///
/// # Errors
/// What is wrong with the input, or `STALE`.
pub async fn update(
    platform: &Platform,
    authorized: &Authorized<OrganizationScope, ManagePartners>,
    id: PartnerId,
    change: &PartnerChange,
) -> Result<partner::Model, Refused> {
    let organization = authorized.organization();
    let mut problems = Problems::new();
    let mut keep = |field, typed: &Option<String>, judged: fn(&str) -> crate::services::input::Judged<String>| {
        typed.as_deref().and_then(|typed| problems.keep(field, judged(typed)))
    };
    let display_name = keep("displayName", &change.display_name, judge::name);
    let legal_name = keep("legalName", &change.legal_name, judge::name);
    let country = keep("country", &change.country, judge::country);
    let contact_email = keep("contactEmail", &change.contact_email, judge::email);
    problems.none()?;
    transaction!(platform.store.writer(), async |tx| {
        let seized = Seized::seize(tx, organization, id).await?;
        let before = seized.lock(tx).await?.ok_or_else(|| Refused::not_found("partnerId"))?;
        fresh(before.revision, change.revision)?;
        let after = partner::Model {
            display_name: display_name.clone().unwrap_or_else(|| before.display_name.clone()),
            legal_name: legal_name.clone().unwrap_or_else(|| before.legal_name.clone()),
            country: country.clone().unwrap_or_else(|| before.country.clone()),
            contact_email: contact_email.clone().unwrap_or_else(|| before.contact_email.clone()),
            active: change.active.unwrap_or(before.active),
            revision: before.revision + 1,
            ..before.clone()
        };
        seized.write(tx, &after).await?;
        if after.active != before.active {
            for stream in streams(tx, organization, id).await? {
                switch::shown(tx, organization, stream).await?;
            }
        }
        note(tx, authorized, "updatePartner", id).await?;
        Ok(after)
    })
}

/// A partner of which no stream can change meanwhile: the streams' offers come first in the order of locks.
pub(crate) struct Seized {
    organization: OrganizationId,
    id: PartnerId,
    events: BTreeSet<EventId>,
}

impl Seized {
    /// Takes the offers of the events at which it has a role.
    async fn seize(tx: &Tx, organization: OrganizationId, id: PartnerId) -> Result<Self, Fault> {
        let events = stream_facts::events_of_partner(tx, organization, id).await?;
        for event in &events {
            offers::seize_event(tx, organization, *event).await?;
        }
        Ok(Self {
            organization,
            id,
            events,
        })
    }

    async fn lock(&self, tx: &Tx) -> Result<Option<partner::Model>, Fault> {
        let found = partner::Entity::find_by_id((self.organization, self.id));
        Ok(found.lock_exclusive().one(tx).await?)
    }

    /// Writes the row, and what its streams know of it.
    async fn write(&self, tx: &Tx, row: &partner::Model) -> Result<(), Fault> {
        partner::Entity::update(row.clone().into_active_model().reset_all())
            .exec(tx)
            .await?;
        for event in &self.events {
            stream_facts::rewrite(tx, self.organization, *event).await?;
        }
        Ok(())
    }
}

/// Takes the organization's own row among its partners, if it has one.
///
/// # Errors
/// When the database fails.
pub(crate) async fn seize_own(tx: &Tx, organization: OrganizationId) -> Result<Option<Seized>, Fault> {
    let own = partner::Entity::find()
        .filter(partner::Column::OrganizationId.eq(organization))
        .filter(partner::Column::IsOrganization.eq(true))
        .one(tx)
        .await?;
    match own {
        Some(own) => Seized::seize(tx, organization, own.id).await.map(Some),
        None => Ok(None),
    }
}

/// Calls the organization among its partners what it is called now.
///
/// # Errors
/// When the database fails.
pub(crate) async fn follow(tx: &Tx, own: Option<Seized>, organization: &organization::Model) -> Result<(), Fault> {
    let Some(own) = own else { return Ok(()) };
    let missing = || Fault::Corrupt("a partner that was there a moment ago".into());
    let before = own.lock(tx).await?.ok_or_else(missing)?;
    let after = partner::Model {
        display_name: organization.name.clone(),
        legal_name: organization.legal_name.clone(),
        country: organization.country.clone(),
        contact_email: organization.contact_email.clone(),
        revision: before.revision + 1,
        ..before
    };
    own.write(tx, &after).await
}

/// Refuses a change that was made without having seen the last one.
pub(crate) fn fresh(stored: i64, seen: i64) -> Result<(), Refused> {
    if stored == seen {
        return Ok(());
    }
    let message = "Somebody has changed this meanwhile. Look at it again and repeat the change.";
    Err(Refused::because("revision", Code::Stale, message))
}

async fn streams(
    tx: &Tx,
    organization: OrganizationId,
    partner: PartnerId,
) -> Result<Vec<consentry_domain::OfferId>, Refused> {
    let text = "select o.id from sharing_offer o join event_partner p \
                on p.organization_id = o.organization_id and p.id = o.event_partner_id \
                where o.organization_id = $1 and p.partner_id = $2 order by o.id";
    let rows = sql::all(tx, text, [organization.into(), partner.into()]).await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

async fn note(
    tx: &Tx,
    authorized: &Authorized<OrganizationScope, ManagePartners>,
    action: &str,
    id: PartnerId,
) -> Result<(), Refused> {
    let entry = audit::Entry {
        organization: authorized.organization(),
        actor: ActorKind::Staff,
        account: Some(authorized.actor()),
        action,
        event: None,
        subject_kind: "partner",
        subject: Some(id.0),
        detail: serde_json::json!({}),
    };
    Ok(audit::note(tx, entry).await?)
}
