//! What a partner's administrators mean to ask for: kept until they ask for its approval or discard it. Nobody but them sees
//! it, and no question's meaning is fixed by it.

use consentry_domain::{EventPartnerId, Instant, OfferId, OrganizationId, Purpose};
use consentry_entity::{event_partner, offer_draft, sharing_offer};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};

use super::request::{add_version, find, insert};
use super::terms::{self, Terms};
use super::told;
use crate::access::{AdministeredPlace, MayAsk};
use crate::platform::store::Tx;
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::sharing::NamedField;
use crate::services::sharing::offers::Offer;
use crate::services::sharing::questions::Askable;
use crate::services::{Localized, idempotency};
use crate::transaction;

/// What an offer would ask for, as far as it was filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftTerms {
    /// What attendees would read, per language.
    pub text: Localized,
    /// Which fields.
    pub fields: Vec<NamedField>,
    /// For how many days after the event, or after the consent if that is later.
    pub retention_days: Option<i32>,
    /// From when it would be shared, RFC 3339.
    pub starts_at: Option<String>,
    /// Until when.
    pub ends_at: Option<String>,
}

/// A draft.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The tenant.
    pub organization: OrganizationId,
    /// Whose.
    pub event_partner: EventPartnerId,
    /// What for.
    pub purpose: Purpose,
    /// What it says so far.
    pub terms: DraftTerms,
    /// When it was changed.
    pub updated_at: Instant,
    /// Its revision.
    pub revision: i64,
}

impl Draft {
    pub(super) fn of(row: &offer_draft::Model) -> Result<Self, Fault> {
        let terms = serde_json::from_str(&row.terms);
        Ok(Self {
            organization: row.organization_id,
            event_partner: row.event_partner_id,
            purpose: row.purpose,
            terms: terms.map_err(|error| Fault::Corrupt(format!("a draft's terms: {error}")))?,
            updated_at: Instant(row.updated_at),
            revision: row.revision,
        })
    }
}

/// A draft as it was sent.
#[derive(Clone, Debug)]
pub struct Drafted {
    /// What for; a place has one draft for each purpose.
    pub purpose: Purpose,
    /// The revision that was seen; none where there was no draft yet.
    pub revision: Option<i64>,
    /// What it says.
    pub terms: DraftTerms,
}

/// Keeps a draft. It need not be complete; what stands in it must be right.
///
/// # Errors
/// What is wrong with it; `STALE` where the draft is not the one that was seen, unless it says the same already.
pub async fn save(platform: &Platform, place: &AdministeredPlace, new: &Drafted) -> Result<Draft, Refused> {
    let terms = judge(&new.terms)?;
    let column = serde_json::to_string(&terms).map_err(|error| Fault::Corrupt(format!("a draft's terms: {error}")))?;
    let organization = place.organization();
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        // Of two first drafts one waits here for the other.
        let partner = event_partner::Entity::find_by_id((organization, place.event_partner())).lock_exclusive();
        partner
            .one(tx)
            .await?
            .ok_or_else(|| Refused::not_found("eventPartnerId"))?;
        named(tx, place, &terms.fields).await?;
        let before = of_purpose(place, new.purpose).one(tx).await?;
        if before.as_ref().map(|row| row.revision) != new.revision {
            return match &before {
                Some(row) if row.terms == column => Ok(Draft::of(row)?),
                _ => Err(stale()),
            };
        }
        let row = offer_draft::Model {
            organization_id: organization,
            event_partner_id: place.event_partner(),
            purpose: new.purpose,
            terms: column.clone(),
            updated_by: place.account(),
            updated_at: now.0,
            revision: before.as_ref().map_or(1, |row| row.revision + 1),
        };
        let draft = Draft::of(&row)?;
        let row = row.into_active_model().reset_all();
        if before.is_some() {
            offer_draft::Entity::update(row).exec(tx).await?;
        } else {
            offer_draft::Entity::insert(row).exec_without_returning(tx).await?;
        }
        Ok(draft)
    })
}

/// Throws the draft for this purpose away.
///
/// # Errors
/// Not found where there is none.
pub async fn discard(platform: &Platform, place: &AdministeredPlace, purpose: Purpose) -> Result<Draft, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let row = locked(tx, place, purpose).await?;
        let draft = Draft::of(&row)?;
        offer_draft::Entity::delete(row.into_active_model()).exec(tx).await?;
        Ok(draft)
    })
}

/// A draft that is ready.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Ready {
    /// The client's key.
    pub idempotency_key: String,
    /// Whose.
    pub event_partner: EventPartnerId,
    /// What for.
    pub purpose: Purpose,
    /// The revision that was seen.
    pub revision: i64,
}

