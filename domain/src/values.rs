//! What an attendee's fields hold: the values that a registration has, or the part of them that a lead keeps.
//!
//! An empty or blank text is no value, attendance is true or absent (never false), and choices and ticket types are
//! ids: their labels are facts of the offer. Values are personal data; they do not print.

use crate::{AttendeeField, Field, FieldMask, TicketTypeId};
use std::{collections::BTreeMap, fmt};

/// A postal address; stored as JSON.
#[derive(Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct PostalAddress {
    /// Street and number, one or more lines.
    pub street: String,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Town.
    pub city: String,
    /// State, province or region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

impl PostalAddress {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        [
            Some(&self.street),
            self.postal_code.as_ref(),
            Some(&self.city),
            self.region.as_ref(),
            Some(&self.country),
        ]
        .into_iter()
        .flatten()
        .all(|part| is_blank(part))
    }
}

impl fmt::Debug for PostalAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostalAddress(…)")
    }
}

/// The answer to one question: one text, or the ids of the choices. Blank texts count as none.
#[derive(Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct AnswerValue(pub Vec<String>);

impl AnswerValue {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|text| is_blank(text))
    }
}

impl fmt::Debug for AnswerValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnswerValue({} texts)", self.0.len())
    }
}

/// Values of the fields that can be shared.
#[derive(Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct LeadValues {
    /// Whole name.
    pub full_name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Job title.
    pub job_title: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Postal address.
    pub postal_address: Option<PostalAddress>,
    /// Address of a profile.
    pub social_profile: Option<String>,
    /// Ticket type; its label is a fact of the offer.
    pub ticket_type: Option<TicketTypeId>,
    /// True, or not known: "did not attend" is never said.
    pub attended: bool,
    /// Answers to shareable questions, by bit (20–62).
    pub answers: BTreeMap<u8, AnswerValue>,
}

impl LeadValues {
    /// The text of a field that is a text; none for the postal address, ticket type and attendance, and for a blank.
    #[must_use]
    pub fn text(&self, field: AttendeeField) -> Option<&str> {
        use AttendeeField as F;
        let text = match field {
            F::FullName => &self.full_name,
            F::GivenName => &self.given_name,
            F::FamilyName => &self.family_name,
            F::Email => &self.email,
            F::Phone => &self.phone,
            F::Company => &self.company,
            F::JobTitle => &self.job_title,
            F::City => &self.city,
            F::Country => &self.country,
            F::SocialProfile => &self.social_profile,
            F::PostalAddress | F::TicketType | F::Attendance => return None,
        };
        text.as_deref().filter(|text| !is_blank(text))
    }

    /// Whether this field has a value.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Standard(AttendeeField::PostalAddress) => {
                self.postal_address.as_ref().is_some_and(|address| !address.is_blank())
            }
            Field::Standard(AttendeeField::TicketType) => self.ticket_type.is_some(),
            Field::Standard(AttendeeField::Attendance) => self.attended,
            Field::Standard(field) => self.text(field).is_some(),
            Field::Question(bit) => self.answers.get(&bit).is_some_and(|answer| !answer.is_blank()),
        }
    }

    /// The fields that have a value. An answer under a bit that no question can have counts for nothing.
    #[must_use]
    pub fn mask_of_present(&self) -> FieldMask {
        let standard = AttendeeField::ALL.iter().copied().map(Field::Standard);
        let questions = self
            .answers
            .keys()
            .copied()
            .filter_map(Field::from_bit)
            .filter(|field| matches!(field, Field::Question(_)));
        standard.chain(questions).filter(|field| self.has(*field)).collect()
    }

    /// Keeps the values of these fields and drops every other; blanks are dropped too.
    pub fn retain(&mut self, mask: FieldMask) {
        let keep = mask.intersect(self.mask_of_present());
        let keeps = |field| keep.contains(Field::Standard(field));
        for (field, text) in [
            (AttendeeField::FullName, &mut self.full_name),
            (AttendeeField::GivenName, &mut self.given_name),
            (AttendeeField::FamilyName, &mut self.family_name),
            (AttendeeField::Email, &mut self.email),
            (AttendeeField::Phone, &mut self.phone),
            (AttendeeField::Company, &mut self.company),
            (AttendeeField::JobTitle, &mut self.job_title),
            (AttendeeField::City, &mut self.city),
            (AttendeeField::Country, &mut self.country),
            (AttendeeField::SocialProfile, &mut self.social_profile),
        ] {
            if !keeps(field) {
                *text = None;
            }
        }
        if !keeps(AttendeeField::PostalAddress) {
            self.postal_address = None;
        }
        if !keeps(AttendeeField::TicketType) {
            self.ticket_type = None;
        }
        self.attended = keeps(AttendeeField::Attendance);
        self.answers
            .retain(|bit, _| matches!(Field::from_bit(*bit), Some(field @ Field::Question(_)) if keep.contains(field)));
    }
}

/// Says which fields have a value, never the values.
impl fmt::Debug for LeadValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.mask_of_present().iter()).finish()
    }
}

