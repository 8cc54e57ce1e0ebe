//! Seats: what an account may read as a member of a partner's staff.
//!
//! Each is looked up at the request that uses it, by the account of the session that asks. Whether it still works, and what
//! it reaches, is decided like any token's, in the transaction that reads.

use consentry_domain::{AccountId, OrganizationId, PartnerId, PartnerMemberId, PartnerTokenId};
use sea_orm::{DbErr, QueryResult, Value};

use super::{Caller, PartnerCredential};
use crate::platform::store::{Store, sql};
use crate::platform::{Fault, Platform};

/// A seat that an account holds now, and at which partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The tenant.
    pub organization: OrganizationId,
    /// Which one.
    pub id: PartnerMemberId,
    /// At which company.
    pub partner: PartnerId,
    /// As people know it.
    pub display_name: String,
    /// As it is registered.
    pub legal_name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

/// The seats of an account, in the order in which it was given them.
///
/// # Errors
/// When the database fails.
pub async fn seats_of(store: &Store, account: AccountId) -> Result<Vec<Seat>, Fault> {
    let values: [Value; 2] = [sql::now_value(store), account.into()];
    let text = format!("{} order by t.id", held(store));
    let rows = sql::all(store.read(), &text, values).await?;
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

/// The seat of this id, or the only one where none is named, with what it reads with; none where whoever asks has no such
/// seat, whatever the reason.
///
/// # Errors
/// When the database fails.
pub async fn seat(
    platform: &Platform,
    caller: &Caller,
    named: Option<(OrganizationId, PartnerMemberId)>,
) -> Result<Option<(Seat, PartnerCredential)>, Fault> {
    let Caller::Account(signed_in, pulls) = caller else {
        return Ok(None);
    };
    let mut seats = seats_of(&platform.store, signed_in.account()).await?;
    match named {
        Some(named) => seats.retain(|seat| (seat.organization, seat.id) == named),
        None if seats.len() > 1 => return Ok(None),
        None => {}
    }
    Ok(seats.pop().map(|seat| {
        let key = PartnerTokenId(seat.id.0);
        let credential = PartnerCredential::seat(seat.organization, key, pulls.clone());
        (seat, credential)
    }))
}

/// The statement: what account `$2` holds now.
fn held(store: &Store) -> String {
    let now = sql::now(store.engine(), 1);
    format!(
        "select t.organization_id, t.id, t.partner_id, p.display_name, p.legal_name, p.country from partner_token t \
         join partner p on p.organization_id = t.organization_id and p.id = t.partner_id \
         where t.account_id = $2 and t.revoked_at is null and t.not_before <= {now} and t.expires_at > {now}"
    )
}

fn read(row: &QueryResult) -> Result<Seat, DbErr> {
    Ok(Seat {
        organization: row.try_get("", "organization_id")?,
        id: row.try_get("", "id")?,
        partner: row.try_get("", "partner_id")?,
        display_name: row.try_get("", "display_name")?,
        legal_name: row.try_get("", "legal_name")?,
        country: row.try_get("", "country")?,
    })
}
