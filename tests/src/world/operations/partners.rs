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
            "updatePartnerMember",
            json!({ "partnerMemberId": "{partnerMember}", "role": "READER" }),
        ),
        mutation(
            schema,
            "removePartnerMember",
            json!({ "partnerMemberId": "{partnerMember}" }),
        )
        .once(),
    ]
    .into_iter()
    .chain(own(schema))
    .collect()
}

/// What a partner's administrators do about offers and tokens.
fn own(schema: &Schema) -> Vec<Operation> {
    let draft =
        json!({ "eventPartnerId": "{eventPartner}", "purpose": "RELATED_EVENTS", "fields": [{ "field": "EMAIL" }] });
    let drafted = json!({ "eventPartnerId": "{eventPartner}", "purpose": "SUBSEQUENT_EDITIONS" });
    let ready = json!({ "idempotencyKey": "{new}", "eventPartnerId": "{eventPartner}", "purpose": "SUBSEQUENT_EDITIONS",
        "revision": 1 });
    let token = json!({ "idempotencyKey": "{new}", "partnerId": "{partner}", "name": "Our CRM", "scopes": [{
        "eventPartnerId": "{eventPartner}", "purposes": ["EVENT_FOLLOW_UP"], "fields": [{ "field": "EMAIL" }] }] });
    vec![
        mutation(schema, "draftOffer", draft),
        mutation(schema, "discardOfferDraft", drafted).once(),
        mutation(schema, "askForApproval", ready).once(),
        mutation(
            schema,
            "takeBackOffer",
            json!({ "offerId": "{requestedOffer}", "version": 1 }),
        )
        .once(),
        mutation(schema, "issueOwnToken", token).within("partner"),
        mutation(schema, "revokeOwnToken", json!({ "tokenId": "{token}" })),
    ]
}
