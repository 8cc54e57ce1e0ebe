//! Sets of the fields that an attendee can share, as one 64-bit mask.
//!
//! Bits 0–19 are the standard fields in the order of [`AttendeeField`], bits 20–62 the shareable questions of one
//! event. A bit is never given another meaning. Bit 63 is no field: in a lead's received bits it says that the lead
//! itself was handed out, with whatever fields ([`FieldMask::RECEIVED`]).
//!
//! A mask means nothing without its event, and must never be widened by a token or a reader.

use crate::{AttendeeField, Purpose};

/// The first bit of an event's shareable questions.
pub const FIRST_QUESTION_BIT: u8 = 20;
/// The last bit of an event's shareable questions.
pub const LAST_QUESTION_BIT: u8 = 62;

impl AttendeeField {
    /// The bit of this field.
    #[must_use]
    pub const fn bit(self) -> u8 {
        self as u8
    }
}

/// One thing that can be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// A standard field.
    Standard(AttendeeField),
    /// The event's question with this bit (20–62).
    Question(u8),
}

impl Field {
    /// The field of this bit; none for the unused bits 13–19 and for 63.
    #[must_use]
    pub fn from_bit(bit: u8) -> Option<Self> {
        match bit {
            FIRST_QUESTION_BIT..=LAST_QUESTION_BIT => Some(Self::Question(bit)),
            _ => AttendeeField::ALL.get(usize::from(bit)).copied().map(Self::Standard),
        }
    }

    /// The bit of this field.
    #[must_use]
    pub const fn bit(self) -> u8 {
        match self {
            Self::Standard(field) => field.bit(),
            Self::Question(bit) => bit,
        }
    }
}

/// A set of fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct FieldMask(pub u64);

impl FieldMask {
    /// No field.
    pub const EMPTY: Self = Self(0);
    /// Every standard field.
    pub const STANDARD: Self = Self((1 << AttendeeField::ALL.len()) - 1);
    /// Every bit that a question can have.
    pub const QUESTIONS: Self = Self((u64::MAX >> 1) & !((1 << FIRST_QUESTION_BIT) - 1));
    /// Every bit that stands for a field.
    pub const ALL: Self = Self::STANDARD.union(Self::QUESTIONS);
    /// Not a field: in received bits, that the lead was handed out at all.
    pub const RECEIVED: Self = Self(1 << 63);

    /// The set of one field.
    #[must_use]
    pub const fn of(field: Field) -> Self {
        Self(1 << field.bit())
    }

    /// The set of one standard field.
    #[must_use]
    pub const fn standard(field: AttendeeField) -> Self {
        Self(1 << field.bit())
    }

    /// What both hold.
    #[must_use]
    pub const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What either holds.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What this holds and the other does not.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the other holds everything that this holds.
    #[must_use]
    pub const fn is_subset_of(self, other: Self) -> bool {
        self.minus(other).is_empty()
    }

    /// Whether it holds nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether it holds this field.
    #[must_use]
    pub const fn contains(self, field: Field) -> bool {
        !self.intersect(Self::of(field)).is_empty()
    }

    /// How many bits it holds.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Its bits, ascending.
    pub fn bits(self) -> impl Iterator<Item = u8> {
        (0..64).filter(move |bit| self.0 >> bit & 1 == 1)
    }

    /// Its fields, in the order of their bits; bits that stand for no field are passed over.
    pub fn iter(self) -> impl Iterator<Item = Field> {
        self.bits().filter_map(Field::from_bit)
    }

    /// As stored (bit for bit, so bit 63 makes it negative).
    #[must_use]
    pub const fn to_db(self) -> i64 {
        self.0.cast_signed()
    }

    /// From what is stored.
    #[must_use]
    pub const fn from_db(stored: i64) -> Self {
        Self(stored.cast_unsigned())
    }
}

impl FromIterator<Field> for FieldMask {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        fields
            .into_iter()
            .fold(Self::EMPTY, |mask, field| mask.union(Self::of(field)))
    }
}

/// A set of purposes, one bit each in the order of [`Purpose`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PurposeSet(pub u32);

impl PurposeSet {
    /// No purpose.
    pub const EMPTY: Self = Self(0);

    /// Whether it holds this purpose.
    #[must_use]
    pub const fn contains(self, purpose: Purpose) -> bool {
        self.0 >> (purpose as u32) & 1 == 1
    }

    /// With this purpose added.
    #[must_use]
    pub const fn with(self, purpose: Purpose) -> Self {
        Self(self.0 | 1 << (purpose as u32))
    }

