//! What waits to be decided, or affirmed: a box for each, none ticked, whose label names the fields.

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
    /// Whether it was ticked when the form was sent.
    pub(super) was_requested: bool,
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

/// The field that says which offers a page has, in which versions: who leaves a box empty refuses what stood there, and
/// nothing else.
const ASKED: &str = "asked";

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
        let requested = if self.was_requested {
            format!("{} ", ask.language.say("confirm-was-ticked"))
        } else {
            String::new()
        };
        Choice {
            name: self.offer.clone(),
            label: self.says(ask, "share-with"),
            details: format!("{requested}{}. {} {keeps}", self.purpose, self.text),
            asker: Some(Asker {
                name: format!("{}, {}", self.partner, countries::name(ask.language, &self.country)),
                notice: self.notice.clone(),
                contact: self.contact.clone(),
                is_outside: !is_inside(&self.country),
                version: self.version,
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

    /// The version that the page had which was sent; none where it had no such box.
    pub(super) fn shown(&self, form: &Form) -> Option<i64> {
        let shown = form.text(ASKED).split(' ').filter_map(|one| one.split_once(':'));
        let mut shown = shown.filter(|(offer, _)| *offer == self.offer);
        shown.next()?.1.parse().ok()
    }

    pub(super) fn is_taken_back(&self, form: &Form) -> bool {
        form.has(&self.name_of_taking_back())
    }
}

/// Makes [`Asked`] of a document's own types, consents or offers, and a mutation's input of it: the types of two documents
/// have nothing in common but their shape.
macro_rules! asked {
    (offer $ask:expr, $offer:expr, $fields:expr) => {{
        let (offer, fields) = ($offer, $fields);
        $crate::links::consents::Asked {
            offer: offer.id,
            version: offer.version,
            was_requested: false,
            partner: offer.partner.legal_name,
            country: offer.partner.country,
            contact: offer.partner.contact_email,
            notice: offer.privacy_notice.url,
            purpose: $crate::frame::of($ask.language, "purpose", &offer.purpose),
            text: offer.text,
            retention_days: offer.retention_days,
            fields: fields
                .into_iter()
                    .map(|field| {
                        let wish = match &field.field {
                            Some(name) => $crate::links::consents::Wish::Field($crate::frame::name_of(name)),
                            None => $crate::links::consents::Wish::Question(field.question_id.unwrap_or_default()),
                        };
                        (wish, field.label)
                    })
                    .collect(),
        }
    }};
    (offers $ask:expr, $offers:expr) => {
        $offers.into_iter().map(|mut offer| {
            let fields = ::std::mem::take(&mut offer.fields);
            $crate::links::consents::asked!(offer $ask, offer, fields)
        })
    };
    ($ask:expr, $consents:expr) => {
        $consents
            .into_iter()
            .map(|consent| $crate::links::consents::asked!(offer $ask, consent.offer, consent.granted))
            .collect::<Vec<_>>()
    };
}

/// The ticked ones as a mutation's input, in the types of that document's module.
macro_rules! granted {
    ($module:ident, $asked:expr, $form:expr, $is_given:expr) => {
        $asked
            .iter()
            .filter(|asked| $is_given(asked))
            .map(|asked| $module::ConsentInput {
                offer_id: asked.offer.clone(),
                // Another version in force meanwhile is refused, not silently taken.
                offer_version: asked.shown($form).unwrap_or(asked.version),
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

/// What stood on the page that was sent and is not given, as refusals, in the types of that document's module.
macro_rules! refused {
    ($module:ident, $asked:expr, $form:expr, $is_given:expr) => {
        $asked
            .iter()
            .filter(|asked| !$is_given(asked))
            .filter_map(|asked| Some((asked, asked.shown($form)?)))
            .map(|(asked, version)| $module::ConsentInput {
                offer_id: asked.offer.clone(),
                offer_version: version,
                decision: $module::ConsentDecision::REFUSE,
                fields: Vec::new(),
            })
    };
}

pub(super) use {asked, granted, refused};