/// Whether a text is empty or white space only.
fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Values for exactly these fields.
    fn values_of(mask: FieldMask) -> LeadValues {
        let text = |field: AttendeeField| mask.contains(Field::Standard(field)).then(|| field.as_str().to_owned());
        use AttendeeField as F;
        LeadValues {
            full_name: text(F::FullName),
            given_name: text(F::GivenName),
            family_name: text(F::FamilyName),
            email: text(F::Email),
            phone: text(F::Phone),
            company: text(F::Company),
            job_title: text(F::JobTitle),
            city: text(F::City),
            country: text(F::Country),
            postal_address: text(F::PostalAddress).map(|city| PostalAddress {
                city,
                ..Default::default()
            }),
            social_profile: text(F::SocialProfile),
            ticket_type: text(F::TicketType).map(|_| TicketTypeId(uuid::Uuid::from_u128(1))),
            attended: mask.contains(Field::Standard(F::Attendance)),
            answers: (20..=62)
                .filter(|bit| mask.contains(Field::Question(*bit)))
                .map(|bit| (bit, AnswerValue(vec![bit.to_string()])))
                .collect(),
        }
    }

    #[test]
    fn blank_is_no_value() {
        let mut values = values_of(FieldMask::ALL);
        for text in [
            &mut values.full_name,
            &mut values.given_name,
            &mut values.family_name,
            &mut values.email,
            &mut values.phone,
            &mut values.company,
            &mut values.job_title,
            &mut values.city,
            &mut values.country,
            &mut values.social_profile,
        ] {
            *text = Some(" \u{a0}\t".to_owned());
        }
        values.postal_address = Some(PostalAddress {
            street: " ".to_owned(),
            postal_code: Some(String::new()),
            ..Default::default()
        });
        values
            .answers
            .values_mut()
            .for_each(|answer| answer.0 = vec![String::new(), " ".to_owned()]);
        values.answers.insert(21, AnswerValue(Vec::new()));
        values
            .answers
            .insert(22, AnswerValue(vec![String::new(), "yes".to_owned()]));
        let expected: FieldMask = [
            Field::Standard(AttendeeField::TicketType),
            Field::Standard(AttendeeField::Attendance),
            Field::Question(22),
        ]
        .into_iter()
        .collect();
        assert_eq!(values.mask_of_present(), expected);
        values.retain(FieldMask::ALL);
        assert!(values.full_name.is_none() && values.postal_address.is_none() && values.answers.len() == 1);
    }

    #[test]
    fn each_part_alone_makes_an_address() {
        let parts: [fn(&mut PostalAddress); 5] = [
            |a| a.street = "x".to_owned(),
            |a| a.postal_code = Some("x".to_owned()),
            |a| a.city = "x".to_owned(),
            |a| a.region = Some("x".to_owned()),
            |a| a.country = "x".to_owned(),
        ];
        assert!(PostalAddress::default().is_blank());
        for part in parts {
            let mut address = PostalAddress::default();
            part(&mut address);
            assert!(!address.is_blank());
        }
    }

    #[test]
    fn an_answer_under_the_bit_of_a_standard_field_is_not_there() {
        let mut values = LeadValues::default();
        values.answers.insert(0, AnswerValue(vec!["x".to_owned()]));
        values.answers.insert(63, AnswerValue(vec!["x".to_owned()]));
        values.answers.insert(200, AnswerValue(vec!["x".to_owned()]));
        assert_eq!(values.mask_of_present(), FieldMask::EMPTY);
        values.retain(FieldMask(u64::MAX));
        assert!(values.answers.is_empty());
    }

    #[test]
    fn values_do_not_print() {
        let printed = format!(
            "{:?} {:?} {:?}",
            values_of(FieldMask::ALL),
            values_of(FieldMask::ALL).postal_address,
            values_of(FieldMask::ALL).answers
        );
        assert!(
            !printed.contains("FULL_NAME") && !printed.contains("POSTAL_ADDRESS") && !printed.contains("\"20\""),
            "{printed}"
        );
        assert!(printed.contains("Standard(FullName)"), "{printed}");
    }

    #[test]
    fn each_text_is_read_from_its_own_field() {
        let values = values_of(FieldMask::ALL);
        for field in AttendeeField::ALL.iter().copied() {
            let is_text = !matches!(
                field,
                AttendeeField::PostalAddress | AttendeeField::TicketType | AttendeeField::Attendance
            );
            assert_eq!(values.text(field), is_text.then_some(field.as_str()));
        }
    }

    proptest! {
        #[test]
        fn present_is_what_was_set_and_retain_keeps_just_that(present: u64, mask: u64) {
            let (present, mask) = (FieldMask(present).intersect(FieldMask::ALL), FieldMask(mask));
            let mut values = values_of(present);
            prop_assert_eq!(values.mask_of_present(), present);
            values.retain(mask);
            prop_assert!(values == values_of(present.intersect(mask)));
        }
    }
}
