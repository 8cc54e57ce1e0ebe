//! An event with one of everything in it, and everybody who may try something with it.

mod places;

use std::collections::BTreeMap;

use consentry::graphql::ids;
use consentry::platform::keys::{Link, LinkKind};
use consentry::platform::store::sql;
use consentry::services::statistics;
use consentry_domain::token::TokenText;
use consentry_domain::{
    AccountId, DocumentKind, PaymentId, PaymentMethod, PaymentStatus, PersonId, Purpose, QuestionKind, RefundDueReason,
    Role,
};
use consentry_entity::{event_partner, mail, partner_token, registration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Tenant, Who, World};
use crate::app::{Client, SeededOrganization, SeededPartner, SeededStream, Sharing, TestApp, TokenSeed};

/// The event.
pub struct Stage {
    /// Its things by name; ids are public ids.
    pub things: BTreeMap<&'static str, String>,
    /// Everybody.
    pub callers: BTreeMap<Who, Client>,
    /// The event with its owner.
    pub sharing: Sharing,
    /// What its partner asks for.
    pub stream: SeededStream,
}

impl Stage {
    /// Changes the event directly; `$1` is the organization, `$2` the event.
    pub async fn db_prepare(&self, app: &TestApp, text: &str) {
        let event = &self.sharing.event;
        sql::execute(app.store().admin(), text, [event.organization.into(), event.id.into()])
            .await
            .expect("prepared");
    }

    /// The client of somebody.
    #[must_use]
    pub fn caller(&self, who: Who) -> &Client {
        &self.callers[&who]
    }

    /// Puts the things where a template names them.
    #[must_use]
    pub fn fill(&self, template: &Value) -> Value {
        match template {
            Value::String(text) => Value::String(match name_of(text) {
                Some(name) => self.thing(name).to_owned(),
                None => text.replace("{new}", &Uuid::new_v4().simple().to_string()),
            }),
            Value::Array(all) => all.iter().map(|one| self.fill(one)).collect(),
            Value::Object(all) => all.iter().map(|(name, one)| (name.clone(), self.fill(one))).collect(),
            other => other.clone(),
        }
    }

    /// The id of a thing.
    #[must_use]
    pub fn thing(&self, name: &str) -> &str {
        self.things
            .get(name)
            .unwrap_or_else(|| panic!("the stage has no {name}"))
    }

    pub(super) async fn build(
        world: &World,
        tenant: &Tenant,
        attendee: (AccountId, PersonId),
        event_manager: AccountId,
    ) -> Self {
        let app = &world.app;
        let number = world.number();
        let organization = SeededOrganization {
            id: tenant.organization.id,
            public_id: tenant.organization.public_id.clone(),
            slug: tenant.organization.slug.clone(),
        };
        let staff = app.db_session(tenant.team[&Role::Owner]).await;
        let event = app
            .db_event(&organization, &format!("event-{number}"), |row| {
                row.contact_email = Some("event@ours.example".into());
            })
            .await;
        let ticket = app.db_ticket_type(&event, "Free", |_| ()).await;
        let sharing = Sharing {
            organization,
            staff,
            event,
            ticket,
        };
        let (things, stream) = partners(&sharing, app, number).await;
        let mut stage = Self {
            things,
            callers: BTreeMap::new(),
            sharing,
            stream,
        };
        stage.parts(app).await;
        stage.people(app, tenant, attendee, event_manager).await;
        stage.places(app, number, attendee).await;
        stage.order(app, number).await;
        stage.devices(app).await;
        stage.secrets(app, tenant, attendee.0).await;
        let event = &stage.sharing.event;
        let counted = statistics::recount(&app.platform, event.organization, event.id).await;
        counted.expect("counted");
        stage
    }

    fn name(&mut self, name: &'static str, id: impl Into<String>) {
        self.things.insert(name, id.into());
    }

