//! Partners with offers, and attendees who can decide about them. Functions named `db_…` write to the database directly,
//! the others use the API.

use consentry::graphql::ids;
use consentry::platform::store::sql;
use consentry_domain::{
    FieldMask, LeadId, OfferId, OrderStatus, OrganizationId, RegistrationId, RegistrationStatus, Role, TicketTypeId,
};
use consentry_entity::{consent, consent_record, lead, order, person, registration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{Client, DbEvent, SeededOrganization, TestApp};

/// A published event with staff, to which partners can be added.
pub struct Sharing {
    /// Who runs it.
    pub organization: SeededOrganization,
    /// Its owner.
    pub staff: Client,
    /// The event.
    pub event: DbEvent,
    /// Something free to buy.
    pub ticket: TicketTypeId,
}

/// An offer of a partner at an event.
#[derive(Clone, Debug)]
pub struct SeededOffer {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its id, which is the stream's, too.
    pub id: OfferId,
    /// Its public id.
    pub public_id: String,
    /// The partner at the event.
    pub event_partner: String,
}

/// Somebody with a confirmed place and a proved mailbox.
pub struct SeededAttendee {
    /// Whose it is.
    pub organization: OrganizationId,
    /// The place.
    pub registration: RegistrationId,
    /// Its public id.
    pub public_id: String,
    /// Signed in as them.
    pub client: Client,
}

/// What every mutation about offers is asked for.
const OFFER: &str = "offer { id purpose versions { version state } inForce { version } requested { version } } \
    userErrors { field message code }";

impl TestApp {
    /// An organization with a published event, a free ticket type and an owner.
    pub async fn sharing(&self, slug: &str) -> Sharing {
        let organization = self.db_organization(slug).await;
        let staff = self.db_staff(&organization, Role::Owner).await;
        let event = self.db_event(&organization, "rustdays", |_| ()).await;
        let ticket = self.db_ticket_type(&event, "Regular", |_| ()).await;
        Sharing {
            organization,
            staff,
            event,
            ticket,
        }
    }

    /// A confirmed place with a proved mailbox and values in every text field; `change` changes its row first.
    pub async fn db_attendee(
        &self,
        sharing: &Sharing,
        email: &str,
        change: impl FnOnce(&mut registration::Model),
    ) -> SeededAttendee {
        let (account, client) = self.db_account(email).await;
        let store = self.store();
        let now = store.now().await.expect("a time");
        let event = &sharing.event;
        let order = order::Model {
            organization_id: event.organization,
            id: store.entropy().ordered_id(now),
            event_id: event.id,
            code: data_encoding::BASE32_NOPAD.encode(&store.entropy().bytes::<5>()),
            status: OrderStatus::Paid,
            buyer_name: Some("Ada".into()),
            buyer_email: Some(email.into()),
            buyer_email_key: Some(email.to_lowercase()),
            locale: "en".into(),
            currency: "EUR".into(),
            total_minor: 0,
            tax_minor: 0,
            secret_generation: 1,
            created_at: now.0,
            expires_at: None,
            paid_at: Some(now.0),
            ended_at: None,
            reminded_at: None,
            revision: 1,
        };
        let person = person::Model {
            organization_id: event.organization,
            id: store.entropy().ordered_id(now),
            account_id: Some(account),
            email: Some(email.into()),
            created_at: now.0,
            restricted_at: None,
            erased_at: None,
            revision: 1,
        };
        let name = email.split('@').next().expect("a name").to_owned();
        let mut row = registration::Model {
            organization_id: event.organization,
            id: store.entropy().ordered_id(now),
            event_id: event.id,
            order_id: order.id,
            order_code: order.code.clone(),
            ticket_type_id: sharing.ticket,
            person_id: Some(person.id),
            status: RegistrationStatus::Confirmed,
            pending_payment: false,
            pending_approval: false,
            pending_guardian: false,
            check_in_code: data_encoding::BASE32_NOPAD.encode(&store.entropy().bytes::<10>()),
            badge_code: data_encoding::BASE32_NOPAD.encode(&store.entropy().bytes::<10>()),
            link_generation: 1,
            is_buyer: true,
            ordered_name: Some(format!("{name} Lovelace")),
            ordered_email: Some(email.into()),
            full_name: Some(format!("{name} Lovelace")),
            given_name: Some(name),
            family_name: Some("Lovelace".into()),
            sort_name: vec![1],
            email: Some(email.into()),
            email_key: Some(email.to_lowercase()),
            email_proved_at: Some(now.0),
            new_email: None,
            address_generation: 0,
            phone: Some("+49 30 1234567".into()),
            company: Some("Engines Ltd".into()),
            job_title: Some("Analyst".into()),
            city: Some("London".into()),
            country: Some("GB".into()),
            postal_address: None,
            social_profile: None,
            date_of_birth: None,
            of_age_stated_at: None,
            locale: "en".into(),
            consents_suspended: false,
            restricted_at: None,
            quarantined_at: None,
            objected_purposes: 0,
            opted_out: false,
            consent_revision: 1,
            revision: 1,
            created_at: now.0,
            confirmed_at: Some(now.0),
            cancelled_at: None,
            erased_at: None,
        };
        change(&mut row);
        let registration = row.id;
        self.db_insert(order).await;
        self.db_insert(person).await;
        self.db_insert(row).await;
        let public_id = event.public(registration);
        SeededAttendee {
            organization: event.organization,
            registration,
            public_id,
            client,
        }
    }

    /// The leads of a stream, tombstones included, by id.
    pub async fn db_stream_leads(&self, offer: &SeededOffer) -> Vec<lead::Model> {
        lead::Entity::find()
            .filter(lead::Column::OrganizationId.eq(offer.organization))
            .filter(lead::Column::StreamId.eq(offer.id))
            .order_by_asc(lead::Column::Id)
            .all(self.store().read())
            .await
            .expect("leads")
    }

    /// As if the partner had pulled the lead with these fields, without a record of it.
    pub async fn db_receive(&self, offer: &SeededOffer, lead: LeadId, fields: FieldMask) {
        let received = fields.union(FieldMask::RECEIVED).to_db();
        let text = "update lead set received = received | $4, pos = 1 where organization_id = $1 and stream_id = $2 and id = $3";
        let values = [offer.organization.into(), offer.id.into(), lead.into(), received.into()];
        assert_eq!(
            sql::execute(self.store().admin(), text, values).await.expect("marked"),
            1
        );
    }

    /// The registration's row.
    pub async fn db_registration(&self, attendee: &SeededAttendee) -> registration::Model {
        let found = registration::Entity::find_by_id((attendee.organization, attendee.registration));
        found
            .one(self.store().read())
            .await
            .expect("an answer")
            .expect("a registration")
    }

    /// What the registration decided about the offer, if anything.
    pub async fn db_consent(&self, attendee: &SeededAttendee, offer: &SeededOffer) -> Option<consent::Model> {
        let found = consent::Entity::find_by_id((attendee.organization, attendee.registration, offer.id));
        found.one(self.store().read()).await.expect("an answer")
    }

    /// Every record of the registration's consents, in the order in which they were made.
    pub async fn db_consent_records(&self, attendee: &SeededAttendee) -> Vec<consent_record::Model> {
        consent_record::Entity::find()
            .filter(consent_record::Column::OrganizationId.eq(attendee.organization))
            .filter(consent_record::Column::RegistrationId.eq(attendee.registration))
            .order_by_asc(consent_record::Column::Id)
            .all(self.store().read())
            .await
            .expect("records")
    }
}

impl Sharing {
    /// A partner of the organization; its public id.
    pub async fn partner(&self, name: &str) -> String {
        let document = "mutation($input: CreatePartnerInput!) { createPartner(input: $input) { partner { id } \
            userErrors { field message code } } }";
        let input = json!({ "idempotencyKey": format!("partner-{name}"), "organizationId": self.organization.public_id,
            "displayName": name, "legalName": format!("{name} GmbH"), "country": "DE",
            "contactEmail": format!("privacy@{}.example", name.to_lowercase()) });
        let payload = self
            .staff
            .done("createPartner", document, json!({ "input": input }))
            .await;
        payload["partner"]["id"].as_str().expect("an id").to_owned()
    }

    /// A partner in its role at the event; its public id there. The host is the organization itself.
    pub async fn event_partner(&self, name: &str, role: &str) -> String {
        let partner = if role == "HOST" {
            None
        } else {
            Some(self.partner(name).await)
        };
        let document = "mutation($input: AddEventPartnerInput!) { addEventPartner(input: $input) { eventPartner { id } \
            userErrors { field message code } } }";
        let input = json!({ "idempotencyKey": format!("at-{name}"), "eventId": self.event.public_id(), "partnerId": partner,
            "role": role, "noticeUrl": format!("https://{}.example/privacy", name.to_lowercase()),
            "noticeSha256": "ab".repeat(32), "contactEmail": format!("dpo@{}.example", name.to_lowercase()) });
        let payload = self
            .staff
            .done("addEventPartner", document, json!({ "input": input }))
            .await;
        payload["eventPartner"]["id"].as_str().expect("an id").to_owned()
    }

    /// The public id of the company that this partner at the event is.
    pub async fn company_of(&self, event_partner: &str) -> String {
        let document = "query($slug: String!) { organization(slug: $slug) { event(slug: \"rustdays\") { \
            partners { id partner { id } } } } }";
        let data = self
            .staff
            .data(document, json!({ "slug": self.organization.slug }))
            .await;
        let partners = data["organization"]["event"]["partners"]
            .as_array()
            .expect("partners")
            .clone();
        let found = partners
            .iter()
            .find(|partner| partner["id"] == event_partner)
            .expect("the partner");
        found["partner"]["id"].as_str().expect("an id").to_owned()
    }

    /// Terms that ask for these fields (names of standard fields, or `{ "questionId": … }`), for thirty days.
    #[must_use]
    pub fn terms(fields: &[Value]) -> Value {
        let fields: Vec<Value> = fields
            .iter()
            .map(|field| {
                if field.is_string() {
                    json!({ "field": field })
                } else {
                    field.clone()
                }
            })
            .collect();
        json!({ "text": [{ "locale": "en", "text": "May we write to you?" }], "fields": fields, "retentionDays": 30 })
    }

    /// A requested offer.
    pub async fn requested(&self, event_partner: &str, purpose: &str, terms: Value) -> SeededOffer {
        let document = format!("mutation($input: RequestOfferInput!) {{ requestOffer(input: $input) {{ {OFFER} }} }}");
        let mut input = terms;
        input["idempotencyKey"] = json!(format!("offer-{event_partner}-{purpose}"));
        input["eventPartnerId"] = json!(event_partner);
        input["purpose"] = json!(purpose);
        let payload = self
            .staff
            .done("requestOffer", &document, json!({ "input": input }))
            .await;
        let public_id = payload["offer"]["id"].as_str().expect("an id").to_owned();
        let (organization, id) = ids::decode(&async_graphql::ID(public_id.clone())).expect("an offer's id");
        SeededOffer {
            organization,
            id,
            public_id,
            event_partner: event_partner.to_owned(),
        }
    }

    /// A new partner with an approved offer to follow up on the event that asks for these standard fields.
    pub async fn offer(&self, name: &str, fields: &[&str]) -> SeededOffer {
        let event_partner = self.event_partner(name, "CO_SPONSOR").await;
        self.offer_of(&event_partner, "EVENT_FOLLOW_UP", fields).await
    }

    /// An approved offer of a partner at the event.
    pub async fn offer_of(&self, event_partner: &str, purpose: &str, fields: &[&str]) -> SeededOffer {
        let fields: Vec<Value> = fields.iter().map(|field| json!(field)).collect();
        let offer = self.requested(event_partner, purpose, Self::terms(&fields)).await;
        self.approve(&offer, 1, "SUBSTANTIAL").await;
        offer
    }

    /// Requests a new version.
    pub async fn revise(&self, offer: &SeededOffer, terms: Value) {
        let document = format!("mutation($input: ReviseOfferInput!) {{ reviseOffer(input: $input) {{ {OFFER} }} }}");
        let mut input = terms;
        input["idempotencyKey"] = json!(uuid::Uuid::new_v4().to_string());
        input["offerId"] = json!(offer.public_id);
        self.staff
            .done("reviseOffer", &document, json!({ "input": input }))
            .await;
    }

    /// Approves a version; the payload with the difference to the version before.
    pub async fn approve(&self, offer: &SeededOffer, version: i32, text: &str) -> Value {
        let document = format!(
            "mutation($input: ApproveOfferInput!) {{ approveOffer(input: $input) {{ {OFFER} difference {{ beforeVersion \
             addedFields {{ field label }} removedFields {{ field label }} retentionDaysBefore retentionDays noticeChanged \
             texts {{ locale before after }} consents }} }} }}"
        );
        let input = json!({ "offerId": offer.public_id, "version": version, "textChange": text });
        self.staff
            .done("approveOffer", &document, json!({ "input": input }))
            .await
    }

    /// Requests and approves a new version that asks for these standard fields.
    pub async fn switch(&self, offer: &SeededOffer, version: i32, fields: &[&str]) -> Value {
        let fields: Vec<Value> = fields.iter().map(|field| json!(field)).collect();
        self.revise(offer, Self::terms(&fields)).await;
        self.approve(offer, version, "SUBSTANTIAL").await
    }

    /// Withdraws a version.
    pub async fn withdraw(&self, offer: &SeededOffer, version: i32) {
        let document =
            format!("mutation($input: WithdrawOfferInput!) {{ withdrawOffer(input: $input) {{ {OFFER} }} }}");
        let input = json!({ "offerId": offer.public_id, "version": version });
        self.staff
            .done("withdrawOffer", &document, json!({ "input": input }))
            .await;
    }
}

/// A decision about an offer: these standard fields, or a refusal where there are none.
#[must_use]
pub fn decision(offer: &SeededOffer, version: i32, fields: &[&str]) -> Value {
    let decision = if fields.is_empty() { "REFUSE" } else { "GRANT" };
    let fields: Vec<Value> = fields.iter().map(|field| json!({ "field": field })).collect();
    json!({ "offerId": offer.public_id, "offerVersion": version, "decision": decision, "fields": fields })
}

/// What every mutation about consents is asked for.
const CONSENTS: &str = "registrationConsents { revision consents { offer { id version } state granted { field } decidedBy \
    preview { field label values } } } userErrors { field message code }";

impl SeededAttendee {
    /// Sets consents, saying to be of age; the whole payload.
    pub async fn decide(&self, app: &TestApp, decisions: &[Value]) -> Value {
        let revision = app.db_registration(self).await.consent_revision;
        self.decide_as(&json!({ "revision": revision, "ofAge": true, "consents": decisions }))
            .await
    }

    /// Sets consents with this input, to which the registration is added; the whole payload.
    pub async fn decide_as(&self, input: &Value) -> Value {
        let document = format!(
            "mutation($input: SetConsentsInput!) {{ setConsents(input: $input) {{ {CONSENTS} \
             consentIssues {{ reason offer {{ id version }} }} }} }}"
        );
        let mut input = input.clone();
        input["registrationId"] = json!(self.public_id);
        self.client.data(&document, json!({ "input": input })).await["setConsents"].clone()
    }

    /// Grants these standard fields of a version, and asserts that it was done without an issue.
    pub async fn grant(&self, app: &TestApp, offer: &SeededOffer, version: i32, fields: &[&str]) {
        let payload = self.decide(app, &[decision(offer, version, fields)]).await;
        assert_eq!(payload["consentIssues"], json!([]), "{payload:#}");
        assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    }

    /// Withdraws a consent, or these standard fields of it; the payload.
    pub async fn withdraw(&self, offer: &SeededOffer, fields: Option<&[&str]>) -> Value {
        let document =
            format!("mutation($input: WithdrawConsentInput!) {{ withdrawConsent(input: $input) {{ {CONSENTS} }} }}");
        let fields: Option<Vec<Value>> =
            fields.map(|fields| fields.iter().map(|field| json!({ "field": field })).collect());
        let input = json!({ "registrationId": self.public_id, "offerId": offer.public_id, "fields": fields });
        self.client
            .done("withdrawConsent", &document, json!({ "input": input }))
            .await
    }

    /// Withdraws everything; the payload.
    pub async fn withdraw_all(&self) -> Value {
        let document = format!(
            "mutation($input: WithdrawAllConsentsInput!) {{ withdrawAllConsents(input: $input) {{ {CONSENTS} }} }}"
        );
        let input = json!({ "registrationId": self.public_id });
        self.client
            .done("withdrawAllConsents", &document, json!({ "input": input }))
            .await
    }
}
