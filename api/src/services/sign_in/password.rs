//! Passwords: argon2id with what OWASP asks at least (19 MiB, two passes, one lane), a salt for each and this
//! installation's pepper. A password signs in with the code of an authenticator only.
//!
//! Hashing is done before the transaction, a few at once: each takes memory and a core.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};
use consentry_domain::{AccountId, CredentialId, SessionKind, factor as rules, text};
use consentry_entity::credential;
use sea_orm::EntityTrait;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::factor::{self, Asked};
use super::session::{self, Opened};
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::input;
use crate::transaction;

/// So many are hashed at once on a node.
static HASHING: Semaphore = Semaphore::const_new(2);

/// How long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// A refusal is said at a whole number of these after the question, so that what was looked up for it, and whether something
/// was counted, is not to be told by a clock.
const BEAT: Duration = Duration::from_millis(250);

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

/// The id of no row.
const NOBODYS: CredentialId = CredentialId(Uuid::nil());

/// A password as it was when it was looked at; where there is none, that of nobody.
struct Found {
    account: AccountId,
    id: CredentialId,
    secret: Option<Vec<u8>>,
}

async fn find(platform: &Platform, email: &str) -> Result<Found, Fault> {
    let key = input::email(email)
        .map(|email| text::email_key(&email))
        .unwrap_or_default();
    let text = "select c.account_id, c.id, c.secret from credential c join account a on a.id = c.account_id \
        where a.email_key = $1 and a.erased_at is null and c.kind = 'PASSWORD'";
    let row = sql::optional(platform.store.read(), text, [key.into()]).await?;
    let Some(row) = row else {
        return Ok(Found {
            account: AccountId(Uuid::nil()),
            id: NOBODYS,
            secret: None,
        });
    };
    Ok(Found {
        account: row.try_get("", "account_id")?,
        id: row.try_get("", "id")?,
        secret: row.try_get("", "secret")?,
    })
}

/// Signs in with a password and a code. Whatever is wrong, and whoever it is, there is one answer, at a beat; known and unknown
/// addresses take the same statements (ASVS 6.3.8).
///
/// # Errors
/// When something of it is not right.
pub async fn sign_in(platform: &Platform, typed: &Typed<'_>, kind: SessionKind) -> Result<Opened, Refused> {
    let began = Instant::now();
    let answer = look(platform, typed, kind).await;
    if answer.is_err() {
        tokio::time::sleep(to_the_beat(began.elapsed())).await;
    }
    answer
}

/// How long it is to the next beat.
fn to_the_beat(elapsed: Duration) -> Duration {
    let beats = elapsed.as_nanos().div_ceil(BEAT.as_nanos()).max(1);
    let at = BEAT.saturating_mul(u32::try_from(beats).unwrap_or(u32::MAX));
    at.saturating_sub(elapsed)
}

async fn look(platform: &Platform, typed: &Typed<'_>, kind: SessionKind) -> Result<Opened, Refused> {
    let found = find(platform, typed.email).await?;
    let stored = found
        .secret
        .as_deref()
        .and_then(Stored::read)
        .unwrap_or_else(|| Stored {
            cost: COST,
            salt: platform.store.entropy().bytes(),
            hash: [0; HASH],
        });
    let hash = hash(platform, typed.password, stored.cost, stored.salt).await?;
    let is_it = bool::from(hash.ct_eq(&stored.hash));
    transaction!(platform.store.writer(), async |tx| {
        enter(platform, tx, &found, is_it, typed.code, kind).await
    })?
}

/// Opens the session, or counts what was wrong; of nobody the same statements change nothing.
async fn enter(
    platform: &Platform,
    tx: &Tx,
    found: &Found,
    is_it: bool,
    code: &str,
    kind: SessionKind,
) -> Result<Result<Opened, Refused>, Refused> {
    let held = factor::hold(tx, found.account).await?;
    let row = credential::Entity::find_by_id(found.id).one(tx).await?;
    // It may have been changed while it was hashed.
    let row = row.filter(|row| held && row.secret == found.secret);
    let now = tx.now().await?;
    let waits = row.as_ref().is_some_and(|row| row.retry_at > Some(now.0));
    if !is_it || waits || row.is_none() {
        let counted = row.filter(|_| !waits);
        let (id, failures) = counted.map_or((NOBODYS, 0), |row| (row.id, row.failures.saturating_add(1)));
        factor::note(tx, id, failures, now, None).await?;
        return Ok(Err(refused()));
    }
    // A password without an authenticator is none: there never is one, and if there were, it would open nothing.
    let Asked::Good = factor::ask(platform, tx, found.account, Some(code)).await? else {
        return Ok(Err(refused()));
    };
    factor::note(tx, found.id, 0, now, None).await?;
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
    fn a_refusal_waits_for_the_next_beat() {
        let left = |elapsed| to_the_beat(Duration::from_millis(elapsed)).as_millis();
        assert_eq!(
            [0, 1, 249, 250, 251, 499, 1010].map(left),
            [250, 249, 1, 0, 249, 1, 240]
        );
    }

    #[test]
    fn it_costs_what_owasp_asks_at_least() {
        let (memory, passes, lanes) = COST;
        assert!(memory >= 19 * 1024 && passes >= 2 && lanes >= 1);
    }
}
