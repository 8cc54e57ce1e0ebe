//! Setting an authenticator and a password up, changing them, taking them away. Every change asks for what is there already,
//! ends the account's other sessions and links, and is told by mail.

use consentry_domain::{AccountId, CredentialKind, Instant, factor as rules};
use consentry_entity::{account, credential, session};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use secrecy::{ExposeSecret, SecretString};

use super::factor::{self, Asked};
use super::{link, news, password};
use crate::access::SignedIn;
use crate::platform::store::{Store, Tx, sql};
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::mail::messages::SignInChange;
use crate::transaction;

/// How long a prepared authenticator waits for its first code, in minutes.
const PREPARED_MINUTES: i64 = 30;

/// How an account is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protection {
    /// Since when codes of an authenticator are asked for.
    pub authenticator_since: Option<Instant>,
    /// Whether there is a password.
    pub has_password: bool,
    /// How many recovery codes are left.
    pub recovery_codes: usize,
}

/// An authenticator that waits for its first code. Its secret is seen here and nowhere else.
#[derive(Debug)]
pub struct Prepared {
    /// To be typed.
    pub secret: String,
    /// To be shown as a picture.
    pub uri: String,
    /// Until when it waits.
    pub expires_at: Instant,
}

/// How the account is protected.
///
/// # Errors
/// When the database fails.
pub async fn protection(store: &Store, account: AccountId) -> Result<Protection, Fault> {
    let rows = credential::Entity::find()
        .filter(credential::Column::AccountId.eq(account))
        .filter(credential::Column::ExpiresAt.is_null())
        .all(store.read())
        .await?;
    let of = |kind| rows.iter().filter(move |row| row.kind == kind);
    Ok(Protection {
        authenticator_since: of(CredentialKind::Totp).map(|row| Instant(row.created_at)).next(),
        has_password: of(CredentialKind::Password).next().is_some(),
        recovery_codes: of(CredentialKind::RecoveryCode)
            .filter(|row| row.used_at.is_none())
            .count(),
    })
}

/// Asks for the code of the authenticator that there is.
async fn demand(
    platform: &Platform,
    tx: &Tx,
    account: AccountId,
    code: Option<&str>,
) -> Result<Result<(), Refused>, Refused> {
    if !factor::hold(tx, account).await? {
        return Err(Refused::Unauthenticated);
    }
    Ok(match factor::ask(platform, tx, account, code).await? {
        Asked::Nothing | Asked::Good => Ok(()),
        Asked::Refused(refused) => Err(refused),
    })
}

/// What was refused is committed with what was counted; everything else that fails undoes all of it.
macro_rules! asked {
    ($asked:expr) => {
        match $asked {
            Ok(value) => value,
            Err(refused) => return Ok(Err(refused)),
        }
    };
}

/// Prepares an authenticator: it counts once its first code was shown. One prepared before is gone; one that counts goes on
/// counting, and its code is asked for.
///
/// # Errors
/// When the code is wrong.
pub async fn prepare(platform: &Platform, signed_in: SignedIn, code: Option<&str>) -> Result<Prepared, Refused> {
    let account = signed_in.account();
    transaction!(platform.store.writer(), async |tx| {
        asked!(demand(platform, tx, account, code).await?);
        let now = tx.now().await?;
        let prepared = credential::Entity::delete_many()
            .filter(credential::Column::AccountId.eq(account))
            .filter(credential::Column::Kind.eq(CredentialKind::Totp))
            .filter(credential::Column::ExpiresAt.is_not_null());
        prepared.exec(tx).await?;
        let expires_at = now.plus_minutes(PREPARED_MINUTES);
        let row = credential::Model {
            expires_at: Some(expires_at.0),
            ..factor::row(tx, account, CredentialKind::Totp).await?
        };
        let secret = platform.keys.authenticator(row.id.0);
        factor::keep(tx, row).await?;
        let known = account::Entity::find_by_id(account).one(tx).await?;
        let known = known.ok_or(Refused::Unauthenticated)?;
        let home = link::home(tx, account).await?;
        let issuer = home
            .as_ref()
            .map_or("Consentry", |organization| organization.name.as_str());
        Ok::<_, Refused>(Ok(Prepared {
            secret: rules::typed_secret(&secret),
            uri: rules::key_uri(&secret, issuer, &known.email),
            expires_at,
        }))
    })?
}

