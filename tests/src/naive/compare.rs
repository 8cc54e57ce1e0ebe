//! Holds the lead table against the rule: as it stands, and as one change left it.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::rows::{Lead, Stream, Tables};
use super::rule::{Share, Shared, in_force, mask_of, share};

const LIVE: i32 = 1;
const RESTRICTED: i32 = 2;
const REMOVED: i32 = 3;
const ERASED: &str = "ERASED";
/// The received bit of the lead itself.
const HANDED_OUT: i64 = i64::MIN;

fn content_differs(lead: &Lead, shared: &Shared) -> bool {
    lead.fields != shared.fields
        || lead.mask != mask_of(&shared.fields)
        || lead.offer_version != shared.version
        || lead.consented_version != shared.consented_version
        || lead.consented_on != shared.consented_on
        || lead.record != shared.record
}

fn leads_of(tables: &Tables) -> BTreeMap<(Uuid, Uuid), Vec<&Lead>> {
    let mut leads: BTreeMap<(Uuid, Uuid), Vec<&Lead>> = BTreeMap::new();
    for lead in &tables.leads {
        leads.entry((lead.stream, lead.registration)).or_default().push(lead);
    }
    leads
}

/// Every stream with every registration of its event.
fn pairs(tables: &Tables) -> Vec<(Uuid, Uuid)> {
    let mut pairs = Vec::new();
    for (offer_id, offer) in &tables.offers {
        for (registration_id, registration) in &tables.registrations {
            if registration.event == offer.event {
                pairs.push((*offer_id, *registration_id));
            }
        }
    }
    pairs
}

/// What is wrong with the tables as they stand, nobody writing.
#[must_use]
pub fn standing(tables: &Tables) -> Vec<String> {
    let mut wrong = Vec::new();
    let leads = leads_of(tables);
    let pairs = pairs(tables);
    let known: BTreeSet<_> = pairs.iter().copied().collect();
    for of in leads.keys() {
        if !known.contains(of) {
            wrong.push(format!("a lead of nobody's: {of:?}"));
        }
    }
    for of in pairs {
        let its = leads.get(&of).map_or(&[][..], Vec::as_slice);
        let open: Vec<&&Lead> = its.iter().filter(|lead| lead.state != REMOVED).collect();
        let expected = share(tables, of.1, of.0);
        let good = match (&expected, open.as_slice()) {
            (Share::Values(shared), [lead]) => lead.state == LIVE && !content_differs(lead, shared),
            (Share::Restricted, [lead]) => lead.state == RESTRICTED,
            (Share::Restricted | Share::Nothing, []) => true,
            _ => false,
        };
        if !good {
            wrong.push(format!("{of:?} is {open:?} and must be {expected:?}"));
        }
        wrong.extend(its.iter().filter_map(|lead| shape(lead)));
    }
    contacts(tables, &mut wrong);
    forgotten(tables, &mut wrong);
    streams(tables, &mut wrong);
    wrong
}

/// Of somebody who is erased nothing is left but a tombstone of what partners received.
fn forgotten(tables: &Tables, wrong: &mut Vec<String>) {
    for (id, registration) in &tables.registrations {
        if registration.status != ERASED {
            continue;
        }
        let holds = registration.person.is_some() || !registration.texts.is_empty();
        let answers = tables.answers.keys().any(|(of, _)| of == id);
        let consents = tables.consents.keys().any(|(of, _)| of == id);
        let contacts = tables.contacts.keys().any(|(of, _)| of == id);
        if holds || answers || consents || contacts || tables.attended.contains(id) {
            wrong.push(format!(
                "erased, and something is left of {id}: {answers} {consents} {contacts} {registration:?}"
            ));
        }
    }
}

/// What is wrong with marks and consents as the records of both tell them.
#[must_use]
pub fn recorded(tables: &Tables) -> Vec<String> {
    let mut wrong = Vec::new();
    received(tables, &mut wrong);
    records(tables, &mut wrong);
    wrong
}

