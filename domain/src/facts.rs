//! What the disclosure rule is asked about: plain shapes, no decisions.

use crate::{
    AgeBasis, Capability, ConsentRecordId, ConsentState, Decider, EventPartnerId, FieldMask, Instant, LeadValues,
    Purpose, PurposeSet, RegistrationStatus, TokenStatus,
};

/// What an offer's version in force says.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// Its number.
    pub version: i32,
    /// The lowest version whose consents cover this one; itself where none does.
    pub covers_from: i32,
    /// The fields that it asks for.
    pub fields: FieldMask,
}

/// What a registration decided about an offer.
#[derive(Clone, Copy, Debug)]
pub struct Consent {
    /// Where it stands.
    pub state: ConsentState,
    /// The version that was decided about.
    pub version: i32,
    /// The granted fields.
    pub granted: FieldMask,
    /// Who gave it.
    pub decider: Decider,
    /// How it was known that the giver may give it.
    pub age_basis: Option<AgeBasis>,
    /// When it was given.
    pub given_at: Instant,
    /// The record of it.
    pub record_id: ConsentRecordId,
}

/// What of a registration bears on disclosure.
#[derive(Clone, Copy, Debug)]
pub struct Registration {
    /// Where it stands.
    pub status: RegistrationStatus,
    /// Whether the attendee's address is proved.
    pub mailbox_proved: bool,
    /// Whether its consents rest until a changed address is proved.
    pub consents_suspended: bool,
    /// Restriction of processing (Art. 18 GDPR).
    pub restricted: bool,
    /// Held back by the data-protection officer.
    pub quarantined: bool,
    /// Opted out by a privacy signal.
    pub opted_out: bool,
    /// Purposes objected to (Art. 21 GDPR).
    pub objected: PurposeSet,
}

/// Everything that the first step is about: one registration and one offer.
#[derive(Clone, Copy, Debug)]
pub struct Truth<'a> {
    /// The offer's purpose.
    pub purpose: Purpose,
    /// The approved version in force, if there is one.
    pub offer: Option<Offer>,
    /// What was decided about the offer.
    pub consent: Consent,
    /// The registration.
    pub registration: Registration,
    /// What its fields hold.
    pub values: &'a LeadValues,
}

/// What is in force on a stream (the leads of one event partner and purpose) when it is read.
#[derive(Clone, Copy, Debug)]
pub struct InForce {
    /// Whose stream.
    pub event_partner_id: EventPartnerId,
    /// For what.
    pub purpose: Purpose,
    /// The approved version in force, if there is one.
    pub version: Option<i32>,
    /// Whether the event partner, and the partner behind it, are active.
    pub active: bool,
    /// From when (included) leads are shared.
    pub starts: Option<Instant>,
    /// Until when (excluded) leads are shared.
    pub ends: Option<Instant>,
    /// The fields that the version asks for.
    pub fields: FieldMask,
}

impl InForce {
    /// Whether anything is handed out now: a version is in force, its partner active, its time not yet to come and not over.
    #[must_use]
    pub fn is_open(&self, now: Instant) -> bool {
        let in_time = self.starts.is_none_or(|starts| starts <= now) && self.ends.is_none_or(|ends| now < ends);
        self.active && self.version.is_some() && in_time
    }
}

/// Who reads: a partner's token, or a member of a partner's staff.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Whether the credential works.
    pub status: TokenStatus,
    /// From when (included) it is valid.
    pub not_before: Instant,
    /// Until when (excluded) it is valid.
    pub expires_at: Instant,
    /// Whether the request comes from where the credential may be used.
    pub address_in_range: bool,
    /// What it may do.
    pub capabilities: Vec<Capability>,
    /// Of what.
    pub scopes: Vec<Scope>,
}

/// One event partner at which a reader reads.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// Whose streams.
    pub event_partner_id: EventPartnerId,
    /// For which purposes.
    pub purposes: PurposeSet,
    /// Which values.
    pub fields: FieldMask,
}
