//! Who shares, who pulls, and what takes everything from everybody at the end.

use std::collections::{BTreeSet, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_graphql::ID;
use consentry::graphql::ids;
use consentry_domain::{AttendeeField, EventPartnerId, FieldMask, LeadId, Purpose, RegistrationId, Role};
use consentry_entity::{event_partner, partner};
use sea_orm::EntityTrait;
use serde_json::json;

use super::deeds::{DEEDS, Deed};
use super::history::{Taken, Taking};
use crate::app::{SeededAttendee, SeededOffer, SeededPartner, SeededStream, Sharing};
use crate::process::Home;
use crate::received::{Received, ask};
use crate::{Client, Engine, TestApp};

/// Clients, each with a token of its own.
pub(super) const CLIENTS: usize = 8;
/// How often each thing is done.
const TIMES: usize = 3;
const PAGE: &str = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 100) { nodes { id fullName email phone } } } }";
const NODE: &str = "query($id: ID!) { node(id: $id) { ... on Lead { id fullName email phone } } }";

pub(super) struct World {
    pub(super) app: TestApp,
    pub(super) sharing: Sharing,
    pub(super) offer: SeededOffer,
    stream: SeededStream,
    pub(super) attendees: Vec<SeededAttendee>,
    pub(super) officer: Client,
    /// The token that each client uses now.
    tokens: Mutex<Vec<String>>,
    /// Leads and tokens of which something was received.
    shown: Mutex<HashSet<String>>,
    /// How many answers each client has.
    turns: [AtomicUsize; CLIENTS],
    over: AtomicBool,
}

impl World {
    pub(super) async fn new() -> Self {
        let app = TestApp::start(Engine::Postgres).await;
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL", "PHONE"]).await;
        let mut attendees = Vec::new();
        for number in 0..DEEDS.len() * TIMES {
            let attendee = app
                .db_attendee(&sharing, &format!("n{number}@example.org"), |_| ())
                .await;
            attendee.grant(&app, &offer, 1, &["FULL_NAME", "EMAIL", "PHONE"]).await;
            attendees.push(attendee);
        }
        let id: EventPartnerId = ids::decode(&ID(offer.event_partner.clone())).expect("an id").1;
        let row = event_partner::Entity::find_by_id((offer.organization, id))
            .one(app.store().read())
            .await;
        let row = row.expect("an answer").expect("an event partner");
        let partner = SeededPartner {
            organization: offer.organization,
            event: row.event_id,
            partner: row.partner_id,
            event_partner: id,
        };
        let stream = SeededStream {
            partner,
            id: offer.id,
            purpose: Purpose::EventFollowUp,
        };
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let mut tokens = Vec::new();
        for _ in 0..CLIENTS {
            tokens.push(app.db_working_token(&stream).await);
        }
        Self {
            app,
            sharing,
            offer,
            stream,
            attendees,
            officer,
            tokens: Mutex::new(tokens),
            shown: Mutex::default(),
            turns: Default::default(),
            over: AtomicBool::new(false),
        }
    }

    pub(super) async fn lead_of(&self, registration: RegistrationId) -> LeadId {
        let leads = self.app.db_stream_leads(&self.offer).await;
        let lead = leads.iter().find(|lead| lead.registration_id == registration);
        lead.expect("a lead").id
    }

