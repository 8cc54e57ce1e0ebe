//! The documents that the page about the organization itself runs, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    Settings "src/organizer/settings/settings.graphql"
    UpdateSettings "src/organizer/settings/update.graphql"
}