    /// Its purposes, in their order.
    pub fn iter(self) -> impl Iterator<Item = Purpose> {
        Purpose::ALL
            .iter()
            .copied()
            .filter(move |purpose| self.contains(*purpose))
    }

    /// As stored.
    #[must_use]
    pub const fn to_db(self) -> i32 {
        self.0.cast_signed()
    }

    /// From what is stored.
    #[must_use]
    pub const fn from_db(stored: i32) -> Self {
        Self(stored.cast_unsigned())
    }
}

impl FromIterator<Purpose> for PurposeSet {
    fn from_iter<I: IntoIterator<Item = Purpose>>(purposes: I) -> Self {
        purposes.into_iter().fold(Self::EMPTY, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_standard_field_keeps_its_bit_for_ever() {
        use AttendeeField as F;
        let order = [
            F::FullName,
            F::GivenName,
            F::FamilyName,
            F::Email,
            F::Phone,
            F::Company,
            F::JobTitle,
            F::City,
            F::Country,
            F::PostalAddress,
            F::SocialProfile,
            F::TicketType,
            F::Attendance,
        ];
        assert_eq!(order.len(), AttendeeField::ALL.len());
        for (bit, field) in order.into_iter().enumerate() {
            assert_eq!(usize::from(field.bit()), bit);
            assert_eq!(FieldMask::standard(field), FieldMask(1 << bit));
        }
    }

    #[test]
    fn bits_13_to_19_and_63_stand_for_no_field() {
        for bit in 0..=u8::MAX {
            let known = bit <= 12 || (20..=62).contains(&bit);
            assert_eq!(Field::from_bit(bit).is_some(), known, "{bit}");
            assert_eq!(Field::from_bit(bit).map_or(bit, Field::bit), bit);
            if bit < 64 {
                assert_eq!(FieldMask::ALL.0 >> bit & 1 == 1, known, "{bit}");
            }
        }
        assert_eq!(FieldMask::STANDARD, FieldMask(0x1fff));
        assert_eq!(FieldMask::QUESTIONS, FieldMask(0x7fff_ffff_fff0_0000));
        assert_eq!(FieldMask::RECEIVED, FieldMask(0x8000_0000_0000_0000));
        assert_eq!(FieldMask::RECEIVED.to_db(), i64::MIN);
        assert_eq!(FieldMask(u64::MAX).iter().collect::<FieldMask>(), FieldMask::ALL);
    }

    #[test]
    fn each_purpose_keeps_its_bit_for_ever() {
        use Purpose as P;
        for (bit, purpose) in [
            P::EventFollowUp,
            P::SubsequentEditions,
            P::RelatedEvents,
            P::ProductInformation,
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(PurposeSet::EMPTY.with(purpose), PurposeSet(1 << bit));
            assert_eq!(PurposeSet(1 << bit).iter().collect::<Vec<_>>(), [purpose]);
        }
        let all: PurposeSet = Purpose::ALL.iter().copied().collect();
        assert_eq!(all, PurposeSet(15));
        assert_eq!(PurposeSet::from_db(all.to_db()), all);
        assert_eq!(all.with(P::EventFollowUp), all);
        assert!(!PurposeSet::EMPTY.contains(P::EventFollowUp));
    }

    proptest! {
        #[test]
        fn a_mask_is_a_set_of_bits(a: u64, b: u64) {
            let set = |mask: u64| FieldMask(mask).bits().collect::<BTreeSet<u8>>();
            let (ma, mb) = (FieldMask(a), FieldMask(b));
            let (sa, sb) = (set(a), set(b));
            prop_assert_eq!(set(ma.intersect(mb).0), &sa & &sb);
            prop_assert_eq!(set(ma.union(mb).0), &sa | &sb);
            prop_assert_eq!(set(ma.minus(mb).0), &sa - &sb);
            prop_assert_eq!(ma.is_subset_of(mb), sa.is_subset(&sb));
            prop_assert!(ma.intersect(mb).is_subset_of(mb));
            prop_assert_eq!(ma.is_empty(), sa.is_empty());
            prop_assert_eq!(ma.len() as usize, sa.len());
            prop_assert_eq!(FieldMask::from_db(ma.to_db()), ma);
            for bit in 0..63 {
                if let Some(field) = Field::from_bit(bit) {
                    prop_assert_eq!(ma.contains(field), sa.contains(&bit));
                }
            }
        }
    }
}
