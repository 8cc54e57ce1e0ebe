//! Questions of the form. A question whose answers partners were offered keeps its meaning: its kind, label and choices
//! cannot change any more.

use consentry_domain::{ChoiceId, EventPartnerId, QuestionId, QuestionKind, Sensitivity, TicketTypeId};
use consentry_entity::{event_partner, question, question_choice, question_ticket_type, ticket_type};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::{Editor, changed, check_revision, claim, lock, placed};
use crate::platform::store::Tx;
use crate::platform::{Code, Platform, Problems, Refused};
use crate::services::sharing::questions::is_fixed;
use crate::services::{Localized, input};
use crate::transaction;

/// One choice, as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ChoiceTerms {
    /// The choice that stays, or none for a new one.
    pub id: Option<ChoiceId>,
    /// Its label.
    pub label: Localized,
}

/// What a question is, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct QuestionTerms {
    /// What kind of answer it wants.
    pub kind: QuestionKind,
    /// What is asked.
    pub label: Localized,
    /// More words about it.
    pub help: Option<Localized>,
    /// How delicate the answer is.
    pub sensitivity: Sensitivity,
    /// Whether it must be answered.
    pub required: bool,
    /// Whether partners may ask for the answers.
    pub shareable: bool,
    /// Only this partner's offers can name it.
    pub asked_by: Option<EventPartnerId>,
    /// What the answers are for.
    pub purpose: Localized,
    /// How many days after the event they are kept.
    pub retention_days: Option<i32>,
    /// Only buyers of these are asked; none means everybody.
    pub ticket_type_ids: Vec<TicketTypeId>,
    /// What can be chosen, in order.
    pub choices: Vec<ChoiceTerms>,
    /// Its place in the form.
    pub position: i32,
}

/// Creates one.
///
/// # Errors
/// What is wrong with the input, field by field.
pub async fn create_question(
    platform: &Platform,
    editor: &Editor,
    key: &str,
    terms: &QuestionTerms,
) -> Result<QuestionId, Refused> {
    let (row, choices) = judge(editor, terms)?;
    transaction!(platform.store.writer(), async |tx| {
        let id: QuestionId = tx.ordered_id();
        if let Some(made) = claim(platform, tx, editor, "createQuestion", key, terms, id.0).await? {
            return Ok(QuestionId(made));
        }
        lock(tx, editor).await?;
        references(tx, editor, terms).await?;
        let row = question::Model { id, ..row.clone() };
        question::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        write_choices(tx, editor, id, &choices).await?;
        write_ticket_types(tx, editor, id, terms).await?;
        changed(tx, editor, "createQuestion", "question", id.0).await?;
        Ok(id)
    })
}

/// Changes one.
///
/// # Errors
/// As [`create_question`]; stale when it was changed meanwhile; refused when its meaning is fixed.
pub async fn update_question(
    platform: &Platform,
    editor: &Editor,
    id: QuestionId,
    revision: i64,
    terms: &QuestionTerms,
) -> Result<(), Refused> {
    let (row, choices) = judge(editor, terms)?;
    transaction!(platform.store.writer(), async |tx| {
        let event = lock(tx, editor).await?;
        let before = find(tx, editor, id).await?;
        check_revision(revision, before.revision)?;
        references(tx, editor, terms).await?;
        let is_fixed = is_fixed(&before);
        if is_fixed {
            refuse_new_meaning(tx, editor, (&before, &event.default_locale), &row, &choices).await?;
        } else {
            write_choices(tx, editor, id, &choices).await?;
        }
        let row = question::Model {
            id,
            label: if is_fixed { before.label } else { row.label.clone() },
            bit: before.bit,
            archived_at: before.archived_at,
            revision: before.revision + 1,
            ..row.clone()
        };
        question::Entity::update(row.into_active_model().reset_all())
            .exec(tx)
            .await?;
        question_ticket_type::Entity::delete_many()
            .filter(question_ticket_type::Column::OrganizationId.eq(editor.organization()))
            .filter(question_ticket_type::Column::QuestionId.eq(id))
            .exec(tx)
            .await?;
        write_ticket_types(tx, editor, id, terms).await?;
        changed(tx, editor, "updateQuestion", "question", id.0).await
    })
}

