//! `setProviderAccount`. Secrets go in and never come out.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use consentry_domain::{OrganizationId, ProviderKind as Stored};
use consentry_entity::provider_account;

use super::roster::of_organization;
use crate::access::rights::ManageProviders;
use crate::access::staff_of_organization;
use crate::graphql::scalars::URL;
use crate::graphql::{caller, errors, ids, platform};
use crate::mutation;
use crate::platform::{Code, Refused};
use crate::services::payments::accounts::{self, Account, BankAccount};

/// What kind of account it is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::ProviderKind")]
pub enum ProviderKind {
    /// At Stripe.
    Stripe,
    /// At a bank.
    BankTransfer,
    /// At a mail server.
    Smtp,
}

/// An account of the organization's at a provider, without its secrets.
pub struct ProviderAccount(provider_account::Model);

/// An account of the organization's at a provider, without its secrets.
#[Object]
impl ProviderAccount {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.0.organization_id, self.0.id)
    }

    /// What kind of account it is.
    async fn kind(&self) -> ProviderKind {
        self.0.kind.into()
    }

    /// Whether everything is there that payments need.
    async fn ready(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        accounts::is_ready(platform(ctx), &self.0).map_err(|fault| errors::internal(&fault))
    }

    /// For Stripe: the address of the webhook endpoint that is to be made there, for `checkout.session.completed`,
    /// `checkout.session.async_payment_succeeded`, `checkout.session.async_payment_failed`, `checkout.session.expired`.
    async fn webhook_url(&self, ctx: &Context<'_>) -> Option<URL> {
        let id = ids::encode(self.0.organization_id, self.0.id);
        let path = format!("/webhooks/stripe/{}", id.as_str());
        (self.0.kind == Stored::Stripe).then(|| URL(platform(ctx).url(&path)))
    }

    /// For Stripe: which of its secrets are set. They are never shown.
    async fn stripe(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<StripeAccount>> {
        if self.0.kind != Stored::Stripe {
            return Ok(None);
        }
        let secrets = accounts::stripe_secrets(platform(ctx), &self.0);
        let (secret_key_set, webhook_secret_set) = secrets.map_err(|fault| errors::internal(&fault))?;
        Ok(Some(StripeAccount {
            secret_key_set,
            webhook_secret_set,
        }))
    }

    /// For a bank: the account, as payers are told it.
    async fn bank_transfer(&self) -> async_graphql::Result<Option<BankAccountDetails>> {
        if self.0.kind != Stored::BankTransfer {
            return Ok(None);
        }
        let bank = accounts::bank(&self.0).map_err(|fault| errors::internal(&fault))?;
        Ok(Some(BankAccountDetails {
            account_holder: bank.account_holder,
            iban: bank.iban,
            bic: bank.bic,
        }))
    }

    /// Raised by each change.
    async fn revision(&self) -> i64 {
        self.0.revision
    }
}

/// What is set of an account at Stripe.
#[derive(SimpleObject)]
pub struct StripeAccount {
    /// Whether its secret key is set.
    secret_key_set: bool,
    /// Whether the signing secret of its webhook endpoint is set.
    webhook_secret_set: bool,
}

/// An account at a bank.
#[derive(SimpleObject)]
pub struct BankAccountDetails {
    /// Whose it is.
    account_holder: String,
    /// Its number.
    iban: String,
    /// The bank, where it must be named.
    bic: Option<String>,
}

/// The organization's accounts; absent for roles that may not set them.
pub(super) async fn all(
    ctx: &Context<'_>,
    organization: OrganizationId,
) -> async_graphql::Result<Option<Vec<ProviderAccount>>> {
    let platform = platform(ctx);
    let allowed = staff_of_organization::<ManageProviders>(platform, caller(ctx), organization).await;
    let Some(allowed) = errors::absent(allowed)? else {
        return Ok(None);
    };
    let all = accounts::all(&platform.store, &allowed).await;
    let all = all.map_err(|error| errors::internal(&error.into()))?;
    Ok(Some(all.into_iter().map(ProviderAccount).collect()))
}

/// An account at Stripe. What is left out stays as it is.
#[derive(InputObject)]
pub struct StripeAccountInput {
    /// A secret or restricted key: `sk_…`, `rk_…`.
    secret_key: Option<String>,
    /// The signing secret of the webhook endpoint: `whsec_…`.
    webhook_secret: Option<String>,
}

/// An account at a bank.
#[derive(InputObject)]
pub struct BankAccountInput {
    /// Whose it is.
    account_holder: String,
    /// Its number.
    iban: String,
    /// The bank, where it must be named.
    bic: Option<String>,
}

/// Exactly one of the two.
#[derive(InputObject)]
pub struct SetProviderAccountInput {
    /// The organization.
    organization_id: ID,
    /// An account at Stripe.
    stripe: Option<StripeAccountInput>,
    /// An account at a bank.
    bank_transfer: Option<BankAccountInput>,
}

mutation! {
    /// Sets the organization's account of one kind. Its secrets are never shown again.
    SetProviderAccount::set_provider_account(SetProviderAccountInput) => run;
    SetProviderAccountPayload {
        /// The account; absent when it was refused.
        provider_account: ProviderAccount
    }
    SetProviderAccountUserError, SetProviderAccountErrorCode { Invalid, Required, TooLong, NotFound }
}

async fn run(ctx: &Context<'_>, input: SetProviderAccountInput) -> Result<ProviderAccount, Refused> {
    let platform = platform(ctx);
    let authorized = of_organization(ctx, "organizationId", &input.organization_id).await?;
    let account = match (input.stripe, input.bank_transfer) {
        (Some(stripe), None) => Account::Stripe {
            secret_key: stripe.secret_key,
            webhook_secret: stripe.webhook_secret,
        },
        (None, Some(bank)) => Account::Bank(BankAccount {
            account_holder: bank.account_holder,
            iban: bank.iban,
            bic: bank.bic,
        }),
        _ => {
            let message = "Name exactly one of stripe and bankTransfer.";
            return Err(Refused::because("", Code::Required, message));
        }
    };
    Ok(ProviderAccount(accounts::set(platform, &authorized, &account).await?))
}
