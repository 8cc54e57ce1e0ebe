//! The demo's registrations: synthetic people who order, pay, prove their mailboxes, share much, little or nothing.

use consentry_domain::{OrderId, OrganizationId, RegistrationId};
use consentry_entity::registration as registration_row;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::client::{Client, text};
use super::events::Made;
use crate::cli::Failure;
use crate::graphql::ids;
use crate::platform::keys::{Link, LinkKind};
use crate::platform::{Platform, Refused};
use crate::services::registration;
use crate::transaction;

/// The two minors; the first one's guardian decides.
pub(super) const GUARDED: [usize; 2] = [11, 13];

/// The first ones order and never pay.
const ABANDONED: usize = 10;

/// How many people register.
pub(super) const PEOPLE: usize = 500;

const GIVEN: [&str; 20] = [
    "Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "Tony", "Radia", "Ken", "Lynn", "Dennis", "Hedy",
    "Niklaus", "Sophie", "Leslie", "Margaret", "Robin", "Shafi", "Yukihiro",
];
const FAMILY: [&str; 25] = [
    "Adler",
    "Brandt",
    "Costa",
    "Diaz",
    "Eriksen",
    "Fischer",
    "García",
    "Haas",
    "Ito",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okafor",
    "Petrov",
    "Quinn",
    "Rossi",
    "Schmidt",
    "Tanaka",
    "Ueda",
    "Vogel",
    "Wójcik",
    "Yilmaz",
    "Zimmer",
];
const COMPANIES: [&str; 6] = [
    "Brightworks",
    "Kilo Labs",
    "Nordlicht",
    "Open Harbor",
    "Quarry",
    "Tidewater",
];

/// What an event has for sale and asks to share.
struct Offered {
    tickets: Vec<(String, String)>,
    documents: Vec<String>,
    text_question: Option<String>,
    offers: Vec<(String, i64, Vec<Value>)>,
}

const EVENT: &str = "query($organization: String!, $slug: String!) { event(organization: $organization, slug: $slug) {
    ticketTypes { id name } documents { id } questions { id kind }
    partners { offers { id version fields { field questionId } } } } }";
const REGISTER: &str = "mutation($input: RegisterInput!) { register(input: $input) {
    order { id status } userErrors { field message } } }";
const CONFIRM: &str = "mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) {
    registration { id } userErrors { field message } } }";

/// Registers those who never pay; their orders.
pub(super) async fn register_abandoned(
    platform: &Platform,
    anyone: &Client,
    slug: &str,
    event: &Made,
) -> Result<Vec<OrderId>, Failure> {
    let offered = look(anyone, slug, event.slug).await?;
    let mut orders = Vec::new();
    for number in 0..ABANDONED {
        orders.push(
            register(platform, anyone, event, &offered, number, "Standard")
                .await?
                .order,
        );
    }
    Ok(orders)
}

/// Registers everybody else.
pub(super) async fn register_all(
    platform: &Platform,
    anyone: &Client,
    organization: OrganizationId,
    slug: &str,
    events: [&Made; 2],
) -> Result<Vec<Placed>, Failure> {
    let mut offered = Vec::new();
    for event in events {
        offered.push(look(anyone, slug, event.slug).await?);
    }
    let mut placed = Vec::new();
    for number in ABANDONED..PEOPLE {
        let which = usize::from(number % 5 == 4);
        let ticket = match (which, number % 20) {
            (1, _) => "Seat",
            (_, 0 | 1) => "Standard",
            (_, 2) => "Supporter",
            (_, 3) => "Workshop",
            _ => "Community",
        };
        let ticket = if ticket == "Workshop" && number >= 400 {
            "Community"
        } else {
            ticket
        };
        let Ordered {
            order,
            registration,
            paid,
        } = register(platform, anyone, events[which], &offered[which], number, ticket).await?;
        let pays = !paid && number % 7 != 0;
        if pays {
            pay(platform, organization, order).await?;
        }
        let confirms = number % 6 != 5 || GUARDED.contains(&number);
        placed.push(Placed {
            number,
            ticket,
            order,
            registration,
            paid: paid || pays,
            confirmed: confirms && (paid || pays) && !GUARDED.contains(&number),
            wishes: wishes(&offered[which], number),
        });
        if confirms {
            confirm(
                platform,
                anyone,
                Link {
                    organization,
                    id: registration.0,
                    generation: 1,
                },
                &offered[which],
                number,
            )
            .await?;
        }
    }
    Ok(placed)
}

/// A place that somebody took.
pub(super) struct Placed {
    /// Whose.
    pub(super) number: usize,
    pub(super) ticket: &'static str,
    pub(super) order: OrderId,
    pub(super) registration: RegistrationId,
    pub(super) paid: bool,
    /// Whether its reader proved the mailbox and may decide alone.
    pub(super) confirmed: bool,
    /// What they wished to share.
    pub(super) wishes: Vec<Value>,
}

