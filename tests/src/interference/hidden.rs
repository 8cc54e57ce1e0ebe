//! Changes that only one world goes through. The observer has no right to any of them, so it must not notice.

use consentry::graphql::ids;
use consentry::platform::Fault;
use consentry::platform::store::sql;
use consentry::services::sharing::leads;
use serde_json::{Value, json};
use uuid::Uuid;

use super::side::Side;
use super::world::World;
use crate::Client;
use crate::app::{REGISTER, SeededAttendee, decision};

/// A hidden change. Those with a number are of one of the people who share something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// Somebody registers and decides nothing.
    Registers,
    /// Somebody registers and ticks every box, and the mailbox is not proved.
    NotProved,
    /// Somebody refuses the observer.
    Refuses,
    /// Somebody grants to another partner.
    GrantsElsewhere,
    /// Somebody grants the observer, for a purpose that no token covers.
    GrantsOtherPurpose,
    /// Somebody grants and withdraws before it was received.
    WithdrawsUnreceived,
    /// Somebody's payment is waited for.
    WaitsForPayment,
    /// Somebody pays.
    Pays,
    /// An order is called off.
    OrderCancelled,
    /// Somebody granted, and the place is called off before it was received.
    Cancelled,
    /// Somebody granted, and is restricted before it was received.
    Restricted,
    /// Somebody granted, and is in quarantine.
    Quarantined,
    /// Somebody granted, and objects.
    Objects,
    /// Somebody granted, and a privacy signal opts them out.
    OptsOut,
    /// Somebody granted, and the address changes.
    AddressChanges,
    /// A guardian is waited for.
    WaitsForGuardian,
    /// Somebody who shares nothing comes in.
    ComesIn,
    /// Somebody who shares nothing is corrected.
    Corrected,
    /// Somebody who shares nothing is erased.
    Erased,
    /// A value that is not granted is corrected.
    ValueNotGranted(usize, &'static str),
    /// Somebody comes in who did not grant attendance.
    PresenceNotGranted(usize),
    /// Somebody who shares something grants to another partner, too.
    AlsoElsewhere(usize),
    /// Somebody who shares something grants for another purpose, too.
    AlsoOtherPurpose(usize),
    /// Another partner asks for something more and waits for approval; one is added to an event that is not published.
    PartnerAsks,
    /// Another partner gets a token.
    TokenElsewhere,
    /// Another partner pulls.
    PullElsewhere,
    /// Another tenant has people, and its partner pulls.
    OtherTenant,
    /// Staff look at the roster and at the log.
    StaffLook,
}

/// Every kind that needs nobody in particular.
pub(super) const OF_OTHERS: &[Hidden] = &[
    Hidden::Registers,
    Hidden::NotProved,
    Hidden::Refuses,
    Hidden::GrantsElsewhere,
    Hidden::GrantsOtherPurpose,
    Hidden::WithdrawsUnreceived,
    Hidden::WaitsForPayment,
    Hidden::Pays,
    Hidden::OrderCancelled,
    Hidden::Cancelled,
    Hidden::Restricted,
    Hidden::Quarantined,
    Hidden::Objects,
    Hidden::OptsOut,
    Hidden::AddressChanges,
    Hidden::WaitsForGuardian,
    Hidden::ComesIn,
    Hidden::Corrected,
    Hidden::Erased,
    Hidden::PartnerAsks,
    Hidden::TokenElsewhere,
    Hidden::PullElsewhere,
    Hidden::OtherTenant,
    Hidden::StaffLook,
];
/// The kinds of those who share something.
pub(super) const OF_PEOPLE: &[Hidden] = &[
    Hidden::ValueNotGranted(0, ""),
    Hidden::PresenceNotGranted(0),
    Hidden::AlsoElsewhere(0),
    Hidden::AlsoOtherPurpose(0),
];

/// What somebody who conspires with the observer could know of a hidden change.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Addresses.
    pub emails: Vec<String>,
    /// Codes of orders.
    pub orders: Vec<String>,
    /// Event partners.
    pub partners: Vec<Uuid>,
    /// Leads in other streams, or that are gone.
    pub leads: Vec<Uuid>,
}

impl Hidden {
    /// What it is called in counts.
    #[must_use]
    pub fn kind(self) -> String {
        let text = format!("{self:?}");
        text.split('(').next().unwrap_or_default().to_owned()
    }

