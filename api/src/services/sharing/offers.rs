//! The partners of events with their offers in every version: what is in force, what is asked for, what was.

use std::collections::HashMap;
use std::sync::Arc;

use consentry_domain::commitment::Hash;
use consentry_domain::disclosure;
use consentry_domain::offer::{ApprovedVersion, TextChange, VersionTerms};
use consentry_domain::{EventId, EventPartnerId, FieldMask, Instant, OfferId, OfferVersionState, OrganizationId};
use consentry_entity::{event_partner, offer_version, partner, sharing_offer};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::questions::Shareable;
use crate::platform::Fault;
use crate::platform::store::{Tx, sql};
use crate::services::Localized;

/// A partner in its role at an event, with its offers.
#[derive(Clone, Debug)]
pub struct PartnerAtEvent {
    /// Its role there.
    pub row: event_partner::Model,
    /// The company.
    pub partner: partner::Model,
    /// What it asks for, oldest first.
    pub offers: Vec<Offer>,
}

impl PartnerAtEvent {
    /// Whether anything is shared with it at all.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.row.active && self.partner.active
    }
}

/// What one event partner asks for one purpose.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Its row.
    pub row: sharing_offer::Model,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
}

/// One version of an offer.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its row.
    pub row: offer_version::Model,
    /// What it says, per language.
    pub text: Localized,
}

impl Version {
    /// What it asks for.
    #[must_use]
    pub fn fields(&self) -> FieldMask {
        FieldMask::from_db(self.row.field_mask)
    }

    /// Whether it was ever in force: requests, and those refused or taken back before a decision, never were.
    #[must_use]
    pub fn was_approved(&self) -> bool {
        self.row.covers_from.is_some()
    }

    /// As the rule takes it.
    #[must_use]
    pub fn rule(&self) -> disclosure::Offer {
        disclosure::Offer {
            version: self.row.version,
            covers_from: self.row.covers_from.unwrap_or(self.row.version),
            fields: self.fields(),
        }
    }

    /// Whether one can consent to it at this moment: its time is not over.
    #[must_use]
    pub fn is_open(&self, now: Instant) -> bool {
        self.row.ends_at.is_none_or(|ends| now.0 < ends)
    }

    fn terms(&self, offer: &sharing_offer::Model) -> Result<VersionTerms, Fault> {
        Ok(VersionTerms {
            event_partner_id: offer.event_partner_id,
            purpose: offer.purpose,
            fields: self.fields(),
            retention_days: self.row.retention_days,
            starts: self.row.starts_at.map(Instant),
            ends: self.row.ends_at.map(Instant),
            notice_hash: hash(&self.row.notice_hash)?.0,
            text_hash: hash(&self.row.text_hash)?.0,
        })
    }
}

/// Reads a hash of 32 bytes.
///
/// # Errors
/// When it has another length.
pub fn hash(column: &[u8]) -> Result<Hash, Fault> {
    column
        .try_into()
        .map(Hash)
        .map_err(|_| Fault::Corrupt("a hash that has not 32 bytes".into()))
}

impl Offer {
    /// The version that attendees see: the last one that was ever approved, unless it was withdrawn.
    #[must_use]
    pub fn in_force(&self) -> Option<&Version> {
        let last = self.versions.iter().rfind(|version| version.was_approved());
        last.filter(|version| version.row.state == OfferVersionState::Approved)
    }

    /// The version that waits for a decision.
    #[must_use]
    pub fn requested(&self) -> Option<&Version> {
        self.versions
            .iter()
            .rfind(|version| version.row.state == OfferVersionState::Requested)
    }

    /// The version of this number, if it was ever in force.
    #[must_use]
    pub fn approved(&self, number: i32) -> Option<&Version> {
        self.versions
            .iter()
            .find(|version| version.row.version == number && version.was_approved())
    }

    /// The versions that were in force one after the other up to now, without a gap.
    ///
    /// # Errors
    /// When a stored hash is none.
    pub fn chain(&self) -> Result<Vec<ApprovedVersion>, Fault> {
        let mut chain = Vec::new();
        for version in self.versions.iter().filter(|version| version.was_approved()) {
            if version.row.state == OfferVersionState::Withdrawn {
                chain.clear();
                continue;
            }
            let text = if version.row.editorial {
                TextChange::Editorial
            } else {
                TextChange::Substantial
            };
            chain.push(ApprovedVersion {
                version: version.row.version,
                terms: version.terms(&self.row)?,
                text,
            });
        }
        Ok(chain)
    }

    /// What this version, which waits for a decision, would be in the chain.
    ///
    /// # Errors
    /// When a stored hash is none.
    pub fn as_approved(&self, version: &Version, text: TextChange) -> Result<ApprovedVersion, Fault> {
        Ok(ApprovedVersion {
            version: version.row.version,
            terms: version.terms(&self.row)?,
            text,
        })
    }
}

/// An offer in one of its versions, with everything that is shown beside it.
#[derive(Clone, Debug)]
pub struct ShownOffer {
    /// Whose it is.
    pub partner: Arc<PartnerAtEvent>,
    /// Its row.
    pub offer: sharing_offer::Model,
    /// The version.
    pub version: Version,
    /// What the bits of the event's masks mean.
    pub questions: Arc<Shareable>,
}

/// Names an event.
pub type EventKey = (OrganizationId, EventId);