    async fn parts(&mut self, app: &TestApp) {
        let event = self.sharing.event.clone();
        self.name("organization", self.sharing.organization.public_id.clone());
        self.name("organization.slug", event.organization_slug.clone());
        self.name("event", event.public_id());
        self.name("event.slug", event.slug.clone());
        self.name("ticketType", event.public(self.sharing.ticket));
        let paid = app.db_ticket_type(&event, "Paid", |row| row.price_minor = 4900).await;
        self.name("paidTicketType", event.public(paid));
        let spare = app.db_ticket_type(&event, "Spare", |_| ()).await;
        self.name("spareTicketType", event.public(spare));
        let quota = app.db_quota(&event, 1000, &[paid]).await;
        self.name("quota", event.public(quota));
        let question = app.db_question(&event, QuestionKind::Text, &[], |_| ()).await;
        self.name("question", event.public(question));
        let chosen = app.db_question(&event, QuestionKind::Choice, &[], |_| ()).await;
        self.name("choiceQuestion", event.public(chosen));
        let choice = app.db_choice(&event, chosen, "Tea").await;
        self.name("choice", event.public(choice));
        let terms = app.db_document(&event, DocumentKind::Terms, |_| ()).await;
        self.name("terms", event.public(terms));
        let notice = app.db_document(&event, DocumentKind::PrivacyNotice, |_| ()).await;
        self.name("privacyNotice", event.public(notice));
        let talk = app.db_talk(&event, "A talk", 1).await;
        self.name("eventSession", event.public(talk));
        let speaker = app.db_speaker(&event, "Ada Lovelace", &[talk]).await;
        self.name("speaker", event.public(speaker));
    }

    async fn people(
        &mut self,
        app: &TestApp,
        tenant: &Tenant,
        attendee: (AccountId, PersonId),
        event_manager: AccountId,
    ) {
        let stream = &self.stream;
        let organization = &tenant.organization;
        app.db_member(organization, event_manager, Role::Manager, Some(self.sharing.event.id))
            .await;
        let token = app.db_working_token(stream).await;
        let waiting = TokenSeed {
            claimed_at: None,
            ..TokenSeed::of(stream)
        };
        let waiting = app.db_token(stream, waiting).await;
        for (name, text) in [("token", &token), ("unclaimedToken", &waiting)] {
            let key = TokenText::parse(text).expect("a token").key_id().to_owned();
            let row = partner_token::Entity::find()
                .filter(partner_token::Column::OrganizationId.eq(organization.id))
                .filter(partner_token::Column::Kid.eq(key));
            let id = row.one(app.store().read()).await.expect("an answer").expect("a row").id;
            self.name(name, ids::encode(organization.id, id).to_string());
            if name == "unclaimedToken" {
                let link = Link {
                    organization: organization.id,
                    id: id.0,
                    generation: 1,
                };
                self.name("claimSecret", app.platform.keys.link(LinkKind::TokenClaim, link));
            }
        }
        self.name("tokenText", token.clone());
        self.callers.insert(Who::Anonymous, app.anonymous());
        self.callers.insert(Who::Attendee, app.db_session(attendee.0).await);
        self.callers.insert(Who::Partner, app.partner(&token));
        self.callers
            .insert(Who::EventManager, app.db_session(event_manager).await);
        for (role, account) in &tenant.team {
            self.callers.insert(Who::Staff(*role), app.db_session(*account).await);
        }
        for (who, role) in [(Who::Member, "READER"), (Who::Administrator, "ADMINISTRATOR")] {
            let email = format!("{}@partner.example", Uuid::new_v4().simple());
            let (_, member) = app.db_account(&email).await;
            let input =
                json!({ "idempotencyKey": email, "partnerId": self.thing("partner"), "email": email, "role": role });
            let document = "mutation($input: InvitePartnerMemberInput!) { invitePartnerMember(input: $input) {
                partnerMember { id } userErrors { field message code } } }";
            let staff = &self.sharing.staff;
            let made = staff
                .done("invitePartnerMember", document, json!({ "input": input }))
                .await;
            self.callers.insert(who, member);
            self.name("partnerMember", made["partnerMember"]["id"].as_str().expect("an id"));
        }
        let draft = json!({ "eventPartnerId": self.thing("eventPartner"), "purpose": "SUBSEQUENT_EDITIONS",
            "text": [{ "locale": "en", "text": "May we invite you again?" }], "fields": [{ "field": "EMAIL" }], "retentionDays": 30 });
        let document = "mutation($input: DraftOfferInput!) { draftOffer(input: $input) { draft { revision } userErrors { field message code } } }";
        self.callers[&Who::Administrator]
            .done("draftOffer", document, json!({ "input": draft }))
            .await;
        let (colleague, _) = app
            .db_account(&format!("{}@staff.example", Uuid::new_v4().simple()))
            .await;
        let member = app.db_member(organization, colleague, Role::Viewer, None).await;
        self.name("teamMember", ids::encode(organization.id, member).to_string());
    }

    /// A device that lets people in, and one that waits for somebody to open its link.
    async fn devices(&mut self, app: &TestApp) {
        let (staff, event) = (self.sharing.staff.clone(), self.thing("event").to_owned());
        let device = app.device(&staff, &event, "Phone at the door").await;
        self.callers.insert(Who::Device, device);
        let waiting = app.device_link(&staff, &event, "Phone in the drawer").await;
        self.name("doorDevice", waiting.id);
        self.name("doorSecret", waiting.secret);
    }

    async fn order(&mut self, app: &TestApp, number: u32) {
        let event = self.sharing.event.clone();
        let (_, paid) = ids::decode(&async_graphql::ID(self.thing("paidTicketType").into())).expect("an id");
        let mut input = Client::register_input(
            &event,
            &format!("order-{number}"),
            &[(paid, &format!("buyer{number}@example.org"))],
        );
        input["attendees"][0]["acknowledgedDocumentIds"] = json!([self.thing("terms"), self.thing("privacyNotice")]);
        let payload = app
            .anonymous()
            .done("register", crate::app::REGISTER, json!({ "input": input }))
            .await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        self.name("order", text(&payload["order"]["id"]));
        self.name("order.code", text(&payload["order"]["code"]));
        self.name("orderSecret", text(&payload["secret"]));
        let rows = app.db_registrations(&event, &payload["order"]["code"]).await;
        self.name("payment", event.public(odd_payment(app, &rows[0]).await));
        self.name("confirmSecret", app.registration_secret(&rows[0]));
        let sent = mail::Entity::find()
            .filter(mail::Column::OrganizationId.eq(event.organization))
            .filter(mail::Column::EventId.eq(event.id))
            .filter(mail::Column::OrderId.is_not_null());
        let sent = sent.one(app.store().read()).await.expect("an answer").expect("a mail");
        self.name("mail", event.public(sent.id));
        self.name("unpaidRegistration", event.public(rows[0].id));
    }
}

