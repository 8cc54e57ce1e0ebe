//! The rule: which fields of an attendee one partner sees for one purpose, now.
//!
//! # Idea
//! ```text
//! disclosable = offer.fields ∩ consent.granted ∩ fields that have a value ,  then masked by the reader's fields
//! ```
//! and nothing at all unless every condition below holds. The rule is taken in two steps, because its parts change at
//! different times: [`image`] knows neither clock nor reader and is taken whenever the truth changes (its result is
//! stored); [`disclose`] knows the truth only through that image and is taken at every read.
//!
//! # Contract
//! [`image`] answers with an image if, and only if, all of these hold:
//! 1. *offer*: a version is in force ([`Truth::offer`]);
//! 2. *consent*: it is granted; it covers the version in force (its own version is not below the lowest covered one and
//!    not above the one in force);
//! 3. *giver*: the attendee, with a proved mailbox, known to be of age when giving it (by statement or by date of
//!    birth), or the guardian, known as such;
//! 4. *registration*: confirmed; not restricted, not quarantined, not opted out, no objection to this purpose, its
//!    consents not suspended;
//! 5. at least one field is offered, granted, and has a value.
//!
//! [`disclose`] answers with a [`Disclosed`] if, and only if, all of these hold:
//! 1. *lead*: it is live, and its image is of the version in force;
//! 2. *stream*: its event partner is active, start ≤ now < end;
//! 3. *reader*: active, not before ≤ now < expiry, from an address in its range, with the capability, and with a scope that
//!    names the event partner and the purpose;
//! 4. at least one field of the image is still offered and has a value.
//!
//! The reader's fields decide *which values* are seen and never *whether* the lead is: a narrower reader sees fewer
//! values, not fewer rows, down to a lead without any value. Money does not enter, and nothing that is not disclosable
//! changes an answer. Neither step can fail, and each is a function of its arguments alone.
//!
//! A [`Disclosed`] can be made only here: its fields are private, it is neither cloned nor deserialized, and
//! [`disclose`] consumes the row, so that the raw values cannot be served by mistake.
//!
//! # Example
//! ```
//! use consentry_domain::{*, disclosure::*, lead::*};
//! let id = uuid::Uuid::from_u128;
//! let email = FieldMask::standard(AttendeeField::Email);
//! let name = FieldMask::standard(AttendeeField::FullName);
//! let values = LeadValues { full_name: Some("Ada".into()), email: Some("ada@example.org".into()), ..Default::default() };
//! let truth = Truth {
//!     purpose: Purpose::EventFollowUp,
//!     offer: Some(Offer { version: 3, covers_from: 2, fields: name.union(email) }),
//!     consent: Consent {
//!         state: ConsentState::Granted, version: 2, granted: email, decider: Decider::Attendee,
//!         age_basis: Some(AgeBasis::Stated), given_at: Instant(0), record_id: ConsentRecordId(id(1)),
//!     },
//!     registration: Registration {
//!         status: RegistrationStatus::Confirmed, mailbox_proved: true, consents_suspended: false,
//!         restricted: false, quarantined: false, opted_out: false, objected: PurposeSet::EMPTY,
//!     },
//!     values: &values,
//! };
//! let image = image(&truth).expect("the attendee granted the mail address");
//! assert_eq!(image.values.full_name, None, "the name was not granted");
//!
//! let lead = StoredLead {
//!     id: LeadId(id(2)), contact_key: ContactKey(id(3)), state: LeadState::Live, revision: 1,
//!     received: FieldMask::EMPTY, image,
//! };
//! let stream = InForce {
//!     event_partner_id: EventPartnerId(id(4)), purpose: Purpose::EventFollowUp, version: Some(3), active: true,
//!     starts: None, ends: Some(Instant(1_000)), fields: name.union(email),
//! };
//! let reader = Reader {
//!     status: TokenStatus::Active, not_before: Instant(0), expires_at: Instant(2_000), address_in_range: true,
//!     capabilities: vec![Capability::Pull],
//!     scopes: vec![Scope {
//!         event_partner_id: EventPartnerId(id(4)), purposes: PurposeSet::EMPTY.with(Purpose::EventFollowUp), fields: email,
//!     }],
//! };
//! let disclosed = disclose(lead.clone(), &stream, &reader, Capability::Pull, Instant(999)).expect("all conditions hold");
//! assert_eq!(disclosed.values.email.as_deref(), Some("ada@example.org"));
//! assert!(disclose(lead, &stream, &reader, Capability::Pull, Instant(1_000)).is_none(), "the offer has ended");
//! ```
//!
//! Nobody else makes one:
//! ```compile_fail,E0451
//! # use consentry_domain::{*, disclosure::*, lead::*};
//! fn forge(lead: StoredLead) -> Disclosed<LeadImage> {
//!     Disclosed { id: lead.id, contact_key: lead.contact_key, revision: 1, received: FieldMask::EMPTY, content: lead.image }
//! }
//! ```

