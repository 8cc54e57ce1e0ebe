//! The documents that pages of links run, typed from the schema.

use graphql_client::GraphQLQuery;

use crate::scalars::*;

documents! {
    ClaimPartnerToken "src/links/documents/claim_partner_token.graphql"
    ConfirmAddressChange "src/links/documents/confirm_address_change.graphql"
    ConfirmEmail "src/links/documents/confirm_email.graphql"
    DecideAfterOrdering "src/links/documents/decide_after_ordering.graphql"
    DecideAsGuardian "src/links/documents/decide_as_guardian.graphql"
    EmailConfirmation "src/links/documents/email_confirmation.graphql"
    GuardianRequest "src/links/documents/guardian_request.graphql"
    JoinWebinar "src/links/documents/join_webinar.graphql"
    LinkedDoor "src/links/documents/linked_door.graphql"
    LinkedOrder "src/links/documents/linked_order.graphql"
    LinkedOrderOffers "src/links/documents/linked_order_offers.graphql"
    LinkedWebinar "src/links/documents/linked_webinar.graphql"
    OwnPlace "src/links/documents/own_place.graphql"
    RedeemDoorDevice "src/links/documents/redeem_door_device.graphql"
    RedeemSignInLink "src/links/documents/redeem_sign_in_link.graphql"
    StartPayment "src/links/documents/start_payment.graphql"
}
