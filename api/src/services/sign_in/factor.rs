//! The code that is asked for beside a link or a password: what an authenticator shows, or, on the day when it is lost, one
//! of the codes that were written down.
//!
//! Whoever looks at a code holds the account's row, so that of several guesses at once each is counted.

use consentry_domain::{AccountId, CredentialId, CredentialKind, Instant, factor as rules};
use consentry_entity::credential;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use subtle::ConstantTimeEq;

use super::news;
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::mail::messages::SignInChange;

/// What came of asking for a code. What was counted stays, also where it was refused: commit it.
pub(super) enum Asked {
    /// The account has no authenticator.
    Nothing,
    /// The code is good, and works no more.
    Good,
    /// It is not.
    Refused(Refused),
}

/// Holds the account's row until the transaction ends; false where it is gone.
pub(super) async fn hold(tx: &Tx, account: AccountId) -> Result<bool, Fault> {
    let text = format!(
        "select 1 as one from account where id = $1 and erased_at is null{}",
        sql::lock_suffix(tx.engine(), sql::Lock::Exclusive)
    );
    Ok(sql::optional(tx, &text, [account.into()]).await?.is_some())
}

/// The authenticator of an account; none where none was confirmed.
pub(super) async fn authenticator(tx: &Tx, account: AccountId) -> Result<Option<credential::Model>, Fault> {
    let found = credential::Entity::find()
        .filter(credential::Column::AccountId.eq(account))
        .filter(credential::Column::Kind.eq(CredentialKind::Totp))
        .filter(credential::Column::ExpiresAt.is_null());
    Ok(found.one(tx).await?)
}

/// Whether an account has an authenticator that was confirmed.
///
/// # Errors
/// When the database fails.
pub async fn has_authenticator(tx: &Tx, account: AccountId) -> Result<bool, Fault> {
    Ok(authenticator(tx, account).await?.is_some())
}

/// Asks for the account's code. Its row is held.
pub(super) async fn ask(platform: &Platform, tx: &Tx, account: AccountId, code: Option<&str>) -> Result<Asked, Fault> {
    let Some(row) = authenticator(tx, account).await? else {
        return Ok(Asked::Nothing);
    };
    let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
        return Ok(Asked::Refused(Refused::because(
            "code",
            Code::Required,
            "Type the code that your authenticator shows, or one of your recovery codes.",
        )));
    };
    let now = tx.now().await?;
    if let Some(wait) = waiting(&row, now) {
        return Ok(Asked::Refused(wait));
    }
    let secret = platform.keys.authenticator(row.id.0);
    if let Some(step) = rules::step_of_code(&secret, code, now, row.last_step) {
        note(tx, row.id, 0, now, Some(step)).await?;
        return Ok(Asked::Good);
    }
    if use_recovery_code(platform, tx, account, code, now).await? {
        note(tx, row.id, 0, now, row.last_step).await?;
        return Ok(Asked::Good);
    }
    note(tx, row.id, row.failures.saturating_add(1), now, row.last_step).await?;
    Ok(Asked::Refused(Refused::because(
        "code",
        Code::Invalid,
        "This is not the code that your authenticator shows now; each works once. Wait for the next one and check the clock of its device.",
    )))
}

/// The refusal where one has to wait after too many wrong ones.
pub(super) fn waiting(row: &credential::Model, now: Instant) -> Option<Refused> {
    let until = row.retry_at.filter(|until| *until > now.0)?;
    let minutes = (until - now.0).div_euclid(60_000_000) + 1;
    Some(Refused::because(
        "code",
        Code::RateLimited,
        format!("There were too many wrong codes. Try again in {minutes} minutes."),
    ))
}

/// Writes down how many wrong ones came in a row, and with which step the last good one.
pub(super) async fn note(
    tx: &Tx,
    credential: CredentialId,
    failures: i32,
    now: Instant,
    step: Option<i64>,
) -> Result<(), Fault> {
    let retry = rules::wait(failures, now).map(|until| until.0);
    let text = "update credential set failures = $2, retry_at = $3, last_step = $4 where id = $1";
    sql::execute(
        tx,
        text,
        [credential.into(), failures.into(), retry.into(), step.into()],
    )
    .await?;
    Ok(())
}

/// Whether it is one of the codes that were written down: it is used up, and a mail says so.
async fn use_recovery_code(
    platform: &Platform,
    tx: &Tx,
    account: AccountId,
    typed: &str,
    now: Instant,
) -> Result<bool, Fault> {
    let Some(typed) = rules::typed_recovery_code(typed) else {
        return Ok(false);
    };
    let unused = unused_codes(tx, account).await?;
    let is_it = |row: &&credential::Model| bool::from(code_of(platform, row.id).as_bytes().ct_eq(typed.as_bytes()));
    let Some(row) = unused.iter().find(is_it) else {
        return Ok(false);
    };
    let text = "update credential set used_at = $2 where id = $1";
    sql::execute(tx, text, [row.id.into(), now.0.into()]).await?;
    let left = unused.len() - 1;
    news::tell(tx, account, SignInChange::CodeUsed { left }).await?;
    Ok(true)
}

async fn unused_codes(tx: &Tx, account: AccountId) -> Result<Vec<credential::Model>, Fault> {
    let found = credential::Entity::find()
        .filter(credential::Column::AccountId.eq(account))
        .filter(credential::Column::Kind.eq(CredentialKind::RecoveryCode))
        .filter(credential::Column::UsedAt.is_null());
    Ok(found.all(tx).await?)
}

fn code_of(platform: &Platform, id: CredentialId) -> String {
    rules::recovery_code(platform.keys.recovery_code(id.0))
}

/// Makes new recovery codes; the earlier ones are gone. They are seen here and nowhere else.
pub(super) async fn new_codes(platform: &Platform, tx: &Tx, account: AccountId) -> Result<Vec<String>, Fault> {
    remove(tx, account, &[CredentialKind::RecoveryCode]).await?;
    let mut rows = Vec::new();
    for _ in 0..rules::RECOVERY_CODES {
        rows.push(row(tx, account, CredentialKind::RecoveryCode).await?);
    }
    let codes = rows.iter().map(|row| code_of(platform, row.id)).collect();
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    credential::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(codes)
}

/// Takes an account's credentials of these kinds away.
pub(super) async fn remove(tx: &Tx, account: AccountId, kinds: &[CredentialKind]) -> Result<u64, Fault> {
    let gone = credential::Entity::delete_many()
        .filter(credential::Column::AccountId.eq(account))
        .filter(credential::Column::Kind.is_in(kinds.iter().copied()))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}

/// Keeps a credential.
pub(super) async fn keep(tx: &Tx, row: credential::Model) -> Result<(), Fault> {
    let insert = credential::Entity::insert(row.into_active_model().reset_all());
    insert.exec_without_returning(tx).await?;
    Ok(())
}

/// A credential that nothing was done with.
pub(super) async fn row(tx: &Tx, account: AccountId, kind: CredentialKind) -> Result<credential::Model, Fault> {
    Ok(credential::Model {
        id: tx.ordered_id::<CredentialId>(),
        account_id: account,
        kind,
        secret: None,
        generation: 1,
        created_at: tx.now().await?.0,
        expires_at: None,
        used_at: None,
        failures: 0,
        retry_at: None,
        last_step: None,
    })
}
