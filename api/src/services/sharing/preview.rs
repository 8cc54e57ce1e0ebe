//! One's own values, written out as a partner would read them.

use consentry_domain::{AttendeeField, ChoiceId, Field, LeadValues, PostalAddress};

use super::labels;
use super::view::Preview;
use crate::services::Localized;
use crate::services::disclosure::facts::StreamFacts;

/// One field with what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The field.
    pub field: Field,
    /// What it is called.
    pub label: Localized,
    /// What it holds: one text, or one for each choice or line of an address.
    pub values: Vec<String>,
}

impl Preview {
    /// The fields that have a value, in a language.
    #[must_use]
    pub fn write(&self, locale: Option<&str>) -> Vec<Shown> {
        let shown = |field| Shown {
            field,
            label: label(&self.facts, field),
            values: values(&self.facts, &self.values, field, locale),
        };
        self.fields.iter().map(shown).collect()
    }
}

fn label(facts: &StreamFacts, field: Field) -> Localized {
    match field {
        Field::Standard(field) => labels::standard(field),
        Field::Question(bit) => facts
            .questions
            .get(&bit)
            .map(|question| question.label.clone())
            .unwrap_or_default(),
    }
}

fn values(facts: &StreamFacts, values: &LeadValues, field: Field, locale: Option<&str>) -> Vec<String> {
    let default = facts.event.default_locale.as_str();
    match field {
        Field::Standard(AttendeeField::PostalAddress) => values.postal_address.as_ref().map(lines).unwrap_or_default(),
        Field::Standard(AttendeeField::TicketType) => {
            let name = values.ticket_type.and_then(|id| facts.ticket_types.get(&id));
            name.map(|name| name.pick(locale, default).to_owned())
                .into_iter()
                .collect()
        }
        Field::Standard(AttendeeField::Attendance) => values.attended.then(|| "true".to_owned()).into_iter().collect(),
        Field::Standard(field) => values.text(field).map(str::to_owned).into_iter().collect(),
        Field::Question(bit) => {
            let texts = values
                .answers
                .get(&bit)
                .map(|answer| answer.0.as_slice())
                .unwrap_or_default();
            let choices = facts.questions.get(&bit).map(|question| &question.choices);
            let label = |text: &String| {
                let id = ChoiceId(text.parse().ok()?);
                choices?.get(&id).map(|label| label.pick(locale, default).to_owned())
            };
            texts
                .iter()
                .map(|text| label(text).unwrap_or_else(|| text.clone()))
                .collect()
        }
    }
}

fn lines(address: &PostalAddress) -> Vec<String> {
    let town = format!(
        "{} {}",
        address.postal_code.as_deref().unwrap_or_default(),
        address.city
    );
    let region = address.region.clone().unwrap_or_default();
    let lines = address
        .street
        .lines()
        .map(str::to_owned)
        .chain([town, region, address.country.clone()]);
    lines
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}
