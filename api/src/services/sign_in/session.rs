//! Sessions: opened, refreshed, ended.

use consentry_domain::{AccountId, Instant, SessionId, SessionKind, session as rules};
use consentry_entity::session;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use crate::access::SignedIn;
use crate::platform::keys::{Link, LinkKind};
use crate::platform::store::{Store, Tx, sql};
use crate::platform::{Code, Fault, Platform, Refused};
use crate::transaction;

/// How long a session lives without being refreshed, in days; it never lives longer than this from its start either.
const LIFETIME_DAYS: i64 = 90;

/// How many sessions are listed.
const MOST_LISTED: u64 = 50;

/// A session with its tokens: the only place where they are seen.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// The access token.
    pub access_token: String,
    /// When it ends.
    pub access_token_expires_at: Instant,
    /// Works once.
    pub refresh_token: String,
}

/// A browser's session. Its secret is seen here and in the browser's cookie, nowhere else.
#[derive(Clone, Debug)]
pub struct BrowserSession {
    /// The session.
    pub id: SessionId,
    /// What the cookie holds.
    pub secret: String,
    /// When it ends at the latest.
    pub expires_at: Instant,
}

/// A session of either kind.
#[derive(Clone, Debug)]
pub enum Opened {
    /// With tokens.
    Api(OpenSession),
    /// A browser's.
    Browser(BrowserSession),
}

/// Opens a session of this kind in this transaction.
///
/// # Errors
/// When the database fails.
pub(super) async fn open_as(
    platform: &Platform,
    tx: &Tx,
    account: AccountId,
    kind: SessionKind,
) -> Result<Opened, Refused> {
    Ok(match kind {
        SessionKind::Api => Opened::Api(open(platform, tx, account).await?),
        SessionKind::Browser => Opened::Browser(open_for_browser(platform, tx, account).await?),
    })
}

/// Opens a session with tokens in this transaction.
///
/// # Errors
/// When the database fails.
pub async fn open(platform: &Platform, tx: &Tx, account: AccountId) -> Result<OpenSession, Refused> {
    let now = tx.now().await?;
    let row = insert(tx, account, SessionKind::Api, now).await?;
    tokens(platform, tx, &row, now)
}

/// Opens a browser's session in this transaction. Each sign-in opens another one: a secret that somebody planted in a
/// browser before is worth nothing afterwards.
async fn open_for_browser(platform: &Platform, tx: &Tx, account: AccountId) -> Result<BrowserSession, Refused> {
    let row = insert(tx, account, SessionKind::Browser, tx.now().await?).await?;
    let link = Link::global(row.id, row.refresh_generation);
    Ok(BrowserSession {
        id: row.id,
        secret: platform.keys.link(LinkKind::Browser, link),
        expires_at: Instant(row.expires_at),
    })
}

async fn insert(tx: &Tx, account: AccountId, kind: SessionKind, now: Instant) -> Result<session::Model, Refused> {
    let row = session::Model {
        id: tx.ordered_id(),
        account_id: account,
        kind,
        refresh_generation: 1,
        created_at: now.0,
        last_used_at: now.0,
        expires_at: now.plus_days(LIFETIME_DAYS).0,
        ended_at: None,
    };
    session::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    Ok(row)
}

/// The account's live sessions, the last used first; at most fifty.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store, signed_in: SignedIn) -> Result<Vec<session::Model>, Fault> {
    let now = store.now().await?;
    let mut rows = session::Entity::find()
        .filter(session::Column::AccountId.eq(signed_in.account()))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now.0))
        .order_by_desc(session::Column::LastUsedAt)
        .order_by_desc(session::Column::Id)
        .limit(MOST_LISTED)
        .all(store.read())
        .await?;
    let text = "select 1 as one from team_member where account_id = $1 and removed_at is null \
        and (ends_at is null or ends_at > $2) \
        union all select 1 from partner_token where account_id = $1 and revoked_at is null and expires_at > $2 limit 1";
    let role = sql::optional(store.read(), text, [signed_in.account().into(), now.0.into()]).await?;
    let limits = rules::Limits::of(role.is_some());
    let of_browser = |row: &session::Model| rules::Use {
        opened: Instant(row.created_at),
        noted: Instant(row.last_used_at),
    };
    rows.retain(|row| row.kind == SessionKind::Api || of_browser(row).is_live(limits, now));
    Ok(rows)
}

