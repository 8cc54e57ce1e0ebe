//! What a signed-in person does.

use serde_json::json;

use super::public::{CONFIRMED, answers, grant};
use super::{Operation, mutation};
use crate::world::Schema;

/// Whoever has a place at every event has not too many open complaints: those of other events are answered.
const ANSWERED: &str = "update complaint set state = 'ANSWERED', answered_at = opened_at, answer = 'Yes' \
    where organization_id = $1 and event_id <> $2";

pub(super) fn operations(schema: &Schema) -> Vec<Operation> {
    vec![
        mutation(
            schema,
            "setConsents",
            json!({ "registrationId": "{registration}", "revision": 2, "ofAge": true, "consents": [grant()] }),
        )
        .within("registration"),
        mutation(
            schema,
            "withdrawConsent",
            json!({ "registrationId": "{registration}", "offerId": "{offer}" }),
        )
        .within("registration"),
        mutation(
            schema,
            "withdrawAllConsents",
            json!({ "registrationId": "{registration}" }),
        ),
        mutation(
            schema,
            "updateRegistration",
            json!({ "registrationId": "{registration}", "revision": 1, "jobTitle": "Admiral", "answers": answers() }),
        )
        .within("registration"),
        mutation(schema, "exportMyData", json!({ "personId": "{person}" })),
        mutation(schema, "prepareAuthenticator", json!({ "code": null })),
        mutation(schema, "confirmAuthenticator", json!({ "code": "{authenticatorCode}" })),
        mutation(
            schema,
            "setPassword",
            json!({ "code": "{recoveryCode}", "password": "neun grüne Katzen am Hafen" }),
        )
        .after(CONFIRMED),
        mutation(schema, "renewRecoveryCodes", json!({ "code": "{recoveryCode}" })).after(CONFIRMED),
        mutation(schema, "removeAuthenticator", json!({ "code": "{recoveryCode}" })).after(CONFIRMED),
        mutation(
            schema,
            "fileComplaint",
            json!({ "idempotencyKey": "{new}", "personId": "{person}", "text": "They call me every day.",
                "registrationId": "{registration}", "disclosureId": "{disclosure}" }),
        )
        .after(ANSWERED)
        .within("person"),
        mutation(
            schema,
            "cancelRegistration",
            json!({ "registrationId": "{registration}" }),
        ),
    ]
}

/// What leaves nobody behind who could do anything else.
pub(super) fn at_last(schema: &Schema) -> Operation {
    mutation(schema, "requestErasure", json!({ "personId": "{person}" })).once()
}
