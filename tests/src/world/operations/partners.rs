//! What staff do about partners, offers and tokens.

use serde_json::{Value, json};

use super::{Operation, mutation};
use crate::world::Schema;

fn terms(more: &Value) -> Value {
    let mut terms = json!({ "text": [{ "locale": "en", "text": "May we write to you?" }], "retentionDays": 30,
        "fields": [{ "field": "EMAIL" }], "idempotencyKey": "{new}" });
    for (name, value) in more.as_object().expect("fields") {
        terms[name] = value.clone();
    }
    terms
}

pub(super) fn operations(schema: &Schema) -> Vec<Operation> {
    let company = json!({ "idempotencyKey": "{new}", "organizationId": "{organization}", "displayName": "Corro",
        "legalName": "Corro GmbH", "country": "DE", "contactEmail": "privacy@corro.example" });
    let role = json!({ "idempotencyKey": "{new}", "eventId": "{event}", "partnerId": "{loosePartner}", "role": "EXHIBITOR",
        "noticeUrl": "https://loose.example/privacy", "noticeSha256": "ab".repeat(32), "contactEmail": "dpo@loose.example" });
    let token = json!({ "idempotencyKey": "{new}", "partnerId": "{partner}", "name": "Our CRM", "scopes": [{
        "eventPartnerId": "{eventPartner}", "purposes": ["EVENT_FOLLOW_UP"], "fields": [{ "field": "EMAIL" }] }] });
    vec![
        mutation(schema, "createPartner", company),
        mutation(
            schema,
            "updatePartner",
            json!({ "partnerId": "{partner}", "revision": 1, "displayName": "Ferris and Sons" }),
        ),
        mutation(schema, "addEventPartner", role).within("event"),
        mutation(
            schema,
            "updateEventPartner",
            json!({ "eventPartnerId": "{eventPartner}", "revision": 1, "contactEmail": "new@ferris.example" }),
        ),
        mutation(
            schema,
            "requestOffer",
            terms(&json!({ "eventPartnerId": "{eventPartner}", "purpose": "RELATED_EVENTS" })),
        )
        .within("eventPartner"),
        mutation(schema, "reviseOffer", terms(&json!({ "offerId": "{offer}" }))).within("offer"),
        mutation(
            schema,
            "approveOffer",
            json!({ "offerId": "{requestedOffer}", "version": 1 }),
        ),
        mutation(
            schema,
            "rejectOffer",
            json!({ "offerId": "{requestedOffer}", "version": 1 }),
        ),
        mutation(schema, "withdrawOffer", json!({ "offerId": "{offer}", "version": 1 })),
        mutation(schema, "issuePartnerToken", token).within("partner"),
        mutation(schema, "revokePartnerToken", json!({ "tokenId": "{token}" })),
        mutation(
            schema,
            "invitePartnerMember",
            json!({ "idempotencyKey": "{new}", "partnerId": "{partner}", "email": "{new}@partner.example", "endsAt": null,
                "locale": "de" }),
        ),
        mutation(
            schema,
            "removePartnerMember",
            json!({ "partnerMemberId": "{partnerMember}" }),
        )
        .once(),
    ]
}
