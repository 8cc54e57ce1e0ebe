//! Places that were registered over the API and whose holders are signed in, the links that they got, and the pages that
//! these open.

use consentry::graphql::ids;
use consentry::platform::keys::{Link, LinkKind};
use consentry::platform::store::sql;
use consentry_domain::{OrganizationId, RegistrationId};
use consentry_entity::{event, guardian_request, order, person, registration};
use poem::http::Method;
use poem::{Endpoint, Request};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Client, DbEvent, SeededAttendee, Sharing, TestApp};

impl TestApp {
    /// The secret of a link.
    #[must_use]
    pub fn link_secret(&self, kind: LinkKind, organization: OrganizationId, id: Uuid, generation: i32) -> String {
        let link = Link {
            organization,
            id,
            generation,
        };
        self.platform.keys.link(kind, link)
    }

    /// The secret of the link that proves the address which the attendee wished for last.
    pub async fn address_secret(&self, attendee: &SeededAttendee) -> String {
        let row = self.db_registration(attendee).await;
        self.link_secret(
            LinkKind::AddressChange,
            row.organization_id,
            row.id.0,
            row.address_generation,
        )
    }

    /// Registers with this input and proves every mailbox; the attendees in the order of the registrations.
    pub async fn registered(&self, event: &DbEvent, input: Value) -> Vec<SeededAttendee> {
        let payload = self
            .anonymous()
            .done("register", super::REGISTER, json!({ "input": input }))
            .await;
        let mut attendees = Vec::new();
        for row in self.db_registrations(event, &payload["order"]["code"]).await {
            let client = self.proved(&row).await;
            attendees.push(SeededAttendee {
                organization: row.organization_id,
                registration: row.id,
                public_id: event.public(row.id),
                client,
            });
        }
        attendees
    }

    /// Proves a registration's mailbox by the link of its mail, naming nothing; a client signed in as its person.
    pub async fn proved(&self, row: &registration::Model) -> Client {
        let document = "mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) { userErrors { code } } }";
        let input = json!({ "secret": self.registration_secret(row) });
        self.anonymous()
            .done("confirmEmail", document, json!({ "input": input }))
            .await;
        self.signed_in_for(row.organization_id, row.id).await
    }

    /// A client signed in as whoever a registration belongs to.
    pub async fn signed_in_for(&self, organization: OrganizationId, id: RegistrationId) -> Client {
        let row = registration::Entity::find_by_id((organization, id))
            .one(self.store().read())
            .await;
        let person = row.expect("an answer").expect("a place").person_id.expect("a person");
        let row = person::Entity::find_by_id((organization, person))
            .one(self.store().read())
            .await;
        let account = row.expect("an answer").expect("a person").account_id;
        self.db_session(account.expect("an account")).await
    }

    /// Where the attendee's order stands.
    pub async fn db_order_of(&self, attendee: &SeededAttendee) -> order::Model {
        let row = self.db_registration(attendee).await;
        let found = order::Entity::find_by_id((row.organization_id, row.order_id))
            .one(self.store().read())
            .await;
        found.expect("an answer").expect("an order")
    }

    /// The secret of the link that the attendee's guardian got.
    pub async fn guardian_secret(&self, attendee: &SeededAttendee) -> String {
        let found = guardian_request::Entity::find()
            .filter(guardian_request::Column::RegistrationId.eq(attendee.registration))
            .one(self.store().read())
            .await;
        let row = found.expect("an answer").expect("a request");
        self.link_secret(LinkKind::Guardian, row.organization_id, row.id.0, row.generation)
    }

    /// Changes the event: columns with their values, as SQL says them.
    pub async fn db_change_event(&self, event: &DbEvent, set: &str) {
        let text = format!("update event set {set} where organization_id = $1 and id = $2");
        let values = [event.organization.into(), event.id.into()];
        sql::execute(self.store().admin(), &text, values)
            .await
            .expect("changed");
    }

    /// The event's row.
    pub async fn db_event_row(&self, event: &DbEvent) -> event::Model {
        let found = event::Entity::find_by_id((event.organization, event.id))
            .one(self.store().read())
            .await;
        found.expect("an answer").expect("an event")
    }

    /// What a visitor gets for a page: its status and its text.
    pub async fn visited(&self, method: Method, path: &str) -> (u16, String) {
        let routes = consentry_web::routes(&self.platform, &self.schema);
        let request = Request::builder().method(method).uri_str(path).finish();
        let response = routes.get_response(request).await;
        let status = response.status().as_u16();
        (status, response.into_body().into_string().await.expect("a whole body"))
    }
}

impl TestApp {
    /// A complaint of somebody who has a place, by the API; its public id.
    pub async fn complaint(&self, sharing: &Sharing, email: &str) -> String {
        let one = self.db_attendee(sharing, email, |_| ()).await;
        let people = one.client.data("{ me { people { id } } }", json!({})).await;
        let document = "mutation($input: FileComplaintInput!) { fileComplaint(input: $input) {
            complaint { id } userErrors { field message code } } }";
        let input = json!({ "idempotencyKey": email, "personId": people["me"]["people"][0]["id"],
            "text": "They call me every day.", "registrationId": one.public_id });
        let made = one
            .client
            .done("fileComplaint", document, json!({ "input": input }))
            .await;
        made["complaint"]["id"].as_str().expect("an id").to_owned()
    }
}

impl DbEvent {
    /// The public id of a registration that nobody has.
    #[must_use]
    pub fn nobody(&self) -> String {
        ids::encode(self.organization, RegistrationId(Uuid::from_u128(9))).to_string()
    }
}

/// What a changed registration is asked for.
const CHANGED: &str = "registration { fullName givenName familyName email newEmail emailProved phone company jobTitle city \
    country postalAddress { city } socialProfile revision answers { value choiceIds } } userErrors { field message code }";

impl SeededAttendee {
    /// Changes the registration as it is now; the whole payload, refused or not.
    pub async fn update(&self, app: &TestApp, change: Value) -> Value {
        let revision = app.db_registration(self).await.revision;
        self.update_at(revision, change).await
    }

    /// Changes the registration as it was at this revision; the whole payload.
    pub async fn update_at(&self, revision: i64, change: Value) -> Value {
        let document = format!(
            "mutation($input: UpdateRegistrationInput!) {{ updateRegistration(input: $input) {{ {CHANGED} }} }}"
        );
        let mut input = change;
        input["registrationId"] = json!(self.public_id);
        input["revision"] = json!(revision);
        self.client.data(&document, json!({ "input": input })).await["updateRegistration"].clone()
    }

    /// Gives the place up; the whole payload.
    pub async fn cancel(&self) -> Value {
        let document = "mutation($input: CancelRegistrationInput!) { cancelRegistration(input: $input) {
            registration { status } userErrors { field code } } }";
        let input = json!({ "input": { "registrationId": self.public_id } });
        self.client.data(document, input).await["cancelRegistration"].clone()
    }
}
