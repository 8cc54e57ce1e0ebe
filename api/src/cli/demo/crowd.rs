//! How the demo's people register: they order, pay, prove their mailboxes, share much, little or nothing.

use consentry_domain::{OrderId, RegistrationId};
use consentry_entity::registration as registration_row;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::SLUG;
use super::client::{Client, text};
use super::events::Made;
use super::people::{self, Goal};
use super::scene::Scene;
use crate::cli::Failure;
use crate::graphql::ids;
use crate::platform::Refused;
use crate::platform::keys::{Link, LinkKind};
use crate::services::registration;
use crate::transaction;

/// What an event has for sale and asks to share.
struct Offered {
    event: String,
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

/// Everybody, as far as they have come.
pub(super) struct Crowd {
    events: [Offered; 2],
    placed: Vec<Placed>,
}

/// A place that somebody took.
pub(super) struct Placed {
    /// Whose.
    pub(super) number: usize,
    pub(super) goal: Goal,
    pub(super) order: OrderId,
    pub(super) registration: RegistrationId,
    pub(super) paid: bool,
    /// What they wished to share.
    pub(super) wishes: Vec<Value>,
}

impl Placed {
    /// Whether its reader proved the mailbox, has the place for certain, and decides alone.
    pub(super) fn is_settled(&self) -> bool {
        self.paid && people::confirms(self.number) && !people::is_minor(self.number)
    }
}

impl Crowd {
    /// Looks at what the two events have for sale.
    pub(super) async fn look(scene: &Scene, events: [&Made; 2]) -> Result<Self, Failure> {
        let [first, second] = events;
        Ok(Self {
            events: [look(&scene.anyone, first).await?, look(&scene.anyone, second).await?],
            placed: Vec::new(),
        })
    }

    /// The places taken so far, by the number of their owner.
    pub(super) fn placed(&self) -> &[Placed] {
        &self.placed
    }

    /// Registers those who never pay; their orders.
    pub(super) async fn register_abandoned(&self, scene: &Scene) -> Result<Vec<OrderId>, Failure> {
        let mut orders = Vec::new();
        for number in people::abandoned() {
            orders.push(self.order(scene, number).await?.order);
        }
        Ok(orders)
    }

    /// One person registers, pays, and proves the mailbox, as far as this one does.
    pub(super) async fn register(&mut self, scene: &Scene, number: usize) -> Result<(), Failure> {
        let mut place = self.order(scene, number).await?;
        if !place.paid && people::pays(number) {
            pay(scene, place.order).await?;
            place.paid = true;
        }
        if people::confirms(number) {
            confirm(scene, &place).await?;
        }
        let after = self.placed.partition_point(|other| other.number < number);
        self.placed.insert(after, place);
        Ok(())
    }

    async fn order(&self, scene: &Scene, number: usize) -> Result<Placed, Failure> {
        let goal = people::goes_to(number);
        let offered = &self.events[goal.event];
        let wishes = wishes(offered, number);
        let input = order(offered, number, goal, &wishes);
        let data = scene.anyone.send(REGISTER, json!({ "input": input })).await?;
        let (_, order) = ids::decode::<OrderId>(&text(&data, "/register/order/id")?.into())
            .ok_or_else(|| Failure::new("the demo's order has no id of its type"))?;
        // The buyer is not told the registration's id; the mail's link names it.
        let row = registration_row::Entity::find()
            .filter(registration_row::Column::OrganizationId.eq(scene.organization))
            .filter(registration_row::Column::OrderId.eq(order))
            .one(scene.platform.store.read())
            .await?;
        let registration = row
            .ok_or_else(|| Failure::new("the demo's order has no registration"))?
            .id;
        Ok(Placed {
            number,
            goal,
            order,
            registration,
            paid: data["register"]["order"]["status"] == "PAID",
            wishes,
        })
    }
}

async fn look(anyone: &Client, event: &Made) -> Result<Offered, Failure> {
    let data = anyone
        .send(EVENT, json!({ "organization": SLUG, "slug": event.slug }))
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
        event: event.id.clone(),
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

/// What this person sends to register.
fn order(offered: &Offered, number: usize, goal: Goal, wishes: &[Value]) -> Value {
    let (given, family) = people::name(number);
    let ticket = offered.tickets.iter().find(|(name, _)| name == goal.ticket);
    let full_name = format!("{given} {family}");
    let answers: Vec<Value> = match (&offered.text_question, number % 2) {
        (Some(question), 0) => vec![json!({ "questionId": question, "value": "Databases" })],
        _ => Vec::new(),
    };
    let minor = people::is_minor(number);
    let mut attendee = json!({
        "ticketTypeId": ticket.map(|(_, id)| id), "fullName": full_name, "givenName": given, "familyName": family,
        "email": people::address(number), "company": people::company(number), "jobTitle": "Engineer", "city": "Berlin",
        "country": "DE", "isBuyer": true, "answers": answers, "acknowledgedDocumentIds": offered.documents,
        "ofAge": !minor, "consents": wishes,
    });
    if minor {
        attendee["guardian"] =
            json!({ "fullName": format!("Sam {family}"), "email": format!("guardian.{number}@people.example") });
    }
    json!({
        "idempotencyKey": format!("demo-person-{number}"), "eventId": offered.event,
        "buyer": { "fullName": full_name, "email": people::address(number) }, "attendees": [attendee], "locale": "en",
    })
}

async fn pay(scene: &Scene, order: OrderId) -> Result<(), Failure> {
    transaction!(scene.platform.store.writer(), async |tx| {
        registration::confirm_paid(tx, scene.organization, order).await?;
        Ok::<_, Refused>(())
    })?;
    Ok(())
}

/// Proves the mailbox as its reader would, with the link of the mail.
async fn confirm(scene: &Scene, place: &Placed) -> Result<(), Failure> {
    let link = Link {
        organization: scene.organization,
        id: place.registration.0,
        generation: 1,
    };
    let secret = scene.platform.keys.link(LinkKind::Registration, link);
    let of_age = !people::is_minor(place.number);
    let input = json!({ "secret": secret, "ofAge": of_age, "consents": place.wishes });
    scene.anyone.send(CONFIRM, json!({ "input": input })).await.map(drop)
}
