//! Inputs that are wrong wherever they are sent, each in one place.

use consentry_domain::Role;
use consentry_tests::world::Who;
use serde_json::{Value, json};

/// An input that is wrong in one place.
pub struct Case {
    /// What is sent.
    pub operation: &'static str,
    /// By whom.
    pub who: Who,
    /// Where, with which value.
    pub wrong: (&'static str, Value),
    /// The code and the field that say so.
    pub expected: (&'static str, &'static str),
}

fn case(operation: &'static str, at: &'static str, value: Value, code: &'static str, field: &'static str) -> Case {
    Case {
        operation,
        who: Who::Staff(Role::Owner),
        wrong: (at, value),
        expected: (code, field),
    }
}

/// Inputs that are wrong wherever they are sent.
pub fn cases() -> Vec<Case> {
    let long = "x".repeat(20_000);
    vec![
        // Over-long, control characters, empty.
        case(
            "register",
            "input.attendees.0.fullName",
            json!(long),
            "TOO_LONG",
            "attendees.0.fullName",
        ),
        case(
            "register",
            "input.attendees.0.fullName",
            json!("Ada\u{0}"),
            "INVALID",
            "attendees.0.fullName",
        ),
        case(
            "register",
            "input.attendees.0.fullName",
            json!("Ada\u{1b}[31m"),
            "INVALID",
            "attendees.0.fullName",
        ),
        case(
            "register",
            "input.attendees.0.fullName",
            json!(" "),
            "REQUIRED",
            "attendees.0.fullName",
        ),
        case(
            "register",
            "input.attendees.0.email",
            json!("nobody"),
            "INVALID",
            "attendees.0.email",
        ),
        case(
            "register",
            "input.attendees.0.email",
            json!("a\r\nBcc: x@example.org"),
            "INVALID",
            "attendees.0.email",
        ),
        case("register", "input.buyer.email", json!(""), "REQUIRED", "buyer.email"),
        case(
            "register",
            "input.attendees.0.phone",
            json!("call me"),
            "INVALID",
            "attendees.0.phone",
        ),
        case(
            "register",
            "input.attendees.0.country",
            json!("Atlantis"),
            "INVALID",
            "attendees.0.country",
        ),
        case(
            "register",
            "input.attendees.0.answers.0.value",
            json!(long),
            "TOO_LONG",
            "attendees.0.answers.0.value",
        ),
        case("register", "input.attendees", json!([]), "REQUIRED", "attendees"),
        case(
            "register",
            "input.idempotencyKey",
            json!(""),
            "REQUIRED",
            "idempotencyKey",
        ),
        case(
            "createPartner",
            "input.displayName",
            json!(long),
            "TOO_LONG",
            "displayName",
        ),
        case(
            "createPartner",
            "input.legalName",
            json!("a\u{7}b"),
            "INVALID",
            "legalName",
        ),
        case("createEvent", "input.slug", json!("not a slug"), "INVALID", "slug"),
        case("exportRoster", "input.purpose", json!(long), "TOO_LONG", "purpose"),
        case("saveRosterView", "input.name", json!(" "), "REQUIRED", "name"),
        case("saveRosterView", "input.name", json!("a\u{7}b"), "INVALID", "name"),
        case(
            "saveRosterView",
            "input.name",
            json!("x".repeat(61)),
            "TOO_LONG",
            "name",
        ),
        case(
            "saveRosterView",
            "input.words",
            json!("a ".repeat(9)),
            "INVALID",
            "words",
        ),
        case("saveRosterView", "input.query", json!(long), "TOO_LONG", "query"),
        case("saveRosterView", "input.query", json!("status=<b>"), "INVALID", "query"),
        case(
            "saveRosterView",
            "input.query",
            json!("sort=time&words=ada"),
            "INVALID",
            "query",
        ),
        // Currencies, numbers, money.
        case("createEvent", "input.currency", json!("EURO"), "INVALID", "currency"),
        case("createEvent", "input.currency", json!("XQZ"), "INVALID", "currency"),
        case("createQuota", "input.terms.size", json!(-1), "INVALID", "terms.size"),
        case(
            "createQuota",
            "input.terms.size",
            json!(2_000_000_000),
            "INVALID",
            "terms.size",
        ),
        case(
            "createTicketType",
            "input.terms.price",
            json!("-1.00"),
            "INVALID",
            "terms.price",
        ),
        case(
            "createTicketType",
            "input.terms.price",
            json!("1.001"),
            "INVALID",
            "terms.price",
        ),
        case(
            "createTicketType",
            "input.terms.price",
            json!("99999999999999999999"),
            "INVALID",
            "terms.price",
        ),
        case(
            "createTicketType",
            "input.terms.taxRate",
            json!("-5"),
            "INVALID",
            "terms.taxRate",
        ),
        case(
            "createTicketType",
            "input.terms.minPerOrder",
            json!(0),
            "INVALID",
            "terms.minPerOrder",
        ),
        case(
            "requestOffer",
            "input.retentionDays",
            json!(-1),
            "INVALID",
            "retentionDays",
        ),
        case("updateEvent", "input.consentAge", json!(200), "INVALID", "consentAge"),
        case("updateEvent", "input.minimumAge", json!(-4), "INVALID", "minimumAge"),
        case(
            "updateEvent",
            "input.orderHoldMinutes",
            json!(-1),
            "INVALID",
            "orderHoldMinutes",
        ),
        // Times.
        case(
            "inviteTeamMember",
            "input.endsAt",
            json!("2030-01-01T00:00:00"),
            "INVALID",
            "endsAt",
        ),
        case(
            "requestOffer",
            "input.startsAt",
            json!("2030-01-01 10:00"),
            "INVALID",
            "startsAt",
        ),
        case(
            "issuePartnerToken",
            "input.expiresAt",
            json!("tomorrow"),
            "INVALID",
            "expiresAt",
        ),
        case(
            "createEvent",
            "input.startsLocal",
            json!("2099-02-31T09:00"),
            "INVALID",
            "startsLocal",
        ),
        case(
            "createEvent",
            "input.startsLocal",
            json!("2099-03-01T09:00Z"),
            "INVALID",
            "startsLocal",
        ),
        case(
            "copyEvent",
            "input.startsLocal",
            json!("2099-02-31T09:00"),
            "INVALID",
            "startsLocal",
        ),
        case(
            "copyEvent",
            "input.endsLocal",
            json!("2098-01-01T09:00"),
            "INVALID",
            "endsLocal",
        ),
        case("copyEvent", "input.slug", json!("not a slug"), "INVALID", "slug"),
        case(
            "createEvent",
            "input.timeZone",
            json!("Mars/Olympus"),
            "INVALID",
            "startsLocal",
        ),
        case(
            "createEvent",
            "input.endsLocal",
            json!("2098-01-01T09:00"),
            "INVALID",
            "endsLocal",
        ),
        // Addresses of pages, hashes, networks.
        case(
            "addEventPartner",
            "input.noticeUrl",
            json!("javascript:alert(1)"),
            "INVALID",
            "noticeUrl",
        ),
        case(
            "addEventPartner",
            "input.noticeSha256",
            json!("zz"),
            "INVALID",
            "noticeSha256",
        ),
        case(
            "issuePartnerToken",
            "input.networks",
            json!(["everywhere"]),
            "INVALID",
            "networks.0",
        ),
        case(
            "setProviderAccount",
            "input.bankTransfer.iban",
            json!("DE00 0000"),
            "INVALID",
            "bankTransfer.iban",
        ),
        case(
            "updateOrganization",
            "input.contactEmail",
            json!("nobody"),
            "INVALID",
            "contactEmail",
        ),
        case("updateOrganization", "input.name", json!(" "), "REQUIRED", "name"),
        case(
            "updateOrganization",
            "input.country",
            json!("Germany"),
            "INVALID",
            "country",
        ),
        case(
            "updateOrganization",
            "input.dataProtectionContact",
            json!("x".repeat(301)),
            "TOO_LONG",
            "dataProtectionContact",
        ),
        case(
            "updateOrganization",
            "input.introduction",
            json!([{ "locale": "en", "text": "x".repeat(2001) }]),
            "TOO_LONG",
            "introduction",
        ),
        case(
            "updateOrganization",
            "input.footer",
            json!([{ "locale": "en", "text": "x".repeat(301) }]),
            "TOO_LONG",
            "footer",
        ),
        case(
            "updateOrganization",
            "input.footer",
            json!([{ "locale": "en", "text": "Two\nlines" }]),
            "INVALID",
            "footer",
        ),
        case(
            "updateOrganization",
            "input.accentColor",
            json!("red"),
            "INVALID",
            "accentColor",
        ),
        case(
            "updateOrganization",
            "input.accentColor",
            json!("#ffee00"),
            "LOW_CONTRAST",
            "accentColor",
        ),
        case("addPicture", "input.content", json!(""), "REQUIRED", "content"),
        case("addPicture", "input.content", json!("é"), "INVALID", "content"),
        case("addPicture", "input.content", json!("AAAA"), "INVALID", "content"),
        // Stale and missing.
        case("updateOrganization", "input.revision", json!(99), "STALE", "revision"),
        case("updateEvent", "input.revision", json!(99), "STALE", "revision"),
        case("updateQuota", "input.revision", json!(99), "STALE", "revision"),
        case("approveOffer", "input.version", json!(9), "NOT_FOUND", "version"),
    ]
}
