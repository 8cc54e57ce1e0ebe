//! A pull of a page: leads leave for a partner, and the record of it is durable before they do.
//!
//! One transaction: the token is looked up; the stream, its version in force and the page come from one statement; the
//! rule decides row by row; rows that lack marks are marked, and those whose mark fails drop out; the record is written;
//! commit; and only then the answer. It reads a stream, its leads and the token, and no other table.
//!
//! Nothing is kept in memory between requests, and what was fetched beyond the page is neither marked nor recorded. An
//! answer without leads is no disclosure and leaves no record.

use std::collections::HashSet;

use consentry_domain::disclosure::Disclosed;
use consentry_domain::lead::{LeadImage, StoredLead};
use consentry_domain::{
    Capability, DisclosureId, EventPartnerId, FieldMask, Instant, LeadId, OfferId, OrganizationId, Purpose,
};
use sea_orm::{DbErr, Value};

use super::passage::{Passage, sort};
use super::row::{PageRow, Stream, page_row};
use super::statements::{self, Reads};
use super::wanted::Wanted;
use crate::access::partner::note_use;
use crate::access::{PartnerCredential, PartnerReader, Reach, partner_reader};
use crate::platform::keys::Keys;
use crate::platform::store::{Engine, Tx, sql};
use crate::platform::{Code, Fault, Platform, Refused, request};
use crate::transaction;

/// A page of leads that is asked for.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// Whose stream; may be left out where the token covers one event partner only.
    pub event_partner: Option<EventPartnerId>,
    /// For what.
    pub purpose: Purpose,
    /// At most so many leads, 1 to 100.
    pub first: u32,
    /// The cursor of the lead after which the page starts.
    pub after: Option<String>,
    /// Which leads, in which order.
    pub wanted: Wanted,
    /// The fields that the answer will show; no other is handed out, marked or recorded.
    pub selected: FieldMask,
}

/// What a pull hands out.
#[derive(Debug)]
pub struct Pulled {
    /// The tenant.
    pub organization: OrganizationId,
    /// Of which stream.
    pub stream: Stream,
    /// Which leads were asked for.
    pub wanted: Wanted,
    /// The leads, in their order.
    pub leads: Vec<Disclosed<LeadImage>>,
    /// The place of the last lead that was read for this page, whether handed out or not: the next page starts after it.
    pub last: Option<Vec<u8>>,
    /// Whether there was more after it.
    pub has_next_page: bool,
    /// Whether it was asked for with a cursor.
    pub has_previous_page: bool,
    /// The number of each lead's registration, for a planted leak.
    #[cfg(feature = "planted-leaks")]
    pub sequence: std::collections::HashMap<LeadId, i64>,
}

/// Pulls a page.
///
/// # Errors
/// [`Refused::Unauthenticated`] where the token is not good for this stream, whatever the reason; a problem where the
/// cursor is none of this stream's, or the event partner has to be named.
pub async fn page(platform: &Platform, credential: &PartnerCredential, asked: &PageRequest) -> Result<Pulled, Refused> {
    #[cfg(feature = "planted-faults")]
    if crate::platform::faults::is_planted(crate::platform::faults::Planted::RecordAfterAnswer) {
        return super::planted::page(platform, credential, asked).await;
    }
    let pulled: Pulled = transaction!(platform.store.partner(), async |tx| {
        attempt(tx, platform, credential, asked).await
    })?;
    #[cfg(feature = "planted-leaks")]
    let pulled = spoil(platform, asked, pulled).await?;
    fail::fail_point!("disclosure-recorded");
    Ok(pulled)
}

