//! The rule, said again in the plainest way, from its text alone: what a registration shares in a stream, and what a
//! reader sees of it.
//!
//! ```text
//! disclosable = offer.fields ∩ consent.granted ∩ fields that have a value, masked by the token's fields
//! ```

use serde_json::Value;
use uuid::Uuid;

use super::rows::{ATTENDANCE, Consent, Fields, Offer, Registration, TICKET_TYPE, Tables, Version, value_of};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// What of a registration belongs into a stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Share {
    /// Nothing.
    Nothing,
    /// Nothing while its person's data is restricted (Art. 18 GDPR) or it is kept back; there is something to share
    /// otherwise, so what was received is not to be used, but need not be deleted.
    Restricted,
    /// This.
    Values(Shared),
}

/// What is shared.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// The version in force.
    pub version: i32,
    /// The version that was consented to.
    pub consented_version: i32,
    /// The day (UTC) of the consent, since 1970-01-01.
    pub consented_on: i32,
    /// The record of the consent.
    pub record: Uuid,
    /// The granted values.
    pub fields: Fields,
}

/// The bits as a mask.
#[must_use]
pub fn mask_of(fields: &Fields) -> i64 {
    let mut mask = 0_i64;
    for bit in fields.keys() {
        mask |= 1 << bit;
    }
    mask
}

fn has(mask: i64, bit: u8) -> bool {
    (mask >> bit) & 1 == 1
}

/// The version that was approved last, unless it was withdrawn.
#[must_use]
pub fn in_force(offer: &Offer) -> Option<&Version> {
    let mut last = None;
    for version in &offer.versions {
        if version.was_approved {
            last = Some(version);
        }
    }
    match last {
        Some(version) if version.state == "APPROVED" => Some(version),
        _ => None,
    }
}

/// Whether a version only takes something away from the one before.
fn only_takes_away(before: &Version, after: &Version) -> bool {
    let fewer_fields = after.field_mask & !before.field_mask == 0;
    let kept_no_longer = after.retention_days <= before.retention_days;
    let ends_no_later = match (before.ends_at, after.ends_at) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(before), Some(after)) => after <= before,
    };
    let same_notice = after.notice == before.notice;
    let same_text = after.text == before.text || after.editorial;
    fewer_fields && kept_no_longer && ends_no_later && same_notice && same_text
}

/// Whether a consent to this version is one to the version in force: each version since then, one after the other,
/// only took away, and none was withdrawn.
fn covers(offer: &Offer, consented: i32) -> bool {
    let mut covered: Option<&Version> = None;
    for version in &offer.versions {
        if !version.was_approved {
            continue;
        }
        let kept = match covered {
            None => version.number == consented,
            Some(before) => only_takes_away(before, version),
        };
        let good = kept && version.state == "APPROVED";
        covered = if good { Some(version) } else { None };
        if covered.is_none() && version.number >= consented {
            return false;
        }
    }
    covered.is_some()
}

/// Whether it was given by somebody who may give it.
fn given_by_the_right_person(consent: &Consent, registration: &Registration) -> bool {
    match consent.decider.as_str() {
        "GUARDIAN" => true,
        "ATTENDEE" => {
            let of_age = matches!(consent.age_basis.as_deref(), Some("STATED" | "DATE_OF_BIRTH"));
            registration.email_proved_at.is_some() && of_age
        }
        _ => false,
    }
}

fn purpose_bit(purpose: &str) -> i32 {
    match purpose {
        "EVENT_FOLLOW_UP" => 1,
        "SUBSEQUENT_EDITIONS" => 2,
        "RELATED_EVENTS" => 4,
        "PRODUCT_INFORMATION" => 8,
        other => panic!("an unknown purpose: {other}"),
    }
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(parts) => parts.values().any(says_something),
        Value::Bool(yes) => *yes,
        Value::Null | Value::Number(_) => false,
    }
}

