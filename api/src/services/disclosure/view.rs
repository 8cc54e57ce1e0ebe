//! What a partner's token shows besides leads: itself, its partner, its events. Read in a transaction of the partner's,
//! from the token and the streams that it covers; no lead is touched.

use consentry_domain::{EventPartnerId, Instant, OrganizationId, PartnerId, PartnerRole, PurposeSet};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use super::facts::{EventFacts, PartnerFacts};
use super::row::{Stream, StreamPlaces, stream};
use crate::access::partner::note_use;
use crate::access::{PartnerCredential, PartnerReader, Reach, partner_reader};
use crate::platform::store::{Places, sql, there};
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::tokens::{self, TokenView};
use crate::transaction;

/// A token and whose it is.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The tenant.
    pub organization: OrganizationId,
    /// Whose.
    pub partner: PartnerId,
    /// The partner's name.
    pub facts: PartnerFacts,
    /// The token.
    pub token: TokenView,
}

/// The token and whose it is.
///
/// # Errors
/// [`Refused::Unauthenticated`] where the token is not good for anything, whatever the reason.
pub async fn holder(platform: &Platform, credential: &PartnerCredential) -> Result<Holder, Refused> {
    transaction!(platform.store.partner(), async |tx| {
        let reader = partner_reader(tx, &platform.store, &platform.keys, credential, Reach::All).await?;
        let token = tokens::of_reader(tx, &reader).await?.ok_or(Refused::Unauthenticated)?;
        #[cfg(feature = "planted-leaks")]
        let token = match platform.leak {
            crate::platform::leaks::Leak::LastUseOfAnybody => TokenView {
                last_used_at: Some(
                    crate::platform::leaks::last_registration(&platform.store, reader.organization()).await?,
                ),
                ..token
            },
            _ => token,
        };
        let facts = sql::optional(
            tx,
            "select s.facts from partner_token_scope c join stream s on s.organization_id = c.organization_id \
             and s.event_partner_id = c.event_partner_id where c.organization_id = $1 and c.token_id = $2 limit 1",
            [reader.organization().into(), reader.token().into()],
        )
        .await?
        .ok_or_else(|| Fault::Corrupt("a token without a stream".into()))?;
        let facts = super::facts::StreamFacts::parse(&facts.try_get::<String>("", "facts")?)?.partner;
        note_use(tx, &reader).await?;
        Ok(Holder {
            organization: reader.organization(),
            partner: reader.partner(),
            facts,
            token,
        })
    })
}

/// An event partner that a token covers, with its streams.
#[derive(Debug)]
pub struct Covered {
    /// The tenant.
    pub organization: OrganizationId,
    /// Which one.
    pub event_partner: EventPartnerId,
    /// In which role.
    pub role: PartnerRole,
    /// At which event.
    pub event: EventFacts,
    /// Its streams for the purposes that the token covers, by purpose; one at least.
    pub streams: Vec<Stream>,
    /// When it was read.
    pub at: Instant,
}

/// A page of the event partners that a token covers.
#[derive(Debug)]
pub struct CoveredPage {
    /// The event partners, by id.
    pub entries: Vec<Covered>,
    /// Whether more follow.
    pub has_next_page: bool,
}

/// Names the list, for its cursors.
pub const COVERED: &[u8] = b"event partners of a token";

/// The event partners that the token covers, at most `first` of them, from after `after` (16 bytes) on.
///
/// # Errors
/// As [`holder`]; a problem where the place is none.
pub async fn covered(
    platform: &Platform,
    credential: &PartnerCredential,
    first: u32,
    after: Option<&[u8]>,
) -> Result<CoveredPage, Refused> {
    let after = match after {
        Some(place) => Uuid::from_slice(place)
            .map_err(|_| Refused::because("after", Code::Invalid, "This is not a cursor of this list."))?,
        None => Uuid::nil(),
    };
    transaction!(platform.store.partner(), async |tx| {
        let reader = partner_reader(tx, &platform.store, &platform.keys, credential, Reach::All).await?;
        let values: [Value; 3] = [reader.organization().into(), reader.token().into(), after.into()];
        let mut entries: Vec<Covered> = Vec::new();
        for row in &sql::all(tx, page(first), values).await? {
            add(&mut entries, row, &reader)?;
        }
        let has_next_page = entries.len() > first as usize;
        entries.truncate(first as usize);
        note_use(tx, &reader).await?;
        Ok(CoveredPage { entries, has_next_page })
    })
}

/// The event partner of this id, if the token covers it.
///
/// # Errors
/// As [`holder`].
pub async fn covered_one(
    platform: &Platform,
    credential: &PartnerCredential,
    id: EventPartnerId,
) -> Result<Option<Covered>, Refused> {
    // The first of the list that begins with it, where that is it.
    let before = Uuid::from_u128(id.0.as_u128().saturating_sub(1));
    let found = covered(platform, credential, 1, Some(before.as_bytes())).await?;
    Ok(found.entries.into_iter().find(|entry| entry.event_partner == id))
}

/// Adds a row's stream where the token covers its purpose.
fn add(entries: &mut Vec<Covered>, row: &QueryResult, reader: &PartnerReader) -> Result<(), Fault> {
    let purposes = PurposeSet::from_db(row.try_get("", "purposes")?);
    let row = Places::of(row)?;
    let stream = stream(&row, there(row.id(0)?)?, &StreamPlaces::LISTED)?;
    if !purposes.contains(stream.in_force.purpose) {
        return Ok(());
    }
    let event_partner = stream.in_force.event_partner_id;
    match entries.last_mut().filter(|entry| entry.event_partner == event_partner) {
        Some(entry) => entry.streams.push(stream),
        None => entries.push(Covered {
            organization: reader.organization(),
            event_partner,
            role: stream.facts.role,
            event: stream.facts.event.clone(),
            streams: vec![stream],
            at: reader.now(),
        }),
    }
    Ok(())
}

/// The statement, with a literal limit of more than `first` scopes.
fn page(first: u32) -> &'static str {
    macro_rules! page {
        ($limit:literal) => {
            concat!(
                "select s.id, s.event_partner_id, s.purpose, s.active, s.version, s.field_mask, s.starts_at, s.ends_at, \
                 s.retention_days, s.event_ends_at, s.facts, c.purposes from (select organization_id, event_partner_id, purposes \
                 from partner_token_scope where organization_id = $1 and token_id = $2 and event_partner_id > $3 \
                 order by event_partner_id limit ",
                $limit,
                ") c join stream s on s.organization_id = c.organization_id and s.event_partner_id = c.event_partner_id \
                 order by s.event_partner_id, s.purpose"
            )
        };
    }
    match first {
        ..=10 => page!("11"),
        11..=25 => page!("26"),
        26..=50 => page!("51"),
        _ => page!("101"),
    }
}
