//! How the world begins.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use async_graphql::ID;
use consentry::graphql::ids;
use consentry_domain::{
    EventPartnerId, FieldMask, OfferId, OrganizationId, PartnerId, Purpose, PurposeSet, QuestionKind, Role,
};
use serde_json::{Value, json};
use tokio::sync::RwLock;
use uuid::Uuid;

use super::super::history::History;
use super::{FIELDS, OfferAt, Token, World};
use crate::app::{SeededOrganization, SeededPartner, SeededStream, Sharing, TestApp, TokenSeed};

/// A day of the far future, so that no event begins while time passes.
const FAR: i64 = 400;

impl World {
    /// Two events, the second of which asks parents; three partners, one of them the organization itself; five offers;
    /// for each partner a token for everything and one for little.
    pub async fn begin(app: TestApp) -> Self {
        let organization = app.db_organization("acme").await;
        let staff = app.db_staff(&organization, Role::Owner).await;
        let officer = app.db_staff(&organization, Role::Dpo).await;
        let door = app.db_staff(&organization, Role::CheckIn).await;
        let (mut events, mut paid_tickets) = (Vec::new(), Vec::new());
        for slug in ["rustdays", "kidsdays"] {
            let event = app.db_event(&organization, slug, |row| {
                row.starts_at += FAR * 86_400_000_000;
                row.ends_at += FAR * 86_400_000_000;
                row.asks_date_of_birth = slug == "kidsdays";
                row.requires_parental_permission = slug == "kidsdays";
            });
            let event = event.await;
            let ticket = app.db_ticket_type(&event, "Free", |_| ()).await;
            let paid = app.db_ticket_type(&event, "Paid", |row| row.price_minor = 4900).await;
            paid_tickets.push(paid);
            let organization = SeededOrganization {
                id: organization.id,
                public_id: organization.public_id.clone(),
                slug: organization.slug.clone(),
            };
            events.push(Sharing {
                organization,
                staff: staff.clone(),
                event,
                ticket,
            });
        }
        let (main, kids) = (&events[0], &events[1]);
        let text = app.db_question(&main.event, QuestionKind::Text, &[], |row| row.shareable = true);
        let text = text.await;
        let choice = app.db_question(&main.event, QuestionKind::MultipleChoice, &[], |row| {
            row.shareable = true
        });
        let choice = choice.await;
        let mut choices = Vec::new();
        for label in ["small", "large", "none"] {
            choices.push(app.db_choice(&main.event, choice, label).await.0);
        }
        let ferris = main.event_partner("Ferris", "EXHIBITOR").await;
        let corro = main.event_partner("Corro", "CO_SPONSOR").await;
        let host = main.event_partner("Host", "HOST").await;
        let ferris_at_kids = kids.event_partner_again("Ferris").await;
        let asked = |names: &[&str]| names.iter().map(|name| json!(name)).collect::<Vec<Value>>();
        let mut ferris_fields = asked(&FIELDS);
        ferris_fields.push(json!({ "questionId": main.event.public(text) }));
        ferris_fields.push(json!({ "questionId": main.event.public(choice) }));
        let mut corro_fields = asked(&["EMAIL", "COMPANY", "POSTAL_ADDRESS", "ATTENDANCE"]);
        corro_fields.push(json!({ "questionId": main.event.public(text) }));
        let mut offers = Vec::new();
        for (sharing, at, purpose, fields) in [
            (main, &ferris, "EVENT_FOLLOW_UP", ferris_fields),
            (main, &ferris, "PRODUCT_INFORMATION", asked(&["EMAIL", "PHONE", "CITY"])),
            (main, &corro, "EVENT_FOLLOW_UP", corro_fields),
            (
                main,
                &host,
                "SUBSEQUENT_EDITIONS",
                asked(&["FULL_NAME", "EMAIL", "TICKET_TYPE"]),
            ),
            (
                kids,
                &ferris_at_kids,
                "RELATED_EVENTS",
                asked(&["GIVEN_NAME", "EMAIL", "COUNTRY"]),
            ),
        ] {
            let offer = sharing.requested(at, purpose, Sharing::terms(&fields)).await;
            sharing.approve(&offer, 1, "SUBSTANTIAL").await;
            offers.push(OfferAt {
                id: offer.id.0,
                public: offer.public_id,
                event_partner: decoded(at).1,
                purpose,
            });
        }
        let mut world = Self {
            app,
            history: History::default(),
            events,
            paid_tickets,
            questions: vec![(text.0, Vec::new()), (choice.0, choices)],
            officer,
            door,
            offers,
            tokens: Vec::new(),
            clients: Mutex::new(HashMap::new()),
            signing_in: RwLock::new(()),
            received: Mutex::new(BTreeMap::new()),
        };
        let ferris = vec![decoded(&ferris).1, decoded(&ferris_at_kids).1];
        for at in [ferris, vec![decoded(&corro).1], vec![decoded(&host).1]] {
            for mask in [FieldMask::ALL.to_db(), 0b1_0000_1001] {
                let token = world.token(&at, mask).await;
                world.tokens.push(token);
            }
        }
        world.keep_sessions().await;
        world
    }

    async fn token(&self, at: &[Uuid], mask: i64) -> Token {
        let text = format!(
            "select partner_id, id from event_partner where event_id = {}",
            self.literal(self.events[0].event.id.0)
        );
        let rows = self.rows(&text).await;
        let partner = rows
            .iter()
            .find(|row| row.id("id") == at[0])
            .expect("a partner")
            .id("partner_id");
        let partner = SeededPartner {
            organization: self.events[0].organization.id,
            event: self.events[0].event.id,
            partner: PartnerId(partner),
            event_partner: EventPartnerId(at[0]),
        };
        let stream = SeededStream {
            partner,
            id: OfferId(self.offers[0].id),
            purpose: Purpose::EventFollowUp,
        };
        let every: PurposeSet = Purpose::ALL.iter().copied().collect();
        let scopes = at
            .iter()
            .map(|at| (EventPartnerId(*at), every, FieldMask::from_db(mask)));
        let seed = TokenSeed {
            scopes: scopes.collect(),
            ..TokenSeed::of(&stream)
        };
        let secret = self.app.db_token(&stream, seed).await;
        Token {
            client: self.app.partner(&secret),
            mask,
            at: at.to_vec(),
        }
    }

    /// An id as the database writes it.
    pub(super) fn literal(&self, id: Uuid) -> String {
        match self.app.store().engine() {
            consentry::platform::store::Engine::Sqlite => format!("x'{}'", id.simple()),
            consentry::platform::store::Engine::Postgres => format!("'{id}'"),
        }
    }
}

fn decoded(event_partner: &str) -> (OrganizationId, Uuid) {
    let id = ids::decode::<EventPartnerId>(&ID(event_partner.to_owned())).expect("an event partner's id");
    (id.0, id.1.0)
}

impl Sharing {
    /// A known partner in its role at this event, too; its public id there.
    async fn event_partner_again(&self, name: &str) -> String {
        let document = "mutation($input: AddEventPartnerInput!) { addEventPartner(input: $input) { eventPartner { id } \
            userErrors { field message code } } }";
        let input = json!({ "idempotencyKey": super::key(), "eventId": self.event.public_id(),
            "partnerId": self.partner(name).await, "role": "EXHIBITOR", "noticeUrl": "https://ferris.example/kids",
            "noticeSha256": "cd".repeat(32), "contactEmail": "dpo@ferris.example" });
        let payload = self
            .staff
            .done("addEventPartner", document, json!({ "input": input }))
            .await;
        payload["eventPartner"]["id"].as_str().expect("an id").to_owned()
    }
}