/// Every value of a registration that this offer could ever name.
fn values(tables: &Tables, id: Uuid, registration: &Registration, offer: &Offer) -> Fields {
    let mut fields = Fields::new();
    for (bit, text) in &registration.texts {
        fields.insert(*bit, value_of(*bit, text));
    }
    fields.insert(TICKET_TYPE, Value::from(registration.ticket_type.to_string()));
    fields.insert(ATTENDANCE, Value::from(tables.attended.contains(&id)));
    for ((of, question), answer) in &tables.answers {
        let question = &tables.questions[question];
        let nobody_elses = question.event_partner.is_none_or(|owner| owner == offer.event_partner);
        let shareable = question.shareable && question.sensitivity == "ORDINARY" && question.event == offer.event;
        if let (true, true, true, Some(bit)) = (*of == id, shareable, nobody_elses, question.bit) {
            fields.insert(u8::try_from(bit).expect("a bit"), answer.clone());
        }
    }
    fields.retain(|_, value| says_something(value));
    fields
}

/// What a registration shares in an offer's stream.
#[must_use]
pub fn share(tables: &Tables, registration_id: Uuid, offer_id: Uuid) -> Share {
    let registration = &tables.registrations[&registration_id];
    let offer = &tables.offers[&offer_id];
    let Some(consent) = tables.consents.get(&(registration_id, offer_id)) else {
        return Share::Nothing;
    };
    let Some(version) = in_force(offer) else {
        return Share::Nothing;
    };
    if consent.state != "GRANTED" || !covers(offer, consent.version) {
        return Share::Nothing;
    }
    if !given_by_the_right_person(consent, registration) || registration.consents_suspended {
        return Share::Nothing;
    }
    if registration.status != "CONFIRMED" || registration.opted_out {
        return Share::Nothing;
    }
    if registration.objected_purposes & purpose_bit(&offer.purpose) != 0 {
        return Share::Nothing;
    }
    let mut fields = values(tables, registration_id, registration, offer);
    fields.retain(|bit, _| has(version.field_mask, *bit) && has(consent.granted_mask, *bit));
    if fields.is_empty() {
        return Share::Nothing;
    }
    let person_restricted = registration
        .person
        .is_some_and(|person| tables.restricted_persons.contains(&person));
    let restricted = registration.restricted_at.is_some() || person_restricted;
    if restricted || registration.quarantined_at.is_some() {
        return Share::Restricted;
    }
    Share::Values(Shared {
        version: version.number,
        consented_version: consent.version,
        consented_on: i32::try_from(consent.decided_at.div_euclid(DAY)).expect("a day"),
        record: consent.record,
        fields,
    })
}

/// One lead as a reader sees it: its id and the values that its token may read.
pub type Seen = (Uuid, Fields);

/// What a good token for these fields sees of a stream now, in order.
#[must_use]
pub fn view(tables: &Tables, offer_id: Uuid, token_mask: i64, now: i64) -> Vec<Seen> {
    let offer = &tables.offers[&offer_id];
    let mut seen = Vec::new();
    let Some(version) = in_force(offer) else {
        return seen;
    };
    let begun = version.starts_at.is_none_or(|starts| starts <= now);
    let ended = version.ends_at.is_some_and(|ends| ends <= now);
    if !begun || ended || tables.active[&offer.event_partner] != (true, true) {
        return seen;
    }
    for registration in tables.registrations.keys() {
        if let Share::Values(shared) = share(tables, *registration, offer_id) {
            let of = |lead: &&super::rows::Lead| {
                lead.stream == offer_id && lead.registration == *registration && lead.state == 1
            };
            let lead = tables
                .leads
                .iter()
                .find(of)
                .expect("a lead for whoever shares something");
            let mut fields = shared.fields;
            fields.retain(|bit, _| has(token_mask, *bit));
            seen.push((lead.id, fields));
        }
    }
    seen.sort_by_key(|(id, _)| *id);
    seen
}