async fn look(anyone: &Client, organization: &str, slug: &str) -> Result<Offered, Failure> {
    let data = anyone
        .send(EVENT, json!({ "organization": organization, "slug": slug }))
        .await?;
    let list = |path: &str| {
        data.pointer(path)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let mut offers = Vec::new();
    for partner in list("/event/partners") {
        for offer in partner["offers"].as_array().into_iter().flatten() {
            let fields = offer["fields"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|field| match field["field"].as_str() {
                    Some(name) => json!({ "field": name }),
                    None => json!({ "questionId": field["questionId"] }),
                });
            offers.push((
                text(offer, "/id")?,
                offer["version"].as_i64().unwrap_or(1),
                fields.collect(),
            ));
        }
    }
    Ok(Offered {
        tickets: list("/event/ticketTypes")
            .iter()
            .map(|ticket| Ok((text(ticket, "/name")?, text(ticket, "/id")?)))
            .collect::<Result<_, Failure>>()?,
        documents: list("/event/documents")
            .iter()
            .map(|document| text(document, "/id"))
            .collect::<Result<_, Failure>>()?,
        text_question: list("/event/questions")
            .iter()
            .find(|question| question["kind"] == "TEXT")
            .map(|question| text(question, "/id"))
            .transpose()?,
        offers,
    })
}

fn address(number: usize) -> String {
    let (given, family) = name(number);
    let plain = |word: &str| -> String { word.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect() };
    format!("{}.{}.{number}@people.example", plain(given), plain(family))
}

fn name(number: usize) -> (&'static str, &'static str) {
    (
        GIVEN[number % GIVEN.len()],
        FAMILY[(number / GIVEN.len()) % FAMILY.len()],
    )
}

/// The wishes of this person: a third share nothing, some refuse, the others choose among the offers.
fn wishes(offered: &Offered, number: usize) -> Vec<Value> {
    let decide = |index: usize, (offer, version, fields): &(String, i64, Vec<Value>)| match (number + index) % 6 {
        0 | 1 => Some(json!({ "offerId": offer, "offerVersion": version, "decision": "GRANT", "fields": fields })),
        2 => Some(json!({ "offerId": offer, "offerVersion": version, "decision": "GRANT", "fields": fields[..1] })),
        3 => Some(json!({ "offerId": offer, "offerVersion": version, "decision": "REFUSE" })),
        _ => None,
    };
    if number.is_multiple_of(3) {
        return Vec::new();
    }
    offered
        .offers
        .iter()
        .enumerate()
        .filter_map(|(index, offer)| decide(index, offer))
        .collect()
}

struct Ordered {
    order: OrderId,
    registration: RegistrationId,
    paid: bool,
}

async fn register(
    platform: &Platform,
    anyone: &Client,
    event: &Made,
    offered: &Offered,
    number: usize,
    ticket: &str,
) -> Result<Ordered, Failure> {
    let (given, family) = name(number);
    let ticket = offered
        .tickets
        .iter()
        .find(|(name, _)| name == ticket)
        .map(|(_, id)| id);
    let full_name = format!("{given} {family}");
    let answers: Vec<Value> = match (&offered.text_question, number % 2) {
        (Some(question), 0) => vec![json!({ "questionId": question, "value": "Databases" })],
        _ => Vec::new(),
    };
    let minor = GUARDED.contains(&number);
    let mut attendee = json!({
        "ticketTypeId": ticket, "fullName": full_name, "givenName": given, "familyName": family, "email": address(number),
        "company": COMPANIES[number % COMPANIES.len()], "jobTitle": "Engineer", "city": "Berlin", "country": "DE",
        "isBuyer": true, "answers": answers, "acknowledgedDocumentIds": offered.documents, "ofAge": !minor,
        "consents": wishes(offered, number),
    });
    if minor {
        attendee["guardian"] =
            json!({ "fullName": format!("Sam {family}"), "email": format!("guardian.{number}@people.example") });
    }
    let input = json!({
        "idempotencyKey": format!("demo-person-{number}"), "eventId": event.id,
        "buyer": { "fullName": full_name, "email": address(number) }, "attendees": [attendee], "locale": "en",
    });
    let data = anyone.send(REGISTER, json!({ "input": input })).await?;
    let (organization, order) = ids::decode::<OrderId>(&text(&data, "/register/order/id")?.into())
        .ok_or_else(|| Failure::new("the demo's order has no id of its type"))?;
    // The buyer is not told the registration's id; the mail's link names it.
    let row = registration_row::Entity::find()
        .filter(registration_row::Column::OrganizationId.eq(organization))
        .filter(registration_row::Column::OrderId.eq(order))
        .one(platform.store.read())
        .await?;
    Ok(Ordered {
        order,
        registration: row
            .ok_or_else(|| Failure::new("the demo's order has no registration"))?
            .id,
        paid: data["register"]["order"]["status"] == "PAID",
    })
}

async fn pay(platform: &Platform, organization: OrganizationId, order: OrderId) -> Result<(), Failure> {
    transaction!(platform.store.writer(), async |tx| {
        registration::confirm_paid(tx, organization, order).await?;
        Ok::<_, Refused>(())
    })?;
    Ok(())
}

/// Proves the mailbox as its reader would, with the link of the mail.
async fn confirm(
    platform: &Platform,
    anyone: &Client,
    link: Link,
    offered: &Offered,
    number: usize,
) -> Result<(), Failure> {
    let secret = platform.keys.link(LinkKind::Registration, link);
    let minor = GUARDED.contains(&number);
    let input = json!({ "secret": secret, "ofAge": !minor, "consents": wishes(offered, number) });
    anyone.send(CONFIRM, json!({ "input": input })).await.map(drop)
}
