//! Facts that several messages share: exactly what their texts need, and no other personal data.

use consentry_domain::{AttendeeField, EventKind, Instant, PartnerMemberRole, Purpose, Role};
use serde::{Deserialize, Serialize};

use super::line::{Line, PersonName};

/// Who is responsible for the data and how to reach them; at the foot of every mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Controller {
    /// The name that people know.
    pub name: Line,
    /// The name in law.
    pub legal_name: Line,
    /// An address to write to; answers to the mail go there.
    pub contact_email: Line,
    /// Where questions of data protection go (an address or a page).
    pub data_protection_contact: Line,
    /// What it says at the foot, in the reader's language where there is a text in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<Line>,
}

/// A moment at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// The wall time at the place ("2027-03-01T09:00").
    pub local: Line,
    /// The instant.
    pub utc: Instant,
    /// The IANA name of the place's zone.
    pub zone: Line,
}

impl Moment {
    /// An instant where no place is meant, on the clock of UTC.
    #[must_use]
    pub fn in_utc(at: Instant) -> Self {
        Self {
            local: at.to_string().trim_end_matches('Z').into(),
            utc: at,
            zone: "UTC".into(),
        }
    }
}

/// An event, as its attendees know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventFacts {
    /// Its title in the reader's language.
    pub title: Line,
    /// Conference or webinar.
    pub kind: EventKind,
    /// When it begins.
    pub starts: Moment,
    /// When it ends.
    pub ends: Moment,
    /// Where it is; none for a webinar.
    pub venue: Option<Line>,
}

/// What the calendar file needs beside the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarFacts {
    /// The entry's identity, the same in every mail about this place.
    pub uid: Line,
    /// Rises with each change (the event's revision).
    pub sequence: u32,
    /// When this version was made.
    pub stamp: Instant,
}

/// One place of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What was sold.
    pub ticket_type: Line,
    /// For whom, as the buyer typed it; none while nobody is named.
    pub attendee: Option<PersonName>,
    /// What opens the door; only where the place is confirmed and this reader may hold it.
    pub check_in_code: Option<Line>,
}

/// Whether the place is the reader's, and if not yet, for what it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The place is theirs.
    Confirmed,
    /// For the payment.
    AwaitsPayment,
    /// For the organizer.
    AwaitsApproval,
    /// For a parent.
    AwaitsGuardian,
}

/// What somebody is invited to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Invited {
    /// To the organization's team.
    Team {
        /// As what.
        role: Role,
        /// At this event alone, by its title in the reader's language; none at every one.
        event: Option<Line>,
    },
    /// To a partner's staff.
    Staff {
        /// The partner, as people know it.
        partner: Line,
        /// What for.
        role: PartnerMemberRole,
    },
}

/// A field in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldName {
    /// One that every event has.
    Standard(AttendeeField),
    /// A question of the event, by its label.
    Question(Line),
}

/// What one partner asks for one purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerAsk {
    /// The partner's legal name.
    pub partner: Line,
    /// What for.
    pub purpose: Purpose,
    /// Which fields.
    pub fields: Vec<FieldName>,
}

/// How a consent changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Given; the fields are those that the partner may have now.
    Given,
    /// Refused.
    Refused,
    /// Taken back, wholly or in part; the fields are those taken back.
    Withdrawn,
    /// Fell back to undecided.
    Lapsed,
    /// Without effect until the changed address is proved.
    Suspended,
    /// In effect again.
    Resumed,
}

/// One change of one consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentChange {
    /// The partner's legal name.
    pub partner: Line,
    /// What for.
    pub purpose: Purpose,
    /// How it changed.
    pub change: Change,
    /// Which fields changed.
    pub fields: Vec<FieldName>,
}

/// Where to transfer money to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Whose account it is.
    pub holder: Line,
    /// The account.
    pub iban: Line,
    /// The bank, where it must be named.
    pub bic: Option<Line>,
    /// What to write into the transfer, so that it is recognised.
    pub reference: Line,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: Line,
}

impl Transfer {
    /// The account in groups of four, as people read it.
    #[must_use]
    pub fn iban_in_groups(&self) -> String {
        consentry_domain::transfer::in_groups(self.iban.as_str())
    }
}

/// What was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cancelled {
    /// A whole order.
    Order,
    /// One place.
    Place,
    /// The event itself.
    Event,
    /// An order that was not paid in time.
    UnpaidOrder,
}

/// Who cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CancelledBy {
    /// The reader.
    Reader,
    /// Whose place it was, told to whoever bought it.
    Attendee,
    /// A parent, who does not permit it.
    Guardian,
    /// The organizer.
    Organizer,
    /// Its time was over.
    Time,
}

/// What becomes of money that was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refund {
    /// Nothing was paid.
    NothingPaid,
    /// The organizer decides on it and tells.
    Undecided,
    /// It is given back.
    Due,
}

/// What holds until a changed address is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressState {
    /// The attendee named it: the old one holds until then.
    WaitsForProof,
    /// The organizer corrected it: it holds already, and the consents are suspended until then.
    Replaced,
}

/// What is told to the address that was in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressNews {
    /// The attendee named another one, which waits for its proof.
    Wished,
    /// The other one was proved and holds.
    TakenOver,
    /// The organizer entered another one, which holds.
    Replaced,
}

/// What an organizer decided about what a partner asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfferDecision {
    /// It is in force.
    Approved,
    /// It is not, and can be asked for again.
    SentBack,
    /// It was taken back before it was decided.
    TakenBack,
    /// It was in force, and is no more.
    Ended,
}
