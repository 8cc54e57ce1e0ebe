//! What is asked: every root, and every field behind a door that some may not open.

use serde_json::json;

use super::{Operation, query};
use crate::world::Schema;

/// As if the event had been called off; by nobody in particular.
const CALLED_OFF: &str = "insert into event_cancellation (organization_id, event_id, account_id, total, done, waiting, created_at) \
    values ($1, $2, $2, 3, 1, 1, 1) on conflict do nothing";

pub(super) fn operations(schema: &Schema) -> Vec<Operation> {
    let mut all = public(schema);
    all.extend(me(schema));
    all.extend(partner(schema));
    all.extend(organization(schema));
    all.extend(event(schema));
    all
}

fn public(schema: &Schema) -> Vec<Operation> {
    // Each type that it answers with is tried by a test of its own.
    let node = query(
        schema,
        "node",
        "query($id: ID!) { node(id: $id)@ }",
        json!({ "id": "{ticketType}" }),
    );
    let of_event = json!({ "organization": "{organization.slug}", "event": "{event.slug}" });
    vec![
        node,
        query(schema, "events", "query { events(first: 5)@ }", json!({})),
        query(
            schema,
            "event",
            "query($organization: String!, $event: String!) { event(organization: $organization, slug: $event)@ }",
            of_event.clone(),
        ),
        query(
            schema,
            "event.sessions",
            "query($organization: String!, $event: String!, $after: String) {
                event(organization: $organization, slug: $event) { sessions(first: 5, after: $after)@ } }",
            of_event.clone(),
        ),
        query(
            schema,
            "event.ticketType",
            "query($organization: String!, $event: String!, $id: ID!) {
                event(organization: $organization, slug: $event) { ticketType(id: $id)@ } }",
            json!({ "organization": "{organization.slug}", "event": "{event.slug}", "id": "{ticketType}" }),
        )
        .within("event.slug"),
        query(
            schema,
            "quote",
            "query($input: QuoteInput!) { quote(input: $input)@ }",
            json!({ "input": { "eventId": "{event}", "items": [{ "ticketTypeId": "{ticketType}", "quantity": 1 }] } }),
        )
        .within("event"),
        query(
            schema,
            "order",
            "query($organization: String!, $code: String!, $secret: String!) {
                order(organization: $organization, code: $code, secret: $secret)@ }",
            json!({ "organization": "{organization.slug}", "code": "{order.code}", "secret": "{orderSecret}" }),
        ),
        query(
            schema,
            "linkedOrder",
            "query($secret: String!) { linkedOrder(secret: $secret)@ }",
            json!({ "secret": "{orderSecret}" }),
        ),
        query(
            schema,
            "linkedOrderOffers",
            "query($secret: String!) { linkedOrderOffers(secret: $secret)@ }",
            json!({ "secret": "{orderSecret}" }),
        ),
        query(
            schema,
            "linkedWebinar",
            "query($secret: String!) { linkedWebinar(secret: $secret)@ }",
            json!({ "secret": "{joinSecret}" }),
        )
        .after(super::public::WEBINAR),
        query(
            schema,
            "linkedDoor",
            "query($secret: String!) { linkedDoor(secret: $secret)@ }",
            json!({ "secret": "{doorSecret}" }),
        ),
        query(schema, "door", "query { door { eventId deviceName } }", json!({})),
        query(
            schema,
            "door.title",
            "query { door { title(locale: \"en\") } }",
            json!({}),
        ),
        query(schema, "door.tally", "query { door { tally@ } }", json!({})),
        query(
            schema,
            "door.snapshot",
            "query($after: String) { door { snapshot(first: 5, after: $after)@ } }",
            json!({}),
        ),
        query(
            schema,
            "emailConfirmation",
            "query($secret: String!) { emailConfirmation(secret: $secret)@ }",
            json!({ "secret": "{confirmSecret}" }),
        ),
        query(
            schema,
            "guardianRequest",
            "query($secret: String!) { guardianRequest(secret: $secret)@ }",
            json!({ "secret": "{guardianSecret}" }),
        ),
    ]
}

