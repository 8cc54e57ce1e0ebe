//! The documents that these pages run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    OwnPlaces "src/portal/asks/documents/own_places.graphql"
    OwnPlace "src/portal/asks/documents/own_place.graphql"
    OwnTokens "src/portal/asks/documents/own_tokens.graphql"
    Draft "src/portal/asks/documents/draft.graphql"
    Discard "src/portal/asks/documents/discard.graphql"
    AskForApproval "src/portal/asks/documents/ask.graphql"
    TakeBack "src/portal/asks/documents/take_back.graphql"
    Issue "src/portal/asks/documents/issue.graphql"
    Revoke "src/portal/asks/documents/revoke.graphql"
}