/// Asks it no more; answers stay.
///
/// # Errors
/// Not found; stale when it was changed meanwhile.
pub async fn archive_question(
    platform: &Platform,
    editor: &Editor,
    id: QuestionId,
    revision: i64,
) -> Result<(), Refused> {
    transaction!(platform.store.writer(), async |tx| {
        lock(tx, editor).await?;
        let now = tx.now().await?;
        let before = find(tx, editor, id).await?;
        if before.archived_at.is_some() {
            return Ok(());
        }
        check_revision(revision, before.revision)?;
        let row = question::Model {
            archived_at: Some(now.0),
            revision: before.revision + 1,
            ..before
        };
        question::Entity::update(row.into_active_model().reset_all())
            .exec(tx)
            .await?;
        changed(tx, editor, "archiveQuestion", "question", id.0).await
    })
}

/// Asks it before another one, or last; the places of the others are numbered anew.
///
/// # Errors
/// Not found, also where one of both is not asked any more.
pub async fn move_question(
    platform: &Platform,
    editor: &Editor,
    id: QuestionId,
    before: Option<QuestionId>,
) -> Result<(), Refused> {
    transaction!(platform.store.writer(), async |tx| {
        lock(tx, editor).await?;
        let asked = question::Entity::find()
            .filter(question::Column::OrganizationId.eq(editor.organization()))
            .filter(question::Column::EventId.eq(editor.event()))
            .filter(question::Column::ArchivedAt.is_null())
            .order_by_asc(question::Column::Position)
            .order_by_asc(question::Column::Id)
            .all(tx)
            .await?;
        let placed = placed(asked, |row| row.id, &id, before.as_ref(), ("questionId", "beforeId"))?;
        let Some(ordered) = placed else { return Ok(()) };
        for (row, position) in ordered.into_iter().zip(0..) {
            if row.position != position {
                let row = question::Model {
                    position,
                    revision: row.revision + 1,
                    ..row
                };
                question::Entity::update(row.into_active_model().reset_all())
                    .exec(tx)
                    .await?;
            }
        }
        changed(tx, editor, "moveQuestion", "question", id.0).await
    })
}

async fn find(tx: &Tx, editor: &Editor, id: QuestionId) -> Result<question::Model, Refused> {
    question::Entity::find_by_id((editor.organization(), id))
        .one(tx)
        .await?
        .filter(|row| row.event_id == editor.event())
        .ok_or_else(|| Refused::not_found("questionId"))
}

async fn stored_choices(tx: &Tx, editor: &Editor, id: QuestionId) -> Result<Vec<question_choice::Model>, Refused> {
    Ok(question_choice::Entity::find()
        .filter(question_choice::Column::OrganizationId.eq(editor.organization()))
        .filter(question_choice::Column::QuestionId.eq(id))
        .filter(question_choice::Column::ArchivedAt.is_null())
        .order_by_asc(question_choice::Column::Position)
        .order_by_asc(question_choice::Column::Id)
        .all(tx)
        .await?)
}

/// Its words and those of its choices stay, whoever reads them.
async fn refuse_new_meaning(
    tx: &Tx,
    editor: &Editor,
    (before, default): (&question::Model, &str),
    after: &question::Model,
    choices: &[ChoiceTerms],
) -> Result<(), Refused> {
    let same = before.kind == after.kind
        && before.shareable == after.shareable
        && before.event_partner_id == after.event_partner_id
        && Localized::parse(&before.label)?.says_the_same(&Localized::parse(&after.label)?, default);
    let stored = stored_choices(tx, editor, before.id).await?;
    let mut all_same = same && stored.len() == choices.len();
    for (row, sent) in stored.iter().zip(choices) {
        all_same &= sent.id == Some(row.id) && Localized::parse(&row.label)?.says_the_same(&sent.label, default);
    }
    if all_same {
        return Ok(());
    }
    let words = "Partners were offered this question's answers, so its meaning is fixed. Archive it and ask a new one.";
    Err(Refused::because("terms", Code::WrongState, words))
}

/// Everything that the terms name is this event's.
async fn references(tx: &Tx, editor: &Editor, terms: &QuestionTerms) -> Result<(), Refused> {
    if !terms.ticket_type_ids.is_empty() {
        let known = ticket_type::Entity::find()
            .filter(ticket_type::Column::OrganizationId.eq(editor.organization()))
            .filter(ticket_type::Column::EventId.eq(editor.event()))
            .all(tx)
            .await?;
        for (index, id) in terms.ticket_type_ids.iter().enumerate() {
            if !known.iter().any(|row| row.id == *id) || terms.ticket_type_ids[..index].contains(id) {
                return Err(Refused::not_found(&format!("terms.ticketTypeIds.{index}")));
            }
        }
    }
    if let Some(partner) = terms.asked_by {
        event_partner::Entity::find_by_id((editor.organization(), partner))
            .one(tx)
            .await?
            .filter(|row| row.event_id == editor.event())
            .ok_or_else(|| Refused::not_found("terms.askedById"))?;
    }
    Ok(())
}

