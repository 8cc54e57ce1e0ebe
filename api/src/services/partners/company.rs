//! The companies with which an organization shares.

use consentry_domain::{ActorKind, OrganizationId, PartnerId};
use consentry_entity::partner;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QuerySelect};

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
    let body = serde_json::to_vec(new).map_err(|error| Fault::Outside(error.to_string()))?;
    let scope = format!("createPartner:{}", authorized.actor());
    let request = idempotency::Request {
        organization,
        scope: &scope,
        key: &new.idempotency_key,
        body: &body,
    };
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
        // The streams' offers come first in the order of locks.
        let events = stream_facts::events_of_partner(tx, organization, id).await?;
        for event in &events {
            offers::seize_event(tx, organization, *event).await?;
        }
        let found = partner::Entity::find_by_id((organization, id))
            .lock_exclusive()
            .one(tx)
            .await?;
        let before = found.ok_or_else(|| Refused::not_found("partnerId"))?;
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
        partner::Entity::update(after.clone().into_active_model().reset_all())
            .exec(tx)
            .await?;
        for event in &events {
            stream_facts::rewrite(tx, organization, *event).await?;
        }
        if after.active != before.active {
            for stream in streams(tx, organization, id).await? {
                switch::shown(tx, organization, stream).await?;
            }
        }
        note(tx, authorized, "updatePartner", id).await?;
        Ok(after)
    })
}

/// Refuses a change that was made without having seen the last one.
pub(super) fn fresh(stored: i64, seen: i64) -> Result<(), Refused> {
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
