//! `setProviderAccount`. Secrets go in and never come out.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use consentry_domain::ProviderKind as Stored;
use consentry_entity::provider_account;

use super::roster::of_organization;
use crate::graphql::scalars::URL;
use crate::graphql::{errors, ids, platform};
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

    /// Raised by each change.
    async fn revision(&self) -> i64 {
        self.0.revision
    }
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
