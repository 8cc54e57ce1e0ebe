//! Between the edge and the rest: whose credential it is, and whether the program can do its work.

use consentry_migration::{Migrator, MigratorTrait};

use crate::access::{self, Caller};
use crate::graphql::json::JsonPages;
use crate::http::{
    AuthenticationError, Authenticator, Identity, Introspection, NotReady, RawJsonAllowed, Readiness, RequestMeta,
};
use crate::platform::Platform;

/// Answers the edge's two questions.
pub(super) struct Gate {
    platform: Platform,
}

impl Gate {
    pub(super) fn new(platform: Platform) -> Self {
        Self { platform }
    }
}

impl Authenticator for Gate {
    async fn authenticate(&self, bearer: Option<&str>, meta: &RequestMeta) -> Result<Identity, AuthenticationError> {
        let caller = match access::authenticate(&self.platform, bearer, Some(meta.client)).await {
            Ok(Ok(caller)) => caller,
            Ok(Err(_)) => return Err(AuthenticationError::Refused),
            Err(fault) => {
                tracing::error!(%fault, "a credential could not be looked up");
                return Err(AuthenticationError::Unavailable);
            }
        };
        let (rate_key, introspection, token_factor) = match &caller {
            Caller::Anonymous => (None, Introspection::Refused, 1),
            Caller::Account(signed_in, _) => (Some(signed_in.session().to_string()), Introspection::Allowed, 2),
            // Only a browser's cookie makes one, and this looks at no cookie.
            Caller::Door(device) => (Some(device.id().to_string()), Introspection::Refused, 1),
            // A hash, so that the limiter's memory holds no token.
            Caller::Partner(token) => {
                let hash = self.platform.keys.token_hash(token.text().unwrap_or_default());
                (Some(data_encoding::HEXLOWER.encode(&hash)), Introspection::Allowed, 1)
            }
        };
        Ok(Identity {
            rate_key,
            introspection,
            token_factor,
            // The edge writes what the schema wrote as JSON just as it stands.
            attach: Box::new(move |request| request.data(caller).data(RawJsonAllowed).data(JsonPages)),
        })
    }
}

impl Readiness for Gate {
    async fn ready(&self) -> Result<(), NotReady> {
        self.platform.store.ping().await.map_err(|_| NotReady("database"))?;
        match Migrator::get_pending_migrations(self.platform.store.admin()).await {
            Ok(pending) if pending.is_empty() => {}
            _ => return Err(NotReady("schema")),
        }
        match self.platform.store.partner_login_problem().await {
            Ok(None) => Ok(()),
            Ok(Some(problem)) => {
                tracing::error!(problem, "partners' requests are refused");
                Err(NotReady("partner login"))
            }
            Err(_) => Err(NotReady("database")),
        }
    }
}
