//! Streams, leads and tokens that a test starts from, written to the database directly.

use std::net::IpAddr;

use consentry::access::{Caller, PartnerCredential};
use consentry::services::Localized;
use consentry::services::disclosure::facts::{EventFacts, PartnerFacts, StreamFacts};
use consentry_domain::lead::{LeadImage, LeadState, SortKeys};
use consentry_domain::token::{TokenEnvironment, TokenKind, TokenText};
use consentry_domain::{
    Capability, ConsentRecordId, ContactKey, Day, EventId, EventKind, EventPartnerId, FieldMask, Instant, LeadId,
    LeadValues, OfferId, OrganizationId, PartnerId, PartnerRole, PartnerTokenId, Purpose, PurposeSet, RegistrationId,
};
use consentry_entity::{event_partner, lead, organization_key, partner, partner_token, partner_token_scope, stream};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::{Client, SeededEvent, SeededOrganization, TestApp};

/// A partner at an event.
#[derive(Clone, Copy, Debug)]
pub struct SeededPartner {
    /// The tenant.
    pub organization: OrganizationId,
    /// The event.
    pub event: EventId,
    /// The partner.
    pub partner: PartnerId,
    /// Its place at the event.
    pub event_partner: EventPartnerId,
}

impl SeededPartner {
    /// The event partner's public id.
    #[must_use]
    pub fn public_id(&self) -> String {
        consentry::graphql::ids::encode(self.organization, self.event_partner).to_string()
    }

    /// The partner's public id.
    #[must_use]
    pub fn partner_public_id(&self) -> String {
        consentry::graphql::ids::encode(self.organization, self.partner).to_string()
    }
}

/// A stream of leads.
#[derive(Clone, Copy, Debug)]
pub struct SeededStream {
    /// Whose.
    pub partner: SeededPartner,
    /// Which one.
    pub id: OfferId,
    /// What for.
    pub purpose: Purpose,
}

/// A token to be made; change what the test is about.
#[derive(Clone, Debug)]
pub struct TokenSeed {
    /// At which event partners.
    pub scopes: Vec<(EventPartnerId, PurposeSet, FieldMask)>,
    /// When it was claimed.
    pub claimed_at: Option<i64>,
    /// From when.
    pub not_before: Instant,
    /// Until when.
    pub expires_at: Instant,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// From where.
    pub networks: Option<String>,
    /// What it may do.
    pub capabilities: Vec<Capability>,
}

impl TokenSeed {
    /// A token that works for everything of one stream.
    #[must_use]
    pub fn of(stream: &SeededStream) -> Self {
        Self {
            scopes: vec![(
                stream.partner.event_partner,
                PurposeSet::EMPTY.with(stream.purpose),
                FieldMask::ALL,
            )],
            claimed_at: Some(0),
            not_before: Instant(0),
            expires_at: Instant::MAX,
            revoked_at: None,
            networks: None,
            capabilities: vec![Capability::Pull],
        }
    }

    /// One that sees only these fields.
    #[must_use]
    pub fn with_fields(mut self, fields: FieldMask) -> Self {
        self.scopes.iter_mut().for_each(|scope| scope.2 = fields);
        self
    }
}

impl TestApp {
    /// A partner at an event.
    pub async fn db_partner(
        &self,
        organization: &SeededOrganization,
        event: &SeededEvent,
        name: &str,
    ) -> SeededPartner {
        let store = self.store();
        let now = store.now().await.expect("a time");
        let id: PartnerId = store.entropy().ordered_id(now);
        let row = partner::Model {
            organization_id: organization.id,
            id,
            display_name: name.into(),
            legal_name: format!("{name} GmbH"),
            country: "DE".into(),
            contact_email: format!("data@{}.example", name.to_lowercase()),
            is_organization: false,
            active: true,
            created_at: now.0,
            revision: 1,
        };
        partner::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(store.admin())
            .await
            .expect("a partner");
        self.db_event_partner(organization, event, id).await
    }

