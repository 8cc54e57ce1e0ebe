//! The documents that the pages about mails run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    MailsOfEvent "src/organizer/mails/of_event.graphql"
    MailsOfOrganization "src/organizer/mails/of_organization.graphql"
    SendAgain "src/organizer/mails/again.graphql"
}