    /// `number` is new for each hidden change, in whichever world.
    pub(super) async fn apply(self, side: &Side, world: &mut World, number: u64, hints: &mut Hints) {
        let app = &side.app;
        let slug = world.sharing.organization.slug.clone();
        let email = format!("h{number}-{slug}@example.org");
        match self {
            Self::NotProved | Self::WaitsForGuardian | Self::WaitsForPayment | Self::Pays | Self::OrderCancelled => {
                self.order(side, world, &email, hints).await;
            }
            Self::ValueNotGranted(person, column) => {
                let what = format!("{column} = 'Hidden {number}', revision = revision + 1");
                change(side, &world.people[person], &what).await;
            }
            Self::PresenceNotGranted(person) => check_in(side, world, &world.people[person]).await,
            Self::AlsoElsewhere(person) => grant(side, world, &world.people[person], 3).await,
            Self::AlsoOtherPurpose(person) => grant(side, world, &world.people[person], 2).await,
            Self::PartnerAsks => {
                let terms = crate::app::Sharing::terms(&[json!("EMAIL")]);
                let at = &world.other.event_partner;
                world.sharing.requested(at, "RELATED_EVENTS", terms).await;
                hints
                    .partners
                    .push(own_id(&partner_of_draft(side, world, number).await));
            }
            Self::TokenElsewhere => token_elsewhere(world, number).await,
            Self::PullElsewhere => {
                let answer = app.partner(&world.others_token).send(PULL, json!({})).await;
                assert_eq!(answer.get("errors"), None, "{answer:#}");
            }
            Self::OtherTenant => {
                let event = &world.neighbour.event;
                let attendee = app.db_attendee(&world.neighbour, &email, |_| ()).await;
                attendee.grant(app, &world.neighbours, 1, &["EMAIL"]).await;
                let token = &world.tokens[&super::world::Token::OtherTenant];
                app.partner(token).send(PULL, json!({})).await;
                app.anonymous()
                    .register(event, &email, &[(world.neighbour.ticket, &format!("n{email}"))])
                    .await;
            }
            Self::StaffLook => {
                let variables = json!({ "o": slug });
                let answer = world.sharing.staff.send(LOOK, variables).await;
                assert_eq!(answer.get("errors"), None, "{answer:#}");
            }
            _ => self.of_somebody_new(side, world, &email, hints).await,
        }
    }

    async fn of_somebody_new(self, side: &Side, world: &mut World, email: &str, hints: &mut Hints) {
        let app = &side.app;
        let somebody = app.db_attendee(&world.sharing, email, |_| ()).await;
        hints.emails.push(email.to_owned());
        hints.orders.push(app.db_registration(&somebody).await.order_code);
        let granted = [
            Self::WithdrawsUnreceived,
            Self::Cancelled,
            Self::Restricted,
            Self::Quarantined,
            Self::Objects,
            Self::OptsOut,
            Self::AddressChanges,
        ];
        if granted.contains(&self) {
            grant(side, world, &somebody, 0).await;
            grant(side, world, &somebody, 1).await;
            let leads = app.db_stream_leads(&world.follow_up).await;
            let lead = leads.iter().find(|lead| lead.registration_id == somebody.registration);
            hints.leads.push(lead.expect("a lead").id.0);
        }
        let what = match self {
            Self::Cancelled => "status = 'CANCELLED', cancelled_at = 1",
            Self::Restricted => "restricted_at = 1",
            Self::Quarantined => "quarantined_at = 1",
            Self::Objects => "objected_purposes = 15",
            Self::OptsOut => "opted_out = true",
            Self::AddressChanges => "consents_suspended = true, new_email = 'new@example.org'",
            Self::Corrected => "full_name = 'Somebody Else', city = 'Elsewhere', revision = revision + 1",
            Self::Erased => {
                "status = 'ERASED', erased_at = 1, full_name = null, given_name = null, family_name = null, email = null, \
                 email_key = null, phone = null, company = null, job_title = null, city = null, country = null"
            }
            _ => "",
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
            Self::ComesIn => check_in(side, world, &somebody).await,
            _ => {}
        }
        if !what.is_empty() {
            change(side, &somebody, what).await;
        }
        world.others.push(somebody);
    }

