//! What is kept of a lead, and what a change of the truth does to it.
//!
//! These are plain shapes: filling one by hand discloses nothing, because what leaves the process is a
//! [`Disclosed`](crate::disclosure::Disclosed), which only the rule makes.

use crate::disclosure::{Truth, image};
use crate::words::fold;
use crate::{AttendeeField, ConsentRecordId, ContactKey, Day, FieldMask, LeadId, LeadValues};

/// What one stream may see of one registration, before time, version in force and reader are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadImage {
    /// The version that is in force, which the consent covers (not the one that was consented to).
    pub offer_version: i32,
    /// The version that was consented to: the words of the consent are its words.
    pub consented_version: i32,
    /// The day (UTC) of the consent.
    pub consented_on: Day,
    /// The record of the consent.
    pub consent_record_id: ConsentRecordId,
    /// The fields whose values are here.
    pub mask: FieldMask,
    /// Their values, and no other.
    pub values: LeadValues,
}

/// Whether a stored lead is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LeadState {
    /// Served.
    Live = 1,
    /// Kept without values: the partner is told to stop using what it holds (Art. 18 GDPR).
    Restricted = 2,
    /// Kept without values: the partner is told to delete what it holds.
    Removed = 3,
}

impl LeadState {
    /// As stored.
    #[must_use]
    pub const fn to_db(self) -> i32 {
        self as i32
    }

    /// From what is stored.
    #[must_use]
    pub const fn from_db(stored: i32) -> Option<Self> {
        match stored {
            1 => Some(Self::Live),
            2 => Some(Self::Restricted),
            3 => Some(Self::Removed),
            _ => None,
        }
    }
}

/// A lead as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLead {
    /// Random, of this stream alone.
    pub id: LeadId,
    /// The same for all purposes of one event partner.
    pub contact_key: ContactKey,
    /// Whether it is served.
    pub state: LeadState,
    /// Moves with every change of the image, and only then.
    pub revision: i64,
    /// What the partner has received so far, with [`FieldMask::RECEIVED`] as soon as it was handed out at all.
    pub received: FieldMask,
    /// The image; emptied where the lead is not live.
    pub image: LeadImage,
}

/// Where a registration stands with a stream.
#[expect(clippy::large_enum_variant, reason = "one at a time, on the stack, and nearly always the large one")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is something to disclose.
    Live(LeadImage),
    /// There would be, were it not for a restriction or a quarantine.
    Restricted,
    /// There is nothing to disclose. A suspended consent counts here, too: whoever gave it may have been somebody else.
    Removed,
}

/// Where a registration stands with a stream, from the truth.
#[must_use]
pub fn standing(truth: &Truth<'_>) -> Standing {
    if let Some(image) = image(truth) {
        return Standing::Live(image);
    }
    let mut lifted = *truth;
    lifted.registration.restricted = false;
    lifted.registration.quarantined = false;
    match image(&lifted) {
        Some(_) => Standing::Restricted,
        None => Standing::Removed,
    }
}

/// What has to be written to the lead table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeadChange {
    /// Nothing: the row must not be touched, or hidden changes would move it.
    Keep,
    /// A new row with a new lead id; also where only a removed one is left.
    Insert(LeadImage),
    /// Replace the image of the row that is there, which is live afterwards; its revision grows, its place is taken away.
    Rewrite(LeadImage),
    /// Never received: delete the row. Received: empty it; state restricted, revision grows, place is taken away.
    Restrict,
    /// Never received: delete the row. Received: empty it; state removed, revision grows, place is taken away.
    Remove,
}

/// What has to be written so that the stored lead says where the registration stands. `stored` is the one that is not
/// removed, if there is one; a removed one is passed over as if there were none.
#[must_use]
pub fn change(stored: Option<&StoredLead>, standing: Standing) -> LeadChange {
    let stored = stored.filter(|lead| lead.state != LeadState::Removed);
    match (stored, standing) {
        (None, Standing::Live(image)) => LeadChange::Insert(image),
        (None, Standing::Restricted | Standing::Removed) => LeadChange::Keep,
        (Some(lead), Standing::Live(image)) if lead.state == LeadState::Live && lead.image == image => LeadChange::Keep,
        (Some(_), Standing::Live(image)) => LeadChange::Rewrite(image),
        (Some(lead), Standing::Restricted) if lead.state == LeadState::Restricted => LeadChange::Keep,
        (Some(_), Standing::Restricted) => LeadChange::Restrict,
        (Some(_), Standing::Removed) => LeadChange::Remove,
    }
}

/// Until when (the day included) a partner may keep a lead: the later of the event's end and the consent, both as days
/// in UTC, plus the version's retention in days.
#[must_use]
pub fn delete_by(event_end: Day, consented_on: Day, retention_days: i32) -> Day {
    event_end.max(consented_on).plus_days(retention_days)
}

/// How long a key is at most by which leads are sorted, in characters.
pub const LONGEST_KEY: usize = 32;

/// The key of a lead that has no value to be sorted by. It stands behind every other: nothing that is valid sorts behind
/// the last character.
pub const NO_KEY: &str = "\u{10ffff}";

/// By what leads are sorted, compared bytewise, the same on every engine. Each is made of one field of the lead itself and
/// of nothing else, so whoever sees that field sees no more in the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKeys {
    /// Of the whole name.
    pub full_name: String,
    /// Of the family name.
    pub family_name: String,
    /// Of the company.
    pub company: String,
}

impl SortKeys {
    /// Of these values.
    #[must_use]
    pub fn of(values: &LeadValues) -> Self {
        Self {
            full_name: sort_key(values, AttendeeField::FullName),
            family_name: sort_key(values, AttendeeField::FamilyName),
            company: sort_key(values, AttendeeField::Company),
        }
    }
}

/// By what leads are sorted in the order of a field of one line.
#[must_use]
pub fn sort_key(values: &LeadValues, field: AttendeeField) -> String {
    let folded = fold(values.text(field).unwrap_or_default());
    match folded.trim() {
        "" => NO_KEY.to_owned(),
        some => some.chars().take(LONGEST_KEY).collect(),
    }
}
