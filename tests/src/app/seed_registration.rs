//! Published events with something to buy, and buying it. Functions named `db_…` write to the database directly, the
//! others use the API; each `db_…` takes a closure that changes the row before it is written.

use consentry::platform::keys::{Link, LinkKind};
use consentry_domain::{
    ChoiceId, DocumentId, DocumentKind, EventId, EventKind, EventSessionId, EventStatus, Instant, OrganizationId,
    QuestionId, QuestionKind, QuotaId, Sensitivity, SpeakerId, TicketTypeId, Visibility,
};
use consentry_entity::{
    answer, event, event_session, legal_document, mail, question, question_choice, question_ticket_type, quota,
    quota_ticket_type, registration, session_speaker, speaker, ticket_type,
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter,
    QueryOrder,
};
use serde_json::{Value, json};

use super::{Client, SeededOrganization, TestApp};

/// A published event that was written directly.
#[derive(Clone, Debug)]
pub struct DbEvent {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its organization's slug.
    pub organization_slug: String,
    /// Its id.
    pub id: EventId,
    /// Its slug.
    pub slug: String,
}

/// A text in one language, as a column holds it.
#[must_use]
pub fn text(english: &str) -> String {
    json!({ "en": english }).to_string()
}

impl DbEvent {
    /// Its public id.
    #[must_use]
    pub fn public_id(&self) -> String {
        consentry::graphql::ids::encode(self.organization, self.id).to_string()
    }

    /// The public id of something of its organization.
    #[must_use]
    pub fn public<T: consentry::graphql::ids::PublicId>(&self, id: T) -> String {
        consentry::graphql::ids::encode(self.organization, id).to_string()
    }
}

impl TestApp {
    /// Writes a row as it is.
    pub async fn db_insert<M>(&self, row: M)
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + ActiveModelBehavior + Send,
    {
        let row = row.into_active_model().reset_all();
        <M::Entity as EntityTrait>::insert(row)
            .exec_without_returning(self.store().admin())
            .await
            .expect("a row");
    }

    /// A published conference, thirty days from now, for three days.
    pub async fn db_event(
        &self,
        organization: &SeededOrganization,
        slug: &str,
        change: impl FnOnce(&mut event::Model),
    ) -> DbEvent {
        let now = self.store().now().await.expect("a time");
        let starts = Instant(now.0 - now.0.rem_euclid(3_600_000_000)).plus_days(30);
        let mut row = event::Model {
            organization_id: organization.id,
            id: self.store().entropy().ordered_id(now),
            slug: slug.into(),
            kind: EventKind::Conference,
            status: EventStatus::Published,
            title: text("A conference"),
            description: text("Three days of *talks*."),
            default_locale: "en".into(),
            time_zone: "Europe/Berlin".into(),
            starts_at: starts.0,
            ends_at: starts.plus_days(3).0,
            starts_local: starts.to_string().trim_end_matches('Z').into(),
            ends_local: starts.plus_days(3).to_string().trim_end_matches('Z').into(),
            venue: Some(json!({ "name": "The hall" }).to_string()),
            join_url: None,
            currency: "EUR".into(),
            minimum_age: None,
            consent_age: 16,
            asks_date_of_birth: false,
            requires_parental_permission: false,
            answers_editable_until: None,
            order_hold_minutes: 30,
            transfer_hold_days: 10,
            contact_email: None,
            created_at: now.0,
            published_at: Some(now.0),
            ended_at: None,
            revision: 1,
        };
        change(&mut row);
        let event = DbEvent {
            organization: organization.id,
            organization_slug: organization.slug.clone(),
            id: row.id,
            slug: row.slug.clone(),
        };
        self.db_insert(row).await;
        event
    }

    /// A free ticket type without a quota, at most ten per order.
    pub async fn db_ticket_type(
        &self,
        event: &DbEvent,
        name: &str,
        change: impl FnOnce(&mut ticket_type::Model),
    ) -> TicketTypeId {
        let now = self.store().now().await.expect("a time");
        let mut row = ticket_type::Model {
            organization_id: event.organization,
            id: self.store().entropy().ordered_id(now),
            event_id: event.id,
            name: text(name),
            description: None,
            price_minor: 0,
            tax_rate: 19_000,
            price_includes_tax: true,
            available_from: None,
            available_until: None,
            min_per_order: 1,
            max_per_order: 10,
            visibility: Visibility::Public,
            requires_approval: false,
            position: 1,
            archived_at: None,
            revision: 1,
        };
        change(&mut row);
        let id = row.id;
        self.db_insert(row).await;
        id
    }

    /// A quota of so many places, shared by these ticket types.
    pub async fn db_quota(&self, event: &DbEvent, size: i64, ticket_types: &[TicketTypeId]) -> QuotaId {
        let now = self.store().now().await.expect("a time");
        let id: QuotaId = self.store().entropy().ordered_id(now);
        let (organization_id, event_id) = (event.organization, event.id);
        let row = quota::Model {
            organization_id,
            id,
            event_id,
            name: "Places".into(),
            size,
            available: size,
            revision: 1,
        };
        self.db_insert(row).await;
        for ticket_type_id in ticket_types {
            let row = quota_ticket_type::Model {
                organization_id,
                quota_id: id,
                ticket_type_id: *ticket_type_id,
            };
            self.db_insert(row).await;
        }
        id
    }

