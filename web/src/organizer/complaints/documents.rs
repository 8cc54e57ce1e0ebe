//! The documents that the pages about complaints run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    ComplaintsPage "src/organizer/complaints/list.graphql"
    ComplaintPage "src/organizer/complaints/one.graphql"
    Reply "src/organizer/complaints/answer.graphql"
}