    /// Waits until something of this lead, or with this token, was received.
    pub(super) async fn shown(&self, name: &str) {
        while !self.shown.lock().expect("no panic").contains(name) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    pub(super) fn token_of(&self, client: usize) -> String {
        self.tokens.lock().expect("no panic")[client].clone()
    }

    pub(super) const fn client_of(&self, step: usize) -> usize {
        step % CLIENTS
    }

    /// A client: pulls a page from one node, then from the other, and in between single leads that it has seen.
    pub(super) async fn pull(&self, client: usize, nodes: &[Home; 2]) -> Vec<(String, Received)> {
        let (mut answers, mut known) = (Vec::new(), BTreeSet::new());
        for turn in client.. {
            if self.over.load(Ordering::SeqCst) {
                break;
            }
            let token = self.token_of(client);
            let one = known.iter().nth(turn % known.len().max(1)).filter(|_| turn % 5 > 2);
            let (document, variables) = match one {
                Some(id) => (NODE, json!({ "id": id })),
                None => (PAGE, json!({})),
            };
            let answer = ask(nodes[turn % 2].address, &token, document, &variables, |_| {}).await;
            let answer = answer.expect("the program answers");
            let leads = answer.leads();
            if !leads.is_empty() {
                let public = |id: LeadId| ids::encode(self.offer.organization, id).to_string();
                known.extend(leads.iter().map(|(id, _)| public(*id)));
                let mut shown = self.shown.lock().expect("no panic");
                shown.extend(leads.iter().map(|(id, _)| id.to_string()));
                shown.insert(token.clone());
            }
            answers.push((token, answer));
            self.turns[client].fetch_add(1, Ordering::SeqCst);
        }
        answers
    }

    /// Waits until every client has an answer that began from now on.
    async fn everybody_has_asked(&self) {
        let so_far = self.turns.each_ref().map(|turns| turns.load(Ordering::SeqCst));
        for (turns, so_far) in self.turns.iter().zip(so_far) {
            // The next one may have begun before.
            while turns.load(Ordering::SeqCst) < so_far + 2 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }

    /// Everything is taken away, step by step.
    pub(super) async fn take_all(&self) -> Vec<Taking> {
        let mut all = Vec::new();
        for step in 0..self.attendees.len() {
            let deed = DEEDS[step % DEEDS.len()];
            let what = self.take(deed, step).await;
            all.push(Taking::of(format!("{deed:?}"), what));
            self.everybody_has_asked().await;
            if deed == Deed::Revoke {
                let fresh = self.app.db_working_token(&self.stream).await;
                self.tokens.lock().expect("no panic")[self.client_of(step)] = fresh;
            }
        }
        self.sharing.switch(&self.offer, 2, &["FULL_NAME", "EMAIL"]).await;
        let phone = Taken::Everywhere(FieldMask::standard(AttendeeField::Phone));
        all.push(Taking::of("a version without the phone".into(), phone));
        self.everybody_has_asked().await;
        for (name, whose) in [("event partner", Whose::AtEvent), ("partner", Whose::Anywhere)] {
            self.switch(whose, false).await;
            let mut taking = Taking::of(format!("the {name} switched off"), Taken::Everything);
            self.everybody_has_asked().await;
            taking.until = Some(Instant::now());
            all.push(taking);
            self.switch(whose, true).await;
            self.shown.lock().expect("no panic").clear();
            self.shown(&self.token_of(0)).await;
        }
        self.sharing.withdraw(&self.offer, 2).await;
        all.push(Taking::of("the offer withdrawn".into(), Taken::Everything));
        self.everybody_has_asked().await;
        self.over.store(true, Ordering::SeqCst);
        all
    }

    /// Switches the partner on or off, at the event or anywhere.
    async fn switch(&self, whose: Whose, active: bool) {
        let (organization, read) = (self.offer.organization, self.app.store().read());
        let at = self.stream.partner;
        let (name, of, input) = match whose {
            Whose::AtEvent => {
                let row = event_partner::Entity::find_by_id((organization, at.event_partner))
                    .one(read)
                    .await;
                let revision = row.expect("an answer").expect("an event partner").revision;
                let input =
                    json!({ "eventPartnerId": self.offer.event_partner, "revision": revision, "active": active });
                ("updateEventPartner", "UpdateEventPartnerInput", input)
            }
            Whose::Anywhere => {
                let row = partner::Entity::find_by_id((organization, at.partner)).one(read).await;
                let revision = row.expect("an answer").expect("a partner").revision;
                let id = ids::encode(organization, at.partner).to_string();
                let input = json!({ "partnerId": id, "revision": revision, "active": active });
                ("updatePartner", "UpdatePartnerInput", input)
            }
        };
        let document = format!("mutation($input: {of}!) {{ {name}(input: $input) {{ userErrors {{ field code }} }} }}");
        self.sharing
            .staff
            .done(name, &document, json!({ "input": input }))
            .await;
    }
}

/// Where a partner is switched on or off.
#[derive(Clone, Copy)]
enum Whose {
    AtEvent,
    Anywhere,
}
