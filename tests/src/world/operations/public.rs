//! What anyone does.

use serde_json::{Value, json};

use super::{Operation, mutation};
use crate::world::Schema;

/// A decision about the stage's offer.
pub(super) fn grant() -> Value {
    json!({ "offerId": "{offer}", "offerVersion": 1, "decision": "GRANT", "fields": [{ "field": "EMAIL" }] })
}

/// An answer to its question of choice.
pub(super) fn answers() -> Value {
    json!([{ "questionId": "{question}", "value": "An answer" },
        { "questionId": "{choiceQuestion}", "choiceIds": ["{choice}"] }])
}

/// Lets the authenticator count that waits for its first code.
pub(super) const CONFIRMED: &str = "update credential set expires_at = null where kind = 'TOTP' \
    and exists (select 1 from event where organization_id = $1 and id = $2)";

/// An event that takes place in a room on the network, and has begun.
pub(super) const WEBINAR: &str = "update event set kind = 'WEBINAR', join_url = 'https://room.example/1', venue = null, \
    starts_at = created_at where organization_id = $1 and id = $2";

pub(super) fn operations(schema: &Schema) -> Vec<Operation> {
    let attendee = json!({ "ticketTypeId": "{ticketType}", "fullName": "Grace Hopper", "email": "grace@example.org",
        "isBuyer": true, "ofAge": true, "answers": answers(),
        "acknowledgedDocumentIds": ["{terms}", "{privacyNotice}"], "consents": [grant()] });
    let register = json!({ "idempotencyKey": "{new}", "eventId": "{event}", "locale": "en",
        "buyer": { "fullName": "Grace Hopper", "email": "grace@example.org", "billing": { "company": "Navy",
            "address": { "street": "1 Way", "postalCode": "10115", "city": "Berlin", "country": "DE" } } },
        "attendees": [attendee] });
    let pay = json!({ "idempotencyKey": "{new}", "organization": "{organization.slug}", "orderCode": "{order.code}",
        "orderSecret": "{orderSecret}", "method": "BANK_TRANSFER" });
    vec![
        mutation(schema, "register", register).within("event"),
        mutation(schema, "startPayment", pay),
        mutation(
            schema,
            "confirmEmail",
            json!({ "secret": "{confirmSecret}", "ofAge": true, "consents": [grant()] }),
        )
        .within("confirmSecret"),
        mutation(
            schema,
            "decideAfterOrdering",
            json!({ "secret": "{orderSecret}", "ofAge": true, "consents": [grant()] }),
        )
        .within("orderSecret"),
        mutation(schema, "joinWebinar", json!({ "secret": "{joinSecret}" })).after(WEBINAR),
        mutation(schema, "confirmAddressChange", json!({ "secret": "{addressSecret}" })),
        mutation(
            schema,
            "requestSignInLink",
            json!({ "email": "attendee@ours.example", "locale": "en" }),
        ),
        mutation(schema, "redeemSignInLink", json!({ "secret": "{signInSecret}" })).once(),
        mutation(
            schema,
            "signInWithPassword",
            json!({ "email": "{accountEmail}", "password": "vier blaue Elche im Schrank", "code": "{recoveryCode}" }),
        )
        .after(CONFIRMED)
        .once(),
        mutation(schema, "redeemDoorDevice", json!({ "secret": "{doorSecret}" })).once(),
        mutation(schema, "refreshSession", json!({ "refreshToken": "{refreshToken}" })).once(),
        mutation(schema, "signOut", json!({ "everywhere": false })).once(),
        mutation(
            schema,
            "decideAsGuardian",
            json!({ "secret": "{guardianSecret}", "permission": "PERMIT", "consents": [grant()] }),
        )
        .within("guardianSecret"),
        mutation(schema, "claimPartnerToken", json!({ "secret": "{claimSecret}" })).once(),
    ]
}
