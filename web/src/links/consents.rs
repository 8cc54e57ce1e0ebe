//! Consents that wait to be affirmed: a box for each, none ticked, whose label names the fields.

use fluent_bundle::FluentValue;

use super::shown::{Asker, Choice};
use crate::ask::Ask;
use crate::countries;
use crate::form::Form;
use crate::partners::is_inside;
use crate::words::vars;

/// A consent that waits, with all that whoever gives it must have been told.
pub(super) struct Asked {
    pub(super) offer: String,
    pub(super) version: i64,
    pub(super) partner: String,
    pub(super) country: String,
    pub(super) contact: String,
    pub(super) notice: String,
    pub(super) purpose: String,
    pub(super) text: String,
    pub(super) retention_days: i64,
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
    fn says(&self, ask: &Ask, key: &str) -> String {
        let labels: Vec<&str> = self.fields.iter().map(|(_, label)| label.as_str()).collect();
        let labels = labels.join(", ");
        let variables = vars([
            ("partner", FluentValue::from(self.partner.as_str())),
            ("fields", FluentValue::from(labels.as_str())),
        ]);
        ask.language.say_with(key, &variables)
    }

    /// Its box.
    pub(super) fn choice(&self, ask: &Ask) -> Choice {
        let days = vars([("count", FluentValue::from(self.retention_days))]);
        let keeps = ask.language.say_with("offer-keeps", &days);
        let outside = if is_inside(&self.country) {
            String::new()
        } else {
            format!(" {}", ask.language.say("offer-outside"))
        };
        Choice {
            name: self.offer.clone(),
            label: self.says(ask, "share-with"),
            details: format!("{}. {} {keeps}{outside}", self.purpose, self.text),
            asker: Some(Asker {
                name: format!("{}, {}", self.partner, countries::name(ask.language, &self.country)),
                notice: self.notice.clone(),
                contact: self.contact.clone(),
            }),
            was_ticked: false,
        }
    }

    /// The box that takes it back.
    pub(super) fn taking_back(&self, ask: &Ask) -> Choice {
        Choice {
            name: self.name_of_taking_back(),
            label: self.says(ask, "share-no-more"),
            details: ask.language.say("share-no-more-words"),
            asker: None,
            was_ticked: false,
        }
    }

    fn name_of_taking_back(&self) -> String {
        format!("back.{}", self.offer)
    }

    pub(super) fn is_ticked(&self, form: &Form) -> bool {
        form.has(&self.offer)
    }

    pub(super) fn is_taken_back(&self, form: &Form) -> bool {
        form.has(&self.name_of_taking_back())
    }
}

/// Makes [`Asked`] of a document's own types, and a mutation's input of it: the types of two documents have nothing in
/// common but their shape.
macro_rules! asked {
    ($ask:expr, $consents:expr) => {
        $consents
            .into_iter()
            .map(|consent| $crate::links::consents::Asked {
                offer: consent.offer.id,
                version: consent.offer.version,
                partner: consent.offer.partner.legal_name,
                country: consent.offer.partner.country,
                contact: consent.offer.partner.contact_email,
                notice: consent.offer.privacy_notice.url,
                purpose: $crate::frame::of($ask.language, "purpose", &consent.offer.purpose),
                text: consent.offer.text,
                retention_days: consent.offer.retention_days,
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
                            let field = $crate::frame::named!($module::AttendeeField, name.clone());
                            $module::OfferedFieldInput::Field(field)
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
