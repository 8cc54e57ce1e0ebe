//! The documents that the pages about the team run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    Team "src/organizer/team/team.graphql"
    Places "src/organizer/team/places.graphql"
    Invite "src/organizer/team/invite.graphql"
    Change "src/organizer/team/change.graphql"
    Remove "src/organizer/team/remove.graphql"
}
