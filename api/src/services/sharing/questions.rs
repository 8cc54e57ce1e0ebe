//! The shareable questions of an event: which bit of a mask means which.

use consentry_domain::{AttendeeField, ChoiceId, EventId, Field, FieldMask, OrganizationId, QuestionId, QuestionKind};
use consentry_entity::{question, question_choice};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::labels;
use crate::platform::Fault;
use crate::services::Localized;

/// A field as a client names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum NamedField {
    /// One that every event has.
    Standard(AttendeeField),
    /// A question of the event.
    Question(QuestionId),
}

/// The shareable questions of one event, also those that are no longer asked: what their bits mean stays.
#[derive(Clone, Debug, Default)]
pub struct Shareable(pub Vec<ShareableQuestion>);

/// A question whose answers can be shared.
#[derive(Clone, Debug)]
pub struct ShareableQuestion {
    /// Its row.
    pub row: question::Model,
    /// Its bit.
    pub bit: u8,
    /// Its words, per language.
    pub label: Localized,
}

impl Shareable {
    /// Those of an event, by bit. One statement.
    ///
    /// # Errors
    /// When the database fails or holds something else.
    pub async fn of_event(
        connection: &impl ConnectionTrait,
        organization: OrganizationId,
        event: EventId,
    ) -> Result<Self, Fault> {
        let rows = question::Entity::find()
            .filter(question::Column::OrganizationId.eq(organization))
            .filter(question::Column::EventId.eq(event))
            .filter(question::Column::Bit.is_not_null())
            .order_by_asc(question::Column::Bit)
            .all(connection)
            .await?;
        rows.into_iter()
            .map(|row| {
                let bit = row.bit.and_then(|bit| u8::try_from(bit).ok());
                let bit = bit.ok_or_else(|| Fault::Corrupt("a shareable question's bit".into()))?;
                Ok(ShareableQuestion {
                    bit,
                    label: Localized::parse(&row.label)?,
                    row,
                })
            })
            .collect::<Result<_, Fault>>()
            .map(Self)
    }

    /// The question of this bit.
    #[must_use]
    pub fn of_bit(&self, bit: u8) -> Option<&ShareableQuestion> {
        self.0.iter().find(|question| question.bit == bit)
    }

    /// The mask of these fields; none if one of them is no shareable field of this event.
    #[must_use]
    pub fn mask(&self, fields: &[NamedField]) -> Option<FieldMask> {
        fields
            .iter()
            .map(|field| match field {
                NamedField::Standard(field) => Some(Field::Standard(*field)),
                NamedField::Question(id) => self
                    .0
                    .iter()
                    .find(|question| question.row.id == *id)
                    .map(|question| Field::Question(question.bit)),
            })
            .collect()
    }

    /// What a field is called, per language.
    #[must_use]
    pub fn label(&self, field: Field) -> Localized {
        match field {
            Field::Standard(field) => labels::standard(field),
            Field::Question(bit) => self
                .of_bit(bit)
                .map(|question| question.label.clone())
                .unwrap_or_default(),
        }
    }

    /// The choices of those questions that have some, archived ones included: leads may hold them. One statement.
    ///
    /// # Errors
    /// When the database fails or holds something else.
    pub async fn choices(
        &self,
        connection: &impl ConnectionTrait,
        organization: OrganizationId,
    ) -> Result<Vec<(QuestionId, ChoiceId, Localized)>, Fault> {
        let chosen = |question: &&ShareableQuestion| {
            matches!(question.row.kind, QuestionKind::Choice | QuestionKind::MultipleChoice)
        };
        let ids: Vec<QuestionId> = self.0.iter().filter(chosen).map(|question| question.row.id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = question_choice::Entity::find()
            .filter(question_choice::Column::OrganizationId.eq(organization))
            .filter(question_choice::Column::QuestionId.is_in(ids))
            .order_by_asc(question_choice::Column::Position)
            .order_by_asc(question_choice::Column::Id)
            .all(connection)
            .await?;
        rows.into_iter()
            .map(|row| Ok((row.question_id, row.id, Localized::parse(&row.label)?)))
            .collect()
    }
}
