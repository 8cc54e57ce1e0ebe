//! An address is proved: the registration gets its person.

use consentry_domain::{AccountId, Instant, OrganizationId, PersonId, text};
use consentry_entity::registration;

use super::change;
use crate::platform::store::{Tx, sql};
use crate::platform::{Fault, Refused};
use crate::services::sharing::decide::Given;

/// Marks the address on this row as proved, gives the registration its person, and writes the row. Whoever could sign in
/// for it by another address before cannot any more.
///
/// The caller holds the event's offers shared and the registration, and lets what rested hold again.
#[must_use = "what rested has to hold again"]
pub(super) async fn prove(tx: &Tx, registration: &mut registration::Model) -> Result<Given, Refused> {
    let now = tx.now().await?;
    let email = registration.email.clone();
    let email = email.ok_or_else(|| Fault::Corrupt("a registration without an address".into()))?;
    let account = account(tx, &email, &registration.locale, now).await?;
    let rested = std::mem::take(&mut registration.consents_suspended);
    let person = person(tx, registration.organization_id, account, &email, now).await?;
    registration.person_id = Some(person.id);
    // A restriction is the person's, wherever they are registered: also where they turn out to be only now.
    registration.restricted_at = registration.restricted_at.or(person.restricted_at);
    registration.email_proved_at = Some(now.0);
    registration.revision += 1;
    change::write(tx, registration).await?;
    Ok(if rested { Given::Rested } else { Given::Held })
}

/// The account of this proved address, made where there is none.
async fn account(tx: &Tx, email: &str, locale: &str, now: Instant) -> Result<AccountId, Refused> {
    let row = sql::one(
        tx,
        "insert into account (id, email, email_key, email_proved_at, locale, created_at) values ($1, $2, $3, $4, $5, $4) \
         on conflict (email_key) do update set email_proved_at = coalesce(account.email_proved_at, $4) returning id",
        [
            tx.ordered_id::<AccountId>().into(),
            email.into(),
            text::email_key(email).into(),
            now.0.into(),
            locale.into(),
        ],
    )
    .await?;
    Ok(row.try_get("", "id")?)
}

/// An account within one organization.
struct Known {
    id: PersonId,
    restricted_at: Option<i64>,
}

/// The account's person within the organization, made where there is none; locked, so that a restriction that comes at
/// the same time either is seen here or sees the registration.
async fn person(
    tx: &Tx,
    organization: OrganizationId,
    account: AccountId,
    email: &str,
    now: Instant,
) -> Result<Known, Refused> {
    let row = sql::one(
        tx,
        "insert into person (organization_id, id, account_id, email, created_at, revision) values ($1, $2, $3, $4, $5, 1) \
         on conflict (organization_id, account_id) do update set email = excluded.email \
         returning id, restricted_at",
        [
            organization.into(),
            tx.ordered_id::<PersonId>().into(),
            account.into(),
            email.into(),
            now.0.into(),
        ],
    )
    .await?;
    Ok(Known {
        id: row.try_get("", "id")?,
        restricted_at: row.try_get("", "restricted_at")?,
    })
}