    /// An optional question to the buyers of these ticket types (of all where there is none).
    pub async fn db_question(
        &self,
        event: &DbEvent,
        kind: QuestionKind,
        ticket_types: &[TicketTypeId],
        change: impl FnOnce(&mut question::Model),
    ) -> QuestionId {
        let now = self.store().now().await.expect("a time");
        let mut row = question::Model {
            organization_id: event.organization,
            id: self.store().entropy().ordered_id(now),
            event_id: event.id,
            kind,
            label: text(&format!("A {}?", kind.as_str().to_lowercase())),
            help: None,
            sensitivity: Sensitivity::Ordinary,
            required: false,
            shareable: false,
            bit: None,
            event_partner_id: None,
            purpose: text("To plan."),
            retention_days: Some(30),
            position: 1,
            archived_at: None,
            revision: 1,
        };
        change(&mut row);
        let id = row.id;
        self.db_insert(row).await;
        for ticket_type_id in ticket_types {
            let row = question_ticket_type::Model {
                organization_id: event.organization,
                question_id: id,
                ticket_type_id: *ticket_type_id,
            };
            self.db_insert(row).await;
        }
        id
    }

    /// A choice of a question.
    pub async fn db_choice(&self, event: &DbEvent, question: QuestionId, label: &str) -> ChoiceId {
        let now = self.store().now().await.expect("a time");
        let row = question_choice::Model {
            organization_id: event.organization,
            id: self.store().entropy().ordered_id(now),
            question_id: question,
            label: text(label),
            position: 1,
            archived_at: None,
        };
        let id = row.id;
        self.db_insert(row).await;
        id
    }

    /// A document that must be acknowledged.
    pub async fn db_document(
        &self,
        event: &DbEvent,
        kind: DocumentKind,
        change: impl FnOnce(&mut legal_document::Model),
    ) -> DocumentId {
        let now = self.store().now().await.expect("a time");
        let mut row = legal_document::Model {
            organization_id: event.organization,
            id: self.store().entropy().ordered_id(now),
            event_id: event.id,
            kind,
            version: 1,
            title: text(kind.as_str()),
            content: text("What it says."),
            content_hash: vec![7; 32],
            required: true,
            created_at: now.0,
            superseded_at: None,
        };
        change(&mut row);
        let id = row.id;
        self.db_insert(row).await;
        id
    }

    /// A session so many hours after the event's start.
    pub async fn db_talk(&self, event: &DbEvent, title: &str, hours: i64) -> EventSessionId {
        let now = self.store().now().await.expect("a time");
        let starts = Instant(now.0 - now.0.rem_euclid(3_600_000_000))
            .plus_days(30)
            .plus_minutes(hours * 60);
        let row = event_session::Model {
            organization_id: event.organization,
            id: self.store().entropy().ordered_id(now),
            event_id: event.id,
            title: text(title),
            description: text("A talk."),
            starts_at: starts.0,
            ends_at: starts.plus_minutes(45).0,
            place: Some("Room 1".into()),
            revision: 1,
        };
        let id = row.id;
        self.db_insert(row).await;
        id
    }

    /// Somebody who speaks in these sessions.
    pub async fn db_speaker(&self, event: &DbEvent, name: &str, sessions: &[EventSessionId]) -> SpeakerId {
        let now = self.store().now().await.expect("a time");
        let id = self.store().entropy().ordered_id(now);
        self.db_insert(speaker::Model {
            organization_id: event.organization,
            id,
            event_id: event.id,
            name: name.to_owned(),
            headline: text("An engineer"),
            biography: text("Knows **numbers**."),
            website: Some("https://speaker.example/".into()),
            position: 0,
            revision: 1,
            picture: None,
        })
        .await;
        for session in sessions {
            self.db_insert(session_speaker::Model {
                organization_id: event.organization,
                session_id: *session,
                speaker_id: id,
                event_id: event.id,
            })
            .await;
        }
        id
    }
}

/// Everything that a test may want to see of a new order.
pub const REGISTER: &str = "mutation($input: RegisterInput!) { register(input: $input) {
    secret userErrors { field message code }
    order { id code status total { amount currency } amountDue { amount } expiresAt
        lines { ticketType { name } quantity net { amount } tax { amount } gross { amount } }
        places { fullName email status ticketType { name } } payments { id } } } }";

impl Client {
    /// An input of `register` for these attendees; the first one is the buyer's own place.
    #[must_use]
    pub fn register_input(event: &DbEvent, key: &str, attendees: &[(TicketTypeId, &str)]) -> Value {
        let attendees: Vec<Value> = attendees
            .iter()
            .enumerate()
            .map(|(index, (ticket_type, email))| {
                json!({ "ticketTypeId": event.public(*ticket_type), "fullName": format!("Attendee {index}"),
                    "email": email, "isBuyer": index == 0 })
            })
            .collect();
        json!({ "idempotencyKey": key, "eventId": event.public_id(), "locale": "en",
            "buyer": { "fullName": "Attendee 0", "email": attendees[0]["email"] }, "attendees": attendees })
    }