/// The prepared authenticator counts from now on, if this is its code; with a password, if one is wished. The recovery codes
/// are seen here and nowhere else.
///
/// # Errors
/// When nothing is prepared, when the code is wrong, when the password is none.
pub async fn confirm(
    platform: &Platform,
    signed_in: SignedIn,
    code: &str,
    password: Option<&SecretString>,
) -> Result<Vec<String>, Refused> {
    let account = signed_in.account();
    let password = match password {
        Some(password) => Some(judged(platform, account, password).await?),
        None => None,
    };
    transaction!(platform.store.writer(), async |tx| {
        if !factor::hold(tx, account).await? {
            return Err(Refused::Unauthenticated);
        }
        let now = tx.now().await?;
        let row = credential::Entity::find()
            .filter(credential::Column::AccountId.eq(account))
            .filter(credential::Column::Kind.eq(CredentialKind::Totp))
            .filter(credential::Column::ExpiresAt.gt(now.0))
            .one(tx)
            .await?
            .ok_or_else(|| {
                Refused::because(
                    "",
                    Code::WrongState,
                    "There is no authenticator that waits for its first code, or it waited too long. Begin again.",
                )
            })?;
        if let Some(wait) = factor::waiting(&row, now) {
            return Ok(Err(wait));
        }
        let secret = platform.keys.authenticator(row.id.0);
        let Some(step) = rules::step_of_code(&secret, code, now, row.last_step) else {
            factor::note(tx, row.id, row.failures.saturating_add(1), now, row.last_step).await?;
            let wrong = "This is not the code that your authenticator shows now. Check the clock of its device, and that it is the entry made last.";
            return Ok(Err(Refused::because("code", Code::Invalid, wrong)));
        };
        let earlier = credential::Entity::delete_many()
            .filter(credential::Column::AccountId.eq(account))
            .filter(credential::Column::Kind.eq(CredentialKind::Totp))
            .filter(credential::Column::Id.ne(row.id));
        earlier.exec(tx).await?;
        let text =
            "update credential set expires_at = null, created_at = $2, last_step = $3, failures = 0 where id = $1";
        sql::execute(tx, text, [row.id.into(), now.0.into(), step.into()]).await?;
        if let Some(password) = &password {
            write_password(tx, account, password.clone()).await?;
        }
        let codes = factor::new_codes(platform, tx, account).await?;
        end_others(tx, account, Some(signed_in)).await?;
        news::tell(tx, account, SignInChange::AuthenticatorSet).await?;
        Ok::<_, Refused>(Ok(codes))
    })?
}

/// Sets the account's password, or takes it away where none is given.
///
/// # Errors
/// When there is no authenticator, when the code is wrong, when the password is none.
pub async fn set_password(
    platform: &Platform,
    signed_in: SignedIn,
    password: Option<&SecretString>,
    code: &str,
) -> Result<(), Refused> {
    let account = signed_in.account();
    let password = match password {
        Some(password) => Some(judged(platform, account, password).await?),
        None => None,
    };
    transaction!(platform.store.writer(), async |tx| {
        asked!(demand(platform, tx, account, Some(code)).await?);
        if factor::authenticator(tx, account).await?.is_none() {
            return Err(without_authenticator());
        }
        let what = match &password {
            Some(password) => {
                write_password(tx, account, password.clone()).await?;
                SignInChange::PasswordSet
            }
            None if factor::remove(tx, account, &[CredentialKind::Password]).await? == 0 => return Ok(Ok(())),
            None => SignInChange::PasswordRemoved,
        };
        end_others(tx, account, Some(signed_in)).await?;
        news::tell(tx, account, what).await?;
        Ok::<_, Refused>(Ok(()))
    })?
}

/// New recovery codes; the earlier ones are gone.
///
/// # Errors
/// When there is no authenticator, when the code is wrong.
pub async fn renew_codes(platform: &Platform, signed_in: SignedIn, code: &str) -> Result<Vec<String>, Refused> {
    let account = signed_in.account();
    transaction!(platform.store.writer(), async |tx| {
        asked!(demand(platform, tx, account, Some(code)).await?);
        if factor::authenticator(tx, account).await?.is_none() {
            return Err(without_authenticator());
        }
        let codes = factor::new_codes(platform, tx, account).await?;
        news::tell(tx, account, SignInChange::CodesRenewed).await?;
        Ok::<_, Refused>(Ok(codes))
    })?
}

