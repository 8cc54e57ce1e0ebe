//! Passwords: argon2id with what OWASP asks at least (19 MiB, two passes, one lane), a salt for each and this
//! installation's pepper. A password signs in with the code of an authenticator only.
//!
//! Hashing is done before the transaction, a few at once: each takes memory and a core.

use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use consentry_domain::{AccountId, CredentialKind, SessionKind, factor as rules, text};
use consentry_entity::{account, credential};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use super::factor::{self, Asked};
use super::session::{self, Opened};
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::input;
use crate::transaction;

/// So many are hashed at once on a node.
static HASHING: Semaphore = Semaphore::const_new(2);

/// How long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Memory in KiB, passes and lanes of what is hashed now.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// How many bytes a salt and a hash have.
const SALT: usize = 16;
const HASH: usize = 32;

/// How a password is stored: its cost, its salt, its hash.
struct Stored {
    cost: (u32, u32, u32),
    salt: [u8; SALT],
    hash: [u8; HASH],
}

impl Stored {
    fn write(&self) -> Vec<u8> {
        let (memory, passes, lanes) = self.cost;
        let cost = [memory, passes, lanes].map(u32::to_be_bytes);
        [cost.as_flattened(), &self.salt, &self.hash].concat()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (cost, rest) = bytes.split_at_checked(12)?;
        let (salt, hash) = rest.split_at_checked(SALT)?;
        let part = |at: usize| cost[at..at + 4].try_into().map(u32::from_be_bytes).ok();
        Some(Self {
            cost: (part(0)?, part(4)?, part(8)?),
            salt: salt.try_into().ok()?,
            hash: hash.try_into().ok()?,
        })
    }
}

/// Who wants to sign in, by what they typed.
pub struct Typed<'a> {
    /// The address.
    pub email: &'a str,
    /// The password.
    pub password: &'a SecretString,
    /// The code.
    pub code: &'a str,
}

/// What is stored of a password.
///
/// # Errors
/// [`Code::RateLimited`] where too many are hashed already.
pub async fn stored(platform: &Platform, password: &SecretString) -> Result<Vec<u8>, Refused> {
    let salt = platform.store.entropy().bytes();
    let hash = hash(platform, password, COST, salt).await?;
    let cost = COST;
    Ok(Stored { cost, salt, hash }.write())
}

async fn hash(
    platform: &Platform,
    password: &SecretString,
    (memory, passes, lanes): (u32, u32, u32),
    salt: [u8; SALT],
) -> Result<[u8; HASH], Refused> {
    let turn = tokio::time::timeout(PATIENCE, HASHING.acquire()).await;
    let Ok(Ok(_turn)) = turn else {
        let busy = "Too many people are signing in at this moment. Try again in a minute.";
        return Err(Refused::because("", Code::RateLimited, busy));
    };
    let password: SecretString = rules::same_password(password.expose_secret()).into();
    let pepper = *platform.keys.pepper();
    let fault = |error: argon2::Error| Fault::Corrupt(format!("a password's cost: {error}"));
    let hashed = tokio::task::spawn_blocking(move || {
        let params = Params::new(memory, passes, lanes, Some(HASH))?;
        let argon = Argon2::new_with_secret(&pepper, Algorithm::Argon2id, Version::V0x13, params)?;
        let mut hash = [0; HASH];
        argon.hash_password_into(password.expose_secret().as_bytes(), &salt, &mut hash)?;
        Ok::<_, argon2::Error>(hash)
    });
    let hashed = hashed.await.map_err(|error| Fault::Outside(error.to_string()))?;
    Ok(hashed.map_err(fault)?)
}

/// An account's password as it was when it was looked at.
struct Found {
    account: AccountId,
    row: credential::Model,
}