/// Asks the organizer to approve what a draft says: as the first version of an offer, or as a new one. The draft is gone then.
///
/// # Errors
/// What is missing or wrong; `STALE` where the draft is not the one that was seen; `WRONG_STATE` while another version waits
/// for a decision.
pub async fn submit(platform: &Platform, place: &AdministeredPlace, ready: &Ready) -> Result<Offer, Refused> {
    let scope = format!("askForApproval:{}", place.account());
    let claim = idempotency::Request::of(place.organization(), scope, &ready.idempotency_key, ready)?;
    transaction!(platform.store.writer(), async |tx| {
        tx.now().await?;
        let existing = offer_of(tx, place, ready.purpose).await?;
        let offer = existing.unwrap_or_else(|| tx.ordered_id());
        if let idempotency::Claim::Replayed(made) = idempotency::claim(platform, tx, &claim, offer.0).await? {
            return find(tx, place, OfferId(made)).await;
        }
        let row = locked(tx, place, ready.purpose).await?;
        if row.revision != ready.revision {
            return Err(stale());
        }
        let terms = complete(Draft::of(&row)?.terms).judge()?;
        let made = match existing {
            Some(offer) => add_version(tx, place, offer, &terms).await?,
            None => insert(tx, place, offer, (place.event_partner(), ready.purpose), &terms).await?,
        };
        offer_draft::Entity::delete(row.into_active_model()).exec(tx).await?;
        told::requested(tx, place, &made).await?;
        Ok(made)
    })
}

/// The offer of the place for this purpose.
async fn offer_of(tx: &Tx, place: &AdministeredPlace, purpose: Purpose) -> Result<Option<OfferId>, Refused> {
    let row = sharing_offer::Entity::find()
        .filter(sharing_offer::Column::OrganizationId.eq(place.organization()))
        .filter(sharing_offer::Column::EventPartnerId.eq(place.event_partner()))
        .filter(sharing_offer::Column::Purpose.eq(purpose))
        .one(tx)
        .await?;
    Ok(row.map(|row| row.id))
}

fn of_purpose(place: &AdministeredPlace, purpose: Purpose) -> sea_orm::Select<offer_draft::Entity> {
    offer_draft::Entity::find_by_id((place.organization(), place.event_partner(), purpose))
}

/// The place's draft for this purpose, locked.
async fn locked(tx: &Tx, place: &AdministeredPlace, purpose: Purpose) -> Result<offer_draft::Model, Refused> {
    let row = of_purpose(place, purpose).lock_exclusive().one(tx).await?;
    row.ok_or_else(|| Refused::not_found("purpose"))
}

/// What an offer is judged by: what is missing is missed there, by the name of its field.
fn complete(terms: DraftTerms) -> Terms {
    Terms {
        text: terms.text,
        fields: terms.fields,
        retention_days: terms.retention_days.unwrap_or_default(),
        starts_at: terms.starts_at,
        ends_at: terms.ends_at,
    }
}

fn judge(typed: &DraftTerms) -> Result<DraftTerms, Refused> {
    let mut problems = Problems::new();
    let written = typed.text.0.iter().filter(|(_, text)| !text.trim().is_empty());
    let written = Localized(written.map(|(locale, text)| (locale.clone(), text.clone())).collect());
    let text = if written.is_empty() {
        Some(written)
    } else {
        problems.keep("text", super::judge::paragraphs(&written))
    };
    if let Some(days) = typed.retention_days {
        terms::retention(&mut problems, days);
    }
    terms::times(&mut problems, typed.starts_at.as_deref(), typed.ends_at.as_deref());
    let mut fields: Vec<NamedField> = Vec::new();
    for field in &typed.fields {
        if !fields.contains(field) {
            fields.push(*field);
        }
    }
    problems.none()?;
    Ok(DraftTerms {
        text: text.unwrap_or_default(),
        fields,
        ..typed.clone()
    })
}

/// Each question is one that the place may ask the answers of.
async fn named(tx: &Tx, place: &AdministeredPlace, fields: &[NamedField]) -> Result<(), Refused> {
    if !fields.iter().any(|field| matches!(field, NamedField::Question(_))) {
        return Ok(());
    }
    let askable = Askable::of_event(tx, place.organization(), place.event()).await?;
    let mut problems = Problems::new();
    for (at, field) in fields.iter().enumerate() {
        if let NamedField::Question(id) = field
            && !askable
                .of_place(place.event_partner())
                .any(|question| question.row.id == *id)
        {
            problems.add(
                format!("fields.{at}.questionId"),
                Code::NotFound,
                "Nothing was found here.",
            );
        }
    }
    problems.none()
}

fn stale() -> Refused {
    let message = "Somebody else has changed this draft, sent it or thrown it away meanwhile. Look at it again.";
    Refused::because("revision", Code::Stale, message)
}