pub use crate::facts::{Consent, InForce, Offer, Reader, Registration, Scope, Truth};
use crate::lead::{LeadImage, LeadState, StoredLead};
use crate::{
    AgeBasis, Capability, ConsentState, ContactKey, Decider, FieldMask, Instant, LeadId, RegistrationStatus,
    TokenStatus,
};

/// The first step: what the offer's stream may see of the registration, if anything; see the [module](self).
#[must_use]
pub fn image(truth: &Truth<'_>) -> Option<LeadImage> {
    let (offer, consent, registration) = (truth.offer?, &truth.consent, &truth.registration);
    let covered = (offer.covers_from..=offer.version).contains(&consent.version);
    let given = match (consent.decider, consent.age_basis) {
        (Decider::Attendee, Some(AgeBasis::Stated | AgeBasis::DateOfBirth)) => registration.mailbox_proved,
        (Decider::Guardian, Some(AgeBasis::Guardian)) => true,
        _ => false,
    };
    let held_back = registration.restricted
        || registration.quarantined
        || registration.opted_out
        || registration.consents_suspended
        || registration.objected.contains(truth.purpose);
    if consent.state != ConsentState::Granted
        || !covered
        || !given
        || registration.status != RegistrationStatus::Confirmed
        || held_back
    {
        return None;
    }
    let mask = offer
        .fields
        .intersect(consent.granted)
        .intersect(truth.values.mask_of_present());
    if mask.is_empty() {
        return None;
    }
    let mut values = truth.values.clone();
    values.retain(mask);
    Some(LeadImage {
        offer_version: offer.version,
        consented_version: consent.version,
        consented_on: consent.given_at.day(),
        consent_record_id: consent.record_id,
        mask,
        values,
    })
}

impl Reader {
    /// Whether the credential is good for anything now, from where it comes.
    #[must_use]
    pub fn is_valid(&self, now: Instant) -> bool {
        self.status == TokenStatus::Active && self.not_before <= now && now < self.expires_at && self.address_in_range
    }

    /// The fields whose values this reader sees of a stream; none if the stream does not exist for it.
    #[must_use]
    pub fn fields_of(&self, stream: &InForce, capability: Capability, now: Instant) -> Option<FieldMask> {
        if !self.is_valid(now) || !self.capabilities.contains(&capability) {
            return None;
        }
        let scope = |scope: &&Scope| {
            scope.event_partner_id == stream.event_partner_id && scope.purposes.contains(stream.purpose)
        };
        self.scopes.iter().find(scope).map(|scope| scope.fields)
    }
}

/// Something that the rule lets through. It dereferences to its content.
#[derive(Debug)]
pub struct Disclosed<T> {
    id: LeadId,
    contact_key: ContactKey,
    revision: i64,
    received: FieldMask,
    content: T,
}

/// The second step: what this reader sees of a stored lead now, if it exists for this reader; see the [module](self).
#[must_use]
pub fn disclose(
    lead: StoredLead,
    stream: &InForce,
    reader: &Reader,
    capability: Capability,
    now: Instant,
) -> Option<Disclosed<LeadImage>> {
    let readable = reader.fields_of(stream, capability, now)?;
    let StoredLead {
        id,
        contact_key,
        state,
        revision,
        received,
        image: mut content,
    } = lead;
    let current = stream.version == Some(content.offer_version);
    let disclosable = content
        .mask
        .intersect(stream.fields)
        .intersect(content.values.mask_of_present());
    if state != LeadState::Live || !current || !stream.is_open(now) || disclosable.is_empty() {
        return None;
    }
    content.mask = disclosable.intersect(readable);
    content.values.retain(content.mask);
    Some(Disclosed {
        id,
        contact_key,
        revision,
        received,
        content,
    })
}

impl Disclosed<LeadImage> {
    /// The lead's id.
    pub const fn id(&self) -> LeadId {
        self.id
    }

    /// The key of the person's leads at this event partner.
    pub const fn contact_key(&self) -> ContactKey {
        self.contact_key
    }

    /// The lead's revision as it was read; a mark holds only for this one.
    pub const fn revision(&self) -> i64 {
        self.revision
    }

    /// The bits by which the lead is marked as received: the fields whose values are handed out, and that it was handed out at all.
    pub const fn received_bits(&self) -> FieldMask {
        self.content.mask.union(FieldMask::RECEIVED)
    }

    /// Whether the lead, as it was read, lacks any of these marks.
    pub const fn needs_mark(&self) -> bool {
        !self.received_bits().is_subset_of(self.received)
    }
}

impl<T> std::ops::Deref for Disclosed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.content
    }
}