/// Within the transaction: all of it but the commit.
pub(super) async fn attempt(
    tx: &Tx,
    platform: &Platform,
    credential: &PartnerCredential,
    asked: &PageRequest,
) -> Result<Pulled, Refused> {
    let reach = Reach::Stream {
        event_partner: asked.event_partner,
        purpose: asked.purpose,
    };
    let reader = partner_reader(tx, &platform.store, &platform.keys, credential, reach).await?;
    let stream = reader.only_stream()?.stream;
    let (first, wanted) = (asked.first as usize, &asked.wanted);
    let place = place(
        platform,
        &wanted.list(reader.organization(), stream),
        asked.after.as_deref(),
    )?;
    let after = wanted.after(place.as_deref()).ok_or_else(no_cursor)?;
    let reads = match &wanted.words {
        Some(_) => Reads::ToLookAt,
        None => Reads::Page(asked.first),
    };
    let text = statements::page(tx.engine(), wanted.order, reads);
    let (stream, mut rows) = read(tx, text, &reader, stream, after).await?;
    let let_through = Passage::of(&reader, &stream, asked.selected)?;
    #[cfg(feature = "planted-leaks")]
    let let_through = match platform.leak {
        crate::platform::leaks::Leak::FoundByHidden => {
            let_through.leaking(&platform.store, reader.organization()).await?
        }
        _ => let_through,
    };
    wanted.judge(let_through.shown)?;
    if !is_open(&stream, reader.now()) {
        rows.clear();
    }
    sort(&mut rows, wanted.order);
    let page = match wanted.words {
        Some(_) => let_through.found(rows, first, wanted),
        None => let_through.all(rows, first, wanted),
    };
    let leads = hand_out(tx, &reader, &stream, page.leads).await?;
    Ok(Pulled {
        organization: reader.organization(),
        stream,
        wanted: wanted.clone(),
        leads,
        last: page.last,
        has_next_page: page.has_next,
        has_previous_page: place.is_some(),
        #[cfg(feature = "planted-leaks")]
        sequence: Default::default(),
    })
}

/// Spoils a page with the planted leak, if one is active.
#[cfg(feature = "planted-leaks")]
async fn spoil(platform: &Platform, asked: &PageRequest, mut pulled: Pulled) -> Result<Pulled, Refused> {
    use crate::platform::leaks::{self, Leak};
    let (store, organization, stream) = (&platform.store, pulled.organization, pulled.stream.id);
    match platform.leak {
        Leak::CursorOfSequence => pulled.sequence = leaks::sequence(store, organization, stream).await?,
        Leak::SortedByRegistration => {
            let sequence = leaks::sequence(store, organization, stream).await?;
            pulled.leads.sort_by_key(|lead| sequence.get(&lead.id()).copied());
        }
        Leak::PageEndsEarly => {
            let hidden = usize::try_from(leaks::hidden(store, organization, stream).await?).unwrap_or_default();
            let shown = pulled.leads.len();
            if shown > 1 && hidden % shown > 0 {
                pulled.leads.truncate(shown - hidden % shown);
                pulled.last = pulled.leads.last().map(|lead| pulled.wanted.place(lead.id(), lead));
                pulled.has_next_page = true;
            }
        }
        Leak::SortedByHidden if asked.wanted.order == super::Order::Company => {
            let texts = leaks::hidden_texts(store, organization, stream).await?;
            pulled.leads.sort_by_key(|lead| texts.get(&lead.id()).cloned());
        }
        Leak::NextPageOfHidden => {
            let everybody = leaks::registrations(store, organization).await?;
            pulled.has_next_page |= everybody > i64::from(asked.first);
        }
        _ => {}
    }
    Ok(pulled)
}

impl Pulled {
    /// The cursor of a lead: bound to the stream, to what is looked for and to the order, and to nothing else, so that it is
    /// the same for every token of the stream.
    #[must_use]
    pub fn cursor(&self, keys: &Keys, lead: &Disclosed<LeadImage>) -> String {
        self.cursor_at(keys, &self.wanted.place(lead.id(), lead))
    }

    /// The cursor of a place.
    #[must_use]
    pub fn cursor_at(&self, keys: &Keys, place: &[u8]) -> String {
        let cursor = keys.cursor(&self.wanted.list(self.organization, self.stream.id), place);
        #[cfg(feature = "planted-leaks")]
        if let Some(number) = place
            .get(..16)
            .and_then(|id| uuid::Uuid::from_slice(id).ok())
            .and_then(|id| self.sequence.get(&LeadId(id)))
        {
            return format!("{number}.{cursor}");
        }
        cursor
    }
}

fn place(platform: &Platform, list: &[u8], after: Option<&str>) -> Result<Option<Vec<u8>>, Refused> {
    let Some(cursor) = after else { return Ok(None) };
    #[cfg(feature = "planted-leaks")]
    let cursor = cursor.rsplit('.').next().unwrap_or_default();
    platform.keys.open_cursor(list, cursor).map(Some).ok_or_else(no_cursor)
}

fn no_cursor() -> Refused {
    Refused::because("after", Code::Invalid, "This is not a cursor of this list.")
}

/// The stream and its rows, in no order.
pub(super) async fn read(
    tx: &Tx,
    text: &str,
    reader: &PartnerReader,
    stream: OfferId,
    place: Vec<Value>,
) -> Result<(Stream, Vec<StoredLead>), Refused> {
    let mut values: Vec<Value> = vec![reader.organization().into(), stream.into()];
    values.extend(place);
    let rows = sql::all(tx, text, values).await?;
    let (mut found, mut leads) = (None, Vec::with_capacity(rows.len()));
    for row in &rows {
        match page_row(row)? {
            PageRow::Stream(stream) => found = Some(*stream),
            PageRow::Lead(lead) => leads.push(lead),
        }
    }
    Ok((found.ok_or(Refused::Unauthenticated)?, leads))
}

