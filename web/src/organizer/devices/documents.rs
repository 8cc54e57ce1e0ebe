//! The documents that the pages of devices run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    Devices "src/organizer/devices/list.graphql"
    AddDevice "src/organizer/devices/add.graphql"
    RenewDevice "src/organizer/devices/renew.graphql"
    RemoveDevice "src/organizer/devices/remove.graphql"
}
