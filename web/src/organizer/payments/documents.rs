//! The documents that the pages about payments run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "src/organizer/payments/accounts.graphql",
    response_derives = "Debug, Clone, PartialEq",
    variables_derives = "Debug"
)]
pub(super) struct Accounts;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "src/organizer/payments/set.graphql",
    response_derives = "Debug, Clone, PartialEq",
    variables_derives = "Debug"
)]
pub(super) struct SetAccount;
