//! The documents and paths that the observer tries.

pub(super) const FIELDS: &[&str] = &[
    "id",
    "contactKey",
    "purpose",
    "legalBasis",
    "consentedOn",
    "offerVersion",
    "consentedVersion",
    "deleteBy",
    "fullName",
    "givenName",
    "familyName",
    "email",
    "company",
    "jobTitle",
    "city",
    "phone",
    "country",
    "socialProfile",
    "ticketType(locale: \"de\")",
    "attended",
    "postalAddress { city }",
    "fields { field label(locale: \"de\") values }",
    "again: email",
    "... on Lead { email company }",
    "city @skip(if: true)",
];
pub(super) const PURPOSES: &[&str] = &[
    "EVENT_FOLLOW_UP",
    "PRODUCT_INFORMATION",
    "RELATED_EVENTS",
    "SUBSEQUENT_EDITIONS",
];
pub(super) const DOCUMENTS: &[&str] = &[
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5) { totalCount } } }",
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5, filter: { email: \"v\" }) { nodes { id } } } }",
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5, orderBy: COMPANY) { nodes { id } } } }",
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 0) { nodes { id } } } }",
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 101) { nodes { id } } } }",
    "{ partner { leads(purpose: EVERYTHING, first: 5) { nodes { id } } } }",
    "{ partner { leads(first: 5) { nodes { id } } } }",
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5) { nodes { registration { id } } } } }",
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5) { nodes { createdAt updatedAt revision } } } }",
    "{ partner {",
    "",
    "{ __schema { queryType { name } types { name } } }",
    "{ __type(name: \"Lead\") { fields { name } } }",
    "{ __typename partner { __typename } }",
    "mutation { exportRoster(input: { eventId: \"x\", idempotencyKey: \"x\", purpose: \"x\" }) { userErrors { code } } }",
    "subscription { leads { id } }",
    "query A { __typename } query B { __typename }",
    "{ a: partner { token { id } } b: partner { token { id } } }",
];
pub(super) const REQUESTS: usize = 8;
pub(super) const PATHS: &[(&str, &str)] = &[
    ("GET", "/"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/nowhere"),
    ("GET", "/graphql"),
    ("GET", "/sign-in/nonsense"),
    ("GET", "/confirm/nonsense"),
    ("GET", "/claim/nonsense"),
    ("GET", "/guardian/nonsense"),
    ("GET", "/address/nonsense"),
    ("GET", "/order/nonsense"),
    ("GET", "/join/nonsense"),
    ("GET", "/thanks"),
    ("GET", "/exports/nonsense"),
    ("POST", "/exports/nonsense"),
    ("PUT", "/graphql"),
    ("POST", "/webhooks/nonsense"),
];

pub(super) const MYSELF: &str = "{ partner { partner { id displayName legalName country } token { id name prefix status eventPartnerIds purposes
    capabilities networks notBefore expiresAt lastUsedAt fields { field label } }
    eventPartners(first: 10) { edges { cursor node { id role active eventTitle eventKind startsAt endsAt offers { id version purpose
    open legalBasis text retentionDays startsAt endsAt fields { field questionId label } } } } pageInfo { hasNextPage endCursor } } } }";
pub(super) const PUBLIC: &str =
    "query($o: String!, $s: String!) { event(organization: $o, slug: $s) { id slug kind status title description
    startsAt endsAt timeZone contactEmail currency minimumAge consentAge organization { id name slug }
    ticketTypes { id name availability minPerOrder maxPerOrder price { amount currency } }
    sessions(first: 1) { edges { cursor node { id title startsAt } } pageInfo { hasNextPage endCursor } }
    questions { id } documents { id } partners { id displayName role contactEmail privacyNotice { url sha256 }
    offers { id version purpose text retentionDays fields { field label } } } } }";
pub(super) const EVENTS: &str =
    "{ events(first: 2) { edges { cursor node { id slug title } } pageInfo { hasNextPage endCursor } } }";
pub(super) const QUOTE: &str =
    "query($input: QuoteInput!) { quote(input: $input) { total { amount } net { amount } tax { amount }
    problems { __typename } } }";
pub(super) const SECRETS: &[&str] = &[
    "mutation { redeemSignInLink(input: { secret: \"nonsense\" }) { userErrors { field message code } } }",
    "mutation { claimPartnerToken(input: { secret: \"nonsense\" }) { userErrors { field message code } } }",
    "mutation { confirmEmail(input: { secret: \"nonsense\", consents: [] }) { userErrors { field message code } } }",
    "mutation { confirmAddressChange(input: { secret: \"nonsense\" }) { userErrors { field message code } } }",
    "mutation { decideAsGuardian(input: { secret: \"nonsense\", consents: [] }) { userErrors { field message code } } }",
    "{ emailConfirmation(secret: \"nonsense\") { __typename } }",
    "{ guardianRequest(secret: \"nonsense\") { __typename } }",
    "{ linkedOrder(secret: \"nonsense\") { __typename } }",
    "mutation { decideAfterOrdering(input: { secret: \"nonsense\", consents: [] }) { userErrors { field message code } } }",
    "{ linkedOrderOffers(secret: \"nonsense\") { __typename } }",
    "{ linkedWebinar(secret: \"nonsense\") { __typename } }",
];
/// With a slug, an event, an id and a code that a conspirator told of.
pub(super) const OTHERS: &[&str] = &[
    "query($o: String!) { organization(slug: $o) { organization { id } } }",
    "query($o: String!) { me { id } organization(slug: $o) { auditLog(first: 1) { edges { cursor } } } }",
    "{ me { people { registrations(first: 1) { edges { cursor } } } } }",
    "{ me { people { disclosures(first: 1) { edges { cursor } } registrations(first: 1) { edges { node {
        disclosures(first: 1) { edges { cursor } } } } } } } }",
    "query($o: String!) { organization(slug: $o) { mails(first: 1) { edges { cursor } } event(slug: \"rustdays\") {
        roster(first: 1) { edges { cursor } } orders(first: 1) { edges { cursor } } } } }",
    "query($o: String!, $r: ID!) { organization(slug: $o) { event(slug: \"rustdays\") {
        consentProof(registrationId: $r, first: 1) { edges { cursor } } } } }",
    "mutation($e: ID!, $c: String!) { checkIn(input: { idempotencyKey: \"scan\", eventId: $e, code: $c }) {
        admission { id } userErrors { field message code } } }",
    "mutation($r: ID!) { withdrawAllConsents(input: { registrationId: $r }) { userErrors { field message code } } }",
    "mutation($r: ID!) { requestErasure(input: { personId: $r }) { userErrors { field message code } } }",
];
