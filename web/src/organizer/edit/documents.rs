//! The documents that these pages run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    EditedEvent "src/organizer/edit/edited.graphql"
    EditedAgenda "src/organizer/edit/agenda.graphql"
    EditedSession "src/organizer/edit/session.graphql"
    EditedSpeakers "src/organizer/edit/speakers.graphql"
    EditedSpeaker "src/organizer/edit/speaker.graphql"
    EditedQuestions "src/organizer/edit/questions.graphql"
    Owning "src/organizer/edit/owning.graphql"
    MakeEvent "src/organizer/edit/create.graphql"
    CopyEvent "src/organizer/edit/copy.graphql"
    ChangeEvent "src/organizer/edit/change.graphql"
    AddDocument "src/organizer/edit/add_document.graphql"
    AddTicket "src/organizer/edit/add_ticket.graphql"
    ChangeTicket "src/organizer/edit/change_ticket.graphql"
    ArchiveTicket "src/organizer/edit/archive_ticket.graphql"
    MoveTicket "src/organizer/edit/move_ticket.graphql"
    AddQuota "src/organizer/edit/add_quota.graphql"
    ChangeQuota "src/organizer/edit/change_quota.graphql"
    AddSession "src/organizer/edit/add_session.graphql"
    ChangeSession "src/organizer/edit/change_session.graphql"
    RemoveSession "src/organizer/edit/remove_session.graphql"
    AddSpeaker "src/organizer/edit/add_speaker.graphql"
    ChangeSpeaker "src/organizer/edit/change_speaker.graphql"
    RemoveSpeaker "src/organizer/edit/remove_speaker.graphql"
    AddQuestion "src/organizer/edit/add_question.graphql"
    ChangeQuestion "src/organizer/edit/change_question.graphql"
    ArchiveQuestion "src/organizer/edit/archive_question.graphql"
    MoveQuestion "src/organizer/edit/move_question.graphql"
    CancelEvent "src/organizer/edit/cancel.graphql"
    EventStanding "src/organizer/edit/standing.graphql"
    CancelledEvent "src/organizer/edit/cancellation.graphql"
    CloseEvent "src/organizer/edit/close.graphql"
    ArchiveEvent "src/organizer/edit/archive.graphql"
}
