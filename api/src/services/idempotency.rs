//! Idempotency keys: the key's row is a transaction's first insert; it keeps a keyed hash of the request and the id of
//! what was made, never the answer, which is authorized and rendered anew.

use std::borrow::Cow;

use consentry_domain::OrganizationId;
use uuid::Uuid;

use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Fault, Platform, Refused};

/// A request that creates something.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The tenant.
    pub organization: OrganizationId,
    /// The operation and whose credential: `register`, `createEvent:ACCOUNT`.
    pub scope: Cow<'a, str>,
    /// What the client sent as `idempotencyKey`.
    pub key: &'a str,
    /// The rest of the input, in a stable form.
    pub body: Cow<'a, [u8]>,
}

impl<'a> Request<'a> {
    /// One whose body is what was sent, as JSON.
    ///
    /// # Errors
    /// When it is none.
    pub fn of(
        organization: OrganizationId,
        scope: impl Into<Cow<'a, str>>,
        key: &'a str,
        sent: &impl serde::Serialize,
    ) -> Result<Self, Fault> {
        let body = serde_json::to_vec(sent).map_err(|error| Fault::Outside(error.to_string()))?;
        Ok(Self {
            organization,
            scope: scope.into(),
            key,
            body: body.into(),
        })
    }
}

/// What the key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It was not used; now it names `result`.
    New,
    /// The same request made this before.
    Replayed(Uuid),
}

/// Whether the key was used before, for this request or another; nothing is claimed.
///
/// # Errors
/// When the database fails.
pub async fn find(platform: &Platform, request: &Request<'_>) -> Result<Option<Uuid>, Refused> {
    let key_hash = platform.keys.request_hash(request.key.trim().as_bytes());
    let row = sql::optional(
        platform.store.read(),
        "select result_id from idempotency_key where organization_id = $1 and scope = $2 and key_hash = $3",
        [request.organization.into(), (&*request.scope).into(), key_hash.into()],
    )
    .await?;
    Ok(row.map(|row| row.try_get("", "result_id")).transpose()?)
}

/// Claims the key for `result`, which this transaction is about to make.
///
/// A concurrent request with the same key waits here until the first one ends.
///
/// # Errors
/// When the key is malformed or was used for another request.
pub async fn claim(platform: &Platform, tx: &Tx, request: &Request<'_>, result: Uuid) -> Result<Claim, Refused> {
    let key = request.key.trim();
    if key.is_empty() || key.len() > 200 {
        return Err(Refused::because(
            "idempotencyKey",
            Code::Required,
            "Send a key of 1 to 200 characters that is new for each action and the same when you send it again.",
        ));
    }
    let key_hash = platform.keys.request_hash(key.as_bytes());
    let request_hash = platform.keys.request_hash(&request.body);
    let now = tx.now().await?;
    let inserted = sql::execute(
        tx,
        "insert into idempotency_key (organization_id, scope, key_hash, request_hash, result_id, created_at) \
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        [
            request.organization.into(),
            (&*request.scope).into(),
            key_hash.clone().into(),
            request_hash.clone().into(),
            result.into(),
            now.0.into(),
        ],
    )
    .await?;
    if inserted == 1 {
        return Ok(Claim::New);
    }
    let row = sql::one(
        tx,
        "select request_hash, result_id from idempotency_key where organization_id = $1 and scope = $2 and key_hash = $3",
        [request.organization.into(), (&*request.scope).into(), key_hash.into()],
    )
    .await?;
    if row.try_get::<Vec<u8>>("", "request_hash")? != request_hash {
        return Err(Refused::because(
            "idempotencyKey",
            Code::IdempotencyMismatch,
            "This key was used for another request. Use a new key for a new action.",
        ));
    }
    Ok(Claim::Replayed(row.try_get("", "result_id")?))
}
