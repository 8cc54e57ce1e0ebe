//! What a question is, as it was typed: for the mutation that makes one and for the one that changes it.

use super::choices::{self, Choice};
use super::documents::edited_questions as of;
use crate::ask::Ask;
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::name_of;
use crate::organizer::texts::texts_of;

pub(super) type Event = of::EditedQuestionsOrganizationEvent;
pub(super) type Question = of::EditedQuestionsOrganizationEventQuestions;

/// What was typed, as both mutations want it.
pub(super) struct Terms {
    pub(super) kind: String,
    pub(super) label: Vec<(String, String)>,
    pub(super) help: Vec<(String, String)>,
    pub(super) purpose: Vec<(String, String)>,
    pub(super) sensitivity: String,
    pub(super) required: bool,
    pub(super) shareable: bool,
    pub(super) asked_by: Option<String>,
    pub(super) retention_days: Option<i64>,
    pub(super) tickets: Vec<String>,
    pub(super) choices: Vec<Choice>,
    pub(super) position: i64,
}

pub(super) fn terms(
    ask: &Ask,
    event: &Event,
    before: Option<&Question>,
    (form, kept): (&Form, &Form),
) -> Result<Terms, Vec<Problem>> {
    let days = form.filled("retentionDays").map(|days| days.parse::<i32>());
    let retention_days = days.transpose().map_err(|_| {
        let words = ask.language.say("edit-number");
        vec![Problem::new("retentionDays", words)]
    })?;
    let next = event.questions.iter().map(|question| question.position + 1).max();
    let mut terms = Terms {
        kind: form.text("kind").to_owned(),
        label: texts_of(form, kept, "label"),
        help: texts_of(form, kept, "help"),
        purpose: texts_of(form, kept, "purpose"),
        sensitivity: form.text("sensitivity").to_owned(),
        required: form.has("required"),
        shareable: form.has("shareable"),
        asked_by: form.filled("askedById"),
        retention_days: retention_days.map(i64::from),
        tickets: form.all("ticketTypeIds").map(str::to_owned).collect(),
        choices: Vec::new(),
        position: before.map(|before| before.position).or(next).unwrap_or_default(),
    };
    if let Some(before) = before.filter(|before| before.fixed) {
        // The form does not ask for what cannot change.
        let asked = &before.question;
        terms.kind = name_of(&asked.kind);
        terms.label = texts_of(kept, kept, "label");
        terms.shareable = asked.shareable;
        terms.asked_by.clone_from(&before.asked_by_id);
        terms.choices = choices::typed(kept, kept);
    } else if has_choices(&terms.kind) {
        terms.choices = choices::typed(form, kept);
    }
    Ok(terms)
}

/// Whether answers of this kind are chosen.
pub(super) fn has_choices(kind: &str) -> bool {
    matches!(kind, "CHOICE" | "MULTIPLE_CHOICE")
}

/// The input of the one mutation or the other.
macro_rules! sent {
    ($module:ident, $terms:expr) => {{
        let terms: &$crate::organizer::edit::question_terms::Terms = $terms;
        let choices = terms.choices.iter().map(|choice| $module::ChoiceTermsInput {
            id: choice.id.clone(),
            label: $crate::organizer::texts::localized!($module, choice.label.clone()),
        });
        $module::QuestionTermsInput {
            kind: $crate::frame::named!($module::QuestionKind, terms.kind.clone()),
            label: $crate::organizer::texts::localized!($module, terms.label.clone()),
            help: (!terms.help.is_empty()).then(|| $crate::organizer::texts::localized!($module, terms.help.clone())),
            sensitivity: $crate::frame::named!($module::Sensitivity, terms.sensitivity.clone()),
            required: terms.required,
            shareable: terms.shareable,
            asked_by_id: terms.asked_by.clone(),
            purpose: $crate::organizer::texts::localized!($module, terms.purpose.clone()),
            retention_days: terms.retention_days,
            ticket_type_ids: terms.tickets.clone(),
            choices: choices.collect(),
            position: terms.position,
        }
    }};
}
pub(super) use sent;
