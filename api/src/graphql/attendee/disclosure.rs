//! Who received what of one's data.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object, Result, SimpleObject, Union};
use consentry_domain::{EventId, EventPartnerId, RegistrationId};
use consentry_entity::organization;
use tokio::sync::{Mutex, OnceCell};

use super::consent::Consent;
use crate::connection;
use crate::graphql::connection::Page;
use crate::graphql::public::{Event, EventPartner, OfferedField, SharingOffer};
use crate::graphql::scalars::DateTime;
use crate::graphql::vocabulary::Purpose;
use crate::graphql::{errors, ids, platform};
use crate::platform::Fault;
use crate::services::people::disclosures::{self, Disclosures, Place, Received, Recipient};
use crate::services::roster;
use crate::services::sharing::offers::{PartnerAtEvent, ShownOffer};
use crate::services::sharing::questions::Shareable;
use crate::services::sharing::view;

connection!(DisclosureConnection, DisclosureEdge, Disclosure);

/// A list of attendees that the organizer's staff took away.
#[derive(SimpleObject, Clone)]
pub struct StaffExport {
    /// Opaque.
    id: ID,
    /// When.
    at: DateTime,
    /// What for, in their words.
    purpose: String,
}

/// Who received something.
#[derive(Union)]
pub enum DisclosureRecipient {
    /// A partner.
    EventPartner(EventPartner),
    /// The organizer's staff, for use outside this program.
    StaffExport(StaffExport),
}

/// What is read once for all entries of one list.
struct Shared {
    organization: organization::Model,
    events: HashMap<EventId, Event>,
    partners: HashMap<EventId, Vec<Arc<PartnerAtEvent>>>,
    questions: HashMap<EventId, Arc<Shareable>>,
    registrations: Vec<RegistrationId>,
    consents: OnceCell<HashMap<RegistrationId, Vec<view::Consent>>>,
}

/// That data of one's registration was handed out. It stays, whatever is withdrawn or cancelled later.
#[derive(Clone)]
pub struct Disclosure {
    received: Received,
    shared: Arc<Shared>,
}

impl Disclosure {
    fn list(found: Disclosures, organization: &organization::Model) -> Result<Vec<Self>, Fault> {
        let ids: Vec<EventId> = found.events.iter().map(|event| event.id).collect();
        let events = found.events.into_iter().map(|event| (event, organization.clone()));
        let events = Event::list(events.collect())?;
        let registrations: BTreeSet<RegistrationId> = found.received.iter().map(|one| one.registration).collect();
        let shared = Arc::new(Shared {
            organization: organization.clone(),
            events: ids.into_iter().zip(events).collect(),
            partners: found.partners,
            questions: found.questions,
            registrations: registrations.into_iter().collect(),
            consents: OnceCell::new(),
        });
        let one = |received| Self {
            received,
            shared: shared.clone(),
        };
        Ok(found.received.into_iter().map(one).collect())
    }

    fn its_event(&self) -> Result<&Event, Error> {
        let event = self.shared.events.get(&self.received.event);
        event.ok_or_else(|| errors::internal(&Fault::Corrupt("a disclosure without its event".into())))
    }

    fn partner(&self, id: EventPartnerId) -> Result<&Arc<PartnerAtEvent>, Error> {
        let partners = self.shared.partners.get(&self.received.event);
        let partner = partners.and_then(|all| all.iter().find(|one| one.row.id == id));
        partner.ok_or_else(|| errors::internal(&Fault::Corrupt("a disclosure to an unknown partner".into())))
    }

    fn questions(&self) -> Arc<Shareable> {
        let questions = self.shared.questions.get(&self.received.event);
        questions.cloned().unwrap_or_default()
    }
}

