//! From what came with a request to who is asking.

use std::net::IpAddr;

use consentry_domain::{AccountId, Instant, SessionId, session as rules};
use sea_orm::QueryResult;

use super::{Caller, PartnerCredential, SignedIn};
use crate::platform::keys::LinkKind;
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
        Ok(Ok(SignedIn::new(verified.account, verified.session).into()))
    } else {
        Ok(Err(BadCredential))
    }
}

/// Who is asking, from what a browser's cookie holds; none where it is not good. Only pages ask so: the endpoint of the API
/// looks at no cookie, so that no other site's form can use one there.
///
/// # Errors
/// When the database fails.
pub async fn browse(platform: &Platform, secret: &str) -> Result<Option<SignedIn>, Fault> {
    let Some(link) = platform.keys.open_link(LinkKind::Browser, secret) else {
        return Ok(None);
    };
    let now = sql::now(platform.store.engine(), 1);
    let text = format!(
        "select s.account_id, s.refresh_generation, s.created_at, s.last_used_at, s.expires_at, s.ended_at, a.erased_at, \
         exists (select 1 from team_member t where t.account_id = s.account_id and t.removed_at is null \
         and (t.ends_at is null or t.ends_at > {now})) as in_a_team, exists (select 1 from partner_token p \
         where p.account_id = s.account_id and p.revoked_at is null and p.expires_at > {now}) as reads, {now} as now \
         from session s join account a on a.id = s.account_id where s.id = $2 and s.kind = 'BROWSER'"
    );
    let values = [sql::now_value(&platform.store), link.id.into()];
    let Some(row) = sql::optional(platform.store.read(), &text, values).await? else {
        return Ok(None);
    };
    let Some(found) = Found::live(&row, link.generation)? else {
        return Ok(None);
    };
    let session = SessionId(link.id);
    if found.noted.is_to_be_noted(found.now) {
        note_use(platform, session, found.now).await?;
    }
    Ok(Some(
        SignedIn::new(found.account, session).who_is_in_a_team(found.in_a_team),
    ))
}

/// A browser's session that counts.
struct Found {
    account: AccountId,
    in_a_team: bool,
    noted: rules::Use,
    now: Instant,
}

impl Found {
    fn live(row: &QueryResult, generation: i32) -> Result<Option<Self>, Fault> {
        let noted = rules::Use {
            opened: Instant(row.try_get("", "created_at")?),
            noted: Instant(row.try_get("", "last_used_at")?),
        };
        let in_a_team = row.try_get("", "in_a_team")?;
        let limits = rules::Limits::of(in_a_team || row.try_get("", "reads")?);
        let now = Instant(row.try_get("", "now")?);
        let live = row.try_get::<Option<i64>>("", "ended_at")?.is_none()
            && row.try_get::<Option<i64>>("", "erased_at")?.is_none()
            && row.try_get::<i32>("", "refresh_generation")? == generation
            && now.0 < row.try_get::<i64>("", "expires_at")?
            && noted.is_live(limits, now);
        let account = row.try_get("", "account_id")?;
        Ok(live.then_some(Self {
            account,
            in_a_team,
            noted,
            now,
        }))
    }
}

/// Notes that the session is used; one that has ended meanwhile stays as it is.
async fn note_use(platform: &Platform, session: SessionId, now: Instant) -> Result<(), Fault> {
    let text = "update session set last_used_at = $2 where id = $1 and ended_at is null and last_used_at < $2";
    crate::transaction!(platform.store.writer(), async |tx| {
        sql::execute(tx, text, [session.into(), now.0.into()]).await?;
        Ok::<_, Fault>(())
    })
}
