//! What staff, the officer, the door and the worker do.

use consentry::platform::Fault;
use consentry::platform::store::sql;
use consentry::services::payments::expire_due;
use consentry::services::sharing::leads;
use consentry_domain::{CheckInId, OrderId, OrganizationId, RegistrationId};
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::json;

use super::super::history::{Kind, Outcome};
use super::{World, key, one};

const MINUTE: i64 = 60_000_000;

impl World {
    /// Staff corrects what a registration holds; at times its address, so that its consents rest until that is proved.
    pub(super) async fn correct(&self, kind: Kind, rng: &mut StdRng) -> Outcome {
        let Some(row) = self
            .pick_place(rng, "id, event_id, revision", "status in ('PENDING', 'CONFIRMED')")
            .await
        else {
            return Outcome::Nothing;
        };
        let mut input = self.changes(rng, row.id("event_id"), if kind == Kind::Suspend { 1.0 } else { 0.0 });
        input["registrationId"] = json!(self.public::<RegistrationId>(row.id("id")));
        input["revision"] = json!(row.long("revision"));
        self.history
            .note(format!("correctRegistration {}: {input}", row.id("id")));
        self.tell(self.staff(), "correctRegistration", input).await
    }

    /// What has no way in yet.
    pub(super) async fn direct(&self, kind: Kind, rng: &mut StdRng) -> Outcome {
        let (what, with) = match (kind, rng.random_bool(0.4)) {
            (Kind::Objection, true) => (format!("objected_purposes = {}", rng.random_range(1..16)), ""),
            (Kind::Objection, false) => ("objected_purposes = 0".into(), "and objected_purposes <> 0"),
            (_, true) => ("opted_out = true".into(), ""),
            (_, false) => ("opted_out = false".into(), "and opted_out"),
        };
        self.written(rng, &what, with).await
    }

    /// Writes a registration's row as a service does: under its lock, its leads after it.
    async fn written(&self, rng: &mut StdRng, what: &str, with: &str) -> Outcome {
        let with = format!("status <> 'ERASED' {with}");
        let Some(row) = self.pick_place(rng, "organization_id, id", &with).await else {
            return Outcome::Nothing;
        };
        let organization = OrganizationId(row.id("organization_id"));
        let id = RegistrationId(row.id("id"));
        self.history.note(format!("{what} of {}", id.0));
        let text = format!("update registration set {what} where organization_id = $1 and id = $2");
        let changed: Result<(), Fault> = consentry::transaction!(self.app.store().writer(), async |tx| {
            sql::execute(tx, &text, [organization.into(), id.into()]).await?;
            leads::rewrite(tx, organization, &[id]).await?;
            Ok(())
        });
        changed.expect("changed");
        Outcome::Done
    }

    pub(super) async fn cancel(&self, kind: Kind, rng: &mut StdRng) -> Outcome {
        let Some(row) = self
            .pick_place(rng, "id, order_id", "status in ('PENDING', 'CONFIRMED')")
            .await
        else {
            return Outcome::Nothing;
        };
        self.history
            .note(format!("{kind:?} {} of {}", row.id("id"), row.id("order_id")));
        if kind == Kind::CancelOrder {
            let input = json!({ "orderId": self.public::<OrderId>(row.id("order_id")) });
            return self.tell(self.staff(), "cancelOrder", input).await;
        }
        let input = json!({ "registrationId": self.public::<RegistrationId>(row.id("id")) });
        self.tell(self.staff(), "cancelRegistrationAsStaff", input).await
    }

    pub(super) async fn mark_paid(&self, rng: &mut StdRng) -> Outcome {
        let late = if rng.random_bool(0.1) { ", 'EXPIRED'" } else { "" };
        let text = format!("select id from \"order\" where status in ('PENDING'{late}) order by id");
        let Some(row) = self.pick(rng, &text).await else {
            return Outcome::Nothing;
        };
        self.history.note(format!("markOrderPaid {}", row.id("id")));
        let input = json!({ "idempotencyKey": key(), "orderId": self.public::<OrderId>(row.id("id")) });
        self.tell(self.staff(), "markOrderPaid", input).await
    }

    /// Half an hour passes, and the worker comes by.
    pub(super) async fn expire(&self) -> Outcome {
        self.app.store().clock().advance(31 * MINUTE);
        self.history.note("half an hour passes".to_owned());
        let done = expire_due(&self.app.platform).await.expect("a step");
        if done.expired > 0 {
            Outcome::Done
        } else {
            Outcome::Nothing
        }
    }

    pub(super) async fn check_in(&self, rng: &mut StdRng) -> Outcome {
        let columns = "id, event_id, check_in_code";
        let Some(row) = self.pick_place(rng, columns, "status = 'CONFIRMED'").await else {
            return Outcome::Nothing;
        };
        self.history.note(format!("checkIn {}", row.id("id")));
        let event = self.event_of(row.id("event_id")).event.public_id();
        let list = *one(rng, &[None, None, Some("dinner")]);
        let input =
            json!({ "idempotencyKey": key(), "eventId": event, "code": row.text("check_in_code"), "list": list });
        self.tell(&self.door, "checkIn", input).await
    }

    pub(super) async fn undo_check_in(&self, rng: &mut StdRng) -> Outcome {
        let text = "select id, registration_id from check_in where undone_at is null order by id";
        let Some(row) = self.pick(rng, text).await else {
            return Outcome::Nothing;
        };
        self.history
            .note(format!("undoCheckIn of {}", row.id("registration_id")));
        let input = json!({ "checkInId": self.public::<CheckInId>(row.id("id")) });
        self.tell(&self.door, "undoCheckIn", input).await
    }

    pub(super) async fn protect(&self, kind: Kind, rng: &mut StdRng) -> Outcome {
        let (name, with) = match kind {
            Kind::Restrict => ("restrictPerson", "restricted_at is null"),
            Kind::LiftRestriction => ("liftRestriction", "restricted_at is not null"),
            Kind::Quarantine => ("quarantineRegistration", "quarantined_at is null"),
            _ => ("liftQuarantine", "quarantined_at is not null"),
        };
        let with = format!("status <> 'ERASED' and {with}");
        let Some(row) = self.pick_place(rng, "id", &with).await else {
            return Outcome::Nothing;
        };
        self.history.note(format!("{name} {}", row.id("id")));
        let input = json!({ "registrationId": self.public::<RegistrationId>(row.id("id")) });
        self.tell(&self.officer, name, input).await
    }
}
