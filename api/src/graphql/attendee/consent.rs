//! A consent, as its attendee or their guardian sees it.

use async_graphql::{Enum, ID, Object, Result, SimpleObject};
use consentry_domain::Field;
use consentry_entity::{event, organization};

use crate::graphql::ids;
use crate::graphql::public::{Event, OfferedField, SharingOffer};
use crate::graphql::scalars::{DateTime, Locale};
use crate::graphql::vocabulary::AttendeeField;
use crate::platform::Fault;
use crate::services::sharing::view;

/// Where a consent stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "view::Standing")]
pub enum ConsentState {
    /// Nothing is decided, and nothing is shared.
    Undecided,
    /// Ticked before the mailbox was proved. Nothing is shared.
    Requested,
    /// A guardian is asked. Nothing is shared.
    AwaitingGuardian,
    /// Given.
    Granted,
    /// Said no.
    Refused,
    /// Taken back.
    Withdrawn,
    /// Given for a version that a newer one has replaced, which it does not cover; or wished, and over. Nothing is shared.
    Superseded,
    /// Given, but a changed address is not proved. Nothing is shared meanwhile.
    Suspended,
}

/// Who decided.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::Decider")]
pub enum Decider {
    /// The attendee.
    Attendee,
    /// The guardian.
    Guardian,
}

/// What was decided about one offer.
#[derive(Clone)]
pub struct Consent {
    event: Event,
    consent: view::Consent,
}

impl Consent {
    /// All of them, with the event that they belong to.
    ///
    /// # Errors
    /// When the event's texts cannot be read.
    pub fn all(
        consents: Vec<view::Consent>,
        event: event::Model,
        organization: organization::Model,
    ) -> Result<Vec<Self>, Fault> {
        Ok(Self::of_event(consents, &Event::new(event, organization)?))
    }

    /// All of them, of this event.
    pub(in crate::graphql) fn of_event(consents: Vec<view::Consent>, event: &Event) -> Vec<Self> {
        consents
            .into_iter()
            .map(|consent| Self {
                event: event.clone(),
                consent,
            })
            .collect()
    }

    pub(super) fn is_of(&self, offer: consentry_domain::OfferId) -> bool {
        self.consent.offer.offer.id == offer
    }

    pub(super) fn shown_offer(&self) -> SharingOffer {
        SharingOffer::new(self.event.clone(), self.consent.offer.clone())
    }
}

/// What was decided about one offer.
#[Object]
impl Consent {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        let offer = &self.consent.offer.offer;
        ids::encode_pair(
            ids::CONSENT_TAG,
            offer.organization_id,
            self.consent.registration.0,
            offer.id.0,
        )
    }
    /// About what; in the version in force, or else in the one that was decided about.
    async fn offer(&self) -> SharingOffer {
        self.shown_offer()
    }
    /// Where it stands.
    async fn state(&self) -> ConsentState {
        self.consent.standing.into()
    }
    /// Whether it can be given now: the offer is in force, and its time is not over.
    async fn can_be_given(&self) -> bool {
        self.consent.can_be_given
    }
    /// The fields given or, while it is only asked for, wished.
    async fn granted(&self) -> Vec<OfferedField> {
        OfferedField::all(&self.event, &self.consent.offer, self.consent.fields)
    }
    /// When it was decided.
    async fn decided_at(&self) -> Option<DateTime> {
        self.consent.decided_at.map(DateTime::from)
    }
    /// By whom.
    async fn decided_by(&self) -> Option<Decider> {
        self.consent.decided_by.map(Decider::from)
    }
    /// What the partner receives, or would receive, in one's own values: of the granted fields, or of all that are asked
    /// for where none is granted.
    async fn preview(&self, locale: Option<Locale>) -> Vec<PreviewField> {
        let wished = locale.as_ref().map(|locale| locale.0.as_str());
        let shown = self.consent.preview.write(wished).into_iter();
        shown
            .map(|shown| PreviewField {
                field: match shown.field {
                    Field::Standard(field) => Some(field.into()),
                    Field::Question(_) => None,
                },
                question_id: match shown.field {
                    Field::Standard(_) => None,
                    Field::Question(bit) => self
                        .consent
                        .offer
                        .questions
                        .of_bit(bit)
                        .map(|question| ids::encode(question.row.organization_id, question.row.id)),
                },
                label: self.event.pick(&shown.label, locale.as_ref()).to_owned(),
                values: shown.values,
            })
            .collect()
    }
}

/// One field of a preview.
#[derive(SimpleObject, Clone)]
pub struct PreviewField {
    /// The standard field; absent for a question.
    field: Option<AttendeeField>,
    /// The question; absent for a standard field.
    question_id: Option<ID>,
    /// What it is called.
    label: String,
    /// What it holds: one text, or one for each choice or line of an address.
    values: Vec<String>,
}
