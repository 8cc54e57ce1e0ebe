//! Between the webhooks' routes and the service that settles them.

use async_graphql::ID;
use consentry_domain::ProviderAccountId;
use poem::Route;

use crate::graphql::ids;
use crate::http::webhooks::{self, Receiver, Refusal};
use crate::platform::Platform;
use crate::services::payments;

struct Payments(Platform);

/// The routes of webhooks.
#[must_use]
pub fn routes(platform: &Platform) -> Route {
    webhooks::routes(Payments(platform.clone()))
}

#[async_trait::async_trait]
impl Receiver for Payments {
    async fn receive(&self, account: &str, body: &[u8], signature: Option<&str>) -> Result<(), Refusal> {
        let id = ids::decode::<ProviderAccountId>(&ID(account.to_owned()));
        let (organization, account) = id.ok_or(Refusal::Bad)?;
        payments::receive(&self.0, organization, account, body, signature)
            .await
            .map_err(|refusal| match refusal {
                payments::Refusal::Bad => Refusal::Bad,
                payments::Refusal::Later => Refusal::Later,
            })
    }
}
