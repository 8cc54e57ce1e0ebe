//! The documents that the registration runs, typed from the schema.

use graphql_client::GraphQLQuery;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ask::Ask;
use crate::frame::name_of;
use crate::scalars::*;
use crate::trouble::Trouble;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "src/registration/form.graphql",
    response_derives = "Debug, Clone, PartialEq",
    variables_derives = "Debug"
)]
struct RegistrationForm;

/// The same of an event that the public does not see yet, for those who make it.
#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "src/registration/form.graphql",
    response_derives = "Debug, Clone, PartialEq, Serialize",
    variables_derives = "Debug"
)]
struct RehearsalForm;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "src/registration/quote.graphql",
    response_derives = "Debug",
    variables_derives = "Debug"
)]
struct RegistrationQuote;

/// The same of an event that the public does not see yet.
#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "src/registration/quote.graphql",
    response_derives = "Debug, Serialize",
    variables_derives = "Debug"
)]
struct RehearsalQuote;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "src/registration/register.graphql",
    response_derives = "Debug",
    variables_derives = "Debug"
)]
pub(super) struct Register;

pub(super) use registration_form::{
    FormEvent as Event, FormEventDocuments as Document, FormEventPartners as Partner, FormEventPartnersOffers as Offer,
    FormEventPartnersOffersFields as OfferedField, FormEventTicketTypes as TicketType,
    FormEventTicketTypesQuestions as Question,
};
pub(super) use registration_quote::{Quoted, QuotedProblems};

/// The event of this address, with all that its form needs.
pub(super) async fn find(ask: &Ask) -> Result<Event, Trouble> {
    let variables = registration_form::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<RegistrationForm>(variables).await?;
    found.event.ok_or(Trouble::NotFound)
}

/// The same of an event in whatever state, for those who make it. Everything is on sale, as it will be one day.
pub(super) async fn find_for_rehearsal(ask: &Ask) -> Result<Event, Trouble> {
    let variables = rehearsal_form::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<RehearsalForm>(variables).await?;
    let found = found.organization.and_then(|organization| organization.event);
    let mut event: Event = retyped(&found.ok_or(Trouble::NotFound)?.event)?;
    for ticket in &mut event.ticket_types {
        ticket.availability = registration_form::Availability::AVAILABLE;
    }
    Ok(event)
}

/// What the chosen ticket types cost, so many of each.
pub(super) async fn quote(ask: &Ask, event: &Event, chosen: Vec<(String, i64)>) -> Result<Quoted, Trouble> {
    let item = |(ticket_type_id, quantity)| registration_quote::QuoteItemInput {
        quantity,
        ticket_type_id,
    };
    let input = registration_quote::QuoteInput {
        event_id: event.id.clone(),
        items: chosen.into_iter().map(item).collect(),
    };
    let variables = registration_quote::Variables { input };
    let found = ask.visitor.ask::<RegistrationQuote>(variables).await?;
    found.quote.ok_or(Trouble::NotFound)
}

/// The same at an event in whatever state, for those who make it. That something is not on sale is not said.
pub(super) async fn quote_for_rehearsal(ask: &Ask, chosen: Vec<(String, i64)>) -> Result<Quoted, Trouble> {
    let item = |(ticket_type_id, quantity)| rehearsal_quote::QuoteItemInput {
        quantity,
        ticket_type_id,
    };
    let variables = rehearsal_quote::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        items: chosen.into_iter().map(item).collect(),
    };
    let found = ask.visitor.ask::<RehearsalQuote>(variables).await?;
    let found = found.organization.and_then(|organization| organization.event);
    let found = found.and_then(|event| event.quote);
    let mut quoted: Quoted = retyped(&found.ok_or(Trouble::NotFound)?)?;
    let is_said = |problem: &QuotedProblems| !matches!(name_of(&problem.code).as_str(), "SOLD_OUT" | "NOT_ON_SALE");
    quoted.problems.retain(is_said);
    Ok(quoted)
}

/// The same in the types of another document: both have the one fragment, and each has Rust types of its own for it.
fn retyped<T: DeserializeOwned>(found: &impl Serialize) -> Result<T, Trouble> {
    let value = serde_json::to_value(found).and_then(serde_json::from_value);
    value.map_err(|_| Trouble::Ours)
}