/// The partners of these events with all their offers, in the order in which they were added. Four statements.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn of_events(
    connection: &impl ConnectionTrait,
    events: &[EventKey],
) -> Result<HashMap<EventKey, Vec<PartnerAtEvent>>, Fault> {
    use event_partner::Column as P;
    let organizations: std::collections::BTreeSet<OrganizationId> =
        events.iter().map(|(organization, _)| *organization).collect();
    let ids: Vec<EventId> = events.iter().map(|(_, event)| *event).collect();
    let partners = event_partner::Entity::find()
        .filter(P::OrganizationId.is_in(organizations.iter().copied()))
        .filter(P::EventId.is_in(ids.iter().copied()))
        .order_by_asc(P::Id)
        .all(connection)
        .await?;
    if partners.is_empty() {
        return Ok(HashMap::new());
    }
    let companies = partner::Entity::find()
        .filter(partner::Column::OrganizationId.is_in(organizations.iter().copied()))
        .filter(partner::Column::Id.is_in(partners.iter().map(|row| row.partner_id)))
        .all(connection)
        .await?;
    let companies: HashMap<_, _> = companies.into_iter().map(|row| (row.id, row)).collect();
    let mut offers: HashMap<_, Vec<Offer>> = HashMap::new();
    for offer in load(
        connection,
        &organizations.into_iter().collect::<Vec<_>>(),
        sharing_offer::Column::EventId.is_in(ids),
    )
    .await?
    {
        offers.entry(offer.row.event_partner_id).or_default().push(offer);
    }
    let mut by_event: HashMap<EventKey, Vec<PartnerAtEvent>> = HashMap::new();
    for row in partners {
        let partner = companies.get(&row.partner_id).cloned();
        let partner = partner.ok_or_else(|| Fault::Corrupt("an event partner without its partner".into()))?;
        let offers = offers.remove(&row.id).unwrap_or_default();
        by_event
            .entry((row.organization_id, row.event_id))
            .or_default()
            .push(PartnerAtEvent { row, partner, offers });
    }
    Ok(by_event)
}

/// One offer with all its versions. Two statements.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn by_id(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    id: OfferId,
) -> Result<Option<Offer>, Fault> {
    Ok(load(connection, &[organization], sharing_offer::Column::Id.eq(id))
        .await?
        .pop())
}

/// What these places ask for, oldest first. Two statements.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn of_places(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    places: &[EventPartnerId],
) -> Result<Vec<Offer>, Fault> {
    let which = sharing_offer::Column::EventPartnerId.is_in(places.iter().copied());
    load(connection, &[organization], which).await
}

async fn load(
    connection: &impl ConnectionTrait,
    organizations: &[OrganizationId],
    which: sea_orm::sea_query::SimpleExpr,
) -> Result<Vec<Offer>, Fault> {
    use offer_version::Column as V;
    use sharing_offer::Column as O;
    let rows = sharing_offer::Entity::find()
        .filter(O::OrganizationId.is_in(organizations.iter().copied()))
        .filter(which)
        .order_by_asc(O::Id)
        .all(connection)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut versions: HashMap<OfferId, Vec<Version>> = HashMap::new();
    for row in offer_version::Entity::find()
        .filter(V::OrganizationId.is_in(organizations.iter().copied()))
        .filter(V::OfferId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(V::Version)
        .all(connection)
        .await?
    {
        versions.entry(row.offer_id).or_default().push(Version {
            text: Localized::parse(&row.text)?,
            row,
        });
    }
    Ok(rows
        .into_iter()
        .map(|row| Offer {
            versions: versions.remove(&row.id).unwrap_or_default(),
            row,
        })
        .collect())
}

/// Locks an event's offers shared, in the order of their ids: nobody switches a version until this transaction ends.
/// The first lock of every transaction that decides about consents.
///
/// # Errors
/// When the database fails.
pub async fn share(tx: &Tx, organization: OrganizationId, event: EventId) -> Result<(), DbErr> {
    if tx.engine() == crate::platform::store::Engine::Sqlite {
        return Ok(());
    }
    let text = "select id from sharing_offer where organization_id = $1 and event_id = $2 order by id for share";
    sql::all(tx, text, [organization.into(), event.into()]).await?;
    Ok(())
}

/// Locks one offer exclusively, before its version in force is switched.
///
/// # Errors
/// When the database fails.
pub(crate) async fn seize(tx: &Tx, organization: OrganizationId, id: OfferId) -> Result<(), DbErr> {
    sharing_offer::Entity::find_by_id((organization, id))
        .lock_exclusive()
        .one(tx)
        .await?;
    Ok(())
}

/// Locks all offers of an event exclusively, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub(crate) async fn seize_event(tx: &Tx, organization: OrganizationId, event: EventId) -> Result<(), DbErr> {
    sharing_offer::Entity::find()
        .filter(sharing_offer::Column::OrganizationId.eq(organization))
        .filter(sharing_offer::Column::EventId.eq(event))
        .order_by_asc(sharing_offer::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(())
}

/// The offers of an event partner.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of_partner(
    tx: &Tx,
    organization: OrganizationId,
    partner: EventPartnerId,
) -> Result<Vec<OfferId>, DbErr> {
    let rows = sharing_offer::Entity::find()
        .filter(sharing_offer::Column::OrganizationId.eq(organization))
        .filter(sharing_offer::Column::EventPartnerId.eq(partner))
        .order_by_asc(sharing_offer::Column::Id)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
