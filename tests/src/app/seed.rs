//! Rows that a test starts from. Functions named `db_…` write to the database directly, the others use the API.

use consentry::access::Caller;
use consentry_domain::{AccountId, OrganizationId, Role, SessionId, SessionKind, TeamMemberId};
use consentry_entity::{account, organization, organization_key, session, team_member};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::{Client, TestApp};

/// An organization with its owner.
#[derive(Clone, Debug)]
pub struct SeededOrganization {
    /// Its id.
    pub id: OrganizationId,
    /// Its public id.
    pub public_id: String,
    /// Its slug.
    pub slug: String,
}

/// An event of an organization.
pub struct SeededEvent {
    /// Its public id.
    pub public_id: String,
    /// Its slug.
    pub slug: String,
}

impl TestApp {
    /// An organization.
    pub async fn db_organization(&self, slug: &str) -> SeededOrganization {
        let store = self.store();
        let now = store.now().await.expect("a time");
        let id: OrganizationId = store.entropy().ordered_id(now);
        let row = organization::Model {
            id,
            slug: slug.into(),
            name: format!("{slug} e.V."),
            legal_name: format!("{slug} eingetragener Verein"),
            country: "DE".into(),
            contact_email: format!("hello@{slug}.example"),
            data_protection_contact: format!("dpo@{slug}.example"),
            default_locale: "en".into(),
            created_at: now.0,
            revision: 1,
            logo: None,
            accent_color: None,
            authenticator_required: false,
            introduction: "{}".into(),
            footer: "{}".into(),
        };
        organization::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(store.admin())
            .await
            .expect("an organization");
        let key = organization_key::Model {
            key: data_encoding::BASE32_NOPAD.encode(&store.entropy().bytes::<5>())[..5].to_owned(),
            organization_id: id,
        };
        organization_key::Entity::insert(key.into_active_model().reset_all())
            .exec_without_returning(store.admin())
            .await
            .expect("its key");
        SeededOrganization {
            id,
            public_id: consentry::graphql::ids::encode_global(id).to_string(),
            slug: slug.into(),
        }
    }

    /// An account with a live session.
    pub async fn db_account(&self, email: &str) -> (AccountId, Client) {
        let store = self.store();
        let now = store.now().await.expect("a time");
        let id: AccountId = store.entropy().ordered_id(now);
        let row = account::Model {
            id,
            email: email.into(),
            email_key: email.to_lowercase(),
            email_proved_at: Some(now.0),
            locale: "en".into(),
            created_at: now.0,
            erased_at: None,
        };
        account::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(store.admin())
            .await
            .expect("an account");
        (id, self.db_session(id).await)
    }

    /// A live session of an account.
    pub async fn db_session(&self, id: AccountId) -> Client {
        let store = self.store();
        let now = store.now().await.expect("a time");
        let session: SessionId = store.entropy().ordered_id(now);
        let row = session::Model {
            id: session,
            account_id: id,
            kind: SessionKind::Api,
            refresh_generation: 1,
            created_at: now.0,
            last_used_at: now.0,
            expires_at: now.plus_days(1).0,
            ended_at: None,
        };
        session::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(store.admin())
            .await
            .expect("a session");
        let signed_in = consentry::access::SignedIn::in_test(id, session);
        Client::new(self.schema.clone(), Caller::from(signed_in))
    }

    /// A team member of the whole organization.
    pub async fn db_staff(&self, organization: &SeededOrganization, role: Role) -> Client {
        let name = format!(
            "{}-{}@staff.example",
            role.as_str().to_lowercase(),
            uuid::Uuid::new_v4().simple()
        );
        self.db_staff_named(organization, role, &name).await
    }

    /// A team member of the whole organization with this address.
    pub async fn db_staff_named(&self, organization: &SeededOrganization, role: Role, email: &str) -> Client {
        let (account, client) = self.db_account(email).await;
        let store = self.store();
        let now = store.now().await.expect("a time");
        let row = team_member::Model {
            organization_id: organization.id,
            id: store.entropy().ordered_id::<TeamMemberId>(now),
            account_id: account,
            role,
            event_id: None,
            created_at: now.0,
            ends_at: None,
            removed_at: None,
            revision: 1,
        };
        team_member::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(store.admin())
            .await
            .expect("a team member");
        client
    }

    /// A draft event, made by the API.
    pub async fn event(&self, staff: &Client, organization: &SeededOrganization, slug: &str) -> SeededEvent {
        let payload = staff
            .done(
                "createEvent",
                "mutation($input: CreateEventInput!) { createEvent(input: $input) {
                    event { id } userErrors { field message code } } }",
                serde_json::json!({ "input": {
                    "idempotencyKey": format!("event-{slug}"), "organizationId": organization.public_id, "slug": slug,
                    "kind": "CONFERENCE", "title": [{ "locale": "en", "text": "A conference" }], "defaultLocale": "en",
                    "timeZone": "Europe/Berlin", "startsLocal": "2027-03-01T09:00", "endsLocal": "2027-03-03T17:00",
                    "currency": "EUR" } }),
            )
            .await;
        SeededEvent {
            public_id: payload["event"]["id"].as_str().expect("an id").into(),
            slug: slug.into(),
        }
    }
}
