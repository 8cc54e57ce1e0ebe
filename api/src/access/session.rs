//! From what came with a request to who is asking.

use std::net::IpAddr;

use consentry_domain::Instant;

use super::{Caller, PartnerCredential, SignedIn};
use crate::platform::store::sql;
use crate::platform::{Fault, Platform};

/// The credential is not good: malformed, expired, ended, revoked. Nobody is told which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadCredential;

/// What the texts of partner tokens begin with.
const PARTNER_PREFIX: &str = "cst_";

/// Who is asking, from the bearer's text and the client's address where it is known. A session is looked up at each request: it may have ended a moment ago.
///
/// # Errors
/// `Ok(Err(_))` when the credential is not good; a fault when the database fails.
pub async fn authenticate(
    platform: &Platform,
    bearer: Option<&str>,
    address: Option<IpAddr>,
) -> Result<Result<Caller, BadCredential>, Fault> {
    let Some(bearer) = bearer else {
        return Ok(Ok(Caller::Anonymous));
    };
    if bearer.starts_with(PARTNER_PREFIX) {
        return Ok(Ok(Caller::Partner(PartnerCredential::new(bearer, address))));
    }
    if platform.access_tokens.has_unknown_key(bearer) {
        platform.access_tokens.reload(&platform.store, &platform.keys).await?;
    }
    // The session row, checked by the database's clock below, decides; this only saves the question for old tokens.
    let Some(verified) = platform.access_tokens.verify(bearer, platform.store.clock().local()) else {
        return Ok(Err(BadCredential));
    };
    let text = format!(
        "select s.expires_at, s.ended_at, a.erased_at, {} as now from session s join account a on a.id = s.account_id \
         where s.id = $2 and s.account_id = $3",
        sql::now(platform.store.engine(), 1)
    );
    let row = sql::optional(
        platform.store.read(),
        &text,
        [
            sql::now_value(&platform.store),
            verified.session.into(),
            verified.account.into(),
        ],
    )
    .await?;
    let Some(row) = row else {
        return Ok(Err(BadCredential));
    };
    let now = Instant(row.try_get("", "now")?);
    let live = row.try_get::<Option<i64>>("", "ended_at")?.is_none()
        && row.try_get::<Option<i64>>("", "erased_at")?.is_none()
        && now.0 < row.try_get::<i64>("", "expires_at")?;
    if live {
        Ok(Ok(Caller::Account(SignedIn::new(verified.account, verified.session))))
    } else {
        Ok(Err(BadCredential))
    }
}
