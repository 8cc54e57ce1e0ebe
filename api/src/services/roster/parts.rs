//! What a page of the roster shows beside the registrations, each kind in one statement for the whole page.

use std::collections::HashMap;

use consentry_domain::{
    AnswerValue, CheckInId, EventId, Instant, OrderId, OrderStatus, OrganizationId, QuestionId, RegistrationId,
};

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

/// What belongs to the registrations of a page.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Where their orders stand.
    pub orders: HashMap<OrderId, OrderStatus>,
    /// What they answered.
    pub answers: HashMap<RegistrationId, Vec<(QuestionId, AnswerValue)>>,
    /// When they came in, oldest first.
    pub passages: HashMap<RegistrationId, Vec<Passage>>,
}

/// Reads it, in three statements.
///
/// # Errors
/// When the database fails.
pub async fn parts(store: &Store, organization: OrganizationId, event: EventId, rows: &[Row]) -> Result<Parts, Fault> {
    let mut parts = Parts::default();
    if rows.is_empty() {
        return Ok(parts);
    }
    let read = store.read();
    let mut orders: Vec<OrderId> = rows.iter().map(|row| row.order_id).collect();
    orders.sort_unstable();
    orders.dedup();
    let text = format!(
        "select id, status from \"order\" where organization_id = $1 and event_id = $2 and id in ({})",
        sql::list(3, orders.len())
    );
    let bound = [organization.into(), event.into()]
        .into_iter()
        .chain(orders.into_iter().map(Into::into));
    for row in sql::all(read, &text, bound).await? {
        parts.orders.insert(row.try_get("", "id")?, row.try_get("", "status")?);
    }
    let registrations = || {
        [organization.into()]
            .into_iter()
            .chain(rows.iter().map(|row| row.id.into()))
    };
    let these = sql::list(2, rows.len());
    let text = format!(
        "select registration_id, question_id, value from answer where organization_id = $1 and registration_id in ({these})"
    );
    for row in sql::all(read, &text, registrations()).await? {
        let value: String = row.try_get("", "value")?;
        let value = serde_json::from_str(&value).map_err(|error| Fault::Corrupt(format!("an answer: {error}")))?;
        let answers = parts.answers.entry(row.try_get("", "registration_id")?).or_default();
        answers.push((row.try_get("", "question_id")?, value));
    }
    let text = format!(
        "select registration_id, id, list, at, device, undone_at from check_in \
         where organization_id = $1 and registration_id in ({these}) order by registration_id, id"
    );
    for row in sql::all(read, &text, registrations()).await? {
        let passages = parts.passages.entry(row.try_get("", "registration_id")?).or_default();
        passages.push(Passage {
            id: row.try_get("", "id")?,
            list: row.try_get("", "list")?,
            at: Instant(row.try_get("", "at")?),
            device: row.try_get("", "device")?,
            undone_at: row.try_get::<Option<i64>>("", "undone_at")?.map(Instant),
        });
    }
    Ok(parts)
}