async fn find(platform: &Platform, email: &str) -> Result<Option<Found>, Fault> {
    let store = &platform.store;
    let Ok(email) = input::email(email) else {
        return Ok(None);
    };
    let account = account::Entity::find()
        .filter(account::Column::EmailKey.eq(text::email_key(&email)))
        .filter(account::Column::ErasedAt.is_null());
    let Some(account) = account.one(store.read()).await? else {
        return Ok(None);
    };
    let row = credential::Entity::find()
        .filter(credential::Column::AccountId.eq(account.id))
        .filter(credential::Column::Kind.eq(CredentialKind::Password));
    let row = row.one(store.read()).await?;
    Ok(row.map(|row| Found {
        account: account.id,
        row,
    }))
}

/// Signs in with a password and a code. Whatever is wrong, and whoever it is, there is one answer, and it takes as long.
///
/// # Errors
/// When something of it is not right.
pub async fn sign_in(platform: &Platform, typed: &Typed<'_>, kind: SessionKind) -> Result<Opened, Refused> {
    let found = find(platform, typed.email).await?;
    let stored = found.as_ref().and_then(|found| found.row.secret.as_deref());
    let stored = stored.and_then(Stored::read).unwrap_or_else(|| Stored {
        cost: COST,
        salt: platform.store.entropy().bytes(),
        hash: [0; HASH],
    });
    let hash = hash(platform, typed.password, stored.cost, stored.salt).await?;
    let is_it = bool::from(hash.ct_eq(&stored.hash));
    let Some(found) = found else {
        return Err(refused());
    };
    transaction!(platform.store.writer(), async |tx| {
        enter(platform, tx, &found, is_it, typed.code, kind).await
    })?
}

/// Opens the session, or counts what was wrong.
async fn enter(
    platform: &Platform,
    tx: &crate::platform::store::Tx,
    found: &Found,
    is_it: bool,
    code: &str,
    kind: SessionKind,
) -> Result<Result<Opened, Refused>, Refused> {
    if !factor::hold(tx, found.account).await? {
        return Ok(Err(refused()));
    }
    let row = credential::Entity::find_by_id(found.row.id).one(tx).await?;
    // It may have been changed while it was hashed.
    let Some(row) = row.filter(|row| row.secret == found.row.secret) else {
        return Ok(Err(refused()));
    };
    let now = tx.now().await?;
    if row.retry_at.is_some_and(|until| until > now.0) {
        return Ok(Err(refused()));
    }
    if !is_it {
        factor::note(tx, &row, row.failures.saturating_add(1), now, None).await?;
        return Ok(Err(refused()));
    }
    // A password without an authenticator is none: there never is one, and if there were, it would open nothing.
    let Asked::Good = factor::ask(platform, tx, found.account, Some(code)).await? else {
        return Ok(Err(refused()));
    };
    factor::note(tx, &row, 0, now, None).await?;
    Ok(Ok(session::open_as(platform, tx, found.account, kind).await?))
}

/// Unknown, wrong, too often wrong: one answer.
fn refused() -> Refused {
    Refused::because(
        "",
        Code::NotFound,
        "The address, the password or the code is not right. After several wrong ones even right ones have to wait; a link \
         sent by mail signs in as well.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_again_and_nothing_shorter() {
        let stored = Stored {
            cost: (8, 2, 1),
            salt: [3; SALT],
            hash: [4; HASH],
        };
        let bytes = stored.write();
        assert_eq!(bytes.len(), 12 + SALT + HASH);
        let read = Stored::read(&bytes).expect("it is whole");
        assert_eq!(
            (read.cost, read.salt, read.hash),
            (stored.cost, stored.salt, stored.hash)
        );
        for shorter in 0..bytes.len() {
            assert!(Stored::read(&bytes[..shorter]).is_none(), "{shorter}");
        }
    }

    #[test]
    fn it_costs_what_owasp_asks_at_least() {
        let (memory, passes, lanes) = COST;
        assert!(memory >= 19 * 1024 && passes >= 2 && lanes >= 1);
    }
}
