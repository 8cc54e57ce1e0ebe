//! Two events with partners, attendees and staff, and everything that can happen to them, by chance.
//!
//! Changes go through the API like anybody's, save those for which it has no way in yet (a privacy signal, an
//! objection): they are written as a service would write them. Whether a change was done or
//! refused is counted; an error that is nobody's fault ends the test.

mod attendees;
mod offers;
mod partners;
mod registering;
mod setup;
mod staff;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use consentry_domain::{AccountId, EventId};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use serde_json::{Value, json};
use tokio::sync::RwLock;
use uuid::Uuid;

use super::compare;
use super::history::{History, KINDS, Kind, Outcome};
use super::read::{Row, all};
use super::rows::Tables;
use crate::app::{Client, Sharing, TestApp};

/// The API's names of the standard fields, by bit.
pub(super) const FIELDS: [&str; 13] = [
    "FULL_NAME",
    "GIVEN_NAME",
    "FAMILY_NAME",
    "EMAIL",
    "PHONE",
    "COMPANY",
    "JOB_TITLE",
    "CITY",
    "COUNTRY",
    "POSTAL_ADDRESS",
    "SOCIAL_PROFILE",
    "TICKET_TYPE",
    "ATTENDANCE",
];

/// An offer.
struct OfferAt {
    id: Uuid,
    public: String,
    event_partner: Uuid,
    purpose: &'static str,
}

/// A token, with what it reads.
struct Token {
    client: Client,
    mask: i64,
    /// Event partners.
    at: Vec<Uuid>,
}

/// The world.
pub struct World {
    /// The program.
    pub app: TestApp,
    /// What happened.
    pub history: History,
    events: Vec<Sharing>,
    paid_tickets: Vec<consentry_domain::TicketTypeId>,
    questions: Vec<(Uuid, Vec<Uuid>)>,
    officer: Client,
    door: Client,
    offers: Vec<OfferAt>,
    tokens: Vec<Token>,
    clients: Mutex<HashMap<Uuid, Client>>,
    /// Shared by who is being signed in, exclusive for who is being forgotten: nobody can be signed in as nobody. What they
    /// do afterwards goes on meanwhile.
    signing_in: RwLock<()>,
    /// What partners hold: lead and fields.
    received: Mutex<BTreeMap<Uuid, i64>>,
}

/// Makes a key of its own.
fn key() -> String {
    Uuid::new_v4().to_string()
}

/// One of these.
fn one<'a, T>(rng: &mut StdRng, items: &'a [T]) -> &'a T {
    items.choose(rng).expect("something to choose from")
}

/// A part of these: each with this chance.
fn part<T: Clone>(rng: &mut StdRng, chance: f64, items: &[T]) -> Vec<T> {
    let chosen = items.iter().filter(|_| rng.random_bool(chance));
    chosen.cloned().collect()
}

impl World {
    /// The public id of something of the organization.
    fn public<T: consentry::graphql::ids::PublicId>(&self, id: Uuid) -> String {
        self.events[0].event.public(T::from(id))
    }

    fn event_of(&self, event: Uuid) -> &Sharing {
        let found = self.events.iter().find(|its| its.event.id == EventId(event));
        found.expect("one of the events")
    }

    async fn rows(&self, text: &str) -> Vec<Row> {
        all(&self.app, text).await
    }

    /// One row of a statement, by chance.
    async fn pick(&self, rng: &mut StdRng, text: &str) -> Option<Row> {
        let mut rows = self.rows(text).await;
        if rows.is_empty() {
            return None;
        }
        Some(rows.swap_remove(rng.random_range(0..rows.len())))
    }

    /// As [`Self::pick`], of registrations: most often one that shares something.
    async fn pick_place(&self, rng: &mut StdRng, columns: &str, with: &str) -> Option<Row> {
        let text = format!("select {columns} from registration where {with}");
        if rng.random_bool(0.7) {
            let sharing = format!("{text} and id in (select registration_id from lead where state = 1) order by id");
            if let Some(row) = self.pick(rng, &sharing).await {
                return Some(row);
            }
        }
        self.pick(rng, &format!("{text} order by id")).await
    }

