//! What staff do to an event and its parts.

use serde_json::{Value, json};

use super::{Operation, mutation};
use crate::world::Schema;

fn text(text: &str) -> Value {
    json!([{ "locale": "en", "text": text }])
}

fn ticket_type() -> Value {
    json!({ "name": text("Evening"), "price": "20.00", "priceIncludesTax": true, "taxRate": "19", "visibility": "PUBLIC",
        "quotaIds": ["{quota}"] })
}

fn question() -> Value {
    json!({ "kind": "TEXT", "label": text("Which track?"), "purpose": text("To plan rooms."), "required": false,
        "retentionDays": 30, "sensitivity": "ORDINARY", "shareable": false, "ticketTypeIds": ["{ticketType}"],
        "askedById": "{eventPartner}" })
}

fn choice_question() -> Value {
    json!({ "kind": "CHOICE", "label": text("Which drink?"), "purpose": text("To buy."), "required": false,
        "retentionDays": 30, "sensitivity": "ORDINARY", "shareable": false, "ticketTypeIds": ["{ticketType}"],
        "askedById": "{eventPartner}", "choices": [{ "id": "{choice}", "label": text("Green tea") }, { "label": text("Coffee") }] })
}

fn speaker() -> Value {
    json!({ "name": "Grace Hopper", "headline": text("An admiral"), "biography": text("Found the first bug."),
        "website": "https://grace.example/", "position": 1 })
}

fn session() -> Value {
    json!({ "title": text("A keynote"), "startsLocal": "2099-03-01T09:00", "endsLocal": "2099-03-01T10:00", "place": "Room 2",
        "speakerIds": ["{speaker}"] })
}

/// One pixel.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGOQj48GAAF6ANructCCAAAAAElFTkSuQmCC";

/// Long enough that every session fits in.
const LONG: &str = "update event set ends_at = 4102444800000000 where organization_id = $1 and id = $2";
const DRAFT: &str = "update event set status = 'DRAFT', published_at = null where organization_id = $1 and id = $2";
const CLOSED: &str = "update event set status = 'CLOSED', ended_at = 1 where organization_id = $1 and id = $2";
const OVER: &str = "update event set starts_at = 1, ends_at = 2 where organization_id = $1 and id = $2";

pub(super) fn operations(schema: &Schema) -> Vec<Operation> {
    let of_event = |more: Value| {
        let mut input = json!({ "idempotencyKey": "{new}", "eventId": "{event}" });
        for (name, value) in more.as_object().expect("fields") {
            input[name] = value.clone();
        }
        input
    };
    vec![
        mutation(
            schema,
            "createEvent",
            json!({ "idempotencyKey": "{new}", "organizationId": "{organization}", "slug": "new-{new}", "kind": "CONFERENCE",
                "title": text("A conference"), "defaultLocale": "en", "timeZone": "Europe/Berlin",
                "startsLocal": "2099-03-01T09:00", "endsLocal": "2099-03-03T17:00", "currency": "EUR" }),
        ),
        mutation(
            schema,
            "copyEvent",
            of_event(
                json!({ "slug": "next-{new}", "title": text("The next one"), "startsLocal": "2099-03-01T09:00",
                "endsLocal": "2099-03-03T17:00" }),
            ),
        ),
        mutation(
            schema,
            "updateEvent",
            json!({ "eventId": "{event}", "revision": 1, "title": text("Another title") }),
        ),
        mutation(schema, "publishEvent", json!({ "eventId": "{event}" })).after(DRAFT),
        mutation(schema, "cancelEvent", json!({ "eventId": "{event}" })),
        mutation(schema, "closeEvent", json!({ "eventId": "{event}" })).after(OVER),
        mutation(schema, "archiveEvent", json!({ "eventId": "{event}" })).after(CLOSED),
        mutation(schema, "createTicketType", of_event(json!({ "terms": ticket_type() }))).within("event"),
        mutation(
            schema,
            "updateTicketType",
            json!({ "ticketTypeId": "{paidTicketType}", "revision": 1, "terms": ticket_type() }),
        )
        .within("paidTicketType"),
        mutation(
            schema,
            "archiveTicketType",
            json!({ "ticketTypeId": "{spareTicketType}", "revision": 1 }),
        ),
        mutation(
            schema,
            "moveTicketType",
            json!({ "ticketTypeId": "{ticketType}", "beforeId": "{paidTicketType}" }),
        ),
        mutation(
            schema,
            "createQuota",
            of_event(json!({ "terms": { "name": "The hall", "size": 100 } })),
        ),
        mutation(
            schema,
            "updateQuota",
            json!({ "quotaId": "{quota}", "revision": 1, "terms": { "name": "The hall", "size": 2000 } }),
        ),
        mutation(schema, "createQuestion", of_event(json!({ "terms": question() }))).within("event"),
        mutation(
            schema,
            "updateQuestion",
            json!({ "questionId": "{choiceQuestion}", "revision": 1, "terms": choice_question() }),
        )
        .within("choiceQuestion"),
        mutation(
            schema,
            "moveQuestion",
            json!({ "questionId": "{question}", "beforeId": "{choiceQuestion}" }),
        ),
        mutation(
            schema,
            "archiveQuestion",
            json!({ "questionId": "{question}", "revision": 1 }),
        ),
        mutation(
            schema,
            "createLegalDocument",
            of_event(json!({ "kind": "CODE_OF_CONDUCT", "title": text("Conduct"), "content": text("Be kind.") })),
        ),
        mutation(schema, "createEventSession", of_event(json!({ "terms": session() })))
            .after(LONG)
            .within("event"),
        mutation(
            schema,
            "updateEventSession",
            json!({ "eventSessionId": "{eventSession}", "revision": 1, "terms": session() }),
        )
        .after(LONG)
        .within("eventSession"),
        mutation(
            schema,
            "removeEventSession",
            json!({ "eventSessionId": "{eventSession}" }),
        )
        .once(),
        mutation(
            schema,
            "addPicture",
            json!({ "idempotencyKey": "{new}", "ownerId": "{event}", "content": PICTURE }),
        ),
        mutation(schema, "createSpeaker", of_event(json!({ "terms": speaker() }))),
        mutation(
            schema,
            "updateSpeaker",
            json!({ "speakerId": "{speaker}", "revision": 1, "terms": speaker() }),
        ),
        mutation(schema, "removeSpeaker", json!({ "speakerId": "{speaker}" })).once(),
    ]
}