fn me(schema: &Schema) -> Vec<Operation> {
    vec![
        query(schema, "me.protection", "query { me { protection@ } }", json!({})),
        query(schema, "me.sessions", "query { me { sessions@ } }", json!({})),
        query(
            schema,
            "me.teamMemberships",
            "query { me { teamMemberships@ } }",
            json!({}),
        ),
        query(
            schema,
            "me.partnerMemberships",
            "query { me { partnerMemberships@ } }",
            json!({}),
        ),
        query(schema, "me", "query { me { id email } }", json!({})),
        query(
            schema,
            "me.people",
            "query { me { people { id email organization { id slug } } } }",
            json!({}),
        ),
        query(
            schema,
            "me.people.organization",
            "query { me { people { organization@ } } }",
            json!({}),
        ),
        query(
            schema,
            "me.people.registrations",
            "query($after: String) { me { people { registrations(first: 5, after: $after)@ } } }",
            json!({}),
        ),
        query(
            schema,
            "me.people.disclosures",
            "query($after: String) { me { people { disclosures(first: 5, after: $after) {
                edges { node { id at recipient { __typename } } } } } } }",
            json!({}),
        ),
        query(
            schema,
            "me.people.complaints",
            "query($after: String) { me { people { complaints(first: 5, after: $after)@ } } }",
            json!({}),
        ),
        query(
            schema,
            "me.people.registrations.edges.node.disclosures",
            "query($after: String) { me { people { registrations(first: 5) { edges { node {
                disclosures(first: 5, after: $after) { edges { node { id at recipient { __typename } } } } } } } } } }",
            json!({}),
        ),
    ]
}

fn partner(schema: &Schema) -> Vec<Operation> {
    vec![
        query(schema, "partner", "query { partner { __typename } }", json!({})),
        query(schema, "partner.partner", "query { partner { partner@ } }", json!({})),
        query(schema, "partner.token", "query { partner { token@ } }", json!({})),
        query(
            schema,
            "partner.eventPartners",
            "query($after: String) { partner { eventPartners(first: 5, after: $after)@ } }",
            json!({}),
        ),
        query(
            schema,
            "partner.leads",
            "query($id: ID!, $after: String) { partner {
                leads(eventPartnerId: $id, purpose: EVENT_FOLLOW_UP, first: 5, after: $after)@ } }",
            json!({ "id": "{eventPartner}" }),
        ),
        query(
            schema,
            "partner.administration",
            "query { partner { administration { __typename } } }",
            json!({}),
        ),
        query(
            schema,
            "partner.administration.places",
            "query($after: String) { partner { administration { places(first: 5, after: $after)@ } } }",
            json!({}),
        ),
        query(
            schema,
            "partner.administration.place",
            "query($id: ID!) { partner { administration { place(eventPartnerId: $id)@ } } }",
            json!({ "id": "{eventPartner}" }),
        ),
        query(
            schema,
            "partner.administration.tokens",
            "query { partner { administration { tokens@ } } }",
            json!({}),
        ),
    ]
}

