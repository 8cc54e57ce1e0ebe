//! Staff as observers: of two worlds that differ in decisions about sharing alone, those about the organization itself
//! not counted. Staff see nobody's consent or refusal.

use consentry::graphql::ids;
use consentry::platform::leaks::Leak;
use consentry::platform::store::Engine;
use consentry::services::statistics;
use consentry_domain::token::TokenText;
use consentry_domain::{Instant, PartnerTokenId, Role};
use consentry_entity::partner_token;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::hidden;
use super::random::Random;
use super::run::{BEGINNING, Difference, MINUTE};
use super::side::Side;
use super::transcript::{Answer, Names, Times};
use super::world::{Token, World};
use crate::Client;
use crate::app::decision;

const ROLES: &[Role] = &[
    Role::Owner,
    Role::Manager,
    Role::Finance,
    Role::CheckIn,
    Role::Viewer,
    Role::Dpo,
];

/// What staff read, by name.
const READS: &[(&str, &str)] = &[
    (
        "roster",
        "query($o: String!) { organization(slug: $o) { event(slug: \"rustdays\") { roster(first: 50) { edges { node {
         id fullName email company status orderCode orderStatus ticketType { name } createdAt revision checkIns { list at undoneAt }
         answers { values } } } pageInfo { hasNextPage } } } } }",
    ),
    (
        "roster by time",
        "query($o: String!) { organization(slug: $o) { event(slug: \"rustdays\") { roster(first: 3, sort: TIME,
         filter: { status: CONFIRMED }) { edges { node { id revision } } pageInfo { hasNextPage } } } } }",
    ),
    (
        "orders",
        "query($o: String!) { organization(slug: $o) { event(slug: \"rustdays\") { orders(first: 50) { edges { node {
         id code status buyerName buyerEmail createdAt expiresAt paidAt endedAt total { amount } payments { id }
         history { action at actor staffEmail detail } } } pageInfo { hasNextPage } } } } }",
    ),
    (
        "audit log",
        "query($o: String!) { organization(slug: $o) { auditLog(first: 100) { edges { node { id action actor at detail
         staffEmail subjectKind } } pageInfo { hasNextPage } } } }",
    ),
    (
        "partners",
        "query($o: String!) { organization(slug: $o) { partners(first: 50) { edges { node { id displayName active
         revision } } } event(slug: \"rustdays\") { partners { id role active revision contactEmail offers { id purpose
         inForce { version } versions { version state requestedAt decidedAt difference { consents } } } } } } }",
    ),
    (
        "event",
        "query($o: String!) { organization(slug: $o) { event(slug: \"rustdays\") { id revision quotas { name size
         available revision } publishCheck { __typename } ticketTypes { revision archived ticketType { id availability } }
         questions { revision } } } }",
    ),
    (
        "statistics",
        "query($o: String!) { organization(slug: $o) { events(first: 5) { edges { node { id revision } } }
         event(slug: \"rustdays\") { statistics { countedAt registrations { status count } registrationsByDay { day count }
         checkIns { list count } inside failedMails availability { available }
         money { orders { count } payments { count } refundsDue }
         consents { countedAt offers { fields { count } } } } } } }",
    ),
    (
        "mails",
        "query($o: String!) { organization(slug: $o) { mails(first: 100) { edges { node { id kind status to createdAt sentAt
         failure } } pageInfo { hasNextPage } } } }",
    ),
    (
        "mails of the event",
        "query($o: String!) { organization(slug: $o) { event(slug: \"rustdays\") { mails(first: 100) { edges { node { id kind
         to } } } } } }",
    ),
    (
        "refused mails of the event",
        "query($o: String!) { organization(slug: $o) { event(slug: \"rustdays\") { mails(first: 100, filter: { status: FAILED }) {
         edges { node { id kind to } } } } } }",
    ),
    (
        "team",
        "query($o: String!) { organization(slug: $o) { teamMembers(first: 50) { edges { node { email role } } } } }",
    ),
    (
        "the attendee's own side",
        "query($o: String!) { me { email people { registrations(first: 5) { edges { node { consents { state } } } } }
         organization: __typename } organization(slug: $o) { event(slug: \"rustdays\") { revision } } }",
    ),
    (
        "proof of consent",
        "query($o: String!, $r: ID!) { organization(slug: $o) { event(slug: \"rustdays\") { consentProof(registrationId: $r,
         first: 50) { edges { node { action at payload } } } } } }",
    ),
];
const CHECK_IN: &str =
    "mutation($input: CheckInInput!) { checkIn(input: $input) { admission { id fullName } earlier { id at }
    userErrors { field message code } } }";
const EXPORT: &str =
    "mutation($input: ExportRosterInput!) { exportRoster(input: $input) { rosterExport { id status rowCount
    downloadUrl } userErrors { field message code } } }";
const REVOKE: &str =
    "mutation($input: RevokePartnerTokenInput!) { revokePartnerToken(input: $input) { token { status lastUsedAt }
    userErrors { field message code } } }";
