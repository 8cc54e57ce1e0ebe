//! Leads in masses, and what the database does to read them. Functions named `db_…` write to the database directly.

use consentry::platform::store::{Engine, sql};
use consentry_domain::lead::NO_KEY;
use consentry_domain::{AttendeeField, FieldMask};

use super::{SeededStream, TestApp};

impl TestApp {
    /// So many live leads with a name and an address in one statement, and statistics for the planner.
    pub async fn db_lead_crowd(&self, stream: &SeededStream, count: u32) {
        let uuid = match self.store().engine() {
            Engine::Sqlite => "randomblob(16)",
            Engine::Postgres => "gen_random_uuid()",
        };
        let mask = FieldMask::standard(AttendeeField::FullName).union(FieldMask::standard(AttendeeField::Email));
        let text = format!(
            "insert into lead (organization_id, stream_id, id, registration_id, contact_key, state, mask, offer_version, \
             consented_version, consented_on, consent_record_id, revision, received, full_name, email, sort_full_name, sort_family_name, \
             sort_company) \
             with recursive n(i) as (select 1 union all select i + 1 from n where i < {count}) \
             select $1, $2, {uuid}, {uuid}, {uuid}, 1, {}, 1, 1, 20000, {uuid}, 1, 0, 'Person ' || i, \
             'person' || i || '@attendee.example', 'person ' || i, '{NO_KEY}', '{NO_KEY}' from n",
            mask.to_db()
        );
        sql::execute(
            self.store().admin(),
            &text,
            [stream.partner.organization.into(), stream.id.into()],
        )
        .await
        .expect("leads");
        sql::execute(self.store().admin(), "analyze", [])
            .await
            .expect("statistics");
    }

    /// So many streams like this one, without leads.
    pub async fn db_more_streams(&self, stream: &SeededStream, count: u32) {
        let uuid = match self.store().engine() {
            Engine::Sqlite => "randomblob(16)",
            Engine::Postgres => "gen_random_uuid()",
        };
        let text = format!(
            "insert into stream (organization_id, id, event_id, event_partner_id, purpose, highest, epoch, active, version, \
             field_mask, starts_at, ends_at, retention_days, event_ends_at, facts) \
             with recursive n(i) as (select 1 union all select i + 1 from n where i < {count}) \
             select s.organization_id, {uuid}, s.event_id, s.event_partner_id, s.purpose, s.highest, s.epoch, s.active, s.version, \
             s.field_mask, s.starts_at, s.ends_at, s.retention_days, s.event_ends_at, s.facts from n cross join stream s \
             where s.organization_id = $1 and s.id = $2"
        );
        let values = [stream.partner.organization.into(), stream.id.into()];
        sql::execute(self.store().admin(), &text, values)
            .await
            .expect("streams");
    }

    /// How many pages of tables and indexes PostgreSQL touches to run this; on SQLite, which does not say, none.
    pub async fn db_buffers(&self, text: &str, values: Vec<sea_orm::Value>) -> Option<i64> {
        if self.store().engine() == Engine::Sqlite {
            return None;
        }
        let explain = format!("explain (analyze, buffers, format json) {text}");
        let row = sql::one(self.store().admin(), &explain, values).await.expect("a plan");
        let plan: serde_json::Value = row.try_get("", "QUERY PLAN").expect("JSON");
        let count = |name: &str| plan[0]["Plan"][name].as_i64().expect("a number");
        Some(count("Shared Hit Blocks") + count("Shared Read Blocks"))
    }
}