fn organization(schema: &Schema) -> Vec<Operation> {
    let slug = json!({ "organization": "{organization.slug}" });
    let ask = |name, field: &str| {
        let document = format!(
            "query($organization: String!, $after: String) {{ organization(slug: $organization) {{ {field} }} }}"
        );
        query(schema, name, &document, slug.clone())
    };
    let plain = |name, field: &str| {
        let document = format!("query($organization: String!) {{ organization(slug: $organization) {{ {field} }} }}");
        query(schema, name, &document, slug.clone())
    };
    vec![
        plain("organization", "__typename"),
        plain("organization.organization", "organization@"),
        ask("organization.partners", "partners(first: 5, after: $after)@"),
        query(
            schema,
            "organization.partnerMembers",
            "query($organization: String!, $partner: ID!) { organization(slug: $organization) { partnerMembers(partnerId: $partner)@ } }",
            json!({ "organization": "{organization.slug}", "partner": "{partner}" }),
        ),
        ask("organization.mails", "mails(first: 5, after: $after)@"),
        ask("organization.complaints", "complaints(first: 5, after: $after)@"),
        plain("organization.complaintCounts", "complaintCounts@"),
        query(
            schema,
            "organization.complaint",
            "query($organization: String!, $id: ID!) { organization(slug: $organization) { complaint(id: $id)@ } }",
            json!({ "organization": "{organization.slug}", "id": "{complaint}" }),
        ),
        plain("organization.providerAccounts", "providerAccounts@"),
        ask("organization.teamMembers", "teamMembers(first: 5, after: $after)@"),
        query(
            schema,
            "organization.auditLog",
            "query($organization: String!, $event: ID!, $after: String) { organization(slug: $organization) {
                auditLog(first: 5, after: $after, filter: { eventId: $event })@ } }",
            json!({ "organization": "{organization.slug}", "event": "{event}" }),
        ),
        query(
            schema,
            "organization.events",
            "query($organization: String!, $after: String) {
                organization(slug: $organization) { events(first: 5, after: $after) { edges { node { id } } } } }",
            json!({ "organization": "{organization.slug}" }),
        ),
        query(
            schema,
            "organization.event",
            "query($organization: String!, $event: String!) {
                organization(slug: $organization) { event(slug: $event) { id revision } } }",
            json!({ "organization": "{organization.slug}", "event": "{event.slug}" }),
        ),
    ]
}

