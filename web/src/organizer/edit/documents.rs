//! The documents that these pages run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

macro_rules! documents {
    ($($name:ident $path:tt)*) => {$(
        #[derive(GraphQLQuery)]
        #[graphql(
            schema_path = "../schema.graphql",
            query_path = $path,
            response_derives = "Debug, Clone, PartialEq",
            variables_derives = "Debug"
        )]
        pub(super) struct $name;
    )*};
}

documents! {
    EditedEvent "src/organizer/edit/edited.graphql"
    Owning "src/organizer/edit/owning.graphql"
    MakeEvent "src/organizer/edit/create.graphql"
    ChangeEvent "src/organizer/edit/change.graphql"
    AddDocument "src/organizer/edit/add_document.graphql"
    AddTicket "src/organizer/edit/add_ticket.graphql"
    ChangeTicket "src/organizer/edit/change_ticket.graphql"
    ArchiveTicket "src/organizer/edit/archive_ticket.graphql"
    AddQuota "src/organizer/edit/add_quota.graphql"
    ChangeQuota "src/organizer/edit/change_quota.graphql"
    CancelEvent "src/organizer/edit/cancel.graphql"
    CloseEvent "src/organizer/edit/close.graphql"
    ArchiveEvent "src/organizer/edit/archive.graphql"
}
