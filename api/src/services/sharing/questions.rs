//! The shareable questions of an event: which bit of a mask means which.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use consentry_domain::fields::{FIRST_QUESTION_BIT, LAST_QUESTION_BIT};
use consentry_domain::{
    AttendeeField, ChoiceId, EventId, EventPartnerId, Field, FieldMask, OrganizationId, QuestionId, QuestionKind,
    Sensitivity,
};
use consentry_entity::{event, question, question_choice};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::labels;
use super::offers::EventKey;
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Fault, Refused};
use crate::services::Localized;

/// A field as a client names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
        let key = (organization, event);
        Ok(Self::of_events(connection, &[key])
            .await?
            .remove(&key)
            .unwrap_or_default())
    }

    /// Those of each event, by bit. One statement.
    ///
    /// # Errors
    /// When the database fails or holds something else.
    pub async fn of_events(
        connection: &impl ConnectionTrait,
        events: &[EventKey],
    ) -> Result<HashMap<EventKey, Self>, Fault> {
        let organizations: BTreeSet<OrganizationId> = events.iter().map(|(organization, _)| *organization).collect();
        let rows = question::Entity::find()
            .filter(question::Column::OrganizationId.is_in(organizations))
            .filter(question::Column::EventId.is_in(events.iter().map(|(_, event)| *event)))
            .filter(question::Column::Bit.is_not_null())
            .order_by_asc(question::Column::Bit)
            .all(connection)
            .await?;
        let mut by_event: HashMap<EventKey, Self> = HashMap::new();
        for row in rows {
            let bit = row.bit.and_then(|bit| u8::try_from(bit).ok());
            let bit = bit.ok_or_else(|| Fault::Corrupt("a shareable question's bit".into()))?;
            let label = Localized::parse(&row.label)?;
            by_event
                .entry((row.organization_id, row.event_id))
                .or_default()
                .0
                .push(ShareableQuestion { row, bit, label });
        }
        Ok(by_event)
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

/// The questions of one event whose answers offers can ask for, or asked for once; a bit only where an offer named them.
#[derive(Clone, Debug, Default)]
pub struct Askable(pub Vec<AskableQuestion>);

/// A question whose answers can be asked for.
#[derive(Clone, Debug)]
pub struct AskableQuestion {
    /// Its row.
    pub row: question::Model,
    /// Its words, per language.
    pub label: Localized,
}

impl Askable {
    /// Those of an event, in the order of the form. One statement.
    ///
    /// # Errors
    /// When the database fails or holds something else.
    pub async fn of_event(
        connection: &impl ConnectionTrait,
        organization: OrganizationId,
        event: EventId,
    ) -> Result<Arc<Self>, Fault> {
        let mut all = Self::of_events(connection, &[(organization, event)]).await?;
        Ok(all.remove(&event).unwrap_or_default())
    }

    /// Those of each event of one organization. One statement.
    ///
    /// # Errors
    /// When the database fails or holds something else.
    pub async fn of_events(
        connection: &impl ConnectionTrait,
        events: &[EventKey],
    ) -> Result<HashMap<EventId, Arc<Self>>, Fault> {
        let rows = question::Entity::find()
            .filter(question::Column::OrganizationId.is_in(events.iter().map(|(organization, _)| *organization)))
            .filter(question::Column::EventId.is_in(events.iter().map(|(_, event)| *event)))
            .filter(question::Column::Shareable.eq(true))
            .order_by_asc(question::Column::Position)
            .order_by_asc(question::Column::Id)
            .all(connection)
            .await?;
        let mut all: HashMap<EventId, Self> = HashMap::new();
        for row in rows {
            let label = Localized::parse(&row.label)?;
            all.entry(row.event_id)
                .or_default()
                .0
                .push(AskableQuestion { row, label });
        }
        Ok(all.into_iter().map(|(event, one)| (event, Arc::new(one))).collect())
    }

    /// Those that this place can ask the answers of now.
    pub fn of_place(&self, place: EventPartnerId) -> impl Iterator<Item = &AskableQuestion> {
        self.0.iter().filter(move |question| {
            let row = &question.row;
            row.archived_at.is_none()
                && row.sensitivity == Sensitivity::Ordinary
                && row.event_partner_id.is_none_or(|its| its == place)
        })
    }

    /// The question of this id.
    #[must_use]
    pub fn by_id(&self, id: QuestionId) -> Option<&AskableQuestion> {
        self.0.iter().find(|question| question.row.id == id)
    }

    /// The question of this bit.
    #[must_use]
    pub fn of_bit(&self, bit: u8) -> Option<&AskableQuestion> {
        self.0.iter().find(|question| question.row.bit == Some(i32::from(bit)))
    }
}

/// The mask of the fields that a version of an offer names. A question that is named for the first time gets its bit
/// here; from then on its meaning is fixed (see [`is_fixed`]). The bit is never given to another question.
///
/// # Errors
/// `NOT_FOUND` for a question of another event or another partner's own, `NOT_SHAREABLE` for one that must not be shared.
pub async fn offered(
    tx: &Tx,
    organization: OrganizationId,
    event: EventId,
    partner: EventPartnerId,
    fields: &[NamedField],
) -> Result<FieldMask, Refused> {
    let mut mask = FieldMask::EMPTY;
    let mut named = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        match field {
            NamedField::Standard(field) => mask = mask.union(FieldMask::standard(*field)),
            NamedField::Question(id) => named.push((at, *id)),
        }
    }
    if named.is_empty() {
        return Ok(mask);
    }
    // One at a time gives out an event's bits. Registrations go on: they do not need the event's row for themselves.
    event::Entity::find_by_id((organization, event))
        .lock(LockType::NoKeyUpdate)
        .one(tx)
        .await?;
    let questions = question::Entity::find()
        .filter(question::Column::OrganizationId.eq(organization))
        .filter(question::Column::EventId.eq(event))
        .all(tx)
        .await?;
    let given = questions.iter().filter_map(|question| question.bit).max();
    let mut next = given.map_or(i32::from(FIRST_QUESTION_BIT), |last| last + 1);
    let mut new = BTreeMap::new();
    for (at, id) in named {
        let path = format!("fields.{at}.questionId");
        let question = questions
            .iter()
            .find(|question| question.id == id && question.archived_at.is_none());
        let question = question.filter(|question| question.event_partner_id.is_none_or(|its| its == partner));
        let question = question.ok_or_else(|| Refused::not_found(&path))?;
        if !question.shareable || question.sensitivity != Sensitivity::Ordinary {
            let message = "Answers to this question are never shared.";
            return Err(Refused::because(&path, Code::NotShareable, message));
        }
        let bit = question.bit.or_else(|| new.get(&id).copied()).unwrap_or(next);
        if question.bit.is_none() && new.insert(id, bit).is_none() {
            if bit > i32::from(LAST_QUESTION_BIT) {
                let message = "No more questions of this event can be shared: all places for them are used.";
                return Err(Refused::because(&path, Code::LimitExceeded, message));
            }
            next += 1;
        }
        let bit = u8::try_from(bit).ok().and_then(Field::from_bit);
        mask = mask.union(FieldMask::of(
            bit.ok_or_else(|| Fault::Corrupt("a shareable question's bit".into()))?,
        ));
    }
    for (id, bit) in new {
        let text = "update question set bit = $3, revision = revision + 1 where organization_id = $1 and id = $2 and bit is null";
        sql::execute(tx, text, [organization.into(), id.into(), bit.into()]).await?;
    }
    Ok(mask)
}

/// Whether a question's meaning is fixed, because an offer has named it: its kind, words, choices, sensitivity and
/// shareability can no longer change, and it can be archived but not removed.
#[must_use]
pub fn is_fixed(question: &question::Model) -> bool {
    question.bit.is_some()
}
