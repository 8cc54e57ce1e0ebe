//! Mutations of ticket types.

use async_graphql::{Context, Enum, ID, InputObject};
use consentry_domain::{OrganizationId, TicketTypeId};

use super::{decode, decode_all, editor, editor_of_part, managed};
use crate::graphql::organizer::ManagedEvent;
use crate::graphql::platform;
use crate::graphql::public::{LocalizedTextInput, localized};
use crate::graphql::scalars::{DateTime, Decimal};
use crate::mutation;
use crate::platform::Refused;
use crate::services::events::parts::{self, TicketTypeTerms};

/// Whether everybody finds a ticket type.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::Visibility")]
pub enum TicketTypeVisibility {
    /// In the public list.
    Public,
    /// Only by its id.
    Hidden,
}

/// What a ticket type is.
#[derive(InputObject)]
pub struct TicketTypeTermsInput {
    /// Its name.
    name: Vec<LocalizedTextInput>,
    /// What it includes.
    description: Option<Vec<LocalizedTextInput>>,
    /// The price of one, in the event's currency.
    price: Decimal,
    /// In percent: `"19.0"`.
    tax_rate: Decimal,
    /// Whether the price holds the tax already.
    price_includes_tax: bool,
    /// When its sale begins.
    available_from: Option<DateTime>,
    /// When its sale ends.
    available_until: Option<DateTime>,
    /// How few of it an order may hold.
    #[graphql(default = 1)]
    min_per_order: i32,
    /// How many.
    #[graphql(default = 10)]
    max_per_order: i32,
    /// Whether everybody finds it.
    visibility: TicketTypeVisibility,
    /// Its place in the list.
    #[graphql(default = 0)]
    position: i32,
    /// The quotas of which its places are taken; without any it never sells out.
    #[graphql(default)]
    quota_ids: Vec<ID>,
}

/// A new ticket type.
#[derive(InputObject)]
pub struct CreateTicketTypeInput {
    /// New for each one, the same when it is sent again.
    idempotency_key: String,
    /// The event.
    event_id: ID,
    /// What it is.
    terms: TicketTypeTermsInput,
}

/// A ticket type as it shall be.
#[derive(InputObject)]
pub struct UpdateTicketTypeInput {
    /// The ticket type.
    ticket_type_id: ID,
    /// Its revision as it was read.
    revision: i64,
    /// What it shall be; what was sold keeps its price.
    terms: TicketTypeTermsInput,
}

/// A ticket type to be taken out of sale.
#[derive(InputObject)]
pub struct ArchiveTicketTypeInput {
    /// The ticket type.
    ticket_type_id: ID,
    /// Its revision as it was read.
    revision: i64,
}

/// A ticket type's place among the others.
#[derive(InputObject)]
pub struct MoveTicketTypeInput {
    /// The ticket type.
    ticket_type_id: ID,
    /// The ticket type before which it shall stand; absent to have it last.
    before_id: Option<ID>,
}

mutation! {
    /// Adds a ticket type to an event.
    CreateTicketType::create_ticket_type(CreateTicketTypeInput) => create;
    CreateTicketTypePayload {
        /// The event with it; absent when it was refused.
        event: ManagedEvent
    }
    CreateTicketTypeUserError, CreateTicketTypeErrorCode {
        Invalid, Required, TooLong, NotFound, WrongState, IdempotencyMismatch
    }
}

mutation! {
    /// Changes a ticket type.
    UpdateTicketType::update_ticket_type(UpdateTicketTypeInput) => update;
    UpdateTicketTypePayload {
        /// The event with it; absent when it was refused.
        event: ManagedEvent
    }
    UpdateTicketTypeUserError, UpdateTicketTypeErrorCode { Invalid, Required, TooLong, NotFound, WrongState, Stale }
}

mutation! {
    /// Takes a ticket type out of sale for good.
    ArchiveTicketType::archive_ticket_type(ArchiveTicketTypeInput) => archive;
    ArchiveTicketTypePayload {
        /// The event; absent when it was refused.
        event: ManagedEvent
    }
    ArchiveTicketTypeUserError, ArchiveTicketTypeErrorCode { NotFound, WrongState, Stale }
}

mutation! {
    /// Has a ticket type before another one in the list, or last. The places of the others are numbered anew.
    MoveTicketType::move_ticket_type(MoveTicketTypeInput) => move_to;
    MoveTicketTypePayload {
        /// The event; absent when it was refused.
        event: ManagedEvent
    }
    MoveTicketTypeUserError, MoveTicketTypeErrorCode { NotFound, WrongState }
}

fn terms(organization: OrganizationId, input: TicketTypeTermsInput) -> Result<TicketTypeTerms, Refused> {
    Ok(TicketTypeTerms {
        name: localized(input.name),
        description: input.description.map(localized),
        price: input.price.0,
        tax_rate: input.tax_rate.0,
        price_includes_tax: input.price_includes_tax,
        available_from: input.available_from.map(|at| at.0),
        available_until: input.available_until.map(|at| at.0),
        min_per_order: input.min_per_order,
        max_per_order: input.max_per_order,
        visibility: input.visibility.into(),
        position: input.position,
        quota_ids: decode_all(organization, "terms.quotaIds", &input.quota_ids)?,
    })
}

async fn create(ctx: &Context<'_>, input: CreateTicketTypeInput) -> Result<ManagedEvent, Refused> {
    let editor = editor(ctx, &input.event_id).await?;
    let terms = terms(editor.organization(), input.terms)?;
    parts::create_ticket_type(platform(ctx), &editor, &input.idempotency_key, &terms).await?;
    managed(ctx, &editor).await
}

async fn update(ctx: &Context<'_>, input: UpdateTicketTypeInput) -> Result<ManagedEvent, Refused> {
    let (editor, id) = editor_of_part::<TicketTypeId>(ctx, "ticketTypeId", &input.ticket_type_id).await?;
    let terms = terms(editor.organization(), input.terms)?;
    parts::update_ticket_type(platform(ctx), &editor, id, input.revision, &terms).await?;
    managed(ctx, &editor).await
}

async fn archive(ctx: &Context<'_>, input: ArchiveTicketTypeInput) -> Result<ManagedEvent, Refused> {
    let (editor, id) = editor_of_part::<TicketTypeId>(ctx, "ticketTypeId", &input.ticket_type_id).await?;
    parts::archive_ticket_type(platform(ctx), &editor, id, input.revision).await?;
    managed(ctx, &editor).await
}

async fn move_to(ctx: &Context<'_>, input: MoveTicketTypeInput) -> Result<ManagedEvent, Refused> {
    let (editor, id) = editor_of_part::<TicketTypeId>(ctx, "ticketTypeId", &input.ticket_type_id).await?;
    let before = input.before_id.as_ref();
    let before = before.map(|id| decode(editor.organization(), "beforeId", id));
    parts::move_ticket_type(platform(ctx), &editor, id, before.transpose()?).await?;
    managed(ctx, &editor).await
}
