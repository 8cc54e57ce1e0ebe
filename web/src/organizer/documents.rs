//! The documents that organizers' pages run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    Teams "src/organizer/teams.graphql"
    ManagedEvents "src/organizer/events.graphql"
    Dashboard "src/organizer/dashboard.graphql"
    Publish "src/organizer/publish.graphql"
    BadgesPage "src/organizer/badges.graphql"
    BadgePage "src/organizer/badge.graphql"
    RosterPage "src/organizer/roster/page.graphql"
    SaveRosterView "src/organizer/roster/save_view.graphql"
    RemoveRosterView "src/organizer/roster/remove_view.graphql"
    TakeRoster "src/organizer/export.graphql"
    TakenList "src/organizer/roster/taken.graphql"
    OrdersPage "src/organizer/orders.graphql"
    OrderPage "src/organizer/order.graphql"
    MarkPaid "src/organizer/mark_paid.graphql"
    SettleRefund "src/organizer/settle_refund.graphql"
    CancelWholeOrder "src/organizer/cancel_order.graphql"
    Door "src/organizer/door.graphql"
    OwnDoor "src/organizer/own_door.graphql"
    LeaveDoor "src/organizer/leave_door.graphql"
    DoorEvent "src/organizer/door_event.graphql"
    DoorList "src/organizer/door_snapshot.graphql"
    OwnDoorList "src/organizer/own_door_snapshot.graphql"
    Admit "src/organizer/check_in.graphql"
    UndoAdmission "src/organizer/undo_check_in.graphql"
}
