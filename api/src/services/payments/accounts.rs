//! The organization's own accounts at payment providers.
//!
//! Secrets are sealed for their row and never shown again; what is kept in the clear is what payers are told anyway.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use consentry_domain::transfer::{compact, is_iban};
use consentry_domain::{ActorKind, OrganizationId, ProviderAccountId, ProviderKind};
use consentry_entity::provider_account;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};

use super::provider::{PaymentProvider, ProviderFactory, ProviderSettings, StripeCredentials};
use crate::access::rights::ManageProviders;
use crate::access::{Authorized, OrganizationScope};
use crate::platform::store::{Store, Tx};
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::{audit, input};
use crate::transaction;

/// An account as it shall be.
#[derive(Clone)]
pub enum Account {
    /// At Stripe; what is left out stays, so that the webhook's secret can follow once its address is known.
    Stripe {
        /// `sk_…` or `rk_…`.
        secret_key: Option<String>,
        /// `whsec_…`.
        webhook_secret: Option<String>,
    },
    /// At a bank.
    Bank(BankAccount),
}

/// A bank account, as payers are told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BankAccount {
    /// Whose it is.
    pub account_holder: String,
    /// Its number.
    pub iban: String,
    /// The bank, where it must be named.
    pub bic: Option<String>,
}

/// What is sealed of an account at Stripe.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StripeSecret {
    secret_key: Option<String>,
    webhook_secret: Option<String>,
}

/// Sets the organization's account of this kind: makes it or changes it. Payments under way go on with it.
///
/// # Errors
/// Everything that is wrong with it.
pub async fn set(
    platform: &Platform,
    authorized: &Authorized<OrganizationScope, ManageProviders>,
    account: &Account,
) -> Result<provider_account::Model, Refused> {
    let account = judge(account)?;
    let kind = match account {
        Account::Stripe { .. } => ProviderKind::Stripe,
        Account::Bank(_) => ProviderKind::BankTransfer,
    };
    let organization = authorized.organization();
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let there = of_kind(organization, kind).lock_exclusive().one(tx).await?;
        let is_new = there.is_none();
        let mut row = there.unwrap_or_else(|| provider_account::Model {
            organization_id: organization,
            id: tx.ordered_id(),
            kind,
            name: kind.as_str().to_owned(),
            config: "{}".to_owned(),
            secret: None,
            active: true,
            created_at: now.0,
            revision: 0,
        });
        row.revision += 1;
        write(platform, tx, &mut row, &account)?;
        let active = row.clone().into_active_model().reset_all();
        if is_new {
            provider_account::Entity::insert(active)
                .exec_without_returning(tx)
                .await?;
        } else {
            provider_account::Entity::update(active).exec(tx).await?;
        }
        let entry = audit::Entry {
            organization,
            actor: ActorKind::Staff,
            account: Some(authorized.actor()),
            action: "setProviderAccount",
            event: None,
            subject_kind: "providerAccount",
            subject: Some(row.id.0),
            detail: serde_json::json!({ "kind": kind.as_str() }),
        };
        audit::note(tx, entry).await?;
        Ok::<_, Refused>(row)
    })
}

fn write(platform: &Platform, tx: &Tx, row: &mut provider_account::Model, account: &Account) -> Result<(), Fault> {
    let json = |error: serde_json::Error| Fault::Outside(error.to_string());
    match account {
        Account::Bank(bank) => row.config = serde_json::to_string(bank).map_err(json)?,
        Account::Stripe {
            secret_key,
            webhook_secret,
        } => {
            let before = unseal(platform, row)?;
            let after = StripeSecret {
                secret_key: secret_key.clone().or(before.secret_key),
                webhook_secret: webhook_secret.clone().or(before.webhook_secret),
            };
            let plain = serde_json::to_vec(&after).map_err(json)?;
            row.secret = Some(platform.keys.seal(&row_name(row), &plain, tx.random()));
        }
    }
    Ok(())
}

fn judge(account: &Account) -> Result<Account, Refused> {
    let mut problems = Problems::new();
    let judged = match account {
        Account::Stripe {
            secret_key,
            webhook_secret,
        } => {
            let key = |text: &str| {
                secret(
                    text,
                    &["sk_", "rk_"],
                    "A secret key of Stripe is expected: sk_… or rk_….",
                )
            };
            let hook = |text: &str| secret(text, &["whsec_"], "A webhook's signing secret is expected: whsec_….");
            let secret_key = problems.keep("stripe.secretKey", input::optional(secret_key.as_deref(), key));
            let webhook_secret =
                problems.keep("stripe.webhookSecret", input::optional(webhook_secret.as_deref(), hook));
            Account::Stripe {
                secret_key: secret_key.flatten(),
                webhook_secret: webhook_secret.flatten(),
            }
        }
        Account::Bank(bank) => {
            let iban = compact(&bank.iban);
            problems.expect(is_iban(&iban), "bankTransfer.iban", Code::Invalid, "This is no IBAN.");
            let bic = bank.bic.as_deref().map(compact).filter(|bic| !bic.is_empty());
            let is_bic =
                |bic: &String| matches!(bic.len(), 8 | 11) && bic.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let fits = bic.as_ref().is_none_or(is_bic);
            problems.expect(
                fits,
                "bankTransfer.bic",
                Code::Invalid,
                "A BIC has 8 or 11 letters and digits.",
            );
            let holder = problems.keep("bankTransfer.accountHolder", input::line(&bank.account_holder, 70));
            Account::Bank(BankAccount {
                account_holder: holder.unwrap_or_default(),
                iban,
                bic,
            })
        }
    };
    problems.none()?;
    Ok(judged)
}

