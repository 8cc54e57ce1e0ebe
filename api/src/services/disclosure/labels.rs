//! What fields and their values are called, in a reader's language, from the facts of a stream alone.

use std::collections::BTreeSet;

use consentry_domain::{AttendeeField, ChoiceId, Field, LeadValues, PostalAddress};

use super::facts::{QuestionFacts, StreamFacts};

/// The name of a standard field: in German where German is wished, else in English.
#[must_use]
pub fn standard(field: AttendeeField, locale: Option<&str>) -> &'static str {
    use AttendeeField as F;
    let german = locale
        .and_then(|locale| locale.split('-').next())
        .is_some_and(|language| language.eq_ignore_ascii_case("de"));
    match (field, german) {
        (F::FullName, false) => "Name",
        (F::FullName, true) => "Name",
        (F::GivenName, false) => "Given name",
        (F::GivenName, true) => "Vorname",
        (F::FamilyName, false) => "Family name",
        (F::FamilyName, true) => "Nachname",
        (F::Email, false) => "E-mail address",
        (F::Email, true) => "E-Mail-Adresse",
        (F::Phone, false) => "Telephone number",
        (F::Phone, true) => "Telefonnummer",
        (F::Company, false) => "Company",
        (F::Company, true) => "Firma",
        (F::JobTitle, false) => "Job title",
        (F::JobTitle, true) => "Position",
        (F::City, false) => "Town",
        (F::City, true) => "Ort",
        (F::Country, false) => "Country",
        (F::Country, true) => "Land",
        (F::PostalAddress, false) => "Postal address",
        (F::PostalAddress, true) => "Postanschrift",
        (F::SocialProfile, false) => "Profile",
        (F::SocialProfile, true) => "Profil",
        (F::TicketType, false) => "Ticket",
        (F::TicketType, true) => "Ticket",
        (F::Attendance, false) => "Attended",
        (F::Attendance, true) => "Teilgenommen",
    }
}

/// The name of a question.
#[must_use]
pub fn question<'a>(question: &'a QuestionFacts, locale: Option<&str>, default_locale: &'a str) -> &'a str {
    question.label.pick(locale, default_locale)
}

/// The name of a ticket type; empty where the facts do not have it.
#[must_use]
pub fn ticket_type<'a>(facts: &'a StreamFacts, values: &LeadValues, locale: Option<&str>) -> Option<&'a str> {
    let id = values.ticket_type?;
    Some(
        facts
            .ticket_types
            .get(&id)
            .map_or("", |name| name.pick(locale, &facts.event.default_locale)),
    )
}

/// What a field holds, as texts: an address is its lines, choices are their labels, attendance is `true`.
#[must_use]
pub fn values(facts: &StreamFacts, values: &LeadValues, field: Field, locale: Option<&str>) -> Vec<String> {
    match field {
        Field::Standard(AttendeeField::PostalAddress) => {
            values.postal_address.as_ref().map(address_lines).unwrap_or_default()
        }
        Field::Standard(AttendeeField::TicketType) => ticket_type(facts, values, locale)
            .map(str::to_owned)
            .into_iter()
            .collect(),
        Field::Standard(AttendeeField::Attendance) => values.attended.then(|| "true".to_owned()).into_iter().collect(),
        Field::Standard(field) => values.text(field).map(str::to_owned).into_iter().collect(),
        Field::Question(bit) => {
            let question = facts.questions.get(&bit);
            let texts = values
                .answers
                .get(&bit)
                .map(|answer| answer.0.as_slice())
                .unwrap_or_default();
            texts
                .iter()
                .map(|text| answer(question, text, locale, &facts.event.default_locale))
                .collect()
        }
    }
}

/// What a field holds, as somebody may look for it: in every language of the event's texts. That somebody attended is no
/// word.
#[must_use]
pub fn every(facts: &StreamFacts, of: &LeadValues, field: Field) -> Vec<String> {
    let languages = match field {
        Field::Standard(AttendeeField::Attendance) => return Vec::new(),
        Field::Standard(AttendeeField::TicketType) => {
            facts.ticket_types.values().flat_map(|name| name.0.keys()).collect()
        }
        Field::Question(bit) => {
            let choices = facts
                .questions
                .get(&bit)
                .into_iter()
                .flat_map(|question| question.choices.values());
            choices.flat_map(|label| label.0.keys()).collect()
        }
        Field::Standard(_) => BTreeSet::new(),
    };
    match languages.is_empty() {
        true => values(facts, of, field, None),
        false => languages
            .into_iter()
            .flat_map(|language| values(facts, of, field, Some(language)))
            .collect(),
    }
}

/// One text of an answer: of a question with choices, the choice's label.
fn answer(question: Option<&QuestionFacts>, text: &str, locale: Option<&str>, default_locale: &str) -> String {
    let choices = question
        .map(|question| &question.choices)
        .filter(|choices| !choices.is_empty());
    let label = choices.and_then(|choices| {
        let id = ChoiceId(text.parse().ok()?);
        choices.get(&id).map(|label| label.pick(locale, default_locale))
    });
    label.unwrap_or(text).to_owned()
}

fn address_lines(address: &PostalAddress) -> Vec<String> {
    let town = [address.postal_code.as_deref(), Some(address.city.as_str())];
    let town: Vec<&str> = town
        .into_iter()
        .flatten()
        .filter(|part| !part.trim().is_empty())
        .collect();
    let lines = address.street.lines().map(str::to_owned).chain([town.join(" ")]);
    lines
        .chain(address.region.clone())
        .chain([address.country.clone()])
        .filter(|line| !line.trim().is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_name_in_both_languages() {
        for field in AttendeeField::ALL {
            assert!(!standard(*field, None).is_empty() && !standard(*field, Some("de-AT")).is_empty());
        }
        assert_eq!(standard(AttendeeField::City, Some("fr")), "Town");
    }

    #[test]
    fn an_address_is_its_lines_without_empty_ones() {
        let address = PostalAddress {
            street: "Hauptstr. 1\nHinterhaus".into(),
            postal_code: Some("10115".into()),
            city: "Berlin".into(),
            region: None,
            country: "DE".into(),
        };
        assert_eq!(
            address_lines(&address),
            ["Hauptstr. 1", "Hinterhaus", "10115 Berlin", "DE"]
        );
        let sparse = PostalAddress {
            city: "Berlin".into(),
            ..Default::default()
        };
        assert_eq!(address_lines(&sparse), ["Berlin"]);
    }
}