fn event(schema: &Schema) -> Vec<Operation> {
    let slugs = json!({ "organization": "{organization.slug}", "event": "{event.slug}" });
    let plain = |name, field: &str| {
        let document = format!(
            "query($organization: String!, $event: String!) {{
                organization(slug: $organization) {{ event(slug: $event) {{ {field} }} }} }}"
        );
        query(schema, name, &document, slugs.clone())
    };
    let paged = |name, field: &str, types: &str, more: serde_json::Value| {
        let document = format!(
            "query($organization: String!, $event: String!, $after: String{types}) {{
                organization(slug: $organization) {{ event(slug: $event) {{ {field}@ }} }} }}"
        );
        let mut variables = slugs.clone();
        for (name, value) in more.as_object().expect("variables") {
            variables[name] = value.clone();
        }
        query(schema, name, &document, variables)
    };
    vec![
        plain("organization.event.event", "event@"),
        plain("organization.event.partners", "partners@"),
        plain("organization.event.publishCheck", "publishCheck@"),
        plain("organization.event.quote", "quote(items: [])@"),
        plain("organization.event.ticketTypes", "ticketTypes@"),
        plain("organization.event.questions", "questions@"),
        plain("organization.event.quotas", "quotas@"),
        plain("organization.event.speakers", "speakers@"),
        query(
            schema,
            "organization.event.speaker",
            "query($organization: String!, $event: String!, $id: ID!) {
                organization(slug: $organization) { event(slug: $event) { speaker(id: $id)@ } } }",
            json!({ "organization": "{organization.slug}", "event": "{event.slug}", "id": "{speaker}" }),
        )
        .within("event.slug"),
        plain("organization.event.statistics", "statistics@"),
        plain("organization.event.statistics.money", "statistics { money@ }"),
        paged(
            "organization.event.sessions",
            "sessions(first: 5, after: $after)",
            "",
            json!({}),
        ),
        query(
            schema,
            "organization.event.session",
            "query($organization: String!, $event: String!, $id: ID!) {
                organization(slug: $organization) { event(slug: $event) { session(id: $id)@ } } }",
            json!({ "organization": "{organization.slug}", "event": "{event.slug}", "id": "{eventSession}" }),
        )
        .within("event.slug"),
        paged(
            "organization.event.roster",
            "roster(first: 5, after: $after, filter: { ticketTypeId: $type })",
            ", $type: ID!",
            json!({ "type": "{ticketType}" }),
        )
        .within("event.slug"),
        paged(
            "organization.event.badges",
            "badges(first: 5, after: $after, filter: { ticketTypeId: $type })",
            ", $type: ID!",
            json!({ "type": "{ticketType}" }),
        )
        .within("event.slug"),
        query(
            schema,
            "organization.event.rosterViews",
            "query($organization: String!, $event: String!) {
                organization(slug: $organization) { event(slug: $event) { rosterViews@ } } }",
            json!({ "organization": "{organization.slug}", "event": "{event.slug}" }),
        )
        .within("event.slug"),
        query(
            schema,
            "organization.event.expected",
            "query($organization: String!, $event: String!) {
                organization(slug: $organization) { event(slug: $event) { expected(words: \"a\")@ } } }",
            json!({ "organization": "{organization.slug}", "event": "{event.slug}" }),
        )
        .within("event.slug"),
        paged(
            "organization.event.doorSnapshot",
            "doorSnapshot(first: 5, after: $after)",
            "",
            json!({}),
        )
        .within("event.slug"),
        query(
            schema,
            "organization.event.registration",
            "query($organization: String!, $event: String!, $id: ID!) {
                organization(slug: $organization) { event(slug: $event) { registration(id: $id)@ } } }",
            json!({ "organization": "{organization.slug}", "event": "{event.slug}", "id": "{registration}" }),
        )
        .within("event.slug"),
        query(
            schema,
            "organization.event.registration.details",
            "query($organization: String!, $event: String!, $id: ID!) {
                organization(slug: $organization) { event(slug: $event) { registration(id: $id) { details@ } } } }",
            json!({ "organization": "{organization.slug}", "event": "{event.slug}", "id": "{registration}" }),
        )
        .within("event.slug"),
        query(
            schema,
            "organization.event.registration.badge",
            "query($organization: String!, $event: String!, $id: ID!) {
                organization(slug: $organization) { event(slug: $event) { registration(id: $id) { badge@ } } } }",
            json!({ "organization": "{organization.slug}", "event": "{event.slug}", "id": "{registration}" }),
        )
        .within("event.slug"),
        query(
            schema,
            "organization.event.registration.protection",
            "query($organization: String!, $event: String!, $id: ID!) {
                organization(slug: $organization) { event(slug: $event) { registration(id: $id) { protection@ } } } }",
            json!({ "organization": "{organization.slug}", "event": "{event.slug}", "id": "{registration}" }),
        )
        .within("event.slug"),
        query(
            schema,
            "organization.event.cancellation",
            "query($organization: String!, $event: String!) {
                organization(slug: $organization) { event(slug: $event) { cancellation@ } } }",
            json!({ "organization": "{organization.slug}", "event": "{event.slug}" }),
        )
        .within("event.slug")
        .after(CALLED_OFF),
        query(
            schema,
            "organization.event.rosterExport",
            "query($organization: String!, $event: String!, $id: ID!) {
                organization(slug: $organization) { event(slug: $event) { rosterExport(id: $id)@ } } }",
            json!({ "organization": "{organization.slug}", "event": "{event.slug}", "id": "{rosterExport}" }),
        )
        .within("event.slug"),
        paged(
            "organization.event.mails",
            "mails(first: 5, after: $after)",
            "",
            json!({}),
        ),
        paged(
            "organization.event.doorDevices",
            "doorDevices(first: 5, after: $after)",
            "",
            json!({}),
        ),
        paged(
            "organization.event.orders",
            "orders(first: 5, after: $after)",
            "",
            json!({}),
        ),
        paged(
            "organization.event.consentProof",
            "consentProof(registrationId: $registration, first: 5, after: $after)",
            ", $registration: ID!",
            json!({ "registration": "{registration}" }),
        )
        .within("event.slug"),
    ]
}
