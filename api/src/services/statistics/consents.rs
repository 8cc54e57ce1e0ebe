//! How many share what with whom: the one thing about consents that staff learn, and only so that it tells of nobody.
//!
//! - It is counted **once**, a day after the event's end, and never again: counts that follow each other would show what
//!   changed between them, and that may be one person's decision.
//! - Each count is moved by chance before it is rounded to tens, and is not there below ten ([`noise`]): even who knows
//!   how everybody else decided, because they registered them themselves, learns next to nothing of the last one. The
//!   more counts an event has, the further each is moved, so that all of them together keep one bound.
//!
//! What is counted are consents that are given and cover the version in force then, of confirmed places.

use consentry_domain::disclosure::Offer;
use consentry_domain::noise::{self, Scale};
use consentry_domain::{FieldMask, Instant, OfferId};
use consentry_entity::event;
use serde::{Deserialize, Serialize};

use super::written;
use crate::platform::Fault;
use crate::platform::store::{Tx, sql};
use crate::services::sharing::offers;

/// How long after the event's end it is counted, in days.
const AFTER_DAYS: i64 = 1;

/// What is shared with one partner for one purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferCount {
    /// The offer.
    pub offer: OfferId,
    /// Each field that it asked for.
    pub fields: Vec<FieldCount>,
}

/// How many share one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldCount {
    /// The field's bit.
    pub bit: u8,
    /// About so many, in tens; none: fewer than ten.
    pub count: Option<u64>,
}

/// Counts them, where the event is over and they were not counted before. The event's row of statistics is there, and
/// locked by this transaction.
pub(super) async fn count_once(tx: &Tx, event: &event::Model) -> Result<(), Fault> {
    let now = tx.now().await?;
    if Instant(event.ends_at).plus_days(AFTER_DAYS) > now {
        return Ok(());
    }
    let key = [event.organization_id.into(), event.id.into()];
    let open =
        "select 1 as one from event_statistics where organization_id = $1 and event_id = $2 and consents is null";
    if sql::optional(tx, open, key.clone()).await?.is_none() {
        return Ok(());
    }
    let counts = written(&shown(tx, event).await?)?;
    let [organization, id] = key;
    sql::execute(
        tx,
        "update event_statistics set consents = $3, consents_counted_at = $4 \
         where organization_id = $1 and event_id = $2 and consents is null",
        [organization, id, counts.into(), now.0.into()],
    )
    .await?;
    Ok(())
}

async fn shown(tx: &Tx, event: &event::Model) -> Result<Vec<OfferCount>, Fault> {
    let key = (event.organization_id, event.id);
    let partners = offers::of_events(tx, &[key]).await?.remove(&key).unwrap_or_default();
    let offers = partners.iter().flat_map(|partner| &partner.offers);
    let asked: Vec<(OfferId, Offer)> = offers
        .filter_map(|offer| Some((offer.row.id, offer.in_force()?.rule())))
        .collect();
    let scale = Scale::of(asked.iter().map(|(_, offer)| offer.fields.len() as usize).sum());
    let mut counts = Vec::new();
    for (id, offer) in asked {
        let granted = granted(tx, event, id, &offer).await?;
        let fields = offer.fields.iter().map(|field| {
            let with = granted.iter().filter(|(mask, _)| mask.contains(field));
            let exact = with.map(|(_, count)| count).sum();
            FieldCount {
                bit: field.bit(),
                count: noise::shown(exact, scale, |bound| tx.below(bound)),
            }
        });
        counts.push(OfferCount {
            offer: id,
            fields: fields.collect(),
        });
    }
    Ok(counts)
}

/// How often each set of fields is granted. These are exact, and never leave this file.
async fn granted(tx: &Tx, event: &event::Model, id: OfferId, offer: &Offer) -> Result<Vec<(FieldMask, u64)>, Fault> {
    let rows = sql::all(
        tx,
        "select c.granted_mask, count(*) as n from consent c \
         join registration r on r.organization_id = c.organization_id and r.id = c.registration_id \
         where c.organization_id = $1 and c.offer_id = $2 and c.state = 'GRANTED' and c.version between $3 and $4 \
         and r.status = 'CONFIRMED' group by c.granted_mask",
        [
            event.organization_id.into(),
            id.into(),
            offer.covers_from.into(),
            offer.version.into(),
        ],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let (mask, count): (i64, i64) = (row.try_get("", "granted_mask")?, row.try_get("", "n")?);
            Ok((FieldMask::from_db(mask), u64::try_from(count).unwrap_or_default()))
        })
        .collect()
}
