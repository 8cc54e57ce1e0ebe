//! Partners in their roles at events.

use consentry_domain::{EventPartnerId, OrganizationId, PartnerId, PartnerRole};
use consentry_entity::{event_partner, organization, partner};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect};

use super::{company::fresh, judge};
use crate::access::rights::ManagePartners;
use crate::access::{Authorized, EventScope, MayAsk};
use crate::platform::store::Tx;
use crate::platform::{Code, Platform, Problems, Refused};
use crate::services::sharing::{offers, stream_facts, switch};
use crate::services::{audit, idempotency, tokens};
use crate::transaction;

/// A partner for an event, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NewEventPartner {
    /// The client's key.
    pub idempotency_key: String,
    /// The company; absent for the host, which is the organization itself.
    pub partner: Option<PartnerId>,
    /// Its role.
    pub role: PartnerRole,
    /// Where its privacy notice is.
    pub notice_url: String,
    /// The notice's SHA-256 in hexadecimal, once it is known.
    pub notice_sha256: Option<String>,
    /// Whom attendees write to about their data.
    pub contact_email: String,
}

/// Adds it, or answers with what the same request made before.
///
/// # Errors
/// What is wrong with the input; `TAKEN` where the partner has a role there already.
pub async fn add(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManagePartners>,
    new: &NewEventPartner,
) -> Result<event_partner::Model, Refused> {
    let organization = authorized.organization();
    let mut problems = Problems::new();
    let notice_url = problems
        .keep("noticeUrl", judge::url(&new.notice_url))
        .unwrap_or_default();
    let hash = new.notice_sha256.as_deref().map(judge::sha256).transpose();
    let notice_hash = problems.keep("noticeSha256", hash).flatten();
    let contact_email = problems
        .keep("contactEmail", judge::email(&new.contact_email))
        .unwrap_or_default();
    match (new.role, new.partner) {
        (PartnerRole::Host, Some(_)) => {
            problems.add(
                "partnerId",
                Code::Invalid,
                "The host is the organization itself; leave the partner out.",
            );
        }
        (PartnerRole::CoSponsor | PartnerRole::Exhibitor, None) => {
            problems.add("partnerId", Code::Required, "Name the partner.");
        }
        _ => {}
    }
    problems.none()?;
    let scope = format!("addEventPartner:{}:{}", authorized.event(), authorized.actor());
    let request = idempotency::Request::of(organization, scope, &new.idempotency_key, new)?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let id: EventPartnerId = tx.ordered_id();
        if let idempotency::Claim::Replayed(made) = idempotency::claim(platform, tx, &request, id.0).await? {
            let made = event_partner::Entity::find_by_id((organization, EventPartnerId(made)))
                .one(tx)
                .await?;
            return made.ok_or_else(|| Refused::not_found(""));
        }
        let partner = match new.partner {
            Some(partner) => company(tx, organization, partner).await?,
            None => host(tx, organization).await?,
        };
        let taken = event_partner::Entity::find()
            .filter(event_partner::Column::OrganizationId.eq(organization))
            .filter(event_partner::Column::EventId.eq(authorized.event()))
            .filter(event_partner::Column::PartnerId.eq(partner))
            .count(tx)
            .await?;
        if taken > 0 {
            let message = "This partner has a role at the event already; change that one.";
            return Err(Refused::because("partnerId", Code::Taken, message));
        }
        let row = event_partner::Model {
            organization_id: organization,
            id,
            event_id: authorized.event(),
            partner_id: partner,
            role: new.role,
            notice_url: notice_url.clone(),
            notice_hash: notice_hash.clone(),
            contact_email: contact_email.clone(),
            active: true,
            created_at: now.0,
            revision: 1,
        };
        event_partner::Entity::insert(row.clone().into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        tokens::cover_one_more(tx, organization, partner, id).await?;
        note(
            tx,
            authorized,
            "addEventPartner",
            "eventPartner",
            id.0,
            serde_json::json!({ "role": row.role }),
        )
        .await?;
        Ok(row)
    })
}

/// An active partner of the organization that is another company.
async fn company(tx: &Tx, organization: OrganizationId, id: PartnerId) -> Result<PartnerId, Refused> {
    let found = partner::Entity::find_by_id((organization, id)).one(tx).await?;
    let found = found
        .filter(|row| !row.is_organization)
        .ok_or_else(|| Refused::not_found("partnerId"))?;
    if !found.active {
        return Err(Refused::because(
            "partnerId",
            Code::WrongState,
            "This partner is not active.",
        ));
    }
    Ok(found.id)
}

