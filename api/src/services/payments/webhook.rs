//! Webhooks of payment providers: signed hints to look. What is true is asked of the provider, and the event counts as
//! received only once everything that follows from it is committed.

use consentry_domain::{Instant, OrganizationId, PaymentId, ProviderAccountId, ProviderKind};
use consentry_entity::{payment, payment_event, provider_account};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::accounts;
use super::provider::{ProviderEvent, ProviderEventKind, WEBHOOK_TOLERANCE};
use super::settle::{Applied, Seen, apply};
use crate::platform::store::{Store, Tx, sql};
use crate::platform::{Fault, Platform, Refused};
use crate::transaction;

/// Why a webhook was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is not one of this account's. Whoever sent it learns nothing else.
    Bad,
    /// Not now: it is to be sent again.
    Later,
}

/// Takes a webhook for an account: its body exactly as it came, and its signature.
///
/// # Errors
/// [`Refusal`]; nothing is left behind.
pub async fn receive(
    platform: &Platform,
    organization: OrganizationId,
    account: ProviderAccountId,
    body: &[u8],
    signature: Option<&str>,
) -> Result<(), Refusal> {
    let failed = |refused: Refused| {
        tracing::error!(%refused, "a webhook could not be settled");
        Refusal::Later
    };
    let found = accounts::by_id(&platform.store, organization, account).await;
    let found = found.map_err(|error| failed(error.into()))?;
    let Some(account) = found.filter(|account| account.kind == ProviderKind::Stripe) else {
        return Err(Refusal::Bad);
    };
    let provider = accounts::provider(platform, &account).map_err(|fault| failed(fault.into()))?;
    let provider = provider.ok_or(Refusal::Bad)?;
    let now = platform.store.now().await.map_err(|error| failed(error.into()))?;
    let event = timestamp(now)
        .and_then(|now| provider.verify_webhook(body, signature, now, WEBHOOK_TOLERANCE).ok())
        .ok_or(Refusal::Bad)?;
    if is_known(&platform.store, &account, &event)
        .await
        .map_err(|error| failed(error.into()))?
    {
        return Ok(());
    }
    let payment = payment_of(&platform.store, &account, &event).await;
    let payment = payment.map_err(|error| failed(error.into()))?;
    let checkout = match (&payment, &event.reference, &event.kind) {
        (None, _, _) | (_, None, _) | (_, _, ProviderEventKind::Other(_)) => None,
        (Some(payment), Some(reference), _) => match provider.retrieve(reference).await {
            Ok(checkout) if checkout.client_reference.as_deref() == Some(&payment.id.to_string()) => Some(checkout),
            Ok(_) => None,
            Err(error) => {
                tracing::warn!(payment = %payment.id, %error, "a webhook's payment could not be looked at");
                return Err(Refusal::Later);
            }
        },
    };
    let done: Result<(), Refused> = transaction!(platform.store.writer(), async |tx| {
        // The same event at another node waits here, and then finds that nothing is left to do.
        if !note(tx, &account, &event, payment.as_ref(), now).await? {
            return Ok(());
        }
        if let (Some(payment), Some(checkout)) = (&payment, &checkout) {
            let applied = apply(tx, payment, Seen::Checkout(checkout)).await?;
            write_outcome(tx, &account, &event, applied).await?;
        }
        Ok(())
    });
    done.map_err(failed)
}

fn timestamp(now: Instant) -> Option<Timestamp> {
    Timestamp::from_microsecond(now.0).ok()
}

async fn is_known(store: &Store, account: &provider_account::Model, event: &ProviderEvent) -> Result<bool, DbErr> {
    let key = (account.organization_id, account.id, event.id.clone());
    Ok(payment_event::Entity::find_by_id(key)
        .one(store.read())
        .await?
        .is_some())
}

/// The payment that an event is about, if it is one of this account's.
async fn payment_of(
    store: &Store,
    account: &provider_account::Model,
    event: &ProviderEvent,
) -> Result<Option<payment::Model>, DbErr> {
    let ours = event
        .checkout
        .as_ref()
        .and_then(|checkout| checkout.client_reference.as_deref());
    let ours = ours
        .and_then(|reference| Uuid::parse_str(reference).ok())
        .map(PaymentId);
    let select = payment::Entity::find()
        .filter(payment::Column::OrganizationId.eq(account.organization_id))
        .filter(payment::Column::ProviderAccountId.eq(account.id));
    let select = match (ours, &event.reference) {
        (Some(id), _) => select.filter(payment::Column::Id.eq(id)),
        (None, Some(reference)) => select.filter(payment::Column::ProviderRef.eq(reference.as_str())),
        (None, None) => return Ok(None),
    };
    select.one(store.read()).await
}

/// Notes the event as received; whether it is new.
async fn note(
    tx: &Tx,
    account: &provider_account::Model,
    event: &ProviderEvent,
    payment: Option<&payment::Model>,
    now: Instant,
) -> Result<bool, Fault> {
    use payment_event::Column;
    let row = payment_event::Model {
        organization_id: account.organization_id,
        provider_account_id: account.id,
        event_ref: event.id.clone(),
        kind: event.kind.as_str().to_owned(),
        payment_id: payment.map(|payment| payment.id),
        received_at: now.0,
        outcome: "IGNORED".to_owned(),
    };
    let known = OnConflict::columns([Column::OrganizationId, Column::ProviderAccountId, Column::EventRef])
        .do_nothing()
        .to_owned();
    let insert = payment_event::Entity::insert(row.into_active_model().reset_all()).on_conflict(known);
    match insert.exec_without_returning(tx).await {
        Ok(inserted) => Ok(inserted == 1),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn write_outcome(
    tx: &Tx,
    account: &provider_account::Model,
    event: &ProviderEvent,
    applied: Applied,
) -> Result<(), DbErr> {
    sql::execute(
        tx,
        "update payment_event set outcome = $4 \
         where organization_id = $1 and provider_account_id = $2 and event_ref = $3",
        [
            account.organization_id.into(),
            account.id.into(),
            event.id.as_str().into(),
            applied.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}
