//! The documents that the pages about partners run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    Add "src/organizer/partners/documents/add.graphql"
    Approve "src/organizer/partners/documents/approve.graphql"
    AtEvent "src/organizer/partners/documents/at_event.graphql"
    ChangeMember "src/organizer/partners/documents/change_member.graphql"
    Change "src/organizer/partners/documents/change.graphql"
    Companies "src/organizer/partners/documents/companies.graphql"
    Create "src/organizer/partners/documents/create.graphql"
    Issue "src/organizer/partners/documents/issue.graphql"
    Reject "src/organizer/partners/documents/reject.graphql"
    Request "src/organizer/partners/documents/request.graphql"
    Revise "src/organizer/partners/documents/revise.graphql"
    Revoke "src/organizer/partners/documents/revoke.graphql"
    Update "src/organizer/partners/documents/update.graphql"
    Withdraw "src/organizer/partners/documents/withdraw.graphql"
    Invite "src/organizer/partners/documents/invite.graphql"
    Remove "src/organizer/partners/documents/remove.graphql"
    Staff "src/organizer/partners/documents/staff.graphql"
}
