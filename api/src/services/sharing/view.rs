//! How a registration stands with every offer of its event, as its attendee or their guardian sees it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use consentry_domain::consent::Choice;
use consentry_domain::{
    ConsentState, Decider, EventId, FieldMask, Instant, LeadValues, OfferId, OrganizationId, RegistrationId,
};
use consentry_entity::{consent, event, registration, stream};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::offers::{self, PartnerAtEvent, ShownOffer};
use super::questions::Shareable;
use super::{guardians, row, truth};
use crate::platform::Fault;
use crate::services::disclosure::facts::StreamFacts;

/// Where a registration stands with an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is decided.
    Undecided,
    /// Ticked before the mailbox was proved.
    Requested,
    /// A guardian is asked.
    AwaitingGuardian,
    /// Given.
    Granted,
    /// Said no.
    Refused,
    /// Taken back.
    Withdrawn,
    /// Given or asked for a version that is no longer in force and does not cover the one that is; or asked for what
    /// cannot be given any more.
    Superseded,
    /// Given, but the changed address is not proved.
    Suspended,
}

/// One registration's standing with one offer.
#[derive(Clone, Debug)]
pub struct Consent {
    /// The registration.
    pub registration: consentry_domain::RegistrationId,
    /// The offer, in the version that is in force, or else in the one that was decided about.
    pub offer: Arc<ShownOffer>,
    /// Where it stands.
    pub standing: Standing,
    /// Whether it can be given now: the offer is in force, and its time is not over.
    pub can_be_given: bool,
    /// Whether it can be given and nobody has decided about it. A wish that could not be taken is no decision.
    undecided: bool,
    /// The fields given, or asked.
    pub fields: FieldMask,
    /// Since when.
    pub decided_at: Option<Instant>,
    /// By whom.
    pub decided_by: Option<Decider>,
    /// One's own values of those fields, or of all fields that are asked for where nothing is decided.
    pub preview: Preview,
}

/// Values with what is needed to write them out.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Which fields.
    pub fields: FieldMask,
    /// Their values; only those that there are.
    pub values: LeadValues,
    /// Labels.
    pub facts: Arc<StreamFacts>,
}

/// Every offer that can be given at the registration's event, and every other that something is decided about, in the
/// order of the partners. The number of statements is the same for every registration.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn of_registration(
    connection: &impl ConnectionTrait,
    registration: &registration::Model,
    event: &event::Model,
    now: Instant,
) -> Result<Vec<Consent>, Fault> {
    debug_assert_eq!(registration.event_id, event.id, "the registration's own event");
    let all = of_registrations(connection, registration.organization_id, &[registration], now).await?;
    Ok(all.into_values().next().unwrap_or_default())
}

/// What an attendee has still to decide: nothing was said of it, or only a wish that nobody has affirmed or could take.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn undecided(
    connection: &impl ConnectionTrait,
    registration: &registration::Model,
    event: &event::Model,
    now: Instant,
) -> Result<Vec<Consent>, Fault> {
    let mut all = of_registration(connection, registration, event, now).await?;
    all.retain(|consent| consent.undecided);
    let waits = |consent: &Consent| consent.standing == Standing::AwaitingGuardian;
    // Where nobody was named whom one could ask, it waits for the attendee.
    if all.iter().any(waits) && guardians::is_named(connection, registration).await? {
        all.retain(|consent| !waits(consent));
    }
    Ok(all)
}

/// As [`of_registration`], of several of one organization: the number of statements does not depend on how many.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn of_registrations(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    registrations: &[&registration::Model],
    now: Instant,
) -> Result<HashMap<RegistrationId, Vec<Consent>>, Fault> {
    let keys: BTreeSet<_> = registrations.iter().map(|row| (organization, row.event_id)).collect();
    let keys: Vec<_> = keys.into_iter().collect();
    let partners = offers::of_events(connection, &keys).await?;
    if partners.values().all(Vec::is_empty) {
        return Ok(HashMap::new());
    }
    let questions = Shareable::of_events(connection, &keys).await?;
    let facts: HashMap<OfferId, Arc<StreamFacts>> = stream::Entity::find()
        .filter(stream::Column::OrganizationId.eq(organization))
        .filter(stream::Column::EventId.is_in(keys.iter().map(|(_, event)| *event)))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| Ok((row.id, Arc::new(StreamFacts::parse(&row.facts)?))))
        .collect::<Result<_, Fault>>()?;
    let ids: Vec<RegistrationId> = registrations.iter().map(|row| row.id).collect();
    let mut decided: HashMap<RegistrationId, HashMap<OfferId, consent::Model>> = HashMap::new();
    let rows = consent::Entity::find()
        .filter(consent::Column::OrganizationId.eq(organization))
        .filter(consent::Column::RegistrationId.is_in(ids.iter().copied()))
        .all(connection)
        .await?;
    for row in rows {
        decided
            .entry(row.registration_id)
            .or_default()
            .insert(row.offer_id, row);
    }
    let people = truth::people(connection, organization, &ids).await?;
    let at_events: HashMap<EventId, AtEvent> = partners
        .into_iter()
        .map(|(key, partners)| {
            let partners = partners.into_iter().map(Arc::new).collect();
            let questions = Arc::new(questions.get(&key).cloned().unwrap_or_default());
            (key.1, AtEvent { partners, questions })
        })
        .collect();
    let none = HashMap::new();
    registrations
        .iter()
        .filter_map(|row| Some((row, at_events.get(&row.event_id)?)))
        .map(|(row, at_event)| {
            let values = people.get(&row.id).map(|person| person.values.clone());
            let decided = decided.get(&row.id).unwrap_or(&none);
            let consents = of_one(row, at_event, &facts, decided, &values.unwrap_or_default(), now)?;
            Ok((row.id, consents))
        })
        .collect()
}

