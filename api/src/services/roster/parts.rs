//! What a page of the roster shows beside the registrations, each kind in one statement for the whole page, and only where
//! it is asked for.

use std::collections::HashMap;

use consentry_domain::{
    AnswerValue, CheckInId, EventId, Instant, OrderId, OrderStatus, OrganizationId, QuestionId, RegistrationId,
};
use sea_orm::Value;
use tokio::sync::OnceCell;

use super::Row;
use crate::platform::Fault;
use crate::platform::store::{Store, sql};

/// One passage at a door.
#[derive(Clone, Debug)]
pub struct Passage {
    /// Its id.
    pub id: CheckInId,
    /// At which door.
    pub list: String,
    /// When.
    pub at: Instant,
    /// With which device.
    pub device: Option<String>,
    /// When it was taken back.
    pub undone_at: Option<Instant>,
}

/// Where orders stand.
pub type Orders = HashMap<OrderId, OrderStatus>;
/// What was answered.
pub type Answers = HashMap<RegistrationId, Vec<(QuestionId, AnswerValue)>>;
/// When people came in, oldest first.
pub type Passages = HashMap<RegistrationId, Vec<Passage>>;

/// What belongs to the registrations of a page; each kind is read when it is first asked for.
pub struct Parts {
    store: Store,
    organization: OrganizationId,
    event: EventId,
    of: Vec<(RegistrationId, OrderId)>,
    orders: OnceCell<Orders>,
    answers: OnceCell<Answers>,
    passages: OnceCell<Passages>,
}

impl Parts {
    /// Of these registrations of an event. Nothing is read yet.
    #[must_use]
    pub fn of(store: &Store, organization: OrganizationId, event: EventId, rows: &[Row]) -> Self {
        Self {
            store: store.clone(),
            organization,
            event,
            of: rows.iter().map(|row| (row.id, row.order_id)).collect(),
            orders: OnceCell::new(),
            answers: OnceCell::new(),
            passages: OnceCell::new(),
        }
    }

    /// Where their orders stand.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn orders(&self) -> Result<&Orders, Fault> {
        self.orders.get_or_try_init(|| self.load_orders()).await
    }

    /// What they answered.
    ///
    /// # Errors
    /// When the database fails or holds something else.
    pub async fn answers(&self) -> Result<&Answers, Fault> {
        self.answers.get_or_try_init(|| self.load_answers()).await
    }

    /// When they came in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn passages(&self) -> Result<&Passages, Fault> {
        self.passages.get_or_try_init(|| self.load_passages()).await
    }

    async fn load_orders(&self) -> Result<Orders, Fault> {
        let mut orders: Vec<OrderId> = self.of.iter().map(|(_, order)| *order).collect();
        orders.sort_unstable();
        orders.dedup();
        let text = format!(
            "select id, status from \"order\" where organization_id = $1 and event_id = $2 and id in ({})",
            sql::list(3, orders.len())
        );
        let bound = [self.organization.into(), self.event.into()]
            .into_iter()
            .chain(orders.into_iter().map(Into::into));
        let mut found = Orders::new();
        for row in sql::all(self.store.read(), &text, bound).await? {
            found.insert(row.try_get("", "id")?, row.try_get("", "status")?);
        }
        Ok(found)
    }

    async fn load_answers(&self) -> Result<Answers, Fault> {
        let text = format!(
            "select registration_id, question_id, value from answer where organization_id = $1 and registration_id in ({})",
            self.these()
        );
        let mut found = Answers::new();
        for row in sql::all(self.store.read(), &text, self.registrations()).await? {
            let value: String = row.try_get("", "value")?;
            let value = serde_json::from_str(&value).map_err(|error| Fault::Corrupt(format!("an answer: {error}")))?;
            let answers = found.entry(row.try_get("", "registration_id")?).or_default();
            answers.push((row.try_get("", "question_id")?, value));
        }
        Ok(found)
    }

    async fn load_passages(&self) -> Result<Passages, Fault> {
        let text = format!(
            "select registration_id, id, list, at, device, undone_at from check_in \
             where organization_id = $1 and registration_id in ({}) order by registration_id, id",
            self.these()
        );
        let mut found = Passages::new();
        for row in sql::all(self.store.read(), &text, self.registrations()).await? {
            let passages = found.entry(row.try_get("", "registration_id")?).or_default();
            passages.push(Passage {
                id: row.try_get("", "id")?,
                list: row.try_get("", "list")?,
                at: Instant(row.try_get("", "at")?),
                device: row.try_get("", "device")?,
                undone_at: row.try_get::<Option<i64>>("", "undone_at")?.map(Instant),
            });
        }
        Ok(found)
    }

    fn these(&self) -> String {
        sql::list(2, self.of.len())
    }

    fn registrations(&self) -> impl Iterator<Item = Value> {
        let ids = self.of.iter().map(|(id, _)| Value::from(*id));
        std::iter::once(self.organization.into()).chain(ids)
    }
}