    /// Sends a mutation that asks for no more than its errors and this; its payload, and whether it was refused.
    async fn send(&self, client: &Client, name: &str, more: &str, input: Value) -> (Value, Outcome) {
        let of = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let document =
            format!("mutation($input: {of}!) {{ {name}(input: $input) {{ {more} userErrors {{ field code }} }} }}");
        let answer = client.send(&document, json!({ "input": input })).await;
        let payload = answer["data"][name].clone();
        assert!(
            answer.get("errors").is_none() && payload.is_object(),
            "{name} of {input}: {answer:#}"
        );
        let refused = payload["userErrors"]
            .as_array()
            .is_some_and(|errors| !errors.is_empty());
        if refused {
            self.history
                .note(format!("  {name} refused: {}", payload["userErrors"]));
        }
        let outcome = if refused { Outcome::Refused } else { Outcome::Done };
        (payload, outcome)
    }

    /// Sends a mutation; whether it was done.
    async fn tell(&self, client: &Client, name: &str, input: Value) -> Outcome {
        self.send(client, name, "", input).await.1
    }

    fn staff(&self) -> &Client {
        &self.events[0].staff
    }

    /// Signed in as an account, once and for all.
    async fn signed_in(&self, account: Uuid) -> Client {
        let known = self
            .clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&account)
            .cloned();
        if let Some(client) = known {
            return client;
        }
        let client = self.app.db_session(AccountId(account)).await;
        self.keep_sessions().await;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.insert(account, client.clone());
        client
    }

    /// Sessions do not end, however much time passes.
    async fn keep_sessions(&self) {
        self.app
            .db_execute("update session set expires_at = 9000000000000000 where expires_at < 9000000000000000")
            .await;
    }

    /// Tries a change of a kind by chance.
    pub async fn change(&self, rng: &mut StdRng) {
        let all: u32 = KINDS.iter().map(|(_, weight)| weight).sum();
        let mut at = rng.random_range(0..all);
        for (kind, weight) in KINDS {
            if at < *weight {
                return self.try_kind(*kind, rng, None).await;
            }
            at -= weight;
        }
    }

    /// Tries a change of this kind; with the tables before, a pull is compared with what the rule says.
    async fn try_kind(&self, kind: Kind, rng: &mut StdRng, before: Option<&Tables>) {
        use Kind as K;
        let outcome = match kind {
            K::Register => self.register(rng).await,
            K::ConfirmAll | K::ConfirmSome | K::ConfirmNone => self.confirm(kind, rng).await,
            K::SetConsents => self.set_consents(rng).await,
            K::WithdrawConsent | K::WithdrawFields => self.withdraw(kind, rng).await,
            K::WithdrawAll => self.withdraw_all(rng).await,
            K::Guardian => self.guardian(rng).await,
            K::CancelOwn => self.cancel_own(rng).await,
            K::Erase => self.erase(rng).await,
            K::Update => self.update(rng).await,
            K::ProveAddress => self.prove_address(rng).await,
            K::Correct | K::Suspend => self.correct(kind, rng).await,
            K::CancelPlace | K::CancelOrder => self.cancel(kind, rng).await,
            K::MarkPaid => self.mark_paid(rng).await,
            K::Expire => self.expire().await,
            K::CheckIn => self.check_in(rng).await,
            K::UndoCheckIn => self.undo_check_in(rng).await,
            K::Restrict | K::LiftRestriction | K::Quarantine | K::LiftQuarantine => self.protect(kind, rng).await,
            K::Objection | K::OptOut => self.direct(kind, rng).await,
            K::Narrow | K::Editorial | K::Widen | K::EndSoon | K::Reject | K::WithdrawRequested => {
                self.revise(kind, rng).await
            }
            K::WithdrawInForce => self.withdraw_in_force(rng).await,
            K::EndPasses => self.end_passes().await,
            K::Notice | K::EventPartnerOff | K::EventPartnerOn => self.event_partner(kind, rng).await,
            K::PartnerOff | K::PartnerOn => self.partner(kind, rng).await,
            K::Pull => self.pull(rng, before).await,
        };
        self.history.count(kind, outcome);
        if outcome == Outcome::Nothing {
            self.history.note(format!("{kind:?} of nothing"));
        }
    }

    /// So many changes, one after the other, each held against the rule.
    pub async fn one_by_one(&self, rng: &mut StdRng, count: usize) {
        let all: u32 = KINDS.iter().map(|(_, weight)| weight).sum();
        let mut before = Tables::without_records(&self.app).await;
        for number in 0..count {
            let mut at = rng.random_range(0..all);
            let kind = KINDS.iter().find(|(_, weight)| {
                let found = at < *weight;
                at = at.saturating_sub(*weight);
                found
            });
            let held = self.holdings();
            // Somebody must be there before much can happen.
            let kind = match [Kind::Register, Kind::ConfirmAll, Kind::SetConsents].get(number % 3) {
                Some(first) if number < 45 => *first,
                _ => kind.expect("the weights add up").0,
            };
            if number % 8 == 7 {
                self.number().await;
                before = Tables::without_records(&self.app).await;
            }
            self.try_kind(kind, rng, Some(&before)).await;
            let after = Tables::without_records(&self.app).await;
            let marks = if kind == Kind::Pull {
                self.new_marks(&held)
            } else {
                BTreeMap::new()
            };
            let mut wrong = compare::step(&before, &after, &marks);
            wrong.extend(compare::standing(&after));
            self.fail_if(&wrong, &format!("change {number}, {kind:?}"));
            before = after;
            if number % 100 == 99 {
                self.compare(&format!("{number} one by one")).await;
            }
        }
    }

    /// Goes on until each kind of change was done, if chance has left one out; not for ever.
    pub async fn until_everything_happened(&self, rng: &mut StdRng) {
        for _ in 0..200 {
            let never = self.history.never();
            if never.is_empty() {
                return;
            }
            for kind in never {
                // No end passes where none is near.
                if kind == Kind::EndPasses {
                    self.try_kind(Kind::EndSoon, rng, None).await;
                }
                self.try_kind(kind, rng, None).await;
            }
            self.change(rng).await;
        }
    }

    /// Gives every lead that has none a place, as whoever follows its stream would, so that losing it shows.
    async fn number(&self) {
        let text = "update lead set pos = 1 where pos is null and (state = 1 or received <> 0)";
        self.app.db_execute(text).await;
    }

    fn holdings(&self) -> BTreeMap<Uuid, i64> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What partners hold now and did not hold then.
    fn new_marks(&self, held: &BTreeMap<Uuid, i64>) -> BTreeMap<Uuid, i64> {
        let mut marks = self.holdings();
        marks.retain(|lead, mask| held.get(lead) != Some(mask));
        marks
    }

    /// Holds the tables against the rule, and what partners hold against the marks; nobody may be writing.
    pub async fn compare(&self, when: &str) {
        let tables = Tables::read(&self.app).await;
        let mut wrong = compare::standing(&tables);
        wrong.extend(compare::recorded(&tables));
        for (id, fields) in self.holdings() {
            match tables.leads.iter().find(|lead| lead.id == id) {
                Some(lead) if lead.received & fields == fields => {}
                other => wrong.push(format!("a partner received {fields:x} of {id}: {other:?}")),
            }
        }
        self.fail_if(&wrong, when);
        let report = consentry::services::sharing::verify::verify(self.app.store()).await;
        let report = report.expect("verified");
        let differences: Vec<String> = report.differences.iter().map(|found| format!("{found:?}")).collect();
        self.fail_if(&differences, &format!("verify, {when}"));
        let live = tables.leads.iter().filter(|lead| lead.state == 1).count();
        println!(
            "{when}: {} registrations, {live} leads, {} without values, {} handed out",
            tables.registrations.len(),
            tables.leads.len() - live,
            tables.disclosed.len()
        );
    }

    fn fail_if(&self, wrong: &[String], when: &str) {
        assert!(
            wrong.is_empty(),
            "{when}: {} differences\n{}\nhistory:\n{}",
            wrong.len(),
            wrong.join("\n"),
            self.history.tail(60)
        );
    }
}

/// A number below, for whoever needs no more.
fn below(rng: &mut impl Rng, count: usize) -> usize {
    rng.random_range(0..count)
}
