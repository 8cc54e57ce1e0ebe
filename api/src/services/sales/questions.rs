//! Questions of events' forms with their choices and the ticket types that they belong to.

use std::collections::HashMap;
use std::sync::Arc;

use consentry_domain::{ChoiceId, QuestionId, TicketTypeId};
use consentry_entity::{event, question, question_choice, question_ticket_type};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::batch::{EventKey, by_event, of_events};
use crate::platform::Fault;
use crate::services::Localized;

/// A question that is asked now.
#[derive(Clone, Debug)]
pub struct Question {
    /// Its row.
    pub row: question::Model,
    /// Its words per language.
    pub label: Localized,
    /// More words per language.
    pub help: Option<Localized>,
    /// What the answer is for, per language.
    pub purpose: Localized,
    /// What can be chosen now.
    pub choices: Vec<Choice>,
    ticket_types: Vec<TicketTypeId>,
}

/// One thing to choose.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its id.
    pub id: ChoiceId,
    /// Its words per language.
    pub label: Localized,
}

impl Question {
    /// Whether it is asked of those who buy this.
    #[must_use]
    pub fn belongs_to(&self, ticket_type: TicketTypeId) -> bool {
        self.ticket_types.is_empty() || self.ticket_types.contains(&ticket_type)
    }

    /// The ticket types whose buyers alone are asked; none means everybody.
    #[must_use]
    pub fn ticket_types(&self) -> &[TicketTypeId] {
        &self.ticket_types
    }
}

/// The questions of these events, in three statements.
pub(super) async fn load(
    connection: &impl ConnectionTrait,
    events: &[event::Model],
) -> Result<HashMap<EventKey, Vec<Arc<Question>>>, Fault> {
    use question::Column;
    let asked = || {
        question::Entity::find()
            .filter(of_events(Column::OrganizationId, Column::EventId, events))
            .filter(Column::ArchivedAt.is_null())
    };
    let rows = asked()
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let asked_ids = || asked().select_only().column(Column::Id).into_query();
    let organizations: Vec<_> = events.iter().map(|event| event.organization_id).collect();
    let mut choices: HashMap<QuestionId, Vec<Choice>> = HashMap::new();
    for row in question_choice::Entity::find()
        .filter(question_choice::Column::OrganizationId.is_in(organizations.iter().copied()))
        .filter(question_choice::Column::QuestionId.in_subquery(asked_ids()))
        .filter(question_choice::Column::ArchivedAt.is_null())
        .order_by_asc(question_choice::Column::Position)
        .order_by_asc(question_choice::Column::Id)
        .all(connection)
        .await?
    {
        choices.entry(row.question_id).or_default().push(Choice {
            id: row.id,
            label: Localized::parse(&row.label)?,
        });
    }
    let mut ticket_types: HashMap<QuestionId, Vec<TicketTypeId>> = HashMap::new();
    for row in question_ticket_type::Entity::find()
        .filter(question_ticket_type::Column::OrganizationId.is_in(organizations))
        .filter(question_ticket_type::Column::QuestionId.in_subquery(asked_ids()))
        .all(connection)
        .await?
    {
        ticket_types
            .entry(row.question_id)
            .or_default()
            .push(row.ticket_type_id);
    }
    let questions = rows.into_iter().map(|row| {
        let question = Question {
            label: Localized::parse(&row.label)?,
            help: row.help.as_deref().map(Localized::parse).transpose()?,
            purpose: Localized::parse(&row.purpose)?,
            choices: choices.remove(&row.id).unwrap_or_default(),
            ticket_types: ticket_types.remove(&row.id).unwrap_or_default(),
            row,
        };
        Ok((
            (question.row.organization_id, question.row.event_id),
            Arc::new(question),
        ))
    });
    Ok(by_event(questions.collect::<Result<Vec<_>, Fault>>()?))
}
