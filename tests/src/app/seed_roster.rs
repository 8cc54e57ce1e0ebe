//! Registrations written directly, one by one or in masses. Functions named `db_…` write to the database directly.

use consentry::platform::store::{Engine, sql};
use consentry_domain::{OrderId, OrderStatus, RegistrationId, RegistrationStatus, TicketTypeId};
use consentry_entity::{order, registration};

use super::{DbEvent, TestApp};

impl TestApp {
    /// A paid order without lines.
    pub async fn db_order(&self, event: &DbEvent, code: &str, change: impl FnOnce(&mut order::Model)) -> OrderId {
        let now = self.store().now().await.expect("a time");
        let mut row = order::Model {
            organization_id: event.organization,
            id: self.store().entropy().ordered_id(now),
            event_id: event.id,
            code: code.into(),
            status: OrderStatus::Paid,
            buyer_name: Some("Ada Buyer".into()),
            buyer_email: Some(format!("{}@buyers.example", code.to_lowercase())),
            buyer_email_key: Some(format!("{}@buyers.example", code.to_lowercase())),
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
        change(&mut row);
        let id = row.id;
        self.db_insert(row).await;
        id
    }

    /// A confirmed registration in an order of its own; its check-in code is that of the order, twice.
    pub async fn db_place(
        &self,
        event: &DbEvent,
        ticket_type: TicketTypeId,
        code: &str,
        full_name: &str,
        change: impl FnOnce(&mut registration::Model),
    ) -> RegistrationId {
        let order = self.db_order(event, code, |_| {}).await;
        let now = self.store().now().await.expect("a time");
        let email = format!("{}@example.org", full_name.to_lowercase().replace(' ', "."));
        let mut row = registration::Model {
            organization_id: event.organization,
            id: self.store().entropy().ordered_id(now),
            event_id: event.id,
            order_id: order,
            order_code: code.into(),
            ticket_type_id: ticket_type,
            person_id: None,
            status: RegistrationStatus::Confirmed,
            pending_payment: false,
            pending_approval: false,
            pending_guardian: false,
            check_in_code: format!("{code}{code}"),
            badge_code: format!("B{code}{code}"),
            link_generation: 1,
            is_buyer: true,
            ordered_name: Some(full_name.into()),
            ordered_email: Some(email.clone()),
            full_name: Some(full_name.into()),
            given_name: None,
            family_name: None,
            sort_name: consentry::services::registration::sort_name(full_name, None, None),
            email: Some(email.clone()),
            email_key: Some(email),
            email_proved_at: Some(now.0),
            new_email: None,
            address_generation: 0,
            phone: None,
            company: Some("Acme".into()),
            job_title: None,
            city: None,
            country: None,
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
        let id = row.id;
        self.db_insert(row).await;
        id
    }

    /// So many registrations in one statement, a third of them each confirmed, pending and cancelled; and statistics for
    /// the planner.
    pub async fn db_crowd(&self, event: &DbEvent, ticket_type: TicketTypeId, order: OrderId, count: u32) {
        let (uuid, bytes, code, yes) = match self.store().engine() {
            Engine::Sqlite => (
                "randomblob(16)",
                "cast('person ' || i as blob)",
                "printf('%08d', i)",
                "i % 3",
            ),
            Engine::Postgres => (
                "gen_random_uuid()",
                "convert_to('person ' || i, 'UTF8')",
                "lpad(i::text, 8, '0')",
                "i % 3",
            ),
        };
        let key = event.id.0.simple();
        let text = format!(
            "insert into registration (organization_id, id, event_id, order_id, order_code, ticket_type_id, status, \
             pending_payment, pending_approval, pending_guardian, check_in_code, badge_code, link_generation, is_buyer, \
             full_name, sort_name, email, email_key, locale, consents_suspended, objected_purposes, opted_out, \
             consent_revision, revision, created_at) \
             with recursive n(i) as (select 1 union all select i + 1 from n where i < {count}) \
             select $1, {uuid}, $2, $3, {code}, $4, \
             case {yes} when 0 then 'CONFIRMED' when 1 then 'PENDING' else 'CANCELLED' end, \
             false, false, false, 'C{key}' || i, 'B{key}' || i, 1, false, 'Person ' || i, {bytes}, 'p' || i || '@example.org', \
             'p' || i || '@example.org', 'en', false, 0, false, 1, 1, i from n"
        );
        let values = [
            event.organization.into(),
            event.id.into(),
            order.into(),
            ticket_type.into(),
        ];
        sql::execute(self.store().admin(), &text, values)
            .await
            .expect("a crowd");
        sql::execute(self.store().admin(), "analyze", [])
            .await
            .expect("statistics");
    }

    /// The words by which the roster finds what was written directly.
    pub async fn db_words(&self) {
        let filled = consentry_migration::words::fill(self.store().admin()).await;
        filled.expect("words");
    }

    /// How the database would run this, one step a line.
    pub async fn db_plan(&self, text: &str, values: Vec<sea_orm::Value>) -> String {
        let (explain, column) = match self.store().engine() {
            Engine::Sqlite => ("explain query plan", "detail"),
            Engine::Postgres => ("explain", "QUERY PLAN"),
        };
        let rows = sql::all(self.store().admin(), &format!("{explain} {text}"), values)
            .await
            .expect("a plan");
        let line = |row: &sea_orm::QueryResult| row.try_get::<String>("", column).expect("a line");
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}
