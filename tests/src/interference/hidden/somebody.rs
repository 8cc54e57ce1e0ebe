//! What happens to people: to one who is new and ends up sharing nothing, and to those who share something.

use consentry::platform::Fault;
use consentry::platform::store::sql;
use consentry::services::sharing::leads;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::side::Side;
use super::super::world::World;
use super::orders::wishes;
use super::{Hidden, Hints};
use crate::Client;
use crate::app::{REGISTER, SeededAttendee, Sharing, decision};

const DISCLOSURES: &str =
    "{ me { people { disclosures(first: 50) { edges { cursor } } registrations(first: 10) { edges { node {
    disclosures(first: 50) { edges { cursor } } } } } } } }";
const PEOPLE: &str = "{ me { people { id organization { slug } } } }";

/// Sends a mutation that must be done.
pub(super) async fn tell(client: &Client, name: &str, input: Value) {
    let of = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document =
        format!("mutation($input: {of}!) {{ {name}(input: $input) {{ userErrors {{ field message code }} }} }}");
    client.done(name, &document, json!({ "input": input })).await;
}

impl Hidden {
    pub(super) async fn of_somebody_new(self, side: &Side, world: &mut World, email: &str, hints: &mut Hints) {
        let app = &side.app;
        let somebody = app.db_attendee(&world.sharing, email, |_| ()).await;
        let row = app.db_registration(&somebody).await;
        hints.emails.push(email.to_owned());
        hints.orders.push(row.order_code.clone());
        hints.codes.push(row.check_in_code.clone());
        hints.tell(&somebody.public_id);
        let granted = [
            Self::WithdrawsUnreceived,
            Self::Cancelled,
            Self::CancelledByStaff,
            Self::Restricted,
            Self::Quarantined,
            Self::Objects,
            Self::OptsOut,
            Self::AddressChanges,
            Self::ErasedUnreceived,
        ];
        if granted.contains(&self) {
            grant(side, world, &somebody, 0).await;
            grant(side, world, &somebody, 1).await;
            let leads = app.db_stream_leads(&world.follow_up).await;
            let lead = leads.iter().find(|lead| lead.registration_id == somebody.registration);
            hints.leads.push(lead.expect("a lead").id.0);
        }
        let (staff, place) = (&world.sharing.staff, json!({ "registrationId": somebody.public_id }));
        let correction = |change: Value| {
            let mut input = change;
            input["registrationId"] = json!(somebody.public_id);
            input["revision"] = json!(row.revision);
            input
        };
        match self {
            Self::Refuses => {
                let refusals = [0, 1].map(|offer| decision(world.offer(offer).0, world.offer(offer).1, &[]));
                somebody.decide(app, &refusals).await;
            }
            Self::GrantsElsewhere => {
                grant(side, world, &somebody, 3).await;
                let leads = app.db_stream_leads(&world.other).await;
                hints.leads.extend(leads.iter().map(|lead| lead.id.0));
            }
            Self::GrantsOtherPurpose => grant(side, world, &somebody, 2).await,
            Self::WithdrawsUnreceived => drop(somebody.withdraw_all().await),
            Self::Cancelled => tell(&somebody.client, "cancelRegistration", place).await,
            Self::CancelledByStaff => tell(staff, "cancelRegistrationAsStaff", place).await,
            Self::Restricted => tell(&world.officer, "restrictPerson", place).await,
            Self::Quarantined => tell(&world.officer, "quarantineRegistration", place).await,
            Self::Objects => change(side, &somebody, "objected_purposes = 15").await,
            Self::OptsOut => change(side, &somebody, "opted_out = true").await,
            Self::AddressChanges => {
                let input = correction(json!({ "email": format!("new-{email}") }));
                tell(staff, "correctRegistration", input).await;
            }
            Self::Corrected => {
                let input = correction(json!({ "fullName": "Somebody Else", "city": "Elsewhere" }));
                tell(staff, "correctRegistration", input).await;
            }
            Self::Erased | Self::ErasedUnreceived => erase(&somebody.client, &world.sharing).await,
            Self::ComesIn => check_in(side, world, &somebody).await,
            Self::ComesInByMistake => {
                let passage = admitted(world, &row.check_in_code).await;
                tell(staff, "undoCheckIn", json!({ "checkInId": passage })).await;
            }
            _ => {}
        }
        world.others.push(somebody);
    }

