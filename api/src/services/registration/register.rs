//! `register`: one order with everything in it, or nothing.

use consentry_domain::{EventStatus, OrderId, OrderStatus};
use consentry_entity::order;
use sea_orm::EntityTrait;

use super::draft::Draft;
use super::{NewOrder, consents, judge, mails, places, rows};
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Platform, Problems, Refused};
use crate::services::idempotency::{self, Claim};
use crate::services::sales::Form;
use crate::services::sharing::{Issue, offers};
use crate::transaction;

/// What was made, now or by the same request before.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The order.
    pub order: order::Model,
    /// What could not be taken of the buyer's wishes about sharing; it blocks nothing.
    pub issues: Vec<Issue>,
}

/// Registers everybody in the order, or answers with the order that the same request made before.
///
/// The same address again makes a new order all the same: nobody learns from the answer who has registered.
///
/// # Errors
/// Everything that is wrong with the order, at once; nothing is left behind.
pub async fn register(platform: &Platform, new: &NewOrder) -> Result<Registered, Refused> {
    let form = Form::load(&platform.store, new.organization, new.event).await?;
    let request = idempotency::Request::of(new.organization, "register", &new.idempotency_key, new)?;
    let draft = match judge::judge(&form, new) {
        Ok(draft) => Ok(draft),
        // What could be bought then may be sold out now: the same request again still has its answer.
        Err(refused) => match idempotency::find(platform, &request).await? {
            Some(_) => Err(refused),
            None => return Err(refused),
        },
    };
    let asks = match &draft {
        Ok(draft) => asks(platform, &form, draft).await?,
        Err(_) => Vec::new(),
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
        write(tx, &form, draft, &asks, id).await
    })
}

/// What everybody who gets a place is asked; read only where they are written to now.
async fn asks(platform: &Platform, form: &Form, draft: &Draft) -> Result<Vec<mails::Asking>, Refused> {
    if draft.cart.total.gross.minor == 0 {
        return Ok(mails::asks(platform.store.read(), &form.event, &draft.locale, form.now).await?);
    }
    Ok(Vec::new())
}

async fn replayed(tx: &Tx, new: &NewOrder, id: OrderId) -> Result<Registered, Refused> {
    let order = order::Entity::find_by_id((new.organization, id)).one(tx).await?;
    let order = order.ok_or_else(|| Refused::not_found(""))?;
    let issues = consents::unfulfilled(tx, new, &order).await?;
    Ok(Registered { order, issues })
}

async fn write(
    tx: &Tx,
    form: &Form,
    draft: &Draft,
    asks: &[mails::Asking],
    id: OrderId,
) -> Result<Registered, Refused> {
    let now = tx.now().await?;
    let own = draft
        .places
        .iter()
        .position(|place| place.is_buyer && !place.wishes.is_empty());
    if own.is_some() {
        offers::share(tx, form.organization.id, form.event.id).await?;
    }
    let order = rows::insert_order(tx, form, draft, id, now).await?;
    still_sells(tx, form).await?;
    let registrations = rows::insert_parts(tx, form, draft, &order, now).await?;
    let guardians = rows::insert_guardians(tx, draft, &registrations, now).await?;
    let issues = match own {
        Some(own) => consents::request(tx, &registrations[own], &draft.places[own])
            .await
            .map_err(|refused| refused.within(&format!("attendees.{own}")))?,
        None => Vec::new(),
    };
    if order.status == OrderStatus::Paid {
        let names = draft
            .cart
            .lines
            .iter()
            .map(|line| (line.on_sale.id(), line.on_sale.name.clone()))
            .collect();
        let subject = mails::Subject {
            event: &form.event,
            organization: &form.organization,
            order: &order,
            registrations: &registrations,
            names: &names,
            guardians: &guardians,
            asks,
            now,
        };
        mails::settled(tx, &subject).await?;
    } else {
        let to_pay = mails::ToPay {
            organization: &form.organization,
            event: &form.event,
            order: &order,
            transfer: None,
        };
        mails::tell_how_to_pay(tx, &to_pay, &order.id.to_string()).await?;
    }
    if let Err(quota) = places::take(tx, order.organization_id, &draft.cart.needs()).await? {
        let mut problems = Problems::new();
        draft.cart.sold_out(quota, &mut problems);
        problems.none()?;
    }
    Ok(Registered { order, issues })
}

/// Whether the event sells still, now that its order refers to it. Whoever closes it or calls it off locks it, and the
/// order's reference keeps that lock away until the order is there: so it is either refused here, or among those that are
/// ended with the event.
async fn still_sells(tx: &Tx, form: &Form) -> Result<(), Refused> {
    let text = "select status from event where organization_id = $1 and id = $2";
    let row = sql::one(tx, text, [form.organization.id.into(), form.event.id.into()]).await?;
    if row.try_get::<String>("", "status")? == EventStatus::Published.as_str() {
        return Ok(());
    }
    Err(Refused::because(
        "eventId",
        Code::NotOnSale,
        "This is no longer on sale.",
    ))
}
