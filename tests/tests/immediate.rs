//! Immediate: what was taken away is in no answer that begins after its commit, on any node; and whatever an answer
//! contained is marked as received.
//!
//! Two processes of the program serve one PostgreSQL database, eight clients pull from both without a pause, and
//! meanwhile consents are withdrawn whole and in part, places given up and held back, tokens revoked, an offer switched.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_graphql::ID;
use consentry::graphql::ids;
use consentry::platform::faults::Planted;
use consentry_domain::token::TokenText;
use consentry_domain::{AttendeeField, EventPartnerId, FieldMask, LeadId, Purpose, RegistrationId, Role};
use consentry_entity::{event_partner, lead, partner_token};
use consentry_tests::app::{SeededAttendee, SeededOffer, SeededPartner, SeededStream, Sharing};
use consentry_tests::process::Home;
use consentry_tests::received::{Received, ask};
use consentry_tests::{Client, Engine, TestApp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

/// Clients, each with a token of its own.
const CLIENTS: usize = 8;
/// How soon after a commit an answer must begin to count as a close one.
const CLOSE: Duration = Duration::from_millis(50);
const LEADS: &str = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 100) { nodes { id fullName email phone } } } }";

/// What nobody may receive any more.
#[derive(Clone, Debug)]
enum Taken {
    /// Anything with this token.
    Token(String),
    /// This lead.
    Lead(LeadId),
    /// These fields of this lead.
    Fields(LeadId, FieldMask),
    /// These fields of any lead.
    Everywhere(FieldMask),
}

impl Taken {
    /// What an answer to this token shows of it.
    fn shown(&self, token: &str, leads: &[(LeadId, FieldMask)]) -> bool {
        let any = |of: &dyn Fn(&(LeadId, FieldMask)) -> bool| leads.iter().any(of);
        match self {
            Self::Token(taken) => taken == token && !leads.is_empty(),
            Self::Lead(taken) => any(&|(id, _)| id == taken),
            Self::Fields(taken, mask) => any(&|(id, fields)| id == taken && !fields.intersect(*mask).is_empty()),
            Self::Everywhere(mask) => any(&|(_, fields)| !fields.intersect(*mask).is_empty()),
        }
    }
}

/// What happened.
#[derive(Default)]
struct History {
    /// What was taken, and when that was committed at the latest.
    taken: Vec<(Taken, Instant)>,
    /// Every answer, and the token that it was asked for with.
    answers: Vec<(String, Received)>,
    /// Marks of each lead in the end.
    marks: HashMap<LeadId, FieldMask>,
}

struct World {
    app: TestApp,
    sharing: Sharing,
    offer: SeededOffer,
    stream: SeededStream,
    attendees: Vec<SeededAttendee>,
    officer: Client,
    /// The token that each client uses now.
    tokens: Mutex<Vec<String>>,
    /// Leads and tokens of which something was received.
    shown: Mutex<HashSet<String>>,
    over: AtomicBool,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::start(Engine::Postgres).await;
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL", "PHONE"]).await;
        let mut attendees = Vec::new();
        for number in 0..24 {
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
            over: AtomicBool::new(false),
        }
    }

    async fn lead_of(&self, registration: RegistrationId) -> LeadId {
        let leads = self.app.db_stream_leads(&self.offer).await;
        leads
            .iter()
            .find(|lead| lead.registration_id == registration)
            .expect("a lead")
            .id
    }

    /// Waits until something of this lead, or with this token, was received.
    async fn shown(&self, name: &str) {
        while !self.shown.lock().expect("no panic").contains(name) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Takes something away that was received before; what, once it is committed.
    async fn take(&self, step: usize) -> Taken {
        let attendee = &self.attendees[step];
        let lead = self.lead_of(attendee.registration).await;
        self.shown(&lead.to_string()).await;
        match step % 6 {
            0 => {
                attendee.withdraw(&self.offer, None).await;
                Taken::Lead(lead)
            }
            1 => {
                attendee.withdraw(&self.offer, Some(&["EMAIL"])).await;
                Taken::Fields(lead, FieldMask::standard(AttendeeField::Email))
            }
            2 => {
                let document = "mutation($input: CancelRegistrationInput!) { cancelRegistration(input: $input) { userErrors { code } } }";
                let input = json!({ "input": { "registrationId": attendee.public_id } });
                attendee.client.done("cancelRegistration", document, input).await;
                Taken::Lead(lead)
            }
            3 => {
                let document =
                    "mutation($input: RestrictPersonInput!) { restrictPerson(input: $input) { userErrors { code } } }";
                let input = json!({ "input": { "registrationId": attendee.public_id } });
                self.officer.done("restrictPerson", document, input).await;
                Taken::Lead(lead)
            }
            _ => self.revoke(step % CLIENTS).await,
        }
    }

    /// Revokes the token of a client, which goes on with it for a while.
    async fn revoke(&self, client: usize) -> Taken {
        let token = self.tokens.lock().expect("no panic")[client].clone();
        self.shown(&token).await;
        let kid = TokenText::parse(&token).expect("a token").key_id().to_owned();
        let row = partner_token::Entity::find()
            .filter(partner_token::Column::Kid.eq(kid))
            .one(self.app.store().read())
            .await;
        let row = row.expect("an answer").expect("a token");
        let document =
            "mutation($input: RevokePartnerTokenInput!) { revokePartnerToken(input: $input) { userErrors { code } } }";
        let input = json!({ "input": { "tokenId": ids::encode(row.organization_id, row.id).to_string() } });
        self.sharing.staff.done("revokePartnerToken", document, input).await;
        Taken::Token(token)
    }

    /// A client: pulls from one node, then from the other.
    async fn pull(&self, client: usize, nodes: &[Home; 2]) -> Vec<(String, Received)> {
        let mut answers = Vec::new();
        for turn in client.. {
            if self.over.load(Ordering::SeqCst) {
                break;
            }
            let token = self.tokens.lock().expect("no panic")[client].clone();
            let answer = ask(nodes[turn % 2].address, &token, LEADS, &json!({}), |_| {}).await;
            let answer = answer.expect("the program answers");
            let leads = answer.leads();
            if !leads.is_empty() {
                let mut shown = self.shown.lock().expect("no panic");
                shown.extend(leads.iter().map(|(id, _)| id.to_string()));
                shown.insert(token.clone());
            }
            answers.push((token, answer));
        }
        answers
    }

    /// Everything is taken away, step by step.
    async fn take_all(&self) -> Vec<(Taken, Instant)> {
        let mut all = Vec::new();
        for step in 0..self.attendees.len() {
            let taken = self.take(step).await;
            all.push((taken.clone(), Instant::now()));
            tokio::time::sleep(Duration::from_millis(80)).await;
            if matches!(taken, Taken::Token(_)) {
                let fresh = self.app.db_working_token(&self.stream).await;
                self.tokens.lock().expect("no panic")[step % CLIENTS] = fresh;
            }
        }
        self.sharing.switch(&self.offer, 2, &["FULL_NAME", "EMAIL"]).await;
        all.push((
            Taken::Everywhere(FieldMask::standard(AttendeeField::Phone)),
            Instant::now(),
        ));
        tokio::time::sleep(Duration::from_millis(80)).await;
        self.over.store(true, Ordering::SeqCst);
        all
    }
}