/// A row that is not live is empty, and there only because it was received.
fn shape(lead: &Lead) -> Option<String> {
    let empty = lead.mask == 0 && lead.fields.is_empty();
    let good = lead.state == LIVE || (empty && lead.received != 0);
    (!good).then(|| format!("a tombstone of what was not received, or with values: {lead:?}"))
}

/// The marks are those of the records, and what was received stays.
fn received(tables: &Tables, wrong: &mut Vec<String>) {
    let mut recounted: BTreeMap<(Uuid, Uuid), i64> = BTreeMap::new();
    for one in &tables.disclosed {
        *recounted.entry((one.stream, one.lead)).or_default() |= one.mask | HANDED_OUT;
    }
    for lead in &tables.leads {
        let expected = recounted.remove(&(lead.stream, lead.id)).unwrap_or_default();
        if lead.received != expected {
            wrong.push(format!("marked with other fields than were handed out: {lead:?}"));
        }
    }
    for gone in recounted.keys() {
        wrong.push(format!("a lead that was received is gone: {gone:?}"));
    }
}

/// One contact key for one person at one event partner, and none that two event partners share.
fn contacts(tables: &Tables, wrong: &mut Vec<String>) {
    for lead in &tables.leads {
        if tables.registrations[&lead.registration].status == ERASED {
            continue;
        }
        let of = (lead.registration, tables.offers[&lead.stream].event_partner);
        if tables.contacts.get(&of) != Some(&lead.contact_key) {
            wrong.push(format!("another contact key than the one of {of:?}: {lead:?}"));
        }
    }
    let keys: BTreeSet<&Uuid> = tables.contacts.values().collect();
    if keys.len() != tables.contacts.len() {
        wrong.push("a contact key twice".to_owned());
    }
}

/// The partner's side knows of each offer what is in force.
fn streams(tables: &Tables, wrong: &mut Vec<String>) {
    for (id, offer) in &tables.offers {
        let terms = in_force(offer).map(|version| {
            let (starts, ends) = (version.starts_at, version.ends_at);
            (version.number, version.field_mask, starts, ends, version.retention_days)
        });
        let expected = Stream {
            active: tables.active[&offer.event_partner] == (true, true),
            in_force: terms,
        };
        match tables.streams.get(id) {
            Some(stream) if *stream == expected => {}
            // Before its first approval an offer may have no stream.
            None if expected.in_force.is_none() => {}
            other => wrong.push(format!("the stream {id} says {other:?} and must say {expected:?}")),
        }
    }
}

/// Each consent ends with the record that says so.
fn records(tables: &Tables, wrong: &mut Vec<String>) {
    for (of, consent) in &tables.consents {
        // Fewer fields of what was given are recorded as withdrawn, too.
        let says: &[&str] = match consent.state.as_str() {
            "GRANTED" => &["GRANTED", "WITHDRAWN", "SUSPENDED", "RESUMED"],
            "REQUESTED" | "AWAITING_GUARDIAN" => &["REQUESTED"],
            "REFUSED" => &["REFUSED"],
            "WITHDRAWN" => &["WITHDRAWN"],
            _ => &["LAPSED"],
        };
        let last = tables.last_records.get(of).map_or(&[][..], |(_, last)| last);
        let good = last.iter().any(|last| says.contains(&last.as_str()));
        if !good {
            wrong.push(format!("the last record of {of:?} is {last:?}: {consent:?}"));
        }
    }
}