    pub(super) async fn of_somebody_known(
        self,
        side: &Side,
        world: &World,
        person: usize,
        number: u64,
        hints: &mut Hints,
    ) {
        let (app, somebody) = (&side.app, &world.people[person]);
        match self {
            Self::ValueNotGranted(_, column) => {
                let what = format!("{column} = 'Hidden {number}', revision = revision + 1");
                change(side, somebody, &what).await;
            }
            Self::PresenceNotGranted(_) => check_in(side, world, somebody).await,
            Self::AlsoElsewhere(_) => grant(side, world, somebody, 3).await,
            Self::AlsoOtherPurpose(_) => grant(side, world, somebody, 2).await,
            Self::Complains(_) => {
                let of = complain(&somebody.client, &world.sharing, number).await;
                tell(&world.officer, "answerComplaint", of).await;
            }
            Self::ReadsDisclosures(_) => drop(somebody.client.data(DISCLOSURES, json!({})).await),
            Self::SecondPlace(_) => {
                let email = app.db_registration(somebody).await.email.expect("an address");
                let event = &world.sharing.event;
                let ticket = world.sharing.ticket;
                let mut input = Client::register_input(event, &format!("again {number}"), &[(ticket, &email)]);
                input["attendees"][0]["ofAge"] = json!(true);
                input["attendees"][0]["consents"] = json!(wishes(world));
                let payload = app
                    .anonymous()
                    .done("register", REGISTER, json!({ "input": input }))
                    .await;
                hints
                    .orders
                    .push(payload["order"]["code"].as_str().expect("a code").to_owned());
            }
            _ => {
                let email = app.db_registration(somebody).await.email.expect("an address");
                let neighbour = &world.neighbour;
                let place = [(neighbour.ticket, email.as_str())];
                let input = Client::register_input(&neighbour.event, &format!("there {number}"), &place);
                let attendee = app.registered(&neighbour.event, input).await.remove(0);
                attendee.grant(app, &world.neighbours, 1, &["EMAIL"]).await;
                erase(&attendee.client, neighbour).await;
            }
        }
    }
}

/// Somebody complains of whatever was disclosed last, or of nothing in particular; what answers it.
pub(in super::super) async fn complain(client: &Client, to: &Sharing, number: u64) -> Value {
    let seen = "{ me { people { id organization { slug } disclosures(first: 1) { edges { node { id } } } } } }";
    let people = client.data(seen, json!({})).await["me"]["people"].clone();
    let mut known = people.as_array().into_iter().flatten();
    let person = known.find(|person| person["organization"]["slug"] == to.organization.slug.as_str());
    let person = person.expect("known to the organization");
    let input = json!({ "idempotencyKey": format!("complaint {number}"), "personId": person["id"], "text": "They call every day.",
        "disclosureId": person["disclosures"]["edges"][0]["node"]["id"] });
    let document = "mutation($input: FileComplaintInput!) { fileComplaint(input: $input) {
        complaint { id } userErrors { field message code } } }";
    let made = client.done("fileComplaint", document, json!({ "input": input })).await;
    json!({ "complaintId": made["complaint"]["id"], "revision": 1, "answer": "We have told them to stop." })
}

/// Somebody is erased by an organization that knows them.
pub(in super::super) async fn erase(client: &Client, by: &Sharing) {
    let people = client.data(PEOPLE, json!({})).await["me"]["people"].clone();
    let mut known = people.as_array().into_iter().flatten();
    let person = known.find(|person| person["organization"]["slug"] == by.organization.slug.as_str());
    let person = &person.expect("known to the organization")["id"];
    tell(client, "requestErasure", json!({ "personId": person })).await;
}

/// Grants everything of one of the world's offers.
async fn grant(side: &Side, world: &World, attendee: &SeededAttendee, offer: usize) {
    let (offer, version, fields) = world.offer(offer);
    let fields = if version > 1 { &fields[1..] } else { fields };
    attendee.grant(&side.app, offer, version, fields).await;
}

/// Changes a registration's row and rewrites its leads, as whatever service changes it does: for what has no way in yet,
/// and for values that no rule of the form should stand in the way of.
pub(in super::super) async fn change(side: &Side, attendee: &SeededAttendee, what: &str) {
    let (organization, registration) = (attendee.organization, attendee.registration);
    let text = format!("update registration set {what} where organization_id = $1 and id = $2");
    let rewritten: Result<(), Fault> = consentry::transaction!(side.app.store().writer(), async |tx| {
        let values = [organization.into(), registration.into()];
        sql::execute(tx, &text, values).await?;
        leads::rewrite(tx, organization, &[registration]).await
    });
    rewritten.expect("rewritten");
}

/// Lets somebody in at the door; somebody who is in already stays there.
pub(in super::super) async fn check_in(side: &Side, world: &World, attendee: &SeededAttendee) {
    admitted(world, &side.app.db_registration(attendee).await.check_in_code).await;
}

/// Shows a code at the door; the passage.
async fn admitted(world: &World, code: &str) -> Value {
    let document = "mutation($input: CheckInInput!) { checkIn(input: $input) {
        admission { checkIn { id } } userErrors { code } } }";
    let input = json!({ "idempotencyKey": Uuid::new_v4().to_string(), "eventId": world.sharing.event.public_id(), "code": code });
    let data = world.sharing.staff.data(document, json!({ "input": input })).await;
    data["checkIn"]["admission"]["checkIn"]["id"].clone()
}
