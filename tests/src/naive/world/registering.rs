//! Registering, with wishes or without, and proving the mailbox.

use consentry::platform::keys::{Link, LinkKind};
use consentry_domain::{ChoiceId, OrganizationId, QuestionId, TicketTypeId};
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::history::{Kind, Outcome};
use super::{FIELDS, World, below, key, one, part};

/// How many live places there are at most.
const PLACES: usize = 45;
/// The addresses of everybody.
const ADDRESSES: usize = 14;

impl World {
    /// A decision about an offer, as whoever saw its page would send it: mostly of the version in force, with some of
    /// its fields; at times an old version, or a refusal.
    pub(super) async fn decision(&self, rng: &mut StdRng, offer: Uuid) -> Value {
        let of = self.offers.iter().find(|its| its.id == offer).expect("an offer");
        let text = format!(
            "select version, field_mask from offer_version where state = 'APPROVED' and offer_id = {} order by version",
            self.literal(offer)
        );
        let versions = self.rows(&text).await;
        let Some(last) = versions.last() else {
            return json!({ "offerId": of.public, "offerVersion": 1, "decision": "REFUSE" });
        };
        let seen = if rng.random_bool(0.05) {
            one(rng, &versions)
        } else {
            last
        };
        let number = seen.int("version");
        if rng.random_bool(0.08) {
            return json!({ "offerId": of.public, "offerVersion": number, "decision": "REFUSE" });
        }
        let asked = self.named(seen.long("field_mask")).await;
        let chance = *one(rng, &[0.3, 0.6, 1.0]);
        let mut fields = part(rng, chance, &asked);
        if fields.is_empty() {
            fields.push(one(rng, &asked).clone());
        }
        json!({ "offerId": of.public, "offerVersion": number, "decision": "GRANT", "fields": fields })
    }

    /// The fields of a mask, as inputs name them.
    pub(super) async fn named(&self, mask: i64) -> Vec<Value> {
        let mut fields = Vec::new();
        for (bit, name) in FIELDS.iter().enumerate() {
            if mask >> bit & 1 == 1 {
                fields.push(json!({ "field": name }));
            }
        }
        for row in self
            .rows("select id, bit from question where bit is not null order by bit")
            .await
        {
            if mask >> row.int("bit") & 1 == 1 {
                fields.push(json!({ "questionId": self.public::<QuestionId>(row.id("id")) }));
            }
        }
        fields
    }

    /// The offers of an event, each with this chance.
    pub(super) async fn some_offers(&self, rng: &mut StdRng, event: Uuid, chance: f64) -> Vec<Uuid> {
        let text = format!(
            "select id from sharing_offer where event_id = {} order by id",
            self.literal(event)
        );
        let offers: Vec<Uuid> = self.rows(&text).await.iter().map(|row| row.id("id")).collect();
        part(rng, chance, &offers)
    }

    async fn attendee(&self, rng: &mut StdRng, event: usize, first: bool) -> Value {
        let at = &self.events[event].event;
        let paid = rng.random_bool(0.35);
        let ticket: TicketTypeId = if paid {
            self.paid_tickets[event]
        } else {
            self.events[event].ticket
        };
        let somebody = below(rng, ADDRESSES);
        let mut input = json!({ "ticketTypeId": at.public(ticket), "fullName": format!("Somebody {somebody}"),
            "email": format!("somebody{somebody}@example.org"), "isBuyer": first });
        let text = |rng: &mut StdRng, kinds: [&str; 3]| (*one(rng, &kinds)).to_owned();
        for (name, kinds) in [
            ("givenName", ["Ada", "Grace", "Mary"]),
            ("familyName", ["Lovelace", "Hopper", "Shelley"]),
            ("phone", ["+49 30 1234567", "+44 20 7946 0000", "+49 30 7654321"]),
            ("company", ["Engines Ltd", "Looms plc", "Novels & Sons"]),
            ("jobTitle", ["Analyst", "Admiral", "Author"]),
            ("city", ["London", "Berlin", "Geneva"]),
            ("country", ["GB", "DE", "CH"]),
            (
                "socialProfile",
                [
                    "https://social.example/a",
                    "https://social.example/b",
                    "https://social.example/c",
                ],
            ),
        ] {
            if rng.random_bool(0.7) {
                input[name] = json!(text(rng, kinds));
            }
        }
        if rng.random_bool(0.4) {
            let town = text(rng, ["London", "Berlin", "Geneva"]);
            input["postalAddress"] = json!({ "street": "12 St James's Square", "city": town, "country": "GB" });
        }
        let of_age = rng.random_bool(0.75);
        if event == 1 {
            input["dateOfBirth"] = json!(if of_age { "1980-03-01" } else { "2015-03-01" });
        } else {
            input["ofAge"] = json!(of_age);
            input["answers"] = json!(self.answers(rng));
        }
        if !of_age {
            input["guardian"] = json!({ "fullName": "Parent", "email": "parent@example.org" });
        }
        if first {
            let event = self.events[event].event.id.0;
            let mut wishes = Vec::new();
            for offer in self.some_offers(rng, event, 0.6).await {
                wishes.push(self.decision(rng, offer).await);
            }
            input["consents"] = json!(wishes);
        }
        input
    }

