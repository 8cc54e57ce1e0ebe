//! A ticket type, as anyone sees it.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};
use consentry_domain::{Instant, TicketTypeId};

use super::{Event, LocalizedText, Question};
use crate::graphql::scalars::{DateTime, Decimal, Locale, Money};
use crate::graphql::{errors, ids, platform};
use crate::services::sales::OnSale;

/// Whether a ticket type can be bought now.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::Availability")]
pub enum Availability {
    /// Yes.
    Available,
    /// Yes; a tenth of the places or less is left.
    FewLeft,
    /// All places are taken.
    SoldOut,
    /// Its time has not come.
    NotYetOnSale,
    /// Its time is over.
    SaleEnded,
}

/// What is sold.
#[derive(Clone)]
pub struct TicketType {
    event: Event,
    on_sale: Arc<OnSale>,
}

impl TicketType {
    /// Its row, for what only staff see.
    pub(crate) fn row(&self) -> &consentry_entity::ticket_type::Model {
        &self.on_sale.row
    }

    pub(super) fn new(event: Event, on_sale: Arc<OnSale>) -> Self {
        Self { event, on_sale }
    }

    /// Its id.
    pub(crate) fn key(&self) -> TicketTypeId {
        self.on_sale.id()
    }

    /// Its name, in the wished language where there is one.
    pub(crate) fn name_in(&self, locale: Option<&str>) -> &str {
        self.event.pick_in(&self.on_sale.name, locale)
    }

    pub(super) fn is(&self, id: TicketTypeId) -> bool {
        self.on_sale.id() == id
    }

    pub(super) fn ticket_type_id(&self) -> TicketTypeId {
        self.on_sale.id()
    }

    pub(super) fn is_listed(&self) -> bool {
        self.on_sale.is_listed()
    }

    pub(super) fn is_archived(&self) -> bool {
        self.on_sale.row.archived_at.is_some()
    }
}

/// What is sold.
#[Object]
impl TicketType {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.on_sale.row.organization_id, self.on_sale.id())
    }
    /// Its name, in the wished language where there is one.
    async fn name(&self, locale: Option<Locale>) -> &str {
        self.name_in(locale.as_ref().map(|locale| locale.0.as_str()))
    }
    /// Its name in every language.
    async fn names(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.on_sale.name)
    }
    /// What it includes.
    async fn description(&self, locale: Option<Locale>) -> Option<&str> {
        let description = self.on_sale.description.as_ref()?;
        Some(self.event.pick(description, locale.as_ref()))
    }
    /// What it includes, in every language in which that is said.
    async fn descriptions(&self) -> Vec<LocalizedText> {
        self.on_sale
            .description
            .as_ref()
            .map(LocalizedText::all)
            .unwrap_or_default()
    }
    /// The price of one.
    async fn price(&self) -> Money {
        self.on_sale.price.into()
    }
    /// In percent: `"19.0"`.
    async fn tax_rate(&self) -> Decimal {
        Decimal(self.on_sale.tax_rate.to_string())
    }
    /// Whether the price has its tax in it; else the tax comes on top.
    async fn price_includes_tax(&self) -> bool {
        self.on_sale.row.price_includes_tax
    }
    /// Whether it can be bought now.
    async fn availability(&self, ctx: &Context<'_>) -> Result<Availability> {
        let now = self.event.batch.now(&platform(ctx).store).await;
        let now = now.map_err(|error| errors::internal(&error.into()))?;
        Ok(self.on_sale.availability(now).into())
    }
    /// From when it is sold; absent where it is sold as soon as the event is published.
    async fn available_from(&self) -> Option<DateTime> {
        self.on_sale.row.available_from.map(|at| Instant(at).into())
    }
    /// Until when it is sold; absent where it is sold until the event's end.
    async fn available_until(&self) -> Option<DateTime> {
        self.on_sale.row.available_until.map(|at| Instant(at).into())
    }
    /// How many an order has at least, if it has any.
    async fn min_per_order(&self) -> i32 {
        self.on_sale.row.min_per_order
    }
    /// How many an order has at most.
    async fn max_per_order(&self) -> i32 {
        self.on_sale.row.max_per_order
    }
    /// What is asked of whoever buys it.
    async fn questions(&self, ctx: &Context<'_>) -> Result<Vec<Question>> {
        let mut questions = self.event.all_questions(ctx).await?;
        questions.retain(|question| question.belongs_to(self));
        Ok(questions)
    }
}