/// Two nodes, eight clients, and somebody who takes everything away.
async fn history(fault: Option<Planted>) -> History {
    let world = Arc::new(World::new().await);
    let nodes = Arc::new([Home::of(&world.app), Home::of(&world.app)]);
    let programs = (nodes[0].start(fault, None).await, nodes[1].start(fault, None).await);
    let clients = (0..CLIENTS).map(|client| {
        let (world, nodes) = (world.clone(), nodes.clone());
        tokio::spawn(async move { world.pull(client, &nodes).await })
    });
    let clients: Vec<_> = clients.collect();
    let mut history = History {
        taken: world.take_all().await,
        ..Default::default()
    };
    for client in clients {
        history.answers.extend(client.await.expect("no client fails"));
    }
    for program in [programs.0, programs.1] {
        program.kill();
        program.gone().await;
    }
    let leads = lead::Entity::find().all(world.app.store().read()).await.expect("leads");
    history.marks = leads
        .into_iter()
        .map(|lead| (lead.id, FieldMask::from_db(lead.received)))
        .collect();
    history
}

impl History {
    /// What was shown after it had been taken away.
    fn violations(&self) -> Vec<(Taken, Duration)> {
        let mut found = Vec::new();
        for (token, answer) in &self.answers {
            let leads = answer.leads();
            let before = self.taken.iter().filter(|(_, at)| *at <= answer.began);
            found.extend(
                before
                    .filter(|(taken, _)| taken.shown(token, &leads))
                    .map(|(taken, at)| (taken.clone(), answer.began - *at)),
            );
        }
        found
    }

    /// Answers that began closely after a commit, for each of the commits.
    fn close(&self) -> Vec<usize> {
        let close = |at: Instant| {
            let began = self.answers.iter().map(|(_, answer)| answer.began);
            began.filter(|began| *began >= at && *began - at <= CLOSE).count()
        };
        self.taken.iter().map(|(_, at)| close(*at)).collect()
    }

    /// Leads that an answer contained with fields that are not marked as received.
    fn unmarked(&self) -> Vec<LeadId> {
        let all = self.answers.iter().flat_map(|(_, answer)| answer.leads());
        let lacks = |(id, fields): &(LeadId, FieldMask)| {
            let needed = fields.union(FieldMask::RECEIVED);
            self.marks.get(id).is_none_or(|mark| !needed.is_subset_of(*mark))
        };
        all.filter(lacks).map(|(id, _)| id).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_that_begins_after_a_commit_contains_what_it_took_away() {
    let history = history(None).await;
    let close = history.close();
    let leads: usize = history.answers.iter().map(|(_, answer)| answer.leads().len()).sum();
    println!(
        "{} commits; {} answers with {leads} leads; {} began within {} ms after a commit (the fewest after one: {})",
        history.taken.len(),
        history.answers.len(),
        close.iter().sum::<usize>(),
        CLOSE.as_millis(),
        close.iter().min().expect("a commit")
    );
    let violations = history.violations();
    assert!(violations.is_empty(), "{violations:#?}");
    assert_eq!(history.unmarked(), []);
    let without = close.iter().filter(|answers| **answers == 0).count();
    assert!(
        without * 2 < close.len(),
        "after {without} commits no answer was close enough to say anything"
    );
    let shown_before = |taken: &Taken| {
        history
            .answers
            .iter()
            .any(|(token, answer)| taken.shown(token, &answer.leads()))
    };
    let never: Vec<_> = history.taken.iter().filter(|(taken, _)| !shown_before(taken)).collect();
    assert!(never.is_empty(), "taken away, and never shown before: {never:#?}");
    assert!(history.answers.iter().all(|(_, answer)| answer.whole));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_remembers_tokens_for_a_second_is_found_out() {
    let violations = history(Some(Planted::TokenCache)).await.violations();
    assert!(!violations.is_empty(), "the memory was not noticed");
    let of_tokens = |(taken, _): &(Taken, Duration)| matches!(taken, Taken::Token(_));
    assert!(violations.iter().all(of_tokens), "{violations:#?}");
    println!(
        "{} answers to revoked tokens, up to {:?} after the commit",
        violations.len(),
        violations.iter().map(|(_, after)| *after).max()
    );
}