const CANCEL: &str = "mutation($input: CancelRegistrationAsStaffInput!) { cancelRegistrationAsStaff(input: $input) {
    registration { id status revision } userErrors { field message code } } }";
const ANSWER: &str =
    "mutation($input: AnswerComplaintInput!) { answerComplaint(input: $input) { userErrors { field message code } } }";
const RESTRICT: &str =
    "mutation($input: RestrictPersonInput!) { restrictPerson(input: $input) { userErrors { field message code } } }";

/// What staff do in every case, by name.
#[must_use]
pub fn staff_kinds() -> Vec<&'static str> {
    let reads = READS.iter().map(|(name, _)| *name);
    reads
        .chain(["check-in", "export", "revoke a token", "cancel", "restrict"])
        .collect()
}

/// One world with its staff.
struct Office<'a> {
    side: &'a Side,
    world: World,
    staff: Vec<Client>,
    names: Names<'a>,
}

impl<'a> Office<'a> {
    async fn open(side: &'a Side, case: u64) -> Self {
        side.set_clock(Instant(BEGINNING)).await;
        let world = World::make(side, case, &[0, 1, 2, 3, 4]).await;
        side.set_chance(case + 1);
        let mut staff = Vec::new();
        for role in ROLES {
            let email = format!("{}@staff-w{case}.example", role.as_str().to_lowercase());
            staff.push(
                side.app
                    .db_staff_named(&world.sharing.organization, *role, &email)
                    .await,
            );
        }
        let names = Names::new(&side.app.platform.keys, Vec::new(), Times::Minutes);
        Self {
            side,
            world,
            staff,
            names,
        }
    }

    async fn begin(&self, now: Instant, chance: u64) {
        self.side.set_clock(now).await;
        self.side.set_chance(chance);
    }

    /// The worker counts how the event stands.
    async fn count(&self, now: Instant, chance: u64) {
        self.begin(now, chance).await;
        let event = &self.world.sharing.event;
        let counted = statistics::recount(&self.side.app.platform, event.organization, event.id).await;
        counted.expect("counted");
    }

    async fn send(&self, role: usize, document: &str, variables: Value) -> Answer {
        let bearer = self.staff[role].bearer(&self.side.app).await.expect("a token");
        let request = self.side.request("POST", "/graphql").bearer_auth(bearer);
        self.side
            .send(request.json(&json!({ "query": document, "variables": variables })))
            .await
    }

    async fn read(&mut self, role: usize, document: &str) -> String {
        let mut variables = json!({ "o": self.world.sharing.organization.slug });
        if document.contains("$r") {
            variables["r"] = json!(self.world.people[0].public_id);
        }
        let answer = self.send(role, document, variables).await;
        // A slip in a document would make the comparison empty.
        assert!(!answer.body.contains("\"errors\""), "{document}: {answer:?}");
        self.names.rename(&answer)
    }

    async fn write(&mut self, role: usize, document: &str, input: Value) -> String {
        let answer = self.send(role, document, json!({ "input": input })).await;
        self.names.rename(&answer)
    }

    /// Lets somebody in, takes the roster away.
    async fn work(&mut self, role: usize, person: usize) -> Vec<(&'static str, String)> {
        let event = self.world.sharing.event.public_id();
        let code = self
            .side
            .app
            .db_registration(&self.world.people[person])
            .await
            .check_in_code;
        let input = json!({ "idempotencyKey": format!("in {role} {person}"), "eventId": event, "code": code });
        let check_in = self.write(role, CHECK_IN, input).await;
        let input = json!({ "idempotencyKey": format!("out {role}"), "eventId": event, "purpose": "To print badges" });
        let answer = self.send(role, EXPORT, json!({ "input": input })).await;
        let mut export = self.names.rename(&answer);
        let body: Value = serde_json::from_str(&answer.body).expect("JSON");
        if let Some(url) = body["data"]["exportRoster"]["rosterExport"]["downloadUrl"].as_str() {
            let path = url.trim_start_matches("http://consentry.test");
            let bearer = self.staff[role].bearer(&self.side.app).await.expect("a token");
            for path in [path.to_owned(), format!("{path}.xlsx")] {
                let request = self.side.request("GET", &path).bearer_auth(&bearer);
                let file = self.side.send(request).await;
                assert_eq!(file.status, 200, "{file:?}");
                export += &self.names.rename(&file);
            }
        }
        vec![("check-in", check_in), ("export", export)]
    }

    /// The partner pulls, and the owner ends what the partner and two people have.
    async fn end(&mut self) -> Vec<(&'static str, String)> {
        let text = &self.world.tokens[&Token::All];
        self.side.app.partner(text).send(PULL, json!({})).await;
        let key = TokenText::parse(text).expect("a token").key_id().to_owned();
        let row = partner_token::Entity::find()
            .filter(partner_token::Column::OrganizationId.eq(self.world.organization()))
            .filter(partner_token::Column::Kid.eq(key))
            .one(self.side.app.store().read())
            .await
            .expect("an answer")
            .expect("the token");
        let id: PartnerTokenId = row.id;
        let token = ids::encode(self.world.organization(), id).to_string();
        let people = &self.world.people;
        let (one, two) = (people[0].public_id.clone(), people[1].public_id.clone());
        vec![
            (
                "revoke a token",
                self.write(0, REVOKE, json!({ "tokenId": token })).await,
            ),
            ("cancel", self.write(0, CANCEL, json!({ "registrationId": one })).await),
            (
                "restrict",
                self.write(5, RESTRICT, json!({ "registrationId": two })).await,
            ),
        ]
    }
}

