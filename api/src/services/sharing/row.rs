//! A lead as its table's columns, and back.

use consentry_domain::disclosure::Consent;
use consentry_domain::lead::{LeadImage, LeadState, SortKeys, StoredLead};
use consentry_domain::{AnswerValue, AttendeeField, Day, FieldMask, LeadValues, PostalAddress};
use consentry_entity::lead;

use crate::platform::Fault;

/// Reads a row.
///
/// # Errors
/// When it holds what this program does not write.
pub fn stored(row: lead::Model) -> Result<StoredLead, Fault> {
    let values = LeadValues {
        full_name: row.full_name,
        given_name: row.given_name,
        family_name: row.family_name,
        email: row.email,
        phone: row.phone,
        company: row.company,
        job_title: row.job_title,
        city: row.city,
        country: row.country,
        postal_address: postal_address(row.postal_address.as_deref())?,
        social_profile: row.social_profile,
        ticket_type: row.ticket_type_id,
        attended: row.attended.unwrap_or_default(),
        answers: match row.answers {
            Some(text) => {
                serde_json::from_str(&text).map_err(|error| Fault::Corrupt(format!("a lead's answers: {error}")))?
            }
            None => Default::default(),
        },
    };
    Ok(StoredLead {
        id: row.id,
        contact_key: row.contact_key,
        state: LeadState::from_db(row.state).ok_or_else(|| Fault::Corrupt(format!("a lead's state: {}", row.state)))?,
        revision: row.revision,
        received: FieldMask::from_db(row.received),
        image: LeadImage {
            offer_version: row.offer_version,
            consented_version: row.consented_version,
            consented_on: Day(row.consented_on),
            consent_record_id: row.consent_record_id,
            mask: FieldMask::from_db(row.mask),
            values,
        },
    })
}

/// What identifies a row and never changes.
#[derive(Clone, Copy, Debug)]
pub struct Identity {
    /// The tenant.
    pub organization: consentry_domain::OrganizationId,
    /// The stream.
    pub stream: consentry_domain::OfferId,
    /// The lead.
    pub id: consentry_domain::LeadId,
    /// Whose.
    pub registration: consentry_domain::RegistrationId,
    /// The key of the person's leads at the event partner.
    pub contact_key: consentry_domain::ContactKey,
}

/// A live row of its first revision, never received.
///
/// # Errors
/// When a value cannot be written, which none is known for.
pub fn live(identity: Identity, image: LeadImage) -> Result<lead::Model, Fault> {
    let LeadImage {
        offer_version,
        consented_version,
        consented_on,
        consent_record_id,
        mask,
        values,
    } = image;
    let answers = (!values.answers.is_empty())
        .then(|| json(&values.answers))
        .transpose()?;
    let keys = SortKeys::of(&values);
    Ok(lead::Model {
        organization_id: identity.organization,
        stream_id: identity.stream,
        id: identity.id,
        registration_id: identity.registration,
        contact_key: identity.contact_key,
        state: LeadState::Live.to_db(),
        mask: mask.to_db(),
        offer_version,
        consented_version,
        consented_on: consented_on.0,
        consent_record_id,
        revision: 1,
        received: 0,
        pos: None,
        full_name: values.full_name,
        given_name: values.given_name,
        family_name: values.family_name,
        email: values.email,
        phone: values.phone,
        company: values.company,
        job_title: values.job_title,
        city: values.city,
        country: values.country,
        postal_address: values.postal_address.as_ref().map(json).transpose()?,
        social_profile: values.social_profile,
        ticket_type_id: values.ticket_type,
        attended: values.attended.then_some(true),
        answers,
        sort_full_name: Some(keys.full_name),
        sort_family_name: Some(keys.family_name),
        sort_company: Some(keys.company),
    })
}

/// The column of each standard field.
pub const fn column(field: AttendeeField) -> lead::Column {
    use lead::Column as C;
    match field {
        AttendeeField::FullName => C::FullName,
        AttendeeField::GivenName => C::GivenName,
        AttendeeField::FamilyName => C::FamilyName,
        AttendeeField::Email => C::Email,
        AttendeeField::Phone => C::Phone,
        AttendeeField::Company => C::Company,
        AttendeeField::JobTitle => C::JobTitle,
        AttendeeField::City => C::City,
        AttendeeField::Country => C::Country,
        AttendeeField::PostalAddress => C::PostalAddress,
        AttendeeField::SocialProfile => C::SocialProfile,
        AttendeeField::TicketType => C::TicketTypeId,
        AttendeeField::Attendance => C::Attended,
    }
}

/// The columns by which leads are sorted, and of which field each is made.
pub const SORTED: [(AttendeeField, lead::Column); 3] = [
    (AttendeeField::FullName, lead::Column::SortFullName),
    (AttendeeField::FamilyName, lead::Column::SortFamilyName),
    (AttendeeField::Company, lead::Column::SortCompany),
];

/// Reads an address as registrations and leads keep it.
///
/// # Errors
/// When it is none.
pub fn postal_address(column: Option<&str>) -> Result<Option<PostalAddress>, Fault> {
    column
        .map(|text| serde_json::from_str(text).map_err(|error| Fault::Corrupt(format!("a postal address: {error}"))))
        .transpose()
}

/// Reads an answer: a JSON array of texts, for a question with choices of their ids.
///
/// # Errors
/// When it is none.
pub fn answer(column: &str) -> Result<AnswerValue, Fault> {
    serde_json::from_str(column).map_err(|error| Fault::Corrupt(format!("an answer: {error}")))
}

fn json(value: &impl serde::Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Corrupt(error.to_string()))
}

/// Reads a consent as the rule takes it.
#[must_use]
pub fn consent(row: &consentry_entity::consent::Model) -> Consent {
    Consent {
        state: row.state,
        version: row.version,
        granted: FieldMask::from_db(row.granted_mask),
        decider: row.decider,
        age_basis: row.age_basis,
        given_at: consentry_domain::Instant(row.decided_at),
        record_id: row.consent_record_id,
    }
}