/// The partners of an event.
struct AtEvent {
    partners: Vec<Arc<PartnerAtEvent>>,
    questions: Arc<Shareable>,
}

fn of_one(
    registration: &registration::Model,
    at_event: &AtEvent,
    facts: &HashMap<OfferId, Arc<StreamFacts>>,
    decided: &HashMap<OfferId, consent::Model>,
    values: &LeadValues,
    now: Instant,
) -> Result<Vec<Consent>, Fault> {
    let questions = &at_event.questions;
    let mut consents = Vec::new();
    for partner in &at_event.partners {
        for offer in &partner.offers {
            let stored = decided.get(&offer.row.id).map(row::consent);
            let choice = match &stored {
                Some(stored) => {
                    Choice::from_stored(stored).ok_or_else(|| Fault::Corrupt("a consent without a giver".into()))?
                }
                None => Choice::Undecided,
            };
            let in_force = offer.in_force().filter(|_| partner.is_active());
            let can_be_given = in_force.is_some_and(|version| version.is_open(now));
            if stored.is_none() && !can_be_given {
                continue;
            }
            let shown = in_force.or_else(|| offer.approved(stored.as_ref()?.version));
            let (Some(shown), Some(facts)) = (shown, facts.get(&offer.row.id)) else {
                continue;
            };
            let rule = in_force.map(offers::Version::rule);
            let standing = match (standing(choice, rule.as_ref(), registration), can_be_given) {
                (Standing::Requested | Standing::AwaitingGuardian, false) => Standing::Superseded,
                (standing, _) => standing,
            };
            let nothing_said = matches!(
                choice,
                Choice::Undecided | Choice::Requested(_) | Choice::AwaitingGuardian(_)
            );
            let fields = stored.map_or(FieldMask::EMPTY, |stored| stored.granted);
            let previewed = if fields.is_empty() {
                shown.fields()
            } else {
                fields.intersect(shown.fields())
            };
            let mut own = values.clone();
            own.retain(previewed);
            consents.push(Consent {
                registration: registration.id,
                standing,
                can_be_given,
                undecided: can_be_given && nothing_said,
                fields,
                decided_at: stored.map(|stored| stored.given_at),
                decided_by: stored.map(|stored| stored.decider),
                preview: Preview {
                    fields: own.mask_of_present(),
                    values: own,
                    facts: facts.clone(),
                },
                offer: Arc::new(ShownOffer {
                    partner: partner.clone(),
                    offer: offer.row.clone(),
                    version: shown.clone(),
                    questions: questions.clone(),
                }),
            });
        }
    }
    Ok(consents)
}

fn standing(
    choice: Choice,
    in_force: Option<&consentry_domain::disclosure::Offer>,
    registration: &registration::Model,
) -> Standing {
    let covered = |version| in_force.is_some_and(|offer| (offer.covers_from..=offer.version).contains(&version));
    let current = |version| in_force.is_some_and(|offer| offer.version == version);
    match choice {
        Choice::Granted(given) if !covered(given.version) => Standing::Superseded,
        Choice::Requested(asked) | Choice::AwaitingGuardian(asked) if !current(asked.version) => Standing::Superseded,
        Choice::Granted(_) if registration.consents_suspended => Standing::Suspended,
        _ => match choice.state() {
            ConsentState::Undecided => Standing::Undecided,
            ConsentState::Requested => Standing::Requested,
            ConsentState::AwaitingGuardian => Standing::AwaitingGuardian,
            ConsentState::Granted => Standing::Granted,
            ConsentState::Refused => Standing::Refused,
            ConsentState::Withdrawn => Standing::Withdrawn,
        },
    }
}

/// The offers in force at an event whose time is not over, as anybody sees them.
#[must_use]
pub fn public(partner: &Arc<PartnerAtEvent>, questions: &Arc<Shareable>, now: Instant) -> Vec<Arc<ShownOffer>> {
    let shown = partner.offers.iter().filter_map(|offer| {
        Some(Arc::new(ShownOffer {
            partner: partner.clone(),
            offer: offer.row.clone(),
            version: offer.in_force().filter(|version| version.is_open(now))?.clone(),
            questions: questions.clone(),
        }))
    });
    shown.collect()
}