fn tokens(platform: &Platform, tx: &Tx, row: &session::Model, now: Instant) -> Result<OpenSession, Refused> {
    let (access_token, access_token_expires_at) =
        platform
            .access_tokens
            .issue(row.account_id, row.id, tx.random_id(), now)?;
    let link = Link::global(row.id, row.refresh_generation);
    Ok(OpenSession {
        id: row.id,
        account: row.account_id,
        access_token,
        access_token_expires_at,
        refresh_token: platform.keys.link(LinkKind::Refresh, link),
    })
}

/// How a refresh ended, so that ending the session is committed although the caller is refused.
enum Refreshed {
    Open(OpenSession),
    Refused,
}

/// Exchanges a refresh token for a new pair. A token that was used before ends its session.
///
/// # Errors
/// When the token is not good.
pub async fn refresh(platform: &Platform, refresh_token: &str) -> Result<OpenSession, Refused> {
    let refused = || {
        Refused::because(
            "refreshToken",
            Code::NotFound,
            "This refresh token is not good; sign in again.",
        )
    };
    let link = platform
        .keys
        .open_link(LinkKind::Refresh, refresh_token)
        .ok_or_else(refused)?;
    let outcome = transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let suffix = sql::lock_suffix(tx.engine(), sql::Lock::Exclusive);
        let row = sql::optional(
            tx,
            &format!(
                "select refresh_generation, ended_at, expires_at, \
                 (select erased_at from account where id = session.account_id) as erased_at \
                 from session where id = $1{suffix}"
            ),
            [link.id.into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(Refreshed::Refused);
        };
        let generation: i32 = row.try_get("", "refresh_generation")?;
        let dead = row.try_get::<Option<i64>>("", "ended_at")?.is_some()
            || row.try_get::<Option<i64>>("", "erased_at")?.is_some()
            || row.try_get::<i64>("", "expires_at")? <= now.0;
        if dead {
            return Ok(Refreshed::Refused);
        }
        let mut change = session::Entity::update_many().filter(session::Column::Id.eq(link.id));
        if generation != link.generation {
            change = change.col_expr(session::Column::EndedAt, sea_orm::sea_query::Expr::value(now.0));
            change.exec(tx).await?;
            return Ok(Refreshed::Refused);
        }
        change
            .col_expr(
                session::Column::RefreshGeneration,
                sea_orm::sea_query::Expr::col(session::Column::RefreshGeneration).add(1),
            )
            .col_expr(session::Column::LastUsedAt, sea_orm::sea_query::Expr::value(now.0))
            .exec(tx)
            .await?;
        let row = session::Entity::find_by_id(SessionId(link.id))
            .one(tx)
            .await?
            .ok_or_else(refused)?;
        Ok::<_, Refused>(Refreshed::Open(tokens(platform, tx, &row, now)?))
    })?;
    match outcome {
        Refreshed::Open(session) => Ok(session),
        Refreshed::Refused => Err(refused()),
    }
}

/// Ends this session.
///
/// # Errors
/// When the database fails.
pub async fn end(platform: &Platform, signed_in: SignedIn) -> Result<(), Refused> {
    end_where(platform, session::Column::Id.eq(signed_in.session())).await?;
    Ok(())
}

/// Ends another session of the same account.
///
/// # Errors
/// Not found, where there is no such session, where it is somebody else's, and where it has ended.
pub async fn end_another(platform: &Platform, signed_in: SignedIn, id: SessionId) -> Result<(), Refused> {
    let own = session::Column::AccountId.eq(signed_in.account());
    if end_where(platform, session::Column::Id.eq(id).and(own)).await? == 0 {
        return Err(Refused::not_found("sessionId"));
    }
    Ok(())
}

/// Ends every session of the account.
///
/// # Errors
/// When the database fails.
pub async fn end_all(platform: &Platform, signed_in: SignedIn) -> Result<(), Refused> {
    end_where(platform, session::Column::AccountId.eq(signed_in.account())).await?;
    Ok(())
}

async fn end_where(platform: &Platform, which: sea_orm::sea_query::SimpleExpr) -> Result<u64, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let ended = session::Entity::update_many()
            .col_expr(session::Column::EndedAt, sea_orm::sea_query::Expr::value(now.0))
            .filter(which.clone())
            .filter(session::Column::EndedAt.is_null())
            .exec(tx)
            .await?;
        Ok::<_, Refused>(ended.rows_affected)
    })
}