    /// What somebody changes of a registration of this event: a few fields, some of them taken away, with this chance
    /// another address.
    pub(super) fn changes(&self, rng: &mut StdRng, event: Uuid, address: f64) -> Value {
        let mut input = json!({});
        for (name, kinds) in [
            ("fullName", ["Augusta Ada King", "Grace Hopper", "Mary Shelley"]),
            ("givenName", ["Augusta", "Ada", ""]),
            ("familyName", ["King", "Lovelace", ""]),
            ("phone", ["+49 30 1234567", "+44 20 7946 0000", " "]),
            ("company", ["Engines Ltd", "Looms plc", ""]),
            ("jobTitle", ["Countess", "Admiral", ""]),
            ("city", ["Paris", "London", " "]),
            ("country", ["FR", "GB", ""]),
            (
                "socialProfile",
                ["https://social.example/d", "https://social.example/e", ""],
            ),
        ] {
            if rng.random_bool(0.3) {
                input[name] = json!(*one(rng, &kinds));
            }
        }
        if rng.random_bool(0.2) {
            let (street, city, country) = *one(rng, &[("1 rue", "Paris", "FR"), ("", "", "")]);
            input["postalAddress"] = json!({ "street": street, "city": city, "country": country });
        }
        if event == self.events[0].event.id.0 && rng.random_bool(0.4) {
            input["answers"] = json!(self.answers(rng));
        }
        if rng.random_bool(address) {
            input["email"] = json!(format!("somebody{}@example.org", below(rng, ADDRESSES)));
        }
        input
    }

    /// The reader of a wished address proves it.
    pub(super) async fn prove_address(&self, rng: &mut StdRng) -> Outcome {
        let columns = "organization_id, id, address_generation";
        let with = "new_email is not null and status in ('PENDING', 'CONFIRMED')";
        let Some(row) = self.pick_place(rng, columns, with).await else {
            return Outcome::Nothing;
        };
        let link = Link {
            organization: OrganizationId(row.id("organization_id")),
            id: row.id("id"),
            generation: row.int("address_generation"),
        };
        let secret = self.app.platform.keys.link(LinkKind::AddressChange, link);
        self.history.note(format!("confirmAddressChange {}", link.id));
        self.tell(
            &self.app.anonymous(),
            "confirmAddressChange",
            json!({ "secret": secret }),
        )
        .await
    }

    fn answers(&self, rng: &mut StdRng) -> Vec<Value> {
        let mut answers = Vec::new();
        for (question, choices) in &self.questions {
            if rng.random_bool(0.3) {
                continue;
            }
            let question = self.public::<QuestionId>(*question);
            let chosen: Vec<String> = part(rng, 0.5, choices)
                .into_iter()
                .map(|id| self.public::<ChoiceId>(id))
                .collect();
            if choices.is_empty() {
                answers.push(json!({ "questionId": question, "value": *one(rng, &["yes", "no", "a lot"]) }));
            } else if !chosen.is_empty() {
                answers.push(json!({ "questionId": question, "choiceIds": chosen }));
            }
        }
        answers
    }

    pub(super) async fn register(&self, rng: &mut StdRng) -> Outcome {
        let living = self
            .rows("select id from registration where status in ('PENDING', 'CONFIRMED')")
            .await;
        if living.len() >= PLACES {
            return Outcome::Nothing;
        }
        let event = usize::from(rng.random_bool(0.25));
        let mut attendees = Vec::new();
        for number in 0..1 + below(rng, 3) {
            attendees.push(self.attendee(rng, event, number == 0).await);
        }
        self.history.note(format!("register {}", json!(attendees)));
        let input = json!({ "idempotencyKey": key(), "eventId": self.events[event].event.public_id(), "locale": "en",
            "buyer": { "fullName": attendees[0]["fullName"], "email": attendees[0]["email"] }, "attendees": attendees });
        self.tell(&self.app.anonymous(), "register", input).await
    }

    /// Proves a mailbox, most often one that is not.
    pub(super) async fn confirm(&self, kind: Kind, rng: &mut StdRng) -> Outcome {
        let unproved = if rng.random_bool(0.9) {
            "and email_proved_at is null"
        } else {
            ""
        };
        let text = format!(
            "select organization_id, id, event_id, link_generation from registration \
             where status in ('PENDING', 'CONFIRMED') {unproved} order by id"
        );
        let Some(row) = self.pick(rng, &text).await else {
            return Outcome::Nothing;
        };
        let (registration, event) = (row.id("id"), row.id("event_id"));
        let wishes = format!(
            "select offer_id, version, granted_mask from consent where state in ('REQUESTED', 'AWAITING_GUARDIAN') \
             and registration_id = {} order by offer_id",
            self.literal(registration)
        );
        let mut named = Vec::new();
        match kind {
            Kind::ConfirmAll => {
                for row in self.rows(&wishes).await {
                    let of = self
                        .offers
                        .iter()
                        .find(|its| its.id == row.id("offer_id"))
                        .expect("an offer");
                    let fields = self.named(row.long("granted_mask")).await;
                    named.push(
                        json!({ "offerId": of.public, "offerVersion": row.int("version"), "decision": "GRANT",
                        "fields": fields }),
                    );
                }
            }
            Kind::ConfirmSome => {
                for offer in self.some_offers(rng, event, 0.5).await {
                    named.push(self.decision(rng, offer).await);
                }
            }
            _ => {}
        }
        let link = Link {
            organization: OrganizationId(row.id("organization_id")),
            id: registration,
            generation: row.int("link_generation"),
        };
        let secret = self.app.platform.keys.link(LinkKind::Registration, link);
        let of_age = *one(rng, &[Some(true), Some(true), Some(true), Some(false), None]);
        let guardian = (of_age == Some(false)).then(|| json!({ "fullName": "Parent", "email": "parent@example.org" }));
        self.history
            .note(format!("{kind:?} {registration} ofAge {of_age:?}: {}", json!(named)));
        let input = json!({ "secret": secret, "ofAge": of_age, "guardian": guardian, "consents": named });
        self.tell(&self.app.anonymous(), "confirmEmail", input).await
    }
}
