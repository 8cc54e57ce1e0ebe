//! The record of a change of a consent: a commitment for the log, and its opening, which can be erased.

use consentry_domain::commitment::{Salt, Tag, canonical, commit};
use consentry_domain::consent::Choice;
use consentry_domain::evidence::{
    CONSENT_SCHEMA, Channel, ConsentAct, ConsentPayload, Identification, NamedField, Notice, Party, ShownText,
    field_name, field_names,
};
use consentry_domain::{ActorKind, ConsentState, FieldMask, Instant, OpeningKind};
use consentry_entity::{consent_record, opening};

use super::desk::{Change, Desk};
use super::offers;
use crate::platform::Fault;

/// How a consent can be taken back, as the pages and mails say it.
const WITHDRAWAL: &str =
    "In your list of consents, with one click for each or for all: sign in, or open the link in any of our mails.";

/// Makes the record of one change and its opening.
pub(super) fn write(
    desk: &Desk<'_>,
    change: &Change,
    identified_by: Identification,
    actor: ActorKind,
) -> Result<(consent_record::Model, opening::Model), Fault> {
    let (state_before, fields_before, version_before) = said(change.before);
    let (state_after, fields_after, version_after) = said(change.after);
    // What fell back to undecided is recorded with the version that it was about.
    let version = version_after.or(version_before).unwrap_or_default();
    let missing = || Fault::Corrupt("a consent to a version that never was in force".into());
    let (partner, offer) = desk.find(change.offer).ok_or_else(missing)?;
    let shown = offer.approved(version).ok_or_else(missing)?;
    let wished = Some(desk.registration.locale.as_str());
    let (language, content) = shown.text.version(wished, &desk.event.default_locale);
    let label = |field| NamedField {
        field: field_name(field),
        label: desk
            .questions
            .label(field)
            .pick(wished, &desk.event.default_locale)
            .to_owned(),
    };
    let row = &shown.row;
    let payload = ConsentPayload {
        schema: CONSENT_SCHEMA.to_owned(),
        record_id: change.record_id,
        registration_id: desk.registration.id,
        identified_by,
        event_id: desk.event.id,
        offer_id: change.offer,
        organizer: Party {
            legal_name: desk.organization.legal_name.clone(),
            country: desk.organization.country.clone(),
            contact: desk.organization.data_protection_contact.clone(),
        },
        partner: Party {
            legal_name: partner.partner.legal_name.clone(),
            country: partner.partner.country.clone(),
            contact: partner.row.contact_email.clone(),
        },
        partner_role: partner.row.role,
        purpose: offer.row.purpose,
        text: ShownText {
            version,
            language: language.to_owned(),
            content: content.to_owned(),
            sha256: offers::hash(&row.text_hash)?,
        },
        offered_fields: shown.fields().iter().map(label).collect(),
        legal_basis: row.legal_basis,
        notice: Notice {
            url: row.notice_url.clone(),
            sha256: offers::hash(&row.notice_hash)?,
        },
        act: ConsentAct {
            action: change.action,
            state_before,
            state_after,
            fields_before: field_names(fields_before),
            fields_after: field_names(fields_after),
            at: desk.now.to_string(),
            channel: if actor == ActorKind::System {
                Channel::Internal
            } else {
                Channel::Api
            },
            actor,
            request_id: crate::platform::request::current(),
        },
        retention_days: row.retention_days,
        starts: row.starts_at.map(|at| Instant(at).to_string()),
        ends: row.ends_at.map(|at| Instant(at).to_string()),
        withdrawal_method: WITHDRAWAL.to_owned(),
        conditional: false,
        age_basis: change.after.stored().and_then(|stored| stored.age_basis),
    };
    let payload = canonical(&payload).map_err(|error| Fault::Corrupt(error.to_string()))?;
    let salt = Salt(desk.tx.random());
    let record = consent_record::Model {
        organization_id: desk.registration.organization_id,
        id: change.record_id,
        registration_id: desk.registration.id,
        offer_id: change.offer,
        version,
        action: change.action,
        at: desk.now.0,
        commitment: commit(Tag::Consent, &salt, &payload).0.to_vec(),
    };
    let opening = opening::Model {
        organization_id: desk.registration.organization_id,
        kind: OpeningKind::Consent,
        id: change.record_id.0,
        registration_id: Some(desk.registration.id),
        salt: salt.0.to_vec(),
        payload,
    };
    Ok((record, opening))
}

/// Where a choice stands, with its fields and version.
fn said(choice: Choice) -> (ConsentState, FieldMask, Option<i32>) {
    let stored = choice.stored();
    (
        choice.state(),
        stored.map_or(FieldMask::EMPTY, |stored| stored.granted),
        stored.map(|stored| stored.version),
    )
}
