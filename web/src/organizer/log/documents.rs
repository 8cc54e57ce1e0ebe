//! The document that the page of the audit log runs, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    AuditLog "src/organizer/log/log.graphql"
}
