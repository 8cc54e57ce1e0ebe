//! One lead by its id: a pull like any other, in one transaction with its mark and its record.

use consentry_domain::{FieldMask, LeadId, OfferId, OrganizationId};
use sea_orm::Value;

use super::passage::Passage;
use super::pull::{Pulled, hand_out, read};
use super::statements;
use super::wanted::Wanted;
use crate::access::partner::note_use;
use crate::access::{PartnerCredential, Reach, partner_reader};
use crate::platform::store::{Tx, sql};
use crate::platform::{Platform, Refused};
use crate::transaction;

/// A lead that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct NodeRequest {
    /// The tenant that its public id names.
    pub organization: OrganizationId,
    /// Which one.
    pub id: LeadId,
    /// The fields that the answer will show; no other is handed out, marked or recorded.
    pub selected: FieldMask,
}

/// Pulls it; none where there is no such lead for this token.
///
/// # Errors
/// As [`page`](super::pull::page).
pub async fn one(
    platform: &Platform,
    credential: &PartnerCredential,
    asked: NodeRequest,
) -> Result<Option<Pulled>, Refused> {
    #[cfg(feature = "planted-faults")]
    if crate::platform::faults::is_planted(crate::platform::faults::Planted::NodeUnrecorded) {
        return super::planted::one(platform, credential, asked).await;
    }
    let pulled: Option<Pulled> = transaction!(platform.store.partner(), async |tx| {
        attempt(tx, platform, credential, asked).await
    })?;
    fail::fail_point!("disclosure-recorded");
    Ok(pulled)
}

/// Within the transaction: all of it but the commit.
pub(super) async fn attempt(
    tx: &Tx,
    platform: &Platform,
    credential: &PartnerCredential,
    asked: NodeRequest,
) -> Result<Option<Pulled>, Refused> {
    let organization = asked.organization;
    let reader = partner_reader(tx, &platform.store, &platform.keys, credential, Reach::All).await?;
    if reader.organization() != organization {
        return Ok(None);
    }
    let values: [Value; 3] = [organization.into(), reader.token().into(), asked.id.into()];
    let found = sql::optional(tx, statements::STREAM_OF, values).await?;
    let reached: Option<OfferId> = found.map(|row| row.try_get("", "stream_id")).transpose()?;
    let Some(reached) = reached.filter(|stream| reader.streams().iter().any(|reached| reached.stream == *stream))
    else {
        note_use(tx, &reader).await?;
        return Ok(None);
    };
    let (stream, rows) = read(tx, statements::NODE, &reader, reached, vec![asked.id.into()]).await?;
    let let_through = Passage::of(&reader, &stream, asked.selected)?;
    let leads = rows.into_iter().filter_map(|row| let_through.one(row)).collect();
    let leads = hand_out(tx, &reader, &stream, leads).await?;
    Ok((!leads.is_empty()).then_some(Pulled {
        organization,
        stream,
        wanted: Wanted::default(),
        leads,
        last: None,
        has_next_page: false,
        has_previous_page: false,
        #[cfg(feature = "planted-leaks")]
        sequence: Default::default(),
    }))
}
