//! The documents that these pages run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    Memberships "src/portal/documents/memberships.graphql"
    Places "src/portal/documents/places.graphql"
    Leads "src/portal/documents/leads.graphql"
    Take "src/portal/documents/take.graphql"
}
