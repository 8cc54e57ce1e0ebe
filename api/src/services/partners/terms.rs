//! What a version of an offer asks for, judged.

use consentry_domain::commitment::text_hash;
use consentry_domain::{EventId, FieldMask, LegalBasis, OfferId, OfferVersionState, OrganizationId};
use consentry_entity::{event_partner, offer_version};

use super::judge;
use crate::platform::store::Tx;
use crate::platform::{Code, Problems, Refused};
use crate::services::sharing::{NamedField, questions};
use crate::services::{Localized, input};

/// The longest time for which a partner may ask to keep data, in days.
const LONGEST_RETENTION: i32 = 3650;

/// What a version asks for, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Terms {
    /// What attendees read, per language.
    pub text: Localized,
    /// Which fields.
    pub fields: Vec<NamedField>,
    /// For how many days after the event, or after the consent if that is later.
    pub retention_days: i32,
    /// From when it is shared, RFC 3339; absent: from the consent on.
    pub starts_at: Option<String>,
    /// Until when; absent: without end.
    pub ends_at: Option<String>,
}

/// Judged terms; the fields are judged inside the transaction, because naming a question fixes its meaning.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    text: Localized,
    fields: Vec<NamedField>,
    retention_days: i32,
    starts_at: Option<i64>,
    ends_at: Option<i64>,
}

impl Terms {
    pub(super) fn judge(&self) -> Result<Judged, Refused> {
        let mut problems = Problems::new();
        let text = problems.keep("text", judge::paragraphs(&self.text)).unwrap_or_default();
        if self.fields.is_empty() {
            problems.add("fields", Code::Required, "Name at least one field.");
        }
        retention(&mut problems, self.retention_days);
        let (starts_at, ends_at) = times(&mut problems, self.starts_at.as_deref(), self.ends_at.as_deref());
        problems.none()?;
        Ok(Judged {
            text,
            fields: self.fields.clone(),
            retention_days: self.retention_days,
            starts_at,
            ends_at,
        })
    }
}

/// Judges for how many days something is kept.
pub(super) fn retention(problems: &mut Problems, days: i32) {
    if !(1..=LONGEST_RETENTION).contains(&days) {
        let message = format!("A number of days from 1 to {LONGEST_RETENTION} is expected.");
        problems.add("retentionDays", Code::Invalid, message);
    }
}

/// Judges from when to when something is shared.
pub(super) fn times(
    problems: &mut Problems,
    starts_at: Option<&str>,
    ends_at: Option<&str>,
) -> (Option<i64>, Option<i64>) {
    let mut time = |field, typed: Option<&str>| {
        typed
            .and_then(|typed| problems.keep(field, input::instant(typed)))
            .map(|instant| instant.0)
    };
    let (starts_at, ends_at) = (time("startsAt", starts_at), time("endsAt", ends_at));
    if let (Some(starts), Some(ends)) = (starts_at, ends_at)
        && starts >= ends
    {
        problems.add("endsAt", Code::Invalid, "The end must come after the start.");
    }
    (starts_at, ends_at)
}

impl Judged {
    /// The version as a request. It takes the partner's notice as it is now: that is what attendees will be shown.
    pub(super) async fn version(
        &self,
        tx: &Tx,
        organization: OrganizationId,
        event: EventId,
        partner: &event_partner::Model,
        offer: OfferId,
        number: i32,
    ) -> Result<offer_version::Model, Refused> {
        let Some(notice_hash) = partner.notice_hash.clone() else {
            let message = "The partner's privacy notice has no SHA-256 yet; add it to the partner first.";
            return Err(Refused::because("eventPartnerId", Code::Incomplete, message));
        };
        let fields: FieldMask = questions::offered(tx, organization, event, partner.id, &self.fields).await?;
        Ok(offer_version::Model {
            organization_id: organization,
            offer_id: offer,
            version: number,
            state: OfferVersionState::Requested,
            legal_basis: LegalBasis::Consent,
            field_mask: fields.to_db(),
            text: self.text.to_column(),
            text_hash: text_hash(&self.text.0).0.to_vec(),
            notice_url: partner.notice_url.clone(),
            notice_hash,
            retention_days: self.retention_days,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            editorial: false,
            covers_from: None,
            requested_at: tx.now().await?.0,
            decided_at: None,
            decided_by: None,
            remark: None,
        })
    }
}