/// Whether leads are served at all now. The rule says the same of each row; this says it of the page, whose information
/// must not tell of rows that nobody may see.
fn is_open(stream: &Stream, now: Instant) -> bool {
    let force = &stream.in_force;
    force.active && force.starts.is_none_or(|starts| starts <= now) && force.ends.is_none_or(|ends| now < ends)
}

/// Marks and records what the rule let through.
pub(super) async fn hand_out(
    tx: &Tx,
    reader: &PartnerReader,
    stream: &Stream,
    mut leads: Vec<Disclosed<LeadImage>>,
) -> Result<Vec<Disclosed<LeadImage>>, Refused> {
    if leads.iter().any(Disclosed::needs_mark) {
        let marked = mark(tx, reader, stream, leads.iter().filter(|lead| lead.needs_mark())).await?;
        leads.retain(|lead| !lead.needs_mark() || marked.contains(&lead.id()));
    }
    if !leads.is_empty() {
        record(tx, reader, stream, &leads).await?;
    }
    // Also where nothing was handed out: staff see when a token was last used, and must not see from it whether anybody
    // shares anything.
    note_use(tx, reader).await?;
    Ok(leads)
}

/// Marks leads as received; the ids of those whose state and revision are still as they were read.
async fn mark<'a>(
    tx: &Tx,
    reader: &PartnerReader,
    stream: &Stream,
    leads: impl Iterator<Item = &'a Disclosed<LeadImage>>,
) -> Result<HashSet<LeadId>, DbErr> {
    let mut values: Vec<Value> = vec![reader.organization().into(), stream.id.into()];
    match tx.engine() {
        Engine::Postgres => {
            let (mut ids, mut revisions, mut bits) = (String::from("{"), String::from("{"), String::from("{"));
            for lead in leads {
                let comma = if ids.len() > 1 { "," } else { "" };
                ids.push_str(&format!("{comma}{}", lead.id()));
                revisions.push_str(&format!("{comma}{}", lead.revision()));
                bits.push_str(&format!("{comma}{}", lead.received_bits().to_db()));
            }
            values.extend([ids, revisions, bits].map(|array| Value::from(array + "}")));
        }
        Engine::Sqlite => {
            let list = leads.map(|lead| {
                serde_json::json!([
                    lead.id().0.simple().to_string(),
                    lead.revision(),
                    lead.received_bits().to_db()
                ])
            });
            values.push(serde_json::Value::from_iter(list).to_string().into());
        }
    }
    let marked = sql::all(tx, statements::mark(tx.engine()), values).await?;
    marked.iter().map(|row| row.try_get("", "id")).collect()
}

/// Writes the record: what was handed out of which lead, at which revision, under which consent; never a value.
async fn record(
    tx: &Tx,
    reader: &PartnerReader,
    stream: &Stream,
    leads: &[Disclosed<LeadImage>],
) -> Result<(), Refused> {
    let version = stream
        .in_force
        .version
        .ok_or_else(|| Fault::Corrupt("a lead without a version in force".into()))?;
    let request = request::current().unwrap_or_else(|| tx.random_id());
    sql::execute(
        tx,
        statements::RECORD,
        [
            reader.organization().into(),
            tx.ordered_id::<DisclosureId>().into(),
            stream.id.into(),
            reader.now().0.into(),
            reader.token().into(),
            Capability::Pull.as_str().into(),
            request.into(),
            stream.facts.partner.legal_name.as_str().into(),
            version.into(),
            array(leads, |lead| lead.id().0.into_bytes()),
            array(leads, |lead| lead.mask.to_db().to_be_bytes()),
            array(leads, |lead| lead.revision().to_be_bytes()),
            array(leads, |lead| lead.consent_record_id.0.into_bytes()),
            tx.random::<32>().to_vec().into(),
        ],
    )
    .await?;
    Ok(())
}

/// One part of every lead, one after the other.
fn array<const N: usize>(leads: &[Disclosed<LeadImage>], part: impl Fn(&Disclosed<LeadImage>) -> [u8; N]) -> Value {
    let mut bytes = Vec::with_capacity(leads.len() * N);
    for lead in leads {
        bytes.extend_from_slice(&part(lead));
    }
    bytes.into()
}