/// Money that came for the order of this place, and not as much as it costs: somebody has to look at it.
async fn odd_payment(app: &TestApp, place: &registration::Model) -> PaymentId {
    let row = app.db_payment(place.organization_id, place.order_id, |row| {
        (row.method, row.amount_minor) = (PaymentMethod::BankTransfer, 1);
        (row.status, row.confirmed_at) = (PaymentStatus::Confirmed, Some(row.created_at));
        row.refund_due = Some(RefundDueReason::WrongAmount);
    });
    row.await.id
}

/// Partners and what they ask for, by name.
async fn partners(sharing: &Sharing, app: &TestApp, number: u32) -> (BTreeMap<&'static str, String>, SeededStream) {
    let loose = sharing.partner(&format!("Loose{number}")).await;
    let at_event = sharing.event_partner(&format!("Ferris{number}"), "CO_SPONSOR").await;
    let offer = sharing
        .offer_of(&at_event, "EVENT_FOLLOW_UP", &["FULL_NAME", "EMAIL"])
        .await;
    let terms = Sharing::terms(&[json!("EMAIL")]);
    let requested = sharing.requested(&at_event, "PRODUCT_INFORMATION", terms).await;
    let (organization, event_partner) = ids::decode(&async_graphql::ID(at_event.clone())).expect("an id");
    let row = event_partner::Entity::find_by_id((organization, event_partner)).one(app.store().read());
    let stream = SeededStream {
        partner: SeededPartner {
            organization,
            event: sharing.event.id,
            partner: row.await.expect("an answer").expect("a row").partner_id,
            event_partner,
        },
        id: offer.id,
        purpose: Purpose::EventFollowUp,
    };
    let things = BTreeMap::from([
        ("loosePartner", loose),
        ("eventPartner", at_event),
        ("partner", stream.partner.partner_public_id()),
        ("offer", offer.public_id),
        ("requestedOffer", requested.public_id),
    ]);
    (things, stream)
}

/// The name in `{name}`; none for other texts, and for `{new}`.
#[must_use]
pub fn name_of(text: &str) -> Option<&str> {
    let name = text.strip_prefix('{')?.strip_suffix('}')?;
    (name != "new").then_some(name)
}
