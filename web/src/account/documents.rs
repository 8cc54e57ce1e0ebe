//! The documents that a signed-in attendee's pages run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    My "src/account/my.graphql"
    MyPlace "src/account/place.graphql"
    UpdateMyPlace "src/account/update.graphql"
    Share "src/account/share.graphql"
    Withdraw "src/account/withdraw.graphql"
    WithdrawAll "src/account/withdraw_all.graphql"
    CancelMyPlace "src/account/cancel.graphql"
    WhoHasMyData "src/account/data.graphql"
    TakeMyData "src/account/export.graphql"
    ForgetMe "src/account/erase.graphql"
    Complained "src/account/complained.graphql"
    MyComplaints "src/account/complaints.graphql"
    Complain "src/account/complain.graphql"
    MySessions "src/account/sessions.graphql"
    LeaveSession "src/account/sign_out.graphql"
    AskForLink "src/account/sign_in.graphql"
    EnterWithPassword "src/account/sign_in_with_password.graphql"
    MySecurity "src/account/security.graphql"
    PrepareAuthenticator "src/account/prepare_authenticator.graphql"
    ConfirmAuthenticator "src/account/confirm_authenticator.graphql"
    SetPassword "src/account/set_password.graphql"
    RenewRecoveryCodes "src/account/renew_recovery_codes.graphql"
    RemoveAuthenticator "src/account/remove_authenticator.graphql"
}
