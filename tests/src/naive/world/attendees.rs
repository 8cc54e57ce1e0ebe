//! What attendees and their guardians do.

use consentry::platform::keys::{Link, LinkKind};
use consentry_domain::{OrganizationId, PersonId, RegistrationId};
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::json;
use uuid::Uuid;

use super::super::history::{Kind, Outcome, Situation};
use super::{World, one, part};
use crate::Client;

/// Somebody's own place.
struct Own {
    id: Uuid,
    person: Uuid,
    event: Uuid,
    public: String,
    /// Of the consents.
    revision: i64,
    /// Of the rest.
    edition: i64,
    client: Client,
}

impl World {
    /// Somebody with an account, and their client.
    async fn own(&self, rng: &mut StdRng, with: &str) -> Option<Own> {
        let _signing_in = self.signing_in.read().await;
        let text = format!(
            "select r.id, r.person_id, r.event_id, r.consent_revision, r.revision, p.account_id from registration r, person p \
             where p.organization_id = r.organization_id and p.id = r.person_id and p.account_id is not null {with} \
             order by r.id"
        );
        let row = self.pick(rng, &text).await?;
        Some(Own {
            id: row.id("id"),
            person: row.id("person_id"),
            event: row.id("event_id"),
            public: self.public::<RegistrationId>(row.id("id")),
            revision: row.long("consent_revision"),
            edition: row.long("revision"),
            client: self.signed_in(row.id("account_id")).await,
        })
    }

    pub(super) async fn set_consents(&self, rng: &mut StdRng) -> Outcome {
        let Some(own) = self.own(rng, "and r.status = 'CONFIRMED'").await else {
            return Outcome::Nothing;
        };
        let mut decisions = Vec::new();
        for offer in self.some_offers(rng, own.event, 0.6).await {
            decisions.push(self.decision(rng, offer).await);
        }
        let of_age = *one(rng, &[Some(true), Some(true), Some(true), Some(false), None]);
        let guardian = (of_age == Some(false)).then(|| json!({ "fullName": "Parent", "email": "parent@example.org" }));
        self.history
            .note(format!("setConsents {} ofAge {of_age:?}: {}", own.id, json!(decisions)));
        let input = json!({ "registrationId": own.public, "revision": own.revision, "ofAge": of_age, "guardian": guardian,
            "consents": decisions });
        self.tell(&own.client, "setConsents", input).await
    }

    /// Changes what the own registration holds.
    pub(super) async fn update(&self, rng: &mut StdRng) -> Outcome {
        let Some(own) = self.own(rng, "and r.status in ('PENDING', 'CONFIRMED')").await else {
            return Outcome::Nothing;
        };
        let mut input = self.changes(rng, own.event, 0.2);
        input["registrationId"] = json!(own.public);
        input["revision"] = json!(own.edition);
        self.history.note(format!("updateRegistration {}: {input}", own.id));
        self.tell(&own.client, "updateRegistration", input).await
    }

    pub(super) async fn withdraw(&self, kind: Kind, rng: &mut StdRng) -> Outcome {
        let granted = "and exists (select 1 from consent c where c.registration_id = r.id and c.state = 'GRANTED')";
        let Some(own) = self.own(rng, granted).await else {
            return Outcome::Nothing;
        };
        let text = format!(
            "select offer_id, granted_mask from consent where state = 'GRANTED' and registration_id = {} order by offer_id",
            self.literal(own.id)
        );
        let Some(row) = self.pick(rng, &text).await else {
            return Outcome::Nothing;
        };
        let offer = self
            .offers
            .iter()
            .find(|its| its.id == row.id("offer_id"))
            .expect("an offer");
        let mut input = json!({ "registrationId": own.public, "offerId": offer.public });
        if kind == Kind::WithdrawFields {
            let given = self.named(row.long("granted_mask")).await;
            let mut fields = part(rng, 0.4, &given);
            if fields.is_empty() {
                fields.push(one(rng, &given).clone());
            }
            input["fields"] = json!(fields);
        }
        self.history
            .note(format!("{kind:?} {} of {}: {}", own.id, offer.id, input["fields"]));
        self.tell(&own.client, "withdrawConsent", input).await
    }

    pub(super) async fn withdraw_all(&self, rng: &mut StdRng) -> Outcome {
        let Some(own) = self.own(rng, "").await else {
            return Outcome::Nothing;
        };
        self.history.note(format!("withdrawAllConsents {}", own.id));
        self.tell(
            &own.client,
            "withdrawAllConsents",
            json!({ "registrationId": own.public }),
        )
        .await
    }

    pub(super) async fn cancel_own(&self, rng: &mut StdRng) -> Outcome {
        let Some(own) = self.own(rng, "and r.status in ('PENDING', 'CONFIRMED')").await else {
            return Outcome::Nothing;
        };
        self.history.note(format!("cancelRegistration {}", own.id));
        self.tell(
            &own.client,
            "cancelRegistration",
            json!({ "registrationId": own.public }),
        )
        .await
    }

    /// Asks to be forgotten. Afterwards nothing is there for whoever that was, signed in as they still may be; the next
    /// one to register with the same address is somebody else.
    pub(super) async fn erase(&self, rng: &mut StdRng) -> Outcome {
        let Some(own) = self.own(rng, "and r.status in ('PENDING', 'CONFIRMED')").await else {
            return Outcome::Nothing;
        };
        let _alone = self.signing_in.write().await;
        let received = format!(
            "select l.id from lead l, registration r where r.id = l.registration_id and r.person_id = {} \
             and l.state <> 3 and l.received <> 0",
            self.literal(own.person)
        );
        let received = self.rows(&received).await.len();
        self.history.note(format!("requestErasure of {}", own.person));
        let person = json!({ "personId": self.public::<PersonId>(own.person) });
        let outcome = self.tell(&own.client, "requestErasure", person.clone()).await;
        if outcome == Outcome::Done {
            self.history.came_about(Situation::ReceivedForgotten, received);
            let place = json!({ "registrationId": own.public });
            for (name, input) in [
                ("withdrawAllConsents", &place),
                ("cancelRegistration", &place),
                ("requestErasure", &person),
            ] {
                let again = self.tell(&own.client, name, input.clone()).await;
                assert_eq!(again, Outcome::Refused, "{name} of {}, who is forgotten", own.person);
            }
        }
        outcome
    }

    pub(super) async fn guardian(&self, rng: &mut StdRng) -> Outcome {
        let text = "select g.organization_id, g.id, g.generation, g.registration_id, r.event_id, r.pending_guardian \
            from guardian_request g, registration r where r.organization_id = g.organization_id and r.id = g.registration_id \
            and r.status in ('PENDING', 'CONFIRMED') order by g.id";
        let Some(row) = self.pick(rng, text).await else {
            return Outcome::Nothing;
        };
        let link = Link {
            organization: OrganizationId(row.id("organization_id")),
            id: row.id("id"),
            generation: row.int("generation"),
        };
        let secret = self.app.platform.keys.link(LinkKind::Guardian, link);
        let mut decisions = Vec::new();
        for offer in self.some_offers(rng, row.id("event_id"), 0.7).await {
            decisions.push(self.decision(rng, offer).await);
        }
        let permission = row
            .flag("pending_guardian")
            .then(|| if rng.random_bool(0.8) { "PERMIT" } else { "REFUSE" });
        self.history.note(format!(
            "decideAsGuardian {} permission {permission:?}: {}",
            row.id("registration_id"),
            json!(decisions)
        ));
        let input = json!({ "secret": secret, "permission": permission, "consents": decisions });
        self.tell(&self.app.anonymous(), "decideAsGuardian", input).await
    }
}