const PULL: &str = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 100) { nodes { id email } } } }";

/// A complaint that one world has and the other has not; some are answered.
async fn complain(office: &Office<'_>, random: &mut Random, number: u64) {
    let person = &office.world.people[random.below(5)];
    let answer = hidden::complain(&person.client, &office.world.sharing, number).await;
    if random.percent(50) {
        let input = json!({ "input": answer });
        office.world.officer.done("answerComplaint", ANSWER, input).await;
    }
}

/// A decision about a partner's offer that one world has and the other has not.
async fn decide(office: &Office<'_>, random: &mut Random) {
    let person = &office.world.people[random.below(5)];
    let (offer, version, fields) = office.world.offer(random.below(4));
    let fields = match random.below(3) {
        0 => Vec::new(),
        _ => random.some(fields),
    };
    person
        .decide(&office.side.app, &[decision(offer, version, &fields)])
        .await;
    if random.percent(25) {
        person.withdraw_all().await;
    }
}

/// In what the two worlds differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differ {
    /// In decisions about partners' offers.
    Decisions,
    /// In complaints. The data-protection officer, who answers them, is no observer then.
    Complaints,
}

impl Differ {
    fn is_observer(self, role: Role) -> bool {
        self == Self::Decisions || role != Role::Dpo
    }
}

/// Compares what each role of staff sees in two worlds that differ in what staff may not know; how much was compared.
///
/// # Errors
/// The first difference.
pub async fn compare_staff(engine: Engine, leak: Leak, differ: Differ, cases: u64) -> Result<u64, Box<Difference>> {
    let (one, two) = tokio::join!(Side::start(engine, leak), Side::start(engine, leak));
    let mut compared = 0;
    for case in 1..=cases {
        let mut random = Random::new(case);
        let (mut one, mut two) = tokio::join!(Office::open(&one, case), Office::open(&two, case));
        let mut now = Instant(BEGINNING);
        for round in 0..ROLES.len() + 1 {
            now = Instant(now.0 + 7 * MINUTE);
            let chance = (case << 24) + (round as u64) * 1_000;
            // What is decided about the organization itself is the same in both.
            tokio::join!(one.begin(now, chance), two.begin(now, chance));
            for office in [&one, &two] {
                let (offer, version, _) = office.world.offer(4);
                let wish = decision(offer, version, if round % 2 == 0 { &["EMAIL"] } else { &[] });
                office.world.people[round % 5].decide(&office.side.app, &[wish]).await;
            }
            for number in 0..2 {
                let office = if random.percent(50) { &one } else { &two };
                office.begin(now, chance + 1).await;
                match differ {
                    Differ::Decisions => decide(office, &mut random).await,
                    Differ::Complaints => complain(office, &mut random, chance + number).await,
                }
            }
            tokio::join!(one.count(now, chance + 5), two.count(now, chance + 5));
            let role = round % ROLES.len();
            let last = round == ROLES.len();
            for (number, (name, document)) in READS.iter().enumerate() {
                // The officer proves one person's consents; that is what the role is for.
                if *name == "proof of consent" && ROLES[role] == Role::Dpo {
                    continue;
                }
                if !differ.is_observer(ROLES[role]) {
                    continue;
                }
                let chance = chance + 10 + number as u64;
                // A minute for each, so that what is logged has its order.
                now = Instant(now.0 + MINUTE);
                tokio::join!(one.begin(now, chance), two.begin(now, chance));
                let answers = tokio::join!(one.read(role, document), two.read(role, document));
                same(&format!("case {case}, {:?} reads {name}", ROLES[role]), answers)?;
                compared += 1;
            }
            now = Instant(now.0 + MINUTE);
            tokio::join!(one.begin(now, chance + 500), two.begin(now, chance + 500));
            let (ones, twos) = if last {
                tokio::join!(one.end(), two.end())
            } else {
                tokio::join!(one.work(role, round % 5), two.work(role, round % 5))
            };
            for ((name, a), (_, b)) in ones.into_iter().zip(twos) {
                same(&format!("case {case}, {:?}: {name}", ROLES[role]), (a, b))?;
                compared += 1;
            }
        }
    }
    Ok(compared)
}

fn same(at: &str, answers: (String, String)) -> Result<(), Box<Difference>> {
    if answers.0 == answers.1 {
        return Ok(());
    }
    Err(Box::new(Difference {
        at: at.to_owned(),
        answers: [answers.0, answers.1],
    }))
}
