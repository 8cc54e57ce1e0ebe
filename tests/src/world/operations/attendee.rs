//! What a signed-in person does.

use serde_json::json;

use super::public::{answers, grant};
use super::{Operation, mutation};
use crate::world::Schema;

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
