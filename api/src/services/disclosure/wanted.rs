//! Which leads of a stream, and in which order: by words and keys of what the answer shows of them, and of nothing else.
//!
//! Words are looked for in [`Disclosed`] leads, which only the rule makes: what is not granted, or not selected, or not for
//! this token, cannot be found. An order by a field is given to whoever is shown that field; its key is made of the value in
//! the lead's own row.

use consentry_domain::disclosure::Disclosed;
use consentry_domain::lead::{LeadImage, sort_key};
use consentry_domain::words::{self, Sought};
use consentry_domain::{AttendeeField, Field, FieldMask, LeadId, OfferId, OrganizationId};
use sea_orm::Value;
use uuid::Uuid;

use super::facts::StreamFacts;
use super::labels;
use crate::platform::{Code, Refused};

/// In which order leads come; those that are alike there, by their ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// By their random ids.
    #[default]
    Id,
    /// By the whole name.
    FullName,
    /// By the family name.
    FamilyName,
    /// By the company.
    Company,
    /// By the day of the consent, the last one first.
    Newest,
}

/// Which leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Words of which each stands in what is shown.
    pub words: Option<Sought>,
    /// Their order.
    pub order: Order,
}

/// How long a place is by a key in bytes: always the same, so that a cursor's length does not tell of a value.
const KEY: usize = 4 * consentry_domain::lead::LONGEST_KEY;

impl Order {
    /// The field that the order tells of.
    #[must_use]
    pub const fn field(self) -> Option<AttendeeField> {
        match self {
            Self::Id | Self::Newest => None,
            Self::FullName => Some(AttendeeField::FullName),
            Self::FamilyName => Some(AttendeeField::FamilyName),
            Self::Company => Some(AttendeeField::Company),
        }
    }

    const fn name(self) -> &'static [u8] {
        match self {
            Self::Id => b"id",
            Self::FullName => b"full name",
            Self::FamilyName => b"family name",
            Self::Company => b"company",
            Self::Newest => b"newest",
        }
    }
}

impl Wanted {
    /// The name of this list of a stream's leads, to which its cursors are bound.
    #[must_use]
    pub fn list(&self, organization: OrganizationId, stream: OfferId) -> Vec<u8> {
        let mut name = [b"leads".as_slice(), organization.0.as_bytes(), stream.0.as_bytes()].concat();
        if *self != Self::default() {
            name.extend_from_slice(self.order.name());
            for word in self.words.iter().flat_map(|words| words.words()) {
                name.push(b'\n');
                name.extend_from_slice(word.as_bytes());
            }
        }
        name
    }

    /// Refuses an order by what is not shown: it would tell of a value that is not on record as handed out.
    pub(super) fn judge(&self, shown: FieldMask) -> Result<(), Refused> {
        match self.order.field() {
            Some(field) if !shown.contains(Field::Standard(field)) => Err(Refused::because(
                "sort",
                Code::Invalid,
                "An answer can be in the order of a field that it shows: select that field, or take another order.",
            )),
            _ => Ok(()),
        }
    }

    /// The place of a lead in this list, for a cursor.
    #[must_use]
    pub fn place(&self, id: LeadId, image: &LeadImage) -> Vec<u8> {
        let mut place = id.0.as_bytes().to_vec();
        match (self.order, self.order.field()) {
            (Order::Newest, _) => place.extend_from_slice(&image.consented_on.0.to_be_bytes()),
            (_, Some(field)) => {
                place.extend_from_slice(sort_key(&image.values, field).as_bytes());
                place.resize(16 + KEY, 0);
            }
            (_, None) => {}
        }
        place
    }

    /// What is bound for the leads after a place, or from the beginning: the id, and the key where there is one. None
    /// where it is no place of this list.
    pub(super) fn after(&self, place: Option<&[u8]>) -> Option<Vec<Value>> {
        let (id, key) = match place {
            Some(place) => place.split_at_checked(16)?,
            None => return Some(self.beginning()),
        };
        let id = Uuid::from_slice(id).ok()?;
        let key: Option<Value> = match (self.order, self.order.field()) {
            (Order::Newest, _) => Some(i32::from_be_bytes(key.try_into().ok()?).into()),
            (_, Some(_)) => Some(std::str::from_utf8(key).ok()?.trim_end_matches('\0').into()),
            (_, None) if key.is_empty() => None,
            (_, None) => return None,
        };
        Some(std::iter::once(id.into()).chain(key).collect())
    }

    fn beginning(&self) -> Vec<Value> {
        match (self.order, self.order.field()) {
            (Order::Newest, _) => vec![Uuid::max().into(), i32::MAX.into()],
            (_, Some(_)) => vec![Uuid::nil().into(), "".into()],
            (_, None) => vec![Uuid::nil().into()],
        }
    }

    /// Whether each of the words stands in what is shown of a lead.
    pub(super) fn finds(&self, facts: &StreamFacts, lead: &Disclosed<LeadImage>) -> bool {
        let Some(sought) = &self.words else { return true };
        let texts: Vec<String> = lead
            .mask
            .iter()
            .flat_map(|field| labels::every(facts, &lead.values, field))
            .collect();
        let kept = words::kept(texts.iter().map(String::as_str));
        sought.words().iter().all(|word| kept.contains(word.as_str()))
    }
}