    /// Registers these attendees; the payload.
    pub async fn register(&self, event: &DbEvent, key: &str, attendees: &[(TicketTypeId, &str)]) -> Value {
        self.done(
            "register",
            REGISTER,
            json!({ "input": Self::register_input(event, key, attendees) }),
        )
        .await
    }

    /// Sends a `register` that must be refused without an error; its `userErrors` and an absent order.
    pub async fn refused(&self, input: Value) -> Value {
        let data = self.data(REGISTER, json!({ "input": input })).await;
        let payload = &data["register"];
        assert_eq!(
            (&payload["order"], &payload["secret"]),
            (&Value::Null, &Value::Null),
            "{payload:#}"
        );
        payload["userErrors"].clone()
    }
}

/// The tables that `register` writes.
const WRITTEN: &[&str] = &[
    "\"order\"",
    "order_line",
    "billing_party",
    "registration",
    "answer",
    "acknowledgement",
    "guardian_request",
    "consent",
    "consent_record",
    "opening",
    "lead",
    "mail",
    "outbox",
    "idempotency_key",
    "account",
    "person",
    "audit_entry",
];

impl TestApp {
    /// How many places of a quota are free.
    pub async fn db_available(&self, event: &DbEvent, quota: QuotaId) -> i64 {
        let row = quota::Entity::find_by_id((event.organization, quota))
            .one(self.store().read())
            .await;
        row.expect("an answer").expect("the quota").available
    }

    /// How many rows each table has that a registration writes, and how many places are free: to show that a refusal
    /// leaves nothing behind.
    pub async fn db_written(&self) -> Vec<(String, i64)> {
        let mut counts = Vec::new();
        for table in WRITTEN.iter().chain(&["quota"]) {
            let what = if *table == "quota" {
                "cast(coalesce(sum(available), 0) as bigint)"
            } else {
                "count(*)"
            };
            let text = format!("select {what} as n from {table}");
            let row = consentry::platform::store::sql::one(self.store().read(), &text, [])
                .await
                .expect("a count");
            counts.push(((*table).to_owned(), row.try_get("", "n").expect("a number")));
        }
        counts
    }
}

/// A mail that was queued.
#[derive(Clone, Debug)]
pub struct DbMail {
    /// Its kind.
    pub kind: String,
    /// To whom.
    pub to: String,
    /// What it is made from.
    pub data: Value,
}

impl TestApp {
    /// The mails that were queued, in that order.
    pub async fn db_mails(&self) -> Vec<DbMail> {
        let rows = mail::Entity::find()
            .order_by_asc(mail::Column::Id)
            .all(self.store().read())
            .await;
        let mut mails: Vec<_> = rows.expect("mails").into_iter().collect();
        // Those of one transaction are in no order of their own.
        mails.sort_by_key(|row| (row.created_at, row.kind.as_str(), row.to_address.clone()));
        let mails = mails.into_iter().map(|row| DbMail {
            kind: row.kind.to_string(),
            to: row.to_address.unwrap_or_default(),
            data: serde_json::from_str(&row.data).expect("JSON"),
        });
        mails.collect()
    }

    /// The answers that are kept, as they are kept.
    pub async fn db_answers(&self) -> Vec<String> {
        let rows = answer::Entity::find().all(self.store().read()).await.expect("answers");
        rows.into_iter().map(|row| row.value).collect()
    }
}

impl TestApp {
    /// The registrations of an order, in its order.
    pub async fn db_registrations(&self, event: &DbEvent, code: &Value) -> Vec<registration::Model> {
        registration::Entity::find()
            .filter(registration::Column::OrganizationId.eq(event.organization))
            .filter(registration::Column::OrderCode.eq(code.as_str().expect("a code")))
            .order_by_asc(registration::Column::Id)
            .all(self.store().read())
            .await
            .expect("registrations")
    }

    /// The secret of the link that proves a registration's address.
    #[must_use]
    pub fn registration_secret(&self, registration: &registration::Model) -> String {
        let link = Link {
            organization: registration.organization_id,
            id: registration.id.0,
            generation: registration.link_generation,
        };
        self.platform.keys.link(LinkKind::Registration, link)
    }
}

impl TestApp {
    /// Waits until somebody waits for a lock; for PostgreSQL, where one can tell.
    pub async fn somebody_waits(&self) {
        let text = "select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        loop {
            let row = consentry::platform::store::sql::one(self.store().read(), text, []).await;
            if row.expect("a count").try_get::<i64>("", "n").expect("a number") > 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// Changes rows directly.
    pub async fn db_execute(&self, text: &str) {
        consentry::platform::store::sql::execute(self.store().admin(), text, [])
            .await
            .expect("changed");
    }
}
