//! Mails of somebody who is erased: their own are emptied and not sent any more, those to others name them no more.

use std::collections::BTreeSet;

use consentry_domain::{MailId, OrderId, OrganizationId, RegistrationId};
use sea_orm::Value;

use super::words::Words;
use crate::platform::Fault;
use crate::platform::store::{Tx, sql};

/// So many ids are bound to one statement.
const AT_ONCE: usize = 500;

/// The mails about these registrations, and those to one of these addresses.
pub(super) async fn own(
    tx: &Tx,
    organization: OrganizationId,
    registrations: &[RegistrationId],
    words: &Words,
) -> Result<Vec<MailId>, Fault> {
    let about = registrations.iter().map(|id| Value::from(*id)).collect();
    let addressed = words.addresses().map(Value::from).collect();
    let mut found: BTreeSet<MailId> = BTreeSet::new();
    let lists: [(&str, Vec<Value>); 2] = [("registration_id", about), ("to_address", addressed)];
    for (column, values) in lists {
        for some in values.chunks(AT_ONCE) {
            let text = format!(
                "select id from mail where organization_id = $1 and {column} in ({})",
                sql::list(2, some.len())
            );
            for row in sql::all(
                tx,
                &text,
                std::iter::once(organization.into()).chain(some.iter().cloned()),
            )
            .await?
            {
                found.insert(row.try_get("", "id")?);
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// The mails about this order to one of these addresses.
pub(super) async fn of_order(
    tx: &Tx,
    organization: OrganizationId,
    order: OrderId,
    words: &Words,
) -> Result<Vec<MailId>, Fault> {
    let addresses: Vec<Value> = words.addresses().map(Value::from).collect();
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "select id from mail where organization_id = $1 and order_id = $2 and to_address in ({})",
        sql::list(3, addresses.len())
    );
    let values = [organization.into(), order.into()].into_iter().chain(addresses);
    let rows = sql::all(tx, &text, values).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// Strikes the names from the other mails about these orders.
pub(super) async fn strike(
    tx: &Tx,
    organization: OrganizationId,
    orders: &[OrderId],
    own: &[MailId],
    words: &Words,
) -> Result<(), Fault> {
    for some in orders.chunks(AT_ONCE) {
        let text = format!(
            "select id, data from mail where organization_id = $1 and order_id in ({})",
            sql::list(2, some.len())
        );
        let values = std::iter::once(organization.into()).chain(some.iter().map(|id| Value::from(*id)));
        for row in sql::all(tx, &text, values).await? {
            let id: MailId = row.try_get("", "id")?;
            if own.binary_search(&id).is_ok() {
                continue;
            }
            if let Some(struck) = words.strike(&row.try_get::<String>("", "data")?)? {
                let text = "update mail set data = $3 where organization_id = $1 and id = $2";
                sql::execute(tx, text, [organization.into(), id.into(), struck.into()]).await?;
            }
        }
    }
    Ok(())
}
