//! The documents that the registration runs, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::ask::Ask;
use crate::scalars::*;
use crate::trouble::Trouble;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "src/registration/form.graphql",
    response_derives = "Debug, Clone, PartialEq",
    variables_derives = "Debug"
)]
pub(super) struct RegistrationForm;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "src/registration/quote.graphql",
    response_derives = "Debug",
    variables_derives = "Debug"
)]
pub(super) struct RegistrationQuote;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "src/registration/register.graphql",
    response_derives = "Debug",
    variables_derives = "Debug"
)]
pub(super) struct Register;

pub(super) use registration_form::{
    RegistrationFormEvent as Event, RegistrationFormEventDocuments as Document,
    RegistrationFormEventPartners as Partner, RegistrationFormEventPartnersOffers as Offer,
    RegistrationFormEventPartnersOffersFields as OfferedField, RegistrationFormEventTicketTypes as TicketType,
    RegistrationFormEventTicketTypesQuestions as Question,
};

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