    /// A partner's place at another event.
    pub async fn db_event_partner(
        &self,
        organization: &SeededOrganization,
        event: &SeededEvent,
        partner: PartnerId,
    ) -> SeededPartner {
        let store = self.store();
        let now = store.now().await.expect("a time");
        let event = consentry::graphql::ids::decode(&async_graphql::ID(event.public_id.clone()))
            .expect("an event's id")
            .1;
        let id: EventPartnerId = store.entropy().ordered_id(now);
        let row = event_partner::Model {
            organization_id: organization.id,
            id,
            event_id: event,
            partner_id: partner,
            role: PartnerRole::CoSponsor,
            notice_url: "https://partner.example/privacy".into(),
            notice_hash: Some(vec![0; 32]),
            contact_email: "privacy@partner.example".into(),
            active: true,
            created_at: now.0,
            revision: 1,
        };
        event_partner::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(store.admin())
            .await
            .expect("an event partner");
        SeededPartner {
            organization: organization.id,
            event,
            partner,
            event_partner: id,
        }
    }

    /// A stream with a version in force, as an approved offer would have left it.
    pub async fn db_stream(&self, partner: SeededPartner, purpose: Purpose, fields: FieldMask) -> SeededStream {
        let store = self.store();
        let now = store.now().await.expect("a time");
        let id: OfferId = store.entropy().ordered_id(now);
        let facts = StreamFacts {
            partner: PartnerFacts {
                id: partner.partner,
                display_name: "Partner".into(),
                legal_name: "Partner GmbH".into(),
                country: "DE".into(),
            },
            role: PartnerRole::CoSponsor,
            event: EventFacts {
                title: Localized::one("en", "A conference"),
                default_locale: "en".into(),
                kind: EventKind::Conference,
                starts_at: now.plus_days(10),
                ends_at: now.plus_days(12),
                time_zone: Some("Europe/Berlin".into()),
            },
            text: Localized::one("en", "We follow up on the event."),
            questions: Default::default(),
            ticket_types: Default::default(),
        };
        let row = stream::Model {
            organization_id: partner.organization,
            id,
            event_id: partner.event,
            event_partner_id: partner.event_partner,
            purpose,
            highest: 0,
            epoch: 1,
            active: true,
            version: Some(1),
            field_mask: fields.to_db(),
            starts_at: None,
            ends_at: None,
            retention_days: 90,
            event_ends_at: now.plus_days(12).0,
            facts: facts.to_column().expect("JSON"),
        };
        stream::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(store.admin())
            .await
            .expect("a stream");
        SeededStream { partner, id, purpose }
    }

    /// An organization with an event, a partner and one of its streams.
    pub async fn db_shared_event(&self, slug: &str) -> (SeededOrganization, Client, SeededStream) {
        let organization = self.db_organization(slug).await;
        let owner = self.db_staff(&organization, consentry_domain::Role::Owner).await;
        let event = self.event(&owner, &organization, "days").await;
        let partner = self.db_partner(&organization, &event, "Partner").await;
        let stream = self.db_stream(partner, Purpose::EventFollowUp, FieldMask::ALL).await;
        (organization, owner, stream)
    }

    /// A live lead that holds these values.
    pub async fn db_lead(&self, stream: &SeededStream, values: LeadValues) -> LeadId {
        let store = self.store();
        let now = store.now().await.expect("a time");
        self.db_lead_of(stream, store.entropy().ordered_id(now), values).await
    }

