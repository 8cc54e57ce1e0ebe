//! Consents that wait to be affirmed: a box for each, none ticked, whose label names the fields.

use fluent_bundle::FluentValue;

use super::shown::Choice;
use crate::ask::Ask;
use crate::form::Form;
use crate::words::vars;

/// A consent that waits.
pub(super) struct Asked {
    pub(super) offer: String,
    pub(super) version: i64,
    pub(super) partner: String,
    pub(super) text: String,
    /// For each field its name or its question's id, and its label.
    pub(super) fields: Vec<(Wish, String)>,
}

/// A field as mutations name it.
#[derive(Clone)]
pub(super) enum Wish {
    Field(String),
    Question(String),
}

impl Asked {
    /// Its box.
    pub(super) fn choice(&self, ask: &Ask) -> Choice {
        let labels: Vec<&str> = self.fields.iter().map(|(_, label)| label.as_str()).collect();
        let labels = labels.join(", ");
        let variables = vars([
            ("partner", FluentValue::from(self.partner.as_str())),
            ("fields", FluentValue::from(labels.as_str())),
        ]);
        Choice {
            name: self.offer.clone(),
            label: ask.language.say_with("share-with", &variables),
            details: self.text.clone(),
        }
    }

    pub(super) fn is_ticked(&self, form: &Form) -> bool {
        form.has(&self.offer)
    }
}

/// Makes [`Asked`] of a document's own types, and a mutation's input of it: the types of two documents have nothing in
/// common but their shape.
macro_rules! asked {
    ($consents:expr) => {
        $consents
            .into_iter()
            .map(|consent| $crate::links::consents::Asked {
                offer: consent.offer.id,
                version: consent.offer.version,
                partner: consent.offer.partner.legal_name,
                text: consent.offer.text,
                fields: consent
                    .granted
                    .into_iter()
                    .map(|field| {
                        let wish = match &field.field {
                            Some(name) => $crate::links::consents::Wish::Field($crate::frame::name_of(name)),
                            None => $crate::links::consents::Wish::Question(field.question_id.unwrap_or_default()),
                        };
                        (wish, field.label)
                    })
                    .collect(),
            })
            .collect::<Vec<_>>()
    };
}

/// The ticked ones as a mutation's input, in the types of that document's module.
macro_rules! granted {
    ($module:ident, $asked:expr, $form:expr) => {
        $asked
            .iter()
            .filter(|asked| asked.is_ticked($form))
            .map(|asked| $module::ConsentInput {
                offer_id: asked.offer.clone(),
                offer_version: asked.version,
                decision: $module::ConsentDecision::GRANT,
                fields: asked
                    .fields
                    .iter()
                    .map(|(wish, _)| match wish {
                        $crate::links::consents::Wish::Field(name) => {
                            let value = serde_json::Value::String(name.clone());
                            let other = $module::AttendeeField::Other(name.clone());
                            $module::OfferedFieldInput::Field(serde_json::from_value(value).unwrap_or(other))
                        }
                        $crate::links::consents::Wish::Question(id) => {
                            $module::OfferedFieldInput::QuestionId(id.clone())
                        }
                    })
                    .collect(),
            })
            .collect::<Vec<_>>()
    };
}

pub(super) use {asked, granted};
