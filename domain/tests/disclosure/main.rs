//! The rule against a second, naive statement of it: every combination of the conditions, and random sets of fields.

mod image;
mod random;
mod reading;

use consentry_domain::disclosure::*;
use consentry_domain::lead::*;
use consentry_domain::*;
use uuid::Uuid;

const PURPOSE: Purpose = Purpose::RelatedEvents;
const NAME: FieldMask = FieldMask::standard(AttendeeField::FullName);
const EMAIL: FieldMask = FieldMask::standard(AttendeeField::Email);
const PHONE: FieldMask = FieldMask::standard(AttendeeField::Phone);
const GIVEN: Instant = Instant(1_700_000_000_000_000);
const US: EventPartnerId = EventPartnerId(Uuid::from_u128(10));
const THEM: EventPartnerId = EventPartnerId(Uuid::from_u128(11));

fn values() -> LeadValues {
    LeadValues {
        full_name: Some("Ada Lovelace".to_owned()),
        email: Some("ada@example.org".to_owned()),
        answers: [
            (20, AnswerValue(vec!["x".to_owned()])),
            (62, AnswerValue(vec!["y".to_owned()])),
        ]
        .into(),
        ..LeadValues::default()
    }
}

fn truth(values: &LeadValues) -> Truth<'_> {
    Truth {
        purpose: PURPOSE,
        offer: Some(Offer {
            version: 3,
            covers_from: 2,
            fields: NAME.union(EMAIL).union(PHONE),
        }),
        consent: Consent {
            state: ConsentState::Granted,
            version: 2,
            granted: EMAIL.union(PHONE),
            decider: Decider::Attendee,
            age_basis: Some(AgeBasis::Stated),
            given_at: GIVEN,
            record_id: ConsentRecordId(Uuid::from_u128(5)),
        },
        registration: Registration {
            status: RegistrationStatus::Confirmed,
            mailbox_proved: true,
            consents_suspended: false,
            restricted: false,
            quarantined: false,
            opted_out: false,
            objected: PurposeSet::EMPTY,
        },
        values,
    }
}

fn image_of(fields: FieldMask) -> LeadImage {
    let mut values = values();
    values.retain(fields);
    let consent_record_id = ConsentRecordId(Uuid::from_u128(5));
    LeadImage {
        offer_version: 3,
        consented_version: 2,
        consented_on: GIVEN.day(),
        consent_record_id,
        mask: values.mask_of_present(),
        values,
    }
}

fn stored(image: LeadImage) -> StoredLead {
    let (id, contact_key) = (LeadId(Uuid::from_u128(1)), ContactKey(Uuid::from_u128(2)));
    StoredLead {
        id,
        contact_key,
        state: LeadState::Live,
        revision: 7,
        received: FieldMask::EMPTY,
        image,
    }
}

fn stream() -> InForce {
    let fields = NAME.union(EMAIL).union(PHONE);
    InForce {
        event_partner_id: US,
        purpose: PURPOSE,
        version: Some(3),
        active: true,
        starts: Some(Instant(10)),
        ends: Some(Instant(20)),
        fields,
    }
}

fn scope(event_partner_id: EventPartnerId, purpose: Purpose, fields: FieldMask) -> Scope {
    Scope {
        event_partner_id,
        purposes: PurposeSet::EMPTY.with(purpose),
        fields,
    }
}

fn reader(fields: FieldMask) -> Reader {
    Reader {
        status: TokenStatus::Active,
        not_before: Instant(5),
        expires_at: Instant(25),
        address_in_range: true,
        capabilities: vec![Capability::Pull],
        scopes: vec![scope(THEM, PURPOSE, FieldMask::ALL), scope(US, PURPOSE, fields)],
    }
}

fn read(lead: StoredLead, stream: &InForce, reader: &Reader, now: i64) -> Option<Disclosed<LeadImage>> {
    disclose(lead, stream, reader, Capability::Pull, Instant(now))
}