fn secret(text: &str, prefixes: &[&str], expected: &str) -> input::Judged<String> {
    let text = text.trim();
    let fits = text.len() <= 255
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && prefixes.iter().any(|prefix| text.starts_with(prefix));
    if fits {
        Ok(text.to_owned())
    } else {
        Err((Code::Invalid, expected.to_owned()))
    }
}

fn row_name(row: &provider_account::Model) -> Vec<u8> {
    [row.organization_id.0.as_bytes().as_slice(), row.id.0.as_bytes()].concat()
}

fn unseal(platform: &Platform, row: &provider_account::Model) -> Result<StripeSecret, Fault> {
    let Some(sealed) = &row.secret else {
        return Ok(StripeSecret::default());
    };
    let corrupt = || Fault::Corrupt("a provider account's secret does not open with this instance key".into());
    let plain = platform.keys.unseal(&row_name(row), sealed).ok_or_else(corrupt)?;
    serde_json::from_slice(&plain).map_err(|_| corrupt())
}

fn of_kind(organization: OrganizationId, kind: ProviderKind) -> sea_orm::Select<provider_account::Entity> {
    provider_account::Entity::find()
        .filter(provider_account::Column::OrganizationId.eq(organization))
        .filter(provider_account::Column::Kind.eq(kind))
        .filter(provider_account::Column::Active.eq(true))
}

/// The organization's accounts at payment providers, one of each kind at most.
///
/// # Errors
/// When the database fails.
pub async fn all(
    store: &Store,
    authorized: &Authorized<OrganizationScope, ManageProviders>,
) -> Result<Vec<provider_account::Model>, DbErr> {
    of_kinds(authorized.organization()).all(store.read()).await
}

/// Its accounts by which buyers pay, in use.
fn of_kinds(organization: OrganizationId) -> sea_orm::Select<provider_account::Entity> {
    use provider_account::Column;
    provider_account::Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Kind.is_in([ProviderKind::Stripe, ProviderKind::BankTransfer]))
        .filter(Column::Active.eq(true))
        .order_by_asc(Column::Kind)
}

/// The organization's account of this kind, if it has one.
pub(super) async fn active(
    store: &Store,
    organization: OrganizationId,
    kind: ProviderKind,
) -> Result<Option<provider_account::Model>, DbErr> {
    of_kind(organization, kind).one(store.read()).await
}

/// The account of this id.
pub(super) async fn by_id(
    store: &Store,
    organization: OrganizationId,
    id: ProviderAccountId,
) -> Result<Option<provider_account::Model>, DbErr> {
    provider_account::Entity::find_by_id((organization, id))
        .one(store.read())
        .await
}

/// Which secrets of an account at Stripe are there: its key, and that of its webhook endpoint.
///
/// # Errors
/// When they cannot be opened.
pub fn stripe_secrets(platform: &Platform, row: &provider_account::Model) -> Result<(bool, bool), Fault> {
    let secret = unseal(platform, row)?;
    Ok((secret.secret_key.is_some(), secret.webhook_secret.is_some()))
}

/// Whether payments can be made with it.
///
/// # Errors
/// When its secret cannot be opened.
pub fn is_ready(platform: &Platform, row: &provider_account::Model) -> Result<bool, Fault> {
    Ok(match row.kind {
        ProviderKind::Stripe => stripe_secrets(platform, row)? == (true, true),
        ProviderKind::BankTransfer => bank(row).is_ok(),
        ProviderKind::Smtp => false,
    })
}

/// Whether buyers of this organization have a way of paying.
///
/// # Errors
/// When the database fails, or a secret cannot be opened.
pub async fn is_one_ready(
    platform: &Platform,
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<bool, Fault> {
    for account in of_kinds(organization).all(connection).await? {
        if is_ready(platform, &account)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The bank account of its row.
///
/// # Errors
/// When it is not one.
pub fn bank(row: &provider_account::Model) -> Result<BankAccount, Fault> {
    serde_json::from_str(&row.config).map_err(|_| Fault::Corrupt("a bank account cannot be read".into()))
}

/// Which account in which revision.
type ProviderKey = (OrganizationId, ProviderAccountId, i64);

/// Providers keep connections open, so they are kept while their account is unchanged.
static PROVIDERS: LazyLock<Mutex<HashMap<ProviderKey, Arc<dyn PaymentProvider>>>> = LazyLock::new(Mutex::default);

/// How many are kept.
const KEPT: usize = 256;

/// The provider of an account; none where the account is not set up yet.
pub(super) fn provider(
    platform: &Platform,
    row: &provider_account::Model,
) -> Result<Option<Arc<dyn PaymentProvider>>, Fault> {
    let key = (row.organization_id, row.id, row.revision);
    let mut kept = PROVIDERS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(provider) = kept.get(&key) {
        return Ok(Some(Arc::clone(provider)));
    }
    let secret = unseal(platform, row)?;
    let (Some(secret_key), Some(webhook_secret)) = (secret.secret_key, secret.webhook_secret) else {
        return Ok(None);
    };
    let factory = ProviderFactory::new(ProviderSettings {
        stripe_api_base: platform.payments.stripe_api_base.clone(),
        timeout: platform.payments.timeout(),
    });
    let credentials = StripeCredentials {
        secret_key: secret_key.into(),
        webhook_secret: webhook_secret.into(),
    };
    let provider = factory
        .stripe(credentials)
        .map_err(|error| Fault::Outside(error.to_string()))?;
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.insert(key, Arc::clone(&provider));
    Ok(Some(provider))
}
