//! What staff do about orders, places, lists and the team.

use serde_json::json;

use super::public::answers;
use super::{Operation, mutation};
use crate::world::Schema;

/// Mails that were not sent a moment ago.
const RESTED: &str =
    "update mail set created_at = created_at - 7200000000 where organization_id = $1 and event_id = $2";

pub(super) fn operations(schema: &Schema) -> Vec<Operation> {
    let of_place = |name| mutation(schema, name, json!({ "registrationId": "{registration}" }));
    vec![
        mutation(
            schema,
            "checkIn",
            json!({ "idempotencyKey": "{new}", "eventId": "{event}", "code": "{checkInCode}" }),
        )
        .within("event"),
        mutation(schema, "undoCheckIn", json!({ "checkInId": "{checkIn}" })),
        mutation(
            schema,
            "addDoorDevice",
            json!({ "idempotencyKey": "{new}", "eventId": "{event}", "name": "Tablet", "list": "dinner" }),
        )
        .within("event"),
        mutation(schema, "renewDoorDeviceLink", json!({ "deviceId": "{doorDevice}" })),
        mutation(schema, "removeDoorDevice", json!({ "deviceId": "{doorDevice}" })),
        mutation(
            schema,
            "markOrderPaid",
            json!({ "idempotencyKey": "{new}", "orderId": "{order}" }),
        ),
        mutation(schema, "settleRefund", json!({ "paymentId": "{payment}" })),
        mutation(schema, "cancelOrder", json!({ "orderId": "{order}" })),
        of_place("cancelRegistrationAsStaff"),
        mutation(
            schema,
            "correctRegistration",
            json!({ "registrationId": "{registration}", "revision": 1, "jobTitle": "Admiral", "answers": answers() }),
        )
        .within("registration"),
        of_place("restrictPerson"),
        of_place("liftRestriction"),
        of_place("quarantineRegistration"),
        of_place("liftQuarantine"),
        of_place("exportPersonData"),
        mutation(
            schema,
            "erasePerson",
            json!({ "registrationId": "{unpaidRegistration}" }),
        )
        .once(),
        mutation(
            schema,
            "answerComplaint",
            json!({ "complaintId": "{complaint}", "revision": 1, "answer": "We have told them to stop." }),
        ),
        mutation(
            schema,
            "resendMail",
            json!({ "idempotencyKey": "{new}", "mailId": "{mail}" }),
        )
        .after(RESTED),
        mutation(
            schema,
            "exportRoster",
            json!({ "idempotencyKey": "{new}", "eventId": "{event}", "purpose": "Badges",
                "filter": { "ticketTypeId": "{ticketType}" } }),
        )
        .within("event"),
        mutation(
            schema,
            "saveRosterView",
            json!({ "eventId": "{event}", "name": "Speakers", "words": "ada", "query": "status=CONFIRMED" }),
        )
        .within("event"),
        mutation(
            schema,
            "removeRosterView",
            json!({ "eventId": "{event}", "name": "Speakers" }),
        )
        .within("event"),
        mutation(
            schema,
            "setProviderAccount",
            json!({ "organizationId": "{organization}", "bankTransfer": {
                "accountHolder": "Ours e.V.", "iban": "DE89 3704 0044 0532 0130 00" } }),
        ),
        mutation(
            schema,
            "updateOrganization",
            json!({ "organizationId": "{organization}", "revision": 1, "dataProtectionContact": "privacy@ours.example" }),
        ),
        mutation(
            schema,
            "inviteTeamMember",
            json!({ "idempotencyKey": "{new}", "organizationId": "{organization}", "email": "{new}@staff.example",
                "role": "VIEWER", "eventId": "{event}" }),
        ),
        mutation(
            schema,
            "updateTeamMember",
            json!({ "teamMemberId": "{teamMember}", "revision": 1, "role": "CHECK_IN" }),
        ),
        mutation(schema, "removeTeamMember", json!({ "teamMemberId": "{teamMember}" })),
    ]
}