/// Takes the authenticator away, and with it the password and the recovery codes.
///
/// # Errors
/// When the code is wrong.
pub async fn remove(platform: &Platform, signed_in: SignedIn, code: &str) -> Result<(), Refused> {
    let account = signed_in.account();
    transaction!(platform.store.writer(), async |tx| {
        asked!(demand(platform, tx, account, Some(code)).await?);
        take_away(tx, account, Some(signed_in)).await?;
        Ok::<_, Refused>(Ok(()))
    })?
}

/// The same without a code, for the operator of the machine; whether there was one.
///
/// # Errors
/// Not found, where nobody has this address.
pub async fn remove_by_operator(platform: &Platform, email: &str) -> Result<bool, Refused> {
    let key = consentry_domain::text::email_key(email.trim());
    transaction!(platform.store.writer(), async |tx| {
        let found = account::Entity::find()
            .filter(account::Column::EmailKey.eq(&key))
            .filter(account::Column::ErasedAt.is_null());
        let found = found.one(tx).await?.ok_or_else(|| Refused::not_found("email"))?;
        if !factor::hold(tx, found.id).await? {
            return Err(Refused::not_found("email"));
        }
        take_away(tx, found.id, None).await
    })
}

async fn take_away(tx: &Tx, account: AccountId, keep: Option<SignedIn>) -> Result<bool, Refused> {
    let kinds = [
        CredentialKind::Totp,
        CredentialKind::Password,
        CredentialKind::RecoveryCode,
    ];
    let had = factor::authenticator(tx, account).await?.is_some();
    factor::remove(tx, account, &kinds).await?;
    if had {
        end_others(tx, account, keep).await?;
        news::tell(tx, account, SignInChange::AuthenticatorRemoved).await?;
    }
    Ok(had)
}

fn without_authenticator() -> Refused {
    Refused::because(
        "",
        Code::WrongState,
        "There is no authenticator: set one up first. A password alone does not sign in.",
    )
}

/// A password as it is stored, if it is one.
async fn judged(platform: &Platform, account: AccountId, typed: &SecretString) -> Result<Vec<u8>, Refused> {
    let row = account::Entity::find_by_id(account).one(platform.store.read()).await?;
    let row = row.ok_or(Refused::Unauthenticated)?;
    let names = "select o.name, o.slug from organization o where o.id in (select organization_id from team_member where account_id = $1 \
        union select organization_id from person where account_id = $1) limit 20";
    let found = sql::all(platform.store.read(), names, [account.into()]).await?;
    let mut known = vec![row.email, "consentry".to_owned()];
    for organization in &found {
        known.push(organization.try_get("", "name")?);
        known.push(organization.try_get("", "slug")?);
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let judged = rules::password(typed.expose_secret(), &known);
    let password = judged.map_err(|why| {
        let (code, words) = said(why);
        Refused::because("password", code, words)
    })?;
    password::stored(platform, &password.into()).await
}

fn said(why: rules::BadPassword) -> (Code, String) {
    match why {
        rules::BadPassword::Short => (
            Code::Invalid,
            format!("A password has at least {} characters: four words make a good one.", rules::SHORTEST_PASSWORD),
        ),
        rules::BadPassword::Long => (
            Code::TooLong,
            format!("A password has at most {} characters.", rules::LONGEST_PASSWORD),
        ),
        rules::BadPassword::Guessable => (
            Code::Invalid,
            "This password is among the first that somebody would try. Take another one: four words that have nothing to do \
             with each other make a good one."
                .to_owned(),
        ),
    }
}

async fn write_password(tx: &Tx, account: AccountId, secret: Vec<u8>) -> Result<(), Fault> {
    factor::remove(tx, account, &[CredentialKind::Password]).await?;
    let row = credential::Model {
        secret: Some(secret),
        ..factor::row(tx, account, CredentialKind::Password).await?
    };
    factor::keep(tx, row).await
}

/// Ends every session of the account but this one, and its links that were not used.
async fn end_others(tx: &Tx, account: AccountId, keep: Option<SignedIn>) -> Result<(), Fault> {
    let now = tx.now().await?;
    let mut others = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now.0))
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::EndedAt.is_null());
    if let Some(keep) = keep {
        others = others.filter(session::Column::Id.ne(keep.session()));
    }
    others.exec(tx).await?;
    factor::remove(tx, account, &[CredentialKind::SignInLink]).await?;
    Ok(())
}
