//! Who has a place at the stage's event, and the secrets with which people come in.

use consentry::graphql::ids;
use consentry::platform::keys::{Link, LinkKind};
use consentry::platform::store::sql;
use consentry::services::sign_in;
use consentry_domain::{
    AccountId, CheckInId, ComplaintState, CredentialId, CredentialKind, ExportStatus, GuardianRequestStatus, Instant,
    OrganizationId, PersonId, RegistrationId, Role, RosterExportId, SessionId, SessionKind, factor,
};
use consentry_entity::{
    account, check_in, complaint, credential, guardian_request, roster_export, roster_export_item, session,
};
use sea_orm::EntityTrait;
use serde_json::json;
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::super::{Tenant, Who};
use super::Stage;
use crate::app::{SeededOffer, TestApp, decision};

/// Where nothing belongs to a tenant.
const NOBODY: OrganizationId = OrganizationId(Uuid::nil());

impl Stage {
    pub(super) async fn places(&mut self, app: &TestApp, number: u32, attendee: (AccountId, PersonId)) {
        let event = self.sharing.event.clone();
        let code = format!("C{number:07}");
        let ticket = self.sharing.ticket;
        let place = app
            .db_place(&event, ticket, &code, &format!("Ada Lovelace {number}"), |row| {
                row.person_id = Some(attendee.1)
            })
            .await;
        self.name("registration", event.public(place));
        self.name("person", event.public(attendee.1));
        let link = Link {
            organization: event.organization,
            id: place.0,
            generation: 1,
        };
        self.name("joinSecret", app.platform.keys.link(LinkKind::Join, link));
        self.name("checkInCode", format!("{code}{code}"));
        let now = app.store().now().await.expect("a time");
        let passage: CheckInId = app.store().entropy().ordered_id(now);
        app.db_insert(check_in::Model {
            organization_id: event.organization,
            id: passage,
            event_id: event.id,
            registration_id: place,
            list: "dinner".into(),
            at: now.0,
            device: None,
            account_id: None,
            undone_at: None,
        })
        .await;
        self.name("checkIn", event.public(passage));
        let kid = format!("K{number:07}");
        let kid = app
            .db_place(&event, ticket, &kid, &format!("Kid {number}"), |row| {
                row.new_email = Some(format!("kid-{number}@new.example"));
                row.address_generation = 1;
            })
            .await;
        let link = Link {
            organization: event.organization,
            id: kid.0,
            generation: 1,
        };
        self.name("addressSecret", app.platform.keys.link(LinkKind::AddressChange, link));
        let request = guardian_request::Model {
            organization_id: event.organization,
            id: app.store().entropy().ordered_id(now),
            registration_id: kid,
            guardian_name: Some("Parent".into()),
            guardian_email: Some("parent@example.org".into()),
            generation: 1,
            status: GuardianRequestStatus::Waiting,
            created_at: now.0,
            decided_at: None,
        };
        let link = Link {
            organization: event.organization,
            id: request.id.0,
            generation: 1,
        };
        self.name("guardianSecret", app.platform.keys.link(LinkKind::Guardian, link));
        app.db_insert(request).await;
        self.consent(app).await;
        self.complaint(app, attendee, place).await;
    }

    /// A list that staff took away with the attendee on it, of which the attendee complains.
    async fn complaint(&mut self, app: &TestApp, attendee: (AccountId, PersonId), place: RegistrationId) {
        let event = self.sharing.event.clone();
        let now = app.store().now().await.expect("a time");
        let list: RosterExportId = app.store().entropy().ordered_id(now);
        app.db_insert(roster_export::Model {
            organization_id: event.organization,
            id: list,
            event_id: event.id,
            account_id: attendee.0,
            purpose: "To print badges".into(),
            status: ExportStatus::Ready,
            filter: "{}".into(),
            row_count: Some(1),
            created_at: now.0,
            finished_at: Some(now.0),
        })
        .await;
        app.db_insert(roster_export_item::Model {
            organization_id: event.organization,
            export_id: list,
            registration_id: place,
        })
        .await;
        self.name("rosterExport", event.public(list));
        let seen = ids::encode_pair(ids::RECEIVED_TAG, event.organization, list.0, place.0);
        self.name("disclosure", seen.to_string());
        let row = complaint::Model {
            organization_id: event.organization,
            id: app.store().entropy().ordered_id(now),
            person_id: attendee.1,
            account_id: Some(attendee.0),
            event_id: Some(event.id),
            registration_id: Some(place),
            event_partner_id: None,
            disclosure_id: None,
            roster_export_id: Some(list),
            recipient_name: Some("Ours e.V.".into()),
            text: "Who has this list?".into(),
            email: Some("attendee@example.org".into()),
            locale: "en".into(),
            state: ComplaintState::Open,
            opened_at: now.0,
            due_at: now.plus_days(30).0,
            answered_at: None,
            answered_by: None,
            answer: None,
            revision: 1,
        };
        self.name("complaint", event.public(row.id));
        app.db_insert(row).await;
    }

