//! Makes a provider from an organization's own credentials.

use std::{fmt, sync::Arc, time::Duration};

use secrecy::SecretString;

use super::{PaymentProvider, ProviderError, stripe::StripeProvider};

/// What the operator (not the organization) sets for all providers.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Instead of Stripe's own address: for tests and for a proxy.
    pub stripe_api_base: Option<String>,
    /// How long one call may take.
    pub timeout: Duration,
}

impl Default for ProviderSettings {
    fn default() -> Self {
        Self {
            stripe_api_base: None,
            timeout: Duration::from_secs(20),
        }
    }
}

/// An organization's Stripe account.
#[derive(Clone)]
pub struct StripeCredentials {
    /// `sk_…`, or better a restricted key `rk_…` with: Checkout Sessions write, PaymentIntents read, Events read.
    pub secret_key: SecretString,
    /// `whsec_…` of the endpoint that points here.
    pub webhook_secret: SecretString,
}

impl fmt::Debug for StripeCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StripeCredentials(…)")
    }
}

/// Makes providers; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct ProviderFactory {
    settings: ProviderSettings,
}

impl ProviderFactory {
    /// A factory with these settings.
    #[must_use]
    pub fn new(settings: ProviderSettings) -> Self {
        Self { settings }
    }

    /// Stripe, with one organization's account. Worth keeping while the account is unchanged.
    ///
    /// # Errors
    /// [`ProviderError::Misconfigured`] when the key cannot be one.
    pub fn stripe(&self, credentials: StripeCredentials) -> Result<Arc<dyn PaymentProvider>, ProviderError> {
        Ok(Arc::new(StripeProvider::new(&self.settings, credentials)?))
    }
}
