//! An answer to a question, as it is changed: what was written, or which choices were made.

use async_graphql::{ID, SimpleObject};
use consentry_domain::{ChoiceId, OrganizationId, QuestionKind};
use uuid::Uuid;

use super::Question;
use crate::graphql::ids;
use crate::services::people;

/// An answer to a question.
#[derive(SimpleObject)]
pub struct Answer {
    /// The question's id.
    question_id: ID,
    /// The question; absent once it is asked no more.
    question: Option<Question>,
    /// What was written; absent where choices were made.
    value: Option<String>,
    /// What was chosen.
    choice_ids: Vec<ID>,
}

impl Answer {
    /// What was answered to which of these questions, in the order of the answers.
    #[must_use]
    pub fn list(organization: OrganizationId, answers: &[people::Answer], questions: &[Question]) -> Vec<Self> {
        let answer = |answer: &people::Answer| {
            let chosen = matches!(answer.kind, QuestionKind::Choice | QuestionKind::MultipleChoice);
            let choices = answer.value.0.iter().filter(|_| chosen);
            let choices = choices.filter_map(|id| Uuid::parse_str(id).ok());
            Self {
                question_id: ids::encode(organization, answer.question),
                question: questions.iter().find(|question| question.is(answer.question)).cloned(),
                value: answer.value.0.first().filter(|_| !chosen).cloned(),
                choice_ids: choices.map(|id| ids::encode(organization, ChoiceId(id))).collect(),
            }
        };
        answers.iter().map(answer).collect()
    }
}