    /// The attendee grants, so that the stream has a lead.
    async fn consent(&mut self, app: &TestApp) {
        let (organization, id) = ids::decode(&async_graphql::ID(self.thing("offer").into())).expect("an offer");
        let offer = SeededOffer {
            organization,
            id,
            public_id: self.thing("offer").into(),
            event_partner: self.thing("eventPartner").into(),
        };
        let document = "mutation($input: SetConsentsInput!) { setConsents(input: $input) {
            consentIssues { reason } registrationConsents { revision } userErrors { field message code } } }";
        let input = json!({ "registrationId": self.thing("registration"), "revision": 1, "ofAge": true,
            "consents": [decision(&offer, 1, &["FULL_NAME", "EMAIL"])] });
        let payload = self
            .caller(Who::Attendee)
            .done("setConsents", document, json!({ "input": input }))
            .await;
        assert_eq!(payload["registrationConsents"]["revision"], 2, "{payload:#}");
        let leads = app.db_stream_leads(&offer).await;
        let lead = leads.first().expect("a lead");
        self.name("lead", ids::encode(organization, lead.id).to_string());
        self.name("contactKey", ids::encode(organization, lead.contact_key).to_string());
    }

    pub(super) async fn secrets(&mut self, app: &TestApp, tenant: &Tenant, account: AccountId) {
        let now = app.store().now().await.expect("a time");
        let row = credential::Model {
            id: app.store().entropy().ordered_id(now),
            kind: CredentialKind::SignInLink,
            expires_at: Some(now.plus_minutes(10).0),
            ..credential(account, now)
        };
        let link = Link {
            organization: NOBODY,
            id: row.id.0,
            generation: 1,
        };
        self.name("signInSecret", app.platform.keys.link(LinkKind::SignIn, link));
        app.db_insert(row).await;
        let id: SessionId = app.store().entropy().ordered_id(now);
        app.db_insert(session::Model {
            id,
            account_id: tenant.team[&Role::Viewer],
            kind: SessionKind::Api,
            refresh_generation: 1,
            created_at: now.0,
            last_used_at: now.0,
            expires_at: now.plus_days(1).0,
            ended_at: None,
        })
        .await;
        let link = Link {
            organization: NOBODY,
            id: id.0,
            generation: 1,
        };
        self.name("refreshToken", app.platform.keys.link(LinkKind::Refresh, link));
        self.factors(app, account, now).await;
    }

    /// An authenticator that waits for its first code, and, for when it counts, a password and a recovery code.
    async fn factors(&mut self, app: &TestApp, account: AccountId, now: Instant) {
        let text = "delete from credential where account_id = $1 and kind <> 'SIGN_IN_LINK'";
        let removed = sql::execute(app.store().admin(), text, [account.into()]).await;
        removed.expect("removed");
        let id = |app: &TestApp| -> CredentialId { app.store().entropy().ordered_id(now) };
        let (waiting, spare, password) = (id(app), id(app), id(app));
        let keys = &app.platform.keys;
        self.name(
            "authenticatorCode",
            factor::code_at(&keys.authenticator(waiting.0), now),
        );
        self.name("recoveryCode", factor::recovery_code(keys.recovery_code(spare.0)));
        app.db_insert(credential::Model {
            id: waiting,
            kind: CredentialKind::Totp,
            expires_at: Some(now.plus_minutes(10).0),
            ..credential(account, now)
        })
        .await;
        app.db_insert(credential::Model {
            id: spare,
            kind: CredentialKind::RecoveryCode,
            ..credential(account, now)
        })
        .await;
        let stored = PASSWORD.get_or_init(|| async {
            let stored = sign_in::stored_password(&app.platform, &"vier blaue Elche im Schrank".into()).await;
            stored.expect("hashed")
        });
        app.db_insert(credential::Model {
            id: password,
            kind: CredentialKind::Password,
            secret: Some(stored.await.clone()),
            ..credential(account, now)
        })
        .await;
        let found = account::Entity::find_by_id(account).one(app.store().read()).await;
        self.name("accountEmail", found.expect("accounts").expect("an account").email);
    }
}

/// What is stored of the password of whoever has one: every installation of a test has the same key.
static PASSWORD: OnceCell<Vec<u8>> = OnceCell::const_new();

fn credential(account: AccountId, now: Instant) -> credential::Model {
    credential::Model {
        id: CredentialId(Uuid::nil()),
        account_id: account,
        kind: CredentialKind::SignInLink,
        secret: None,
        generation: 1,
        created_at: now.0,
        expires_at: None,
        used_at: None,
        failures: 0,
        retry_at: None,
        last_step: None,
    }
}
