//! `register`: one order with everything in it, or nothing.

use consentry_domain::OrderId;
use consentry_entity::order;
use sea_orm::EntityTrait;

use super::draft::Draft;
use super::{NewOrder, judge, places, rows};
use crate::platform::store::Tx;
use crate::platform::{Fault, Platform, Problems, Refused};
use crate::services::idempotency::{self, Claim};
use crate::services::sales::Form;
use crate::transaction;

/// What was made, now or by the same request before.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The order.
    pub order: order::Model,
}

/// Registers everybody in the order, or answers with the order that the same request made before.
///
/// The same address again makes a new order all the same: nobody learns from the answer who has registered.
///
/// # Errors
/// Everything that is wrong with the order, at once; nothing is left behind.
pub async fn register(platform: &Platform, new: &NewOrder) -> Result<Registered, Refused> {
    let form = Form::load(&platform.store, new.organization, new.event).await?;
    let body = serde_json::to_vec(new).map_err(|error| Fault::Outside(error.to_string()))?;
    let request = idempotency::Request {
        organization: new.organization,
        scope: "register",
        key: &new.idempotency_key,
        body: &body,
    };
    let draft = match judge::judge(&form, new) {
        Ok(draft) => Ok(draft),
        // What could be bought then may be sold out now: the same request again still has its answer.
        Err(refused) => match idempotency::find(platform, &request).await? {
            Some(_) => Err(refused),
            None => return Err(refused),
        },
    };
    transaction!(platform.store.writer(), async |tx| {
        let id: OrderId = tx.ordered_id();
        match idempotency::claim(platform, tx, &request, id.0).await? {
            Claim::New => {}
            Claim::Replayed(made) => return replayed(tx, new, OrderId(made)).await,
        }
        let draft = match &draft {
            Ok(draft) => draft,
            Err(refused) => return Err(refused.again()),
        };
        write(tx, &form, draft, id).await
    })
}

async fn replayed(tx: &Tx, new: &NewOrder, id: OrderId) -> Result<Registered, Refused> {
    let order = order::Entity::find_by_id((new.organization, id)).one(tx).await?;
    Ok(Registered {
        order: order.ok_or_else(|| Refused::not_found(""))?,
    })
}

async fn write(tx: &Tx, form: &Form, draft: &Draft, id: OrderId) -> Result<Registered, Refused> {
    let now = tx.now().await?;
    let order = rows::insert_order(tx, form, draft, id, now).await?;
    rows::insert_parts(tx, form, draft, &order, now).await?;
    if let Err(quota) = places::take(tx, order.organization_id, &draft.cart.needs()).await? {
        let mut problems = Problems::new();
        draft.cart.sold_out(quota, &mut problems);
        problems.none()?;
    }
    Ok(Registered { order })
}
