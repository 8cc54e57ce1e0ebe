//! Mutations of questions.

use async_graphql::{Context, Enum, ID, InputObject};
use consentry_domain::{ChoiceId, EventPartnerId, OrganizationId, QuestionId};

use super::{decode, decode_all, editor, editor_of_part, managed};
use crate::graphql::organizer::ManagedEvent;
use crate::graphql::platform;
use crate::graphql::public::{LocalizedTextInput, QuestionKind, localized};
use crate::mutation;
use crate::platform::Refused;
use crate::services::events::parts::{self, ChoiceTerms, QuestionTerms};

/// How delicate an answer is; only an ordinary one can be shareable.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::Sensitivity")]
pub enum Sensitivity {
    /// Nothing special.
    Ordinary,
    /// Health, diet or access.
    Health,
    /// Age or date of birth.
    Age,
    /// About a guardian.
    Guardian,
    /// About payment.
    Payment,
    /// Addresses of machines.
    Technical,
}

/// One choice.
#[derive(InputObject)]
pub struct ChoiceTermsInput {
    /// The choice that stays; absent for a new one.
    id: Option<ID>,
    /// Its label.
    label: Vec<LocalizedTextInput>,
}

/// What a question is.
#[derive(InputObject)]
pub struct QuestionTermsInput {
    /// What kind of answer it wants.
    kind: QuestionKind,
    /// What is asked.
    label: Vec<LocalizedTextInput>,
    /// More words about it.
    help: Option<Vec<LocalizedTextInput>>,
    /// How delicate the answer is.
    sensitivity: Sensitivity,
    /// Whether it must be answered.
    required: bool,
    /// Whether partners may ask attendees for the answers.
    shareable: bool,
    /// Only this partner's offers can name it.
    asked_by_id: Option<ID>,
    /// What the answers are for.
    purpose: Vec<LocalizedTextInput>,
    /// How many days after the event they are kept.
    retention_days: Option<i32>,
    /// Only buyers of these are asked; none means everybody.
    #[graphql(default)]
    ticket_type_ids: Vec<ID>,
    /// What can be chosen, in order.
    #[graphql(default)]
    choices: Vec<ChoiceTermsInput>,
    /// Its place in the form.
    #[graphql(default = 0)]
    position: i32,
}

/// A new question.
#[derive(InputObject)]
pub struct CreateQuestionInput {
    /// New for each one, the same when it is sent again.
    idempotency_key: String,
    /// The event.
    event_id: ID,
    /// What it is.
    terms: QuestionTermsInput,
}

/// A question as it shall be.
#[derive(InputObject)]
pub struct UpdateQuestionInput {
    /// The question.
    question_id: ID,
    /// Its revision as it was read.
    revision: i64,
    /// What it shall be; once partners were offered its answers, its meaning is fixed.
    terms: QuestionTermsInput,
}

/// A question to be asked no more.
#[derive(InputObject)]
pub struct ArchiveQuestionInput {
    /// The question.
    question_id: ID,
    /// Its revision as it was read.
    revision: i64,
}

/// A question's place among the others.
#[derive(InputObject)]
pub struct MoveQuestionInput {
    /// The question.
    question_id: ID,
    /// The question before which it shall be asked; absent to ask it last.
    before_id: Option<ID>,
}

mutation! {
    /// Adds a question to an event's form.
    CreateQuestion::create_question(CreateQuestionInput) => create;
    CreateQuestionPayload {
        /// The event with it; absent when it was refused.
        event: ManagedEvent
    }
    CreateQuestionUserError, CreateQuestionErrorCode {
        Invalid, Required, TooLong, NotFound, WrongState, NotShareable, IdempotencyMismatch
    }
}

mutation! {
    /// Changes a question.
    UpdateQuestion::update_question(UpdateQuestionInput) => update;
    UpdateQuestionPayload {
        /// The event with it; absent when it was refused.
        event: ManagedEvent
    }
    UpdateQuestionUserError, UpdateQuestionErrorCode {
        Invalid, Required, TooLong, NotFound, WrongState, NotShareable, Stale
    }
}

mutation! {
    /// Asks a question no more; its answers stay.
    ArchiveQuestion::archive_question(ArchiveQuestionInput) => archive;
    ArchiveQuestionPayload {
        /// The event; absent when it was refused.
        event: ManagedEvent
    }
    ArchiveQuestionUserError, ArchiveQuestionErrorCode { NotFound, WrongState, Stale }
}

mutation! {
    /// Asks a question before another one, or last. The places of the others are numbered anew.
    MoveQuestion::move_question(MoveQuestionInput) => move_to;
    MoveQuestionPayload {
        /// The event; absent when it was refused.
        event: ManagedEvent
    }
    MoveQuestionUserError, MoveQuestionErrorCode { NotFound, WrongState }
}

fn terms(organization: OrganizationId, input: QuestionTermsInput) -> Result<QuestionTerms, Refused> {
    let asked_by = input.asked_by_id.as_ref();
    let asked_by = asked_by.map(|id| decode::<EventPartnerId>(organization, "terms.askedById", id));
    let choices = input.choices.into_iter().enumerate().map(|(index, choice)| {
        let id = choice.id.as_ref();
        let id = id.map(|id| decode::<ChoiceId>(organization, &format!("terms.choices.{index}.id"), id));
        Ok::<_, Refused>(ChoiceTerms {
            id: id.transpose()?,
            label: localized(choice.label),
        })
    });
    Ok(QuestionTerms {
        kind: input.kind.into(),
        label: localized(input.label),
        help: input.help.map(localized),
        sensitivity: input.sensitivity.into(),
        required: input.required,
        shareable: input.shareable,
        asked_by: asked_by.transpose()?,
        purpose: localized(input.purpose),
        retention_days: input.retention_days,
        ticket_type_ids: decode_all(organization, "terms.ticketTypeIds", &input.ticket_type_ids)?,
        choices: choices.collect::<Result<_, _>>()?,
        position: input.position,
    })
}

async fn create(ctx: &Context<'_>, input: CreateQuestionInput) -> Result<ManagedEvent, Refused> {
    let editor = editor(ctx, &input.event_id).await?;
    let terms = terms(editor.organization(), input.terms)?;
    parts::create_question(platform(ctx), &editor, &input.idempotency_key, &terms).await?;
    managed(ctx, &editor).await
}

async fn update(ctx: &Context<'_>, input: UpdateQuestionInput) -> Result<ManagedEvent, Refused> {
    let (editor, id) = editor_of_part::<QuestionId>(ctx, "questionId", &input.question_id).await?;
    let terms = terms(editor.organization(), input.terms)?;
    parts::update_question(platform(ctx), &editor, id, input.revision, &terms).await?;
    managed(ctx, &editor).await
}

async fn archive(ctx: &Context<'_>, input: ArchiveQuestionInput) -> Result<ManagedEvent, Refused> {
    let (editor, id) = editor_of_part::<QuestionId>(ctx, "questionId", &input.question_id).await?;
    parts::archive_question(platform(ctx), &editor, id, input.revision).await?;
    managed(ctx, &editor).await
}

async fn move_to(ctx: &Context<'_>, input: MoveQuestionInput) -> Result<ManagedEvent, Refused> {
    let (editor, id) = editor_of_part::<QuestionId>(ctx, "questionId", &input.question_id).await?;
    let before = input.before_id.as_ref();
    let before = before.map(|id| decode(editor.organization(), "beforeId", id));
    parts::move_question(platform(ctx), &editor, id, before.transpose()?).await?;
    managed(ctx, &editor).await
}
