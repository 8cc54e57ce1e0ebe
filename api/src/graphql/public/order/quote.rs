//! `quote`: what an order would cost, and why it would be refused. Nothing is reserved.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use consentry_domain::{EventId, TicketTypeId, price};

use crate::graphql::public::{Event, TicketType};
use crate::graphql::scalars::Money;
use crate::graphql::{errors, ids, platform};
use crate::platform::Refused;
use crate::services::events::Audience;
use crate::services::sales::{self, EventKey, Form, Wanted};
use crate::user_errors;

/// What somebody wants to buy.
#[derive(InputObject)]
pub struct QuoteInput {
    /// At this event.
    event_id: ID,
    /// These ticket types.
    items: Vec<QuoteItemInput>,
}

/// So many of a ticket type.
#[derive(InputObject)]
pub struct QuoteItemInput {
    /// The ticket type.
    ticket_type_id: ID,
    /// How many.
    quantity: i32,
}

user_errors! {
    /// Why an order of this would be refused.
    QuoteProblem, QuoteProblemCode { Invalid, Required, NotFound, SoldOut, NotOnSale, LimitExceeded }
}

/// What an order would cost.
#[derive(SimpleObject)]
pub struct Quote {
    /// One line for each ticket type. Tax is rounded per line.
    lines: Vec<QuoteLine>,
    /// Without tax.
    net: Money,
    /// The tax.
    tax: Money,
    /// What is to be paid: the sum of the lines.
    total: Money,
    /// Why it would be refused; none where it would be accepted at this moment.
    problems: Vec<QuoteProblem>,
}

/// What one ticket type costs.
#[derive(SimpleObject)]
pub struct QuoteLine {
    /// The ticket type.
    ticket_type: TicketType,
    /// How many.
    quantity: i32,
    /// Without tax.
    net: Money,
    /// The tax.
    tax: Money,
    /// What is paid.
    gross: Money,
}

/// The query.
#[derive(Default)]
pub struct QuoteQuery;

#[Object]
impl QuoteQuery {
    /// What an order would cost; absent where there is no such event.
    async fn quote(&self, ctx: &Context<'_>, input: QuoteInput) -> Result<Option<Quote>> {
        match ids::decode::<EventId>(&input.event_id) {
            Some(event) => quoted(ctx, Audience::Public, event, &input.items).await,
            None => Ok(None),
        }
    }
}

/// What these would cost at an event; absent where this audience does not see it.
///
/// # Errors
/// When the database fails.
pub(in crate::graphql) async fn quoted(
    ctx: &Context<'_>,
    audience: Audience,
    (organization, event): EventKey,
    items: &[QuoteItemInput],
) -> Result<Option<Quote>> {
    let store = &platform(ctx).store;
    let Some(form) = errors::absent(Form::load_as(store, audience, organization, event).await)? else {
        return Ok(None);
    };
    let item = |(index, item): (usize, &QuoteItemInput)| Wanted {
        ticket_type: ids::own::<TicketTypeId>(organization, &item.ticket_type_id),
        quantity: item.quantity.into(),
        field: format!("items.{index}"),
    };
    let wanted: Vec<Wanted> = items.iter().enumerate().map(item).collect();
    let (cart, problems) = match sales::quote(&form, &wanted) {
        Ok(quote) => quote,
        Err(Refused::Fault(fault)) => return Err(errors::internal(&fault)),
        Err(_) => return Ok(None),
    };
    let event = Event::new(form.event, form.organization).map_err(|fault| errors::internal(&fault))?;
    let price::Line { net, tax, gross } = cart.total;
    let line = |line: sales::CartLine| QuoteLine {
        ticket_type: TicketType::new(event.clone(), line.on_sale),
        quantity: i32::try_from(line.quantity).unwrap_or(i32::MAX),
        net: line.price.net.into(),
        tax: line.price.tax.into(),
        gross: line.price.gross.into(),
    };
    Ok(Some(Quote {
        lines: cart.lines.into_iter().map(line).collect(),
        net: net.into(),
        tax: tax.into(),
        total: gross.into(),
        problems: problems.into_iter().map(Into::into).collect(),
    }))
}