    /// A live lead of a registration.
    pub async fn db_lead_of(&self, stream: &SeededStream, registration: RegistrationId, values: LeadValues) -> LeadId {
        let store = self.store();
        let id: LeadId = store.entropy().random_id();
        let image = LeadImage {
            offer_version: 1,
            consented_version: 1,
            consented_on: Day(20_000),
            consent_record_id: store.entropy().random_id::<ConsentRecordId>(),
            mask: values.mask_of_present(),
            values,
        };
        let values = &image.values;
        let keys = SortKeys::of(values);
        let row = lead::Model {
            organization_id: stream.partner.organization,
            stream_id: stream.id,
            id,
            registration_id: registration,
            contact_key: store.entropy().random_id::<ContactKey>(),
            state: LeadState::Live.to_db(),
            mask: image.mask.to_db(),
            offer_version: image.offer_version,
            consented_version: image.consented_version,
            consented_on: image.consented_on.0,
            consent_record_id: image.consent_record_id,
            revision: 1,
            received: 0,
            pos: None,
            full_name: values.full_name.clone(),
            given_name: values.given_name.clone(),
            family_name: values.family_name.clone(),
            email: values.email.clone(),
            phone: values.phone.clone(),
            company: values.company.clone(),
            job_title: values.job_title.clone(),
            city: values.city.clone(),
            country: values.country.clone(),
            postal_address: values
                .postal_address
                .as_ref()
                .map(|address| serde_json::to_string(address).expect("JSON")),
            social_profile: values.social_profile.clone(),
            ticket_type_id: values.ticket_type,
            attended: values.attended.then_some(true),
            answers: (!values.answers.is_empty()).then(|| serde_json::to_string(&values.answers).expect("JSON")),
            sort_full_name: Some(keys.full_name),
            sort_family_name: Some(keys.family_name),
            sort_company: Some(keys.company),
        };
        lead::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(store.admin())
            .await
            .expect("a lead");
        id
    }

    /// Many live leads with a name and an address; their ids, in order.
    pub async fn db_many_leads(&self, stream: &SeededStream, count: usize) -> Vec<LeadId> {
        let mut ids = Vec::new();
        for number in 0..count {
            let values = LeadValues {
                full_name: Some(format!("Person {number}")),
                email: Some(format!("person{number}@attendee.example")),
                ..Default::default()
            };
            ids.push(self.db_lead(stream, values).await);
        }
        ids.sort();
        ids
    }

    /// A token; its text.
    pub async fn db_token(&self, stream: &SeededStream, seed: TokenSeed) -> String {
        let store = self.store();
        let now = store.now().await.expect("a time");
        let organization = stream.partner.organization;
        let key = organization_key::Entity::find()
            .filter(organization_key::Column::OrganizationId.eq(organization))
            .one(store.admin())
            .await
            .expect("the database answers")
            .expect("a key");
        let key_id = TokenText::new_key_id(&key.key, &store.entropy().bytes());
        let text = TokenText::with_key_id(
            TokenEnvironment::Live,
            TokenKind::Partner,
            &key_id,
            &store.entropy().bytes(),
        )
        .expect("a token");
        let id: PartnerTokenId = store.entropy().ordered_id(now);
        let row = partner_token::Model {
            organization_id: organization,
            id,
            partner_id: stream.partner.partner,
            kid: key_id,
            name: "a token".into(),
            hash: seed.claimed_at.map(|_| self.platform.keys.token_hash(text.expose())),
            capabilities: consentry::access::partner::capabilities_to_column(&seed.capabilities),
            networks: seed.networks,
            claim_generation: 1,
            created_at: now.0,
            created_by: None,
            claimed_at: seed.claimed_at,
            not_before: seed.not_before.0,
            expires_at: seed.expires_at.0,
            revoked_at: seed.revoked_at,
            last_used_minute: None,
            revision: 1,
            account_id: None,
            member_role: None,
        };
        partner_token::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(store.admin())
            .await
            .expect("a token");
        for (event_partner_id, purposes, fields) in seed.scopes {
            let row = partner_token_scope::Model {
                organization_id: organization,
                token_id: id,
                event_partner_id,
                purposes: purposes.to_db(),
                field_mask: fields.to_db(),
            };
            partner_token_scope::Entity::insert(row.into_active_model().reset_all())
                .exec_without_returning(store.admin())
                .await
                .expect("a scope");
        }
        text.expose().to_owned()
    }

    /// A token that works for everything of a stream.
    pub async fn db_working_token(&self, stream: &SeededStream) -> String {
        self.db_token(stream, TokenSeed::of(stream)).await
    }

    /// A client that sends a partner's token along, whatever it is worth.
    #[must_use]
    pub fn partner(&self, token: &str) -> Client {
        self.partner_at(token, None)
    }

    /// A client that sends a partner's token along from an address.
    #[must_use]
    pub fn partner_at(&self, token: &str, address: Option<IpAddr>) -> Client {
        Client::new(
            self.schema.clone(),
            Caller::Partner(PartnerCredential::new(token, address)),
        )
    }
}
