//! The row of each stream: what its partner's code may know besides leads. Rewritten in the transaction of whatever
//! changes one of these facts: event, ticket types, questions and their choices, partner, offer version.
//!
//! Nothing of a registration stands there, and neither the feed's counter nor its epoch is ever written here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use consentry_domain::{
    ChoiceId, EventId, Field, FieldMask, Instant, OfferId, OrganizationId, QuestionId, TicketTypeId,
};
use consentry_entity::{event, event_partner, sharing_offer, stream, ticket_type};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::offers::{self, Offer, PartnerAtEvent};
use super::questions::Shareable;
use crate::platform::Fault;
use crate::platform::store::Tx;
use crate::services::Localized;
use crate::services::disclosure::facts::{EventFacts, PartnerFacts, QuestionFacts, StreamFacts};

/// Rewrites the rows of all streams of an event. Takes the event's offers exclusively, in the order of their ids, which
/// keeps a switch of versions and another rewrite out; so it must come before locks on registrations.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn rewrite(tx: &Tx, organization: OrganizationId, event: EventId) -> Result<(), Fault> {
    use sharing_offer::Column as O;
    let offers = sharing_offer::Entity::find()
        .filter(O::OrganizationId.eq(organization))
        .filter(O::EventId.eq(event))
        .order_by_asc(O::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    if offers.is_empty() {
        return Ok(());
    }
    write(tx, organization, event, None).await
}

/// Rewrites the row of one stream. The caller holds its offer exclusively.
///
/// # Errors
/// When the database fails or holds something else.
pub(crate) async fn rewrite_one(
    tx: &Tx,
    organization: OrganizationId,
    event: EventId,
    offer: OfferId,
) -> Result<(), Fault> {
    write(tx, organization, event, Some(offer)).await
}

/// The events at which a partner has a role, for whoever changed the partner itself.
///
/// # Errors
/// When the database fails.
pub(crate) async fn events_of_partner(
    tx: &Tx,
    organization: OrganizationId,
    partner: consentry_domain::PartnerId,
) -> Result<BTreeSet<EventId>, Fault> {
    use event_partner::Column as P;
    let rows = event_partner::Entity::find()
        .filter(P::OrganizationId.eq(organization))
        .filter(P::PartnerId.eq(partner))
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.event_id).collect())
}

async fn write(tx: &Tx, organization: OrganizationId, event: EventId, only: Option<OfferId>) -> Result<(), Fault> {
    use stream::Column as S;
    let key = (organization, event);
    let about = About::load(tx, organization, event).await?;
    let partners = offers::of_events(tx, &[key]).await?.remove(&key).unwrap_or_default();
    let mut rows = Vec::new();
    for partner in &partners {
        for offer in partner
            .offers
            .iter()
            .filter(|offer| only.is_none_or(|only| only == offer.row.id))
        {
            rows.push(about.row(partner, offer)?.into_active_model().reset_all());
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let facts = [
        S::Active,
        S::Version,
        S::FieldMask,
        S::StartsAt,
        S::EndsAt,
        S::RetentionDays,
        S::EventEndsAt,
        S::Facts,
    ];
    let conflict = OnConflict::columns([S::OrganizationId, S::Id])
        .update_columns(facts)
        .to_owned();
    stream::Entity::insert_many(rows)
        .on_conflict(conflict)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The facts that all streams of an event share.
struct About {
    event: event::Model,
    title: Localized,
    questions: Shareable,
    choices: HashMap<QuestionId, BTreeMap<ChoiceId, Localized>>,
    ticket_types: BTreeMap<TicketTypeId, Localized>,
}

impl About {
    async fn load(tx: &Tx, organization: OrganizationId, event: EventId) -> Result<Self, Fault> {
        let event = event::Entity::find_by_id((organization, event)).one(tx).await?;
        let event = event.ok_or_else(|| Fault::Corrupt("an offer without its event".into()))?;
        let questions = Shareable::of_event(tx, organization, event.id).await?;
        let mut choices: HashMap<_, BTreeMap<_, _>> = HashMap::new();
        for (question, choice, label) in questions.choices(tx, organization).await? {
            choices.entry(question).or_default().insert(choice, label);
        }
        // Archived ones, too: leads may hold them.
        let ticket_types = ticket_type::Entity::find()
            .filter(ticket_type::Column::OrganizationId.eq(organization))
            .filter(ticket_type::Column::EventId.eq(event.id))
            .all(tx)
            .await?
            .into_iter()
            .map(|row| Ok((row.id, Localized::parse(&row.name)?)))
            .collect::<Result<_, Fault>>()?;
        Ok(Self {
            title: Localized::parse(&event.title)?,
            event,
            questions,
            choices,
            ticket_types,
        })
    }

    fn row(&self, partner: &PartnerAtEvent, offer: &Offer) -> Result<stream::Model, Fault> {
        let in_force = offer.in_force();
        let ever = offer.versions.iter().filter(|version| version.was_approved());
        let named = ever.fold(FieldMask::EMPTY, |mask, version| mask.union(version.fields()));
        let facts = StreamFacts {
            partner: PartnerFacts {
                id: partner.partner.id,
                display_name: partner.partner.display_name.clone(),
                legal_name: partner.partner.legal_name.clone(),
                country: partner.partner.country.clone(),
            },
            role: partner.row.role,
            event: EventFacts {
                title: self.title.clone(),
                default_locale: self.event.default_locale.clone(),
                kind: self.event.kind,
                starts_at: Instant(self.event.starts_at),
                ends_at: Instant(self.event.ends_at),
                time_zone: Some(self.event.time_zone.clone()),
            },
            text: in_force.map(|version| version.text.clone()).unwrap_or_default(),
            questions: named.iter().filter_map(|field| self.question(field)).collect(),
            ticket_types: self.ticket_types.clone(),
        };
        Ok(stream::Model {
            organization_id: offer.row.organization_id,
            id: offer.row.id,
            event_id: offer.row.event_id,
            event_partner_id: offer.row.event_partner_id,
            purpose: offer.row.purpose,
            highest: 0,
            epoch: 1,
            active: partner.is_active(),
            version: in_force.map(|version| version.row.version),
            field_mask: in_force.map_or(0, |version| version.row.field_mask),
            starts_at: in_force.and_then(|version| version.row.starts_at),
            ends_at: in_force.and_then(|version| version.row.ends_at),
            retention_days: in_force.map_or(0, |version| version.row.retention_days),
            event_ends_at: self.event.ends_at,
            facts: facts.to_column()?,
        })
    }

    fn question(&self, field: Field) -> Option<(u8, QuestionFacts)> {
        let Field::Question(bit) = field else { return None };
        let question = self.questions.of_bit(bit)?;
        let choices = self.choices.get(&question.row.id).cloned().unwrap_or_default();
        Some((
            bit,
            QuestionFacts {
                id: question.row.id,
                label: question.label.clone(),
                choices,
            },
        ))
    }
}