async fn write_choices(tx: &Tx, editor: &Editor, id: QuestionId, choices: &[ChoiceTerms]) -> Result<(), Refused> {
    let now = tx.now().await?;
    let stored = stored_choices(tx, editor, id).await?;
    for row in &stored {
        if !choices.iter().any(|choice| choice.id == Some(row.id)) {
            let gone = question_choice::Model {
                archived_at: Some(now.0),
                ..row.clone()
            };
            question_choice::Entity::update(gone.into_active_model().reset_all())
                .exec(tx)
                .await?;
        }
    }
    for (index, choice) in choices.iter().enumerate() {
        let row = question_choice::Model {
            organization_id: editor.organization(),
            id: choice.id.unwrap_or_else(|| tx.ordered_id()),
            question_id: id,
            label: choice.label.to_column(),
            position: i32::try_from(index).unwrap_or(i32::MAX),
            archived_at: None,
        };
        match choice.id {
            None => {
                question_choice::Entity::insert(row.into_active_model().reset_all())
                    .exec_without_returning(tx)
                    .await?;
            }
            Some(known) if stored.iter().any(|row| row.id == known) => {
                question_choice::Entity::update(row.into_active_model().reset_all())
                    .exec(tx)
                    .await?;
            }
            Some(_) => return Err(Refused::not_found(&format!("terms.choices.{index}.id"))),
        }
    }
    Ok(())
}

async fn write_ticket_types(tx: &Tx, editor: &Editor, id: QuestionId, terms: &QuestionTerms) -> Result<(), Refused> {
    if terms.ticket_type_ids.is_empty() {
        return Ok(());
    }
    let rows = terms.ticket_type_ids.iter().map(|ticket_type| {
        question_ticket_type::Model {
            organization_id: editor.organization(),
            question_id: id,
            ticket_type_id: *ticket_type,
        }
        .into_active_model()
        .reset_all()
    });
    question_ticket_type::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The row, and the choices as they are kept.
fn judge(editor: &Editor, terms: &QuestionTerms) -> Result<(question::Model, Vec<ChoiceTerms>), Refused> {
    let mut problems = Problems::new();
    let label = problems
        .keep("terms.label", input::localized(&terms.label, 500))
        .unwrap_or_default();
    if label.is_empty() {
        problems.add("terms.label", Code::Required, "Say what is asked.");
    }
    let help = terms
        .help
        .as_ref()
        .and_then(|help| problems.keep("terms.help", input::localized_paragraphs(help, 2000)));
    let purpose = problems
        .keep("terms.purpose", input::localized(&terms.purpose, 500))
        .unwrap_or_default();
    if terms.shareable && terms.sensitivity != Sensitivity::Ordinary {
        let words = "Only ordinary answers can be shared; health, age, guardians, payment and technical data never.";
        problems.add("terms.shareable", Code::NotShareable, words);
    }
    if terms.retention_days.is_some_and(|days| !(0..=3650).contains(&days)) {
        problems.add(
            "terms.retentionDays",
            Code::Invalid,
            "A number of days from 0 to 3650 is expected.",
        );
    }
    let wants_choices = matches!(terms.kind, QuestionKind::Choice | QuestionKind::MultipleChoice);
    if wants_choices && !(2..=200).contains(&terms.choices.len()) {
        problems.add(
            "terms.choices",
            Code::Required,
            "Between 2 and 200 choices are expected.",
        );
    }
    if !wants_choices && !terms.choices.is_empty() {
        problems.add("terms.choices", Code::Invalid, "Only questions with choices have some.");
    }
    let mut choices = Vec::new();
    for (index, choice) in terms.choices.iter().enumerate() {
        let path = format!("terms.choices.{index}.label");
        let Some(label) = problems.keep(&path, input::localized(&choice.label, 200)) else {
            continue;
        };
        if label.is_empty() {
            problems.add(&path, Code::Required, "Give the choice a label.");
        }
        choices.push(ChoiceTerms { id: choice.id, label });
    }
    problems.none()?;
    let row = question::Model {
        organization_id: editor.organization(),
        id: uuid::Uuid::nil().into(),
        event_id: editor.event(),
        kind: terms.kind,
        label: label.to_column(),
        help: help.map(|help| help.to_column()),
        sensitivity: terms.sensitivity,
        required: terms.required,
        shareable: terms.shareable,
        bit: None,
        event_partner_id: terms.asked_by,
        purpose: purpose.to_column(),
        retention_days: terms.retention_days,
        position: terms.position,
        archived_at: None,
        revision: 1,
    };
    Ok((row, choices))
}
