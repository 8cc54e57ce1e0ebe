//! A question of an event's form, as anyone sees it.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};
use consentry_domain::{AnswerValue, QuestionId, TicketTypeId};

use super::{Event, EventPartner, LocalizedText, TicketType};
use crate::graphql::ids;
use crate::graphql::scalars::Locale;
use crate::services::sales;

/// What kind of answer a question wants.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::QuestionKind")]
pub enum QuestionKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A decimal number: `12`, `-0.5`.
    Number,
    /// One of its choices.
    Choice,
    /// Any of its choices.
    MultipleChoice,
    /// `true` or `false`.
    YesNo,
    /// A day: `2027-03-01`.
    Date,
    /// ISO 3166-1 alpha-2.
    Country,
    /// A telephone number.
    Phone,
    /// An http or https address.
    Url,
}

/// A question of an event's form.
#[derive(Clone)]
pub struct Question {
    event: Event,
    question: Arc<sales::Question>,
}

impl Question {
    /// Its row, for what only staff see.
    pub(crate) fn row(&self) -> &consentry_entity::question::Model {
        &self.question.row
    }

    pub(super) fn new(event: Event, question: Arc<sales::Question>) -> Self {
        Self { event, question }
    }

    /// An answer in words: of choices their labels.
    pub(crate) fn words(&self, value: &AnswerValue, locale: Option<&Locale>) -> Vec<String> {
        let choices = &self.question.choices;
        let word = |text: &String| {
            let choice = choices.iter().find(|choice| choice.id.to_string() == *text);
            choice.map_or_else(
                || text.clone(),
                |choice| self.event.pick(&choice.label, locale).to_owned(),
            )
        };
        value.0.iter().map(word).collect()
    }

    /// The ticket types whose buyers alone are asked; none means everybody.
    pub(crate) fn asked_with(&self) -> &[TicketTypeId] {
        self.question.ticket_types()
    }

    pub(crate) fn is(&self, id: QuestionId) -> bool {
        self.question.row.id == id
    }

    pub(super) fn belongs_to(&self, ticket_type: &TicketType) -> bool {
        self.question.belongs_to(ticket_type.ticket_type_id())
    }
}

/// A question of an event's form.
#[Object]
impl Question {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.question.row.organization_id, self.question.row.id)
    }
    /// What kind of answer it wants.
    async fn kind(&self) -> QuestionKind {
        self.question.row.kind.into()
    }
    /// Its words, in the wished language where there is one.
    async fn label(&self, locale: Option<Locale>) -> &str {
        self.event.pick(&self.question.label, locale.as_ref())
    }
    /// Its words in every language.
    async fn labels(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.question.label)
    }
    /// More words.
    async fn help(&self, locale: Option<Locale>) -> Option<&str> {
        let help = self.question.help.as_ref()?;
        Some(self.event.pick(help, locale.as_ref()))
    }
    /// More words, in every language in which there are some.
    async fn helps(&self) -> Vec<LocalizedText> {
        self.question.help.as_ref().map(LocalizedText::all).unwrap_or_default()
    }
    /// Whether it must be answered.
    async fn required(&self) -> bool {
        self.question.row.required
    }
    /// What can be chosen.
    async fn choices(&self) -> Vec<Choice> {
        (0..self.question.choices.len())
            .map(|index| Choice {
                event: self.event.clone(),
                question: self.question.clone(),
                index,
            })
            .collect()
    }
    /// The listed ticket types whose buyers are asked.
    async fn ticket_types(&self, ctx: &Context<'_>) -> Result<Vec<TicketType>> {
        let mut all = self.event.all_ticket_types(ctx).await?;
        all.retain(|ticket_type| ticket_type.is_listed() && self.belongs_to(ticket_type));
        Ok(all)
    }
    /// Whether an attendee may allow a partner to have the answer.
    async fn shareable(&self) -> bool {
        self.question.row.shareable
    }
    /// The partner that asks it, where it is a partner's own question.
    async fn asked_by(&self, ctx: &Context<'_>) -> Result<Option<EventPartner>> {
        match self.question.row.event_partner_id {
            Some(id) => self.event.find_partner(ctx, id).await,
            None => Ok(None),
        }
    }
    /// What the answer is for.
    async fn purpose(&self, locale: Option<Locale>) -> &str {
        self.event.pick(&self.question.purpose, locale.as_ref())
    }
    /// What the answer is for, in every language.
    async fn purposes(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.question.purpose)
    }
    /// For how many days after the event the answer is kept; absent where it is kept as long as the registration.
    async fn retention_days(&self) -> Option<i32> {
        self.question.row.retention_days
    }
}

/// One thing to choose.
#[derive(Clone)]
pub struct Choice {
    event: Event,
    question: Arc<sales::Question>,
    index: usize,
}

/// One thing to choose.
#[Object]
impl Choice {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.question.row.organization_id, self.question.choices[self.index].id)
    }
    /// Its words, in the wished language where there is one.
    async fn label(&self, locale: Option<Locale>) -> &str {
        self.event
            .pick(&self.question.choices[self.index].label, locale.as_ref())
    }
    /// Its words in every language.
    async fn labels(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.question.choices[self.index].label)
    }
}