/// What is wrong with what one change, or one pull with these marks, made of the leads.
#[must_use]
pub fn step(before: &Tables, after: &Tables, marks: &BTreeMap<Uuid, i64>) -> Vec<String> {
    let mut wrong = Vec::new();
    let (old, new) = (leads_of(before), leads_of(after));
    for of in pairs(after) {
        let empty = Vec::new();
        let (old, new) = (old.get(&of).unwrap_or(&empty), new.get(&of).unwrap_or(&empty));
        let mut expected: Vec<Lead> = old
            .iter()
            .filter(|lead| lead.state == REMOVED)
            .copied()
            .cloned()
            .collect();
        let open = old.iter().find(|lead| lead.state != REMOVED);
        let mut appears = false;
        let (was, is) = (active(before, of.0), active(after, of.0));
        let (switched, seen_again) = (was != is, (was == (true, true)) != (is == (true, true)));
        match (open, share(after, of.1, of.0)) {
            (None, Share::Values(_)) => appears = true,
            (None, _) => {}
            (Some(lead), Share::Values(shared)) => expected.push(live(lead, shared)),
            (Some(lead), Share::Restricted) => expected.extend(emptied(lead, RESTRICTED)),
            (Some(lead), Share::Nothing) => expected.extend(emptied(lead, REMOVED)),
        }
        for lead in &mut expected {
            lead.received |= marks.get(&lead.id).copied().unwrap_or_default();
        }
        for lead in &expected {
            // Where a partner was switched on or off, whoever follows the stream must come by its leads again; once more
            // does no harm.
            let touched = touched(lead);
            let may = switched && lead.state != REMOVED && new.iter().any(|its| same(its, &touched));
            let must = seen_again && lead.state == LIVE;
            if !may && (must || !new.iter().any(|its| same(its, lead))) {
                wrong.push(format!("{of:?} is {new:?} and must hold {lead:?}"));
            }
        }
        if new.len() != expected.len() + usize::from(appears) {
            wrong.push(format!("{of:?} had {old:?} and has {new:?}"));
        }
        let known: BTreeSet<Uuid> = old.iter().map(|lead| lead.id).collect();
        for lead in new.iter().filter(|lead| !known.contains(&lead.id)) {
            if !appears || (lead.state, lead.revision, lead.received, lead.pos) != (LIVE, 1, 0, None) {
                wrong.push(format!("a new lead that is not new: {lead:?}"));
            }
        }
    }
    wrong
}

/// Whether a stream's partner is active there, and anywhere.
fn active(tables: &Tables, stream: Uuid) -> (bool, bool) {
    tables.active[&tables.offers[&stream].event_partner]
}

/// A lead that stays, or is restricted no more, under its id; touched only if something is different.
fn live(lead: &Lead, shared: Shared) -> Lead {
    if lead.state == LIVE && !content_differs(lead, &shared) {
        return lead.clone();
    }
    Lead {
        state: LIVE,
        mask: mask_of(&shared.fields),
        offer_version: shared.version,
        consented_version: shared.consented_version,
        consented_on: shared.consented_on,
        record: shared.record,
        revision: lead.revision + 1,
        pos: None,
        fields: shared.fields,
        ..lead.clone()
    }
}

/// The lead, without its place.
fn touched(lead: &Lead) -> Lead {
    Lead {
        revision: lead.revision + 1,
        pos: None,
        ..lead.clone()
    }
}

/// What is left of a lead in this state: nothing, if it was never received.
fn emptied(lead: &Lead, state: i32) -> Option<Lead> {
    if lead.received == 0 {
        return None;
    }
    if lead.state == state {
        return Some(lead.clone());
    }
    Some(Lead {
        state,
        mask: 0,
        revision: lead.revision + 1,
        pos: None,
        fields: BTreeMap::new(),
        ..lead.clone()
    })
}

/// Whether they are the same; what an emptied row says of its consent does not count.
fn same(one: &Lead, other: &Lead) -> bool {
    if one.state == LIVE || other.state == LIVE {
        return one == other;
    }
    let counts = |lead: &Lead| Lead {
        offer_version: 0,
        consented_version: 0,
        consented_on: 0,
        record: Uuid::nil(),
        ..lead.clone()
    };
    counts(one) == counts(other)
}