/// The organization's own row among its partners, made when it first hosts.
async fn host(tx: &Tx, organization: OrganizationId) -> Result<PartnerId, Refused> {
    // Two first times at once wait for each other here.
    let itself = organization::Entity::find_by_id(organization)
        .lock_exclusive()
        .one(tx)
        .await?;
    let itself = itself.ok_or_else(|| Refused::not_found(""))?;
    let known = partner::Entity::find()
        .filter(partner::Column::OrganizationId.eq(organization))
        .filter(partner::Column::IsOrganization.eq(true))
        .one(tx)
        .await?;
    if let Some(known) = known {
        return Ok(known.id);
    }
    let row = partner::Model {
        organization_id: organization,
        id: tx.ordered_id(),
        display_name: itself.name,
        legal_name: itself.legal_name,
        country: itself.country,
        contact_email: itself.contact_email,
        is_organization: true,
        active: true,
        created_at: tx.now().await?.0,
        revision: 1,
    };
    let id = row.id;
    partner::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    Ok(id)
}

/// A change of a partner's role; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct EventPartnerChange {
    /// The revision that was seen.
    pub revision: i64,
    /// Co-sponsor or exhibitor; a host stays the host.
    pub role: Option<PartnerRole>,
    /// Where its privacy notice is.
    pub notice_url: Option<String>,
    /// The notice's SHA-256 in hexadecimal.
    pub notice_sha256: Option<String>,
    /// Whom attendees write to about their data.
    pub contact_email: Option<String>,
    /// Whether anything is shared with it at this event.
    pub active: Option<bool>,
}

/// Changes it. A changed notice counts for the versions that are asked for from now on: consents were given under the
/// one that was shown.
///
/// # Errors
/// What is wrong with the input, or `STALE`.
pub async fn update(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManagePartners>,
    id: EventPartnerId,
    change: &EventPartnerChange,
) -> Result<event_partner::Model, Refused> {
    let (organization, event) = (authorized.organization(), authorized.event());
    let mut problems = Problems::new();
    let notice_url = change
        .notice_url
        .as_deref()
        .and_then(|typed| problems.keep("noticeUrl", judge::url(typed)));
    let notice_hash = change
        .notice_sha256
        .as_deref()
        .and_then(|typed| problems.keep("noticeSha256", judge::sha256(typed)));
    let contact_email = change
        .contact_email
        .as_deref()
        .and_then(|typed| problems.keep("contactEmail", judge::email(typed)));
    problems.none()?;
    transaction!(platform.store.writer(), async |tx| {
        offers::seize_event(tx, organization, event).await?;
        let found = event_partner::Entity::find_by_id((organization, id))
            .lock_exclusive()
            .one(tx)
            .await?;
        let before = found
            .filter(|row| row.event_id == event)
            .ok_or_else(|| Refused::not_found("eventPartnerId"))?;
        fresh(before.revision, change.revision)?;
        let role = change.role.unwrap_or(before.role);
        if (role == PartnerRole::Host) != (before.role == PartnerRole::Host) {
            return Err(Refused::because(
                "role",
                Code::Invalid,
                "Only the organization itself is the host, and it stays that.",
            ));
        }
        // A new address is a new notice: the hash of the old one says nothing about it.
        let moved = notice_url.as_ref().is_some_and(|url| *url != before.notice_url);
        let after = event_partner::Model {
            role,
            notice_url: notice_url.clone().unwrap_or_else(|| before.notice_url.clone()),
            notice_hash: notice_hash
                .clone()
                .or_else(|| before.notice_hash.clone().filter(|_| !moved)),
            contact_email: contact_email.clone().unwrap_or_else(|| before.contact_email.clone()),
            active: change.active.unwrap_or(before.active),
            revision: before.revision + 1,
            ..before.clone()
        };
        event_partner::Entity::update(after.clone().into_active_model().reset_all())
            .exec(tx)
            .await?;
        stream_facts::rewrite(tx, organization, event).await?;
        if after.active != before.active {
            for offer in offers::of_partner(tx, organization, id).await? {
                switch::shown(tx, organization, offer).await?;
            }
        }
        note(
            tx,
            authorized,
            "updateEventPartner",
            "eventPartner",
            id.0,
            serde_json::json!({ "active": after.active }),
        )
        .await?;
        Ok(after)
    })
}

/// Writes down what was done to a partner's things at an event.
pub(super) async fn note(
    tx: &Tx,
    by: &impl MayAsk,
    action: &str,
    kind: &str,
    subject: uuid::Uuid,
    detail: serde_json::Value,
) -> Result<(), Refused> {
    let entry = audit::Entry {
        organization: by.organization(),
        actor: by.kind(),
        account: Some(by.account()),
        action,
        event: Some(by.event()),
        subject_kind: kind,
        subject: Some(subject),
        detail,
    };
    Ok(audit::note(tx, entry).await?)
}