/// That data of one's registration was handed out. It stays, whatever is withdrawn or cancelled later.
#[Object]
impl Disclosure {
    /// Opaque.
    async fn id(&self) -> ID {
        let (organization, received) = (self.shared.organization.id, &self.received);
        ids::encode_pair(
            ids::RECEIVED_TAG,
            organization,
            received.record,
            received.registration.0,
        )
    }
    /// When.
    async fn at(&self) -> DateTime {
        self.received.at.into()
    }
    /// At which event.
    async fn event(&self) -> Result<Event> {
        Ok(self.its_event()?.clone())
    }
    /// To whom.
    async fn recipient(&self) -> Result<DisclosureRecipient> {
        let received = &self.received;
        Ok(match &received.by {
            Recipient::Staff { purpose } => DisclosureRecipient::StaffExport(StaffExport {
                id: received
                    .export()
                    .map(|export| ids::encode(self.shared.organization.id, export))
                    .unwrap_or_default(),
                at: received.at.into(),
                purpose: purpose.clone(),
            }),
            Recipient::Partner { event_partner, .. } => {
                let partner = self.partner(*event_partner)?.clone();
                DisclosureRecipient::EventPartner(EventPartner::new(
                    self.its_event()?.clone(),
                    partner,
                    self.questions(),
                ))
            }
        })
    }
    /// The recipient's name as it was then.
    async fn recipient_name(&self) -> &str {
        match &self.received.by {
            Recipient::Partner { name, .. } => name,
            Recipient::Staff { .. } => &self.shared.organization.legal_name,
        }
    }
    /// What for; absent for staff, who say it in their words.
    async fn purpose(&self) -> Option<Purpose> {
        match &self.received.by {
            Recipient::Partner { purpose, .. } => Some((*purpose).into()),
            Recipient::Staff { .. } => None,
        }
    }
    /// Which fields; of a list, those that it has columns for.
    async fn fields(&self) -> Result<Vec<OfferedField>> {
        let mask = match &self.received.by {
            Recipient::Partner { fields, .. } => *fields,
            Recipient::Staff { .. } => roster::export::fields(),
        };
        Ok(OfferedField::of(self.its_event()?, &self.questions(), mask))
    }
    /// What the person had agreed to by then: the offer in the version of their consent, also where another was in force;
    /// absent for staff.
    async fn offer(&self) -> Result<Option<SharingOffer>> {
        let Recipient::Partner {
            offer,
            event_partner,
            version: Some(version),
            ..
        } = &self.received.by
        else {
            return Ok(None);
        };
        let partner = self.partner(*event_partner)?;
        let offer = partner.offers.iter().find(|its| its.row.id == *offer);
        let agreed = offer.and_then(|offer| Some((offer, offer.approved(*version)?)));
        let missing = || errors::internal(&Fault::Corrupt("a consent to a version that never was in force".into()));
        let (offer, version) = agreed.ok_or_else(missing)?;
        let shown = ShownOffer {
            partner: partner.clone(),
            offer: offer.row.clone(),
            version: version.clone(),
            questions: self.questions(),
        };
        Ok(Some(SharingOffer::new(self.its_event()?.clone(), Arc::new(shown))))
    }
    /// The consent under which, as it stands now; absent for staff.
    async fn consent(&self, ctx: &Context<'_>) -> Result<Option<Consent>> {
        let Recipient::Partner { offer, .. } = &self.received.by else {
            return Ok(None);
        };
        let shared = &self.shared;
        let all = shared.consents.get_or_try_init(|| {
            disclosures::consents(&platform(ctx).store, shared.organization.id, &shared.registrations)
        });
        let all = all.await.map_err(|fault| errors::internal(&fault))?;
        let mine = all.get(&self.received.registration).map_or(&[][..], Vec::as_slice);
        let mine: Vec<_> = mine
            .iter()
            .filter(|consent| consent.offer.offer.id == *offer)
            .cloned()
            .collect();
        Ok(Consent::of_event(mine, self.its_event()?).pop())
    }
}

/// The first page of each registration of a list.
type Batch = HashMap<RegistrationId, Vec<Disclosure>>;

/// What was read of the registrations of one list, by the size of the page that was asked for.
#[derive(Default)]
pub(super) struct Batches(Mutex<HashMap<u32, Arc<Batch>>>);

/// A page of what was disclosed of a registration. The first pages of all registrations of one list are read at once.
pub(super) async fn of_registration(
    ctx: &Context<'_>,
    (organization, all): (&organization::Model, &[disclosures::PlaceAt]),
    batches: &Batches,
    one: disclosures::PlaceAt,
    (first, after): (i32, Option<String>),
) -> Result<DisclosureConnection> {
    let list = format!("disclosures of registration {}", one.0);
    let (page, after) = parse(ctx, &list, first, after)?;
    let read = async |registrations: &[disclosures::PlaceAt], after| {
        let store = &platform(ctx).store;
        let found = disclosures::of_registrations(store, organization.id, registrations, page.first, after);
        Disclosure::list(found.await?, organization)
    };
    let rows = if after.is_some() {
        read(&[one], after).await.map_err(|fault| errors::internal(&fault))?
    } else {
        let mut batches = batches.0.lock().await;
        let batch = match batches.get(&page.first) {
            Some(batch) => batch.clone(),
            None => {
                let mut batch = Batch::new();
                for one in read(all, None).await.map_err(|fault| errors::internal(&fault))? {
                    batch.entry(one.received.registration).or_default().push(one);
                }
                let batch = Arc::new(batch);
                batches.insert(page.first, batch.clone());
                batch
            }
        };
        batch.get(&one.0).cloned().unwrap_or_default()
    };
    Ok(connection(ctx, &list, &page, rows))
}

/// A page of what was disclosed of all registrations of a person.
pub(super) async fn of_person(
    ctx: &Context<'_>,
    organization: &organization::Model,
    person: consentry_domain::PersonId,
    first: i32,
    after: Option<String>,
) -> Result<DisclosureConnection> {
    let list = format!("disclosures of person {person}");
    let (page, after) = parse(ctx, &list, first, after)?;
    let found = disclosures::of_person(&platform(ctx).store, organization.id, person, page.first, after).await;
    let rows = found.and_then(|found| Disclosure::list(found, organization));
    Ok(connection(
        ctx,
        &list,
        &page,
        rows.map_err(|fault| errors::internal(&fault))?,
    ))
}

fn parse(ctx: &Context<'_>, list: &str, first: i32, after: Option<String>) -> Result<(Page, Option<Place>)> {
    let page = Page::parse(platform(ctx), list.as_bytes(), first, after)?;
    let wrong = || errors::bad_input("after: this is not a cursor of this list.");
    let after = page.after.as_deref();
    let after = after
        .map(|bytes| Place::from_bytes(bytes).ok_or_else(wrong))
        .transpose()?;
    Ok((page, after))
}

/// The page of what was read, which may be more than it shows.
fn connection(ctx: &Context<'_>, list: &str, page: &Page, mut rows: Vec<Disclosure>) -> DisclosureConnection {
    let more = rows.len() > page.first as usize;
    rows.truncate(page.first as usize);
    let entries = rows.into_iter().map(|node| (node.received.place().to_bytes(), node));
    DisclosureConnection::new(platform(ctx), list.as_bytes(), page, more, entries.collect())
}
