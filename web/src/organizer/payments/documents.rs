//! The documents that the pages about payments run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    Accounts "src/organizer/payments/accounts.graphql"
    SetAccount "src/organizer/payments/set.graphql"
}