    async fn order(self, side: &Side, world: &World, email: &str, hints: &mut Hints) {
        let ticket = match self {
            Self::NotProved | Self::WaitsForGuardian => world.sharing.ticket,
            _ => world.paid,
        };
        let mut input = Client::register_input(&world.sharing.event, email, &[(ticket, email)]);
        let wishes = [0, 1, 2, 3].map(|offer| {
            let (offer, version, fields) = world.offer(offer);
            decision(offer, version, &fields[1..])
        });
        if self == Self::NotProved {
            input["attendees"][0]["ofAge"] = json!(true);
            input["attendees"][0]["consents"] = json!(wishes);
        }
        if self == Self::WaitsForGuardian {
            input["attendees"][0]["ofAge"] = json!(false);
            input["attendees"][0]["guardian"] = json!({ "fullName": "A Parent", "email": format!("parent-{email}") });
            input["attendees"][0]["consents"] = json!(wishes);
        }
        let payload = side
            .app
            .anonymous()
            .done("register", REGISTER, json!({ "input": input }))
            .await;
        hints.emails.push(email.to_owned());
        hints
            .orders
            .push(payload["order"]["code"].as_str().expect("a code").to_owned());
        let id = &payload["order"]["id"];
        match self {
            Self::Pays => {
                let input = json!({ "input": { "idempotencyKey": email, "orderId": id } });
                world.sharing.staff.done("markOrderPaid", PAID, input).await;
            }
            Self::OrderCancelled => {
                let input = json!({ "input": { "orderId": id } });
                world.sharing.staff.done("cancelOrder", CANCEL, input).await;
            }
            _ => {}
        }
    }
}

const PULL: &str = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 100) { nodes { id email } } } }";
const PAID: &str =
    "mutation($input: MarkOrderPaidInput!) { markOrderPaid(input: $input) { userErrors { field message code } } }";
const CANCEL: &str =
    "mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { userErrors { field message code } } }";
const LOOK: &str = "query($o: String!) { organization(slug: $o) { auditLog(first: 5) { edges { node { action } } }
    event(slug: \"rustdays\") { roster(first: 50) { edges { node { fullName } } } } } }";
const CHECK_IN: &str = "mutation($input: CheckInInput!) { checkIn(input: $input) { userErrors { code } } }";
const ISSUE: &str = "mutation($input: IssuePartnerTokenInput!) { issuePartnerToken(input: $input) { token { id }
    userErrors { field message code } } }";

async fn token_elsewhere(world: &World, number: u64) {
    // Asked for again under the same key, the partner is the one that is there.
    let partner = world.sharing.partner("Corro").await;
    let scope = json!({ "eventPartnerId": world.other.event_partner, "purposes": ["EVENT_FOLLOW_UP"], "fields": [{ "field": "EMAIL" }] });
    let input = json!({ "idempotencyKey": format!("token-{number}"), "partnerId": partner, "name": "Another", "scopes": [scope] });
    world
        .sharing
        .staff
        .done("issuePartnerToken", ISSUE, json!({ "input": input }))
        .await;
}

/// A partner at an event that is not published; its public id there.
async fn partner_of_draft(side: &Side, world: &World, number: u64) -> String {
    let staff = &world.sharing.staff;
    let event = side
        .app
        .event(staff, &world.sharing.organization, &format!("draft{number}"))
        .await;
    let partner = world.sharing.partner("Corro").await;
    let document = "mutation($input: AddEventPartnerInput!) { addEventPartner(input: $input) { eventPartner { id }
        userErrors { field message code } } }";
    let input = json!({ "idempotencyKey": format!("draft-{number}"), "eventId": event.public_id, "partnerId": partner,
        "role": "EXHIBITOR", "noticeUrl": "https://corro.example/privacy", "noticeSha256": "cd".repeat(32),
        "contactEmail": "dpo@corro.example" });
    let payload = staff.done("addEventPartner", document, json!({ "input": input })).await;
    payload["eventPartner"]["id"].as_str().expect("an id").to_owned()
}

fn own_id(public: &str) -> Uuid {
    let (_, parts) = ids::unpack(&async_graphql::ID(public.to_owned())).expect("an id");
    *parts.last().expect("an id")
}

/// Grants everything of one of the world's offers.
async fn grant(side: &Side, world: &World, attendee: &SeededAttendee, offer: usize) {
    let (offer, version, fields) = world.offer(offer);
    let fields = if version > 1 { &fields[1..] } else { fields };
    attendee.grant(&side.app, offer, version, fields).await;
}

/// Changes a registration's row and rewrites its leads, as whatever service changes it does.
pub(super) async fn change(side: &Side, attendee: &SeededAttendee, what: &str) {
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
pub(super) async fn check_in(side: &Side, world: &World, attendee: &SeededAttendee) {
    let code = side.app.db_registration(attendee).await.check_in_code;
    let input = json!({ "idempotencyKey": Uuid::new_v4().to_string(), "eventId": world.sharing.event.public_id(), "code": code });
    let answer: Value = world.sharing.staff.send(CHECK_IN, json!({ "input": input })).await;
    assert_eq!(answer.get("errors"), None, "{answer:#}");
}
