//! What is written down, word for word, when a consent changes or a lead is handed out: enough to prove it to its giver
//! (Art. 7(1) GDPR; the elements of ISO/IEC TS 27560), and no value of a field.
//!
//! These are the payloads of [commitments](crate::commitment). A member is never given another meaning; what is added is
//! optional, and a change of meaning gets a new schema text.

use crate::commitment::Hash;
use crate::{
    ActorKind, AgeBasis, Capability, ConsentAction, ConsentRecordId, ConsentState, DisclosureId, EventId, Field,
    FieldMask, LeadId, LegalBasis, OfferId, PartnerRole, PartnerTokenId, Purpose, RegistrationId,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The schema of a [`ConsentPayload`].
pub const CONSENT_SCHEMA: &str = "consentry/consent/1";
/// The schema of a [`DisclosureItemPayload`].
pub const DISCLOSURE_ITEM_SCHEMA: &str = "consentry/disclosure-item/1";

/// One change of a consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentPayload {
    /// [`CONSENT_SCHEMA`].
    pub schema: String,
    /// This record.
    pub record_id: ConsentRecordId,
    /// The subject, by the pseudonym that the registration is.
    pub registration_id: RegistrationId,
    /// By what the one who decided was known.
    pub identified_by: Identification,
    /// The event.
    pub event_id: EventId,
    /// The offer.
    pub offer_id: OfferId,
    /// Who collects and hands out.
    pub organizer: Party,
    /// Who receives.
    pub partner: Party,
    /// The partner's role at the event.
    pub partner_role: PartnerRole,
    /// What for.
    pub purpose: Purpose,
    /// The words that were shown.
    pub text: ShownText,
    /// What was offered, by name.
    pub offered_fields: Vec<NamedField>,
    /// On what ground in law.
    pub legal_basis: LegalBasis,
    /// The partner's privacy notice.
    pub notice: Notice,
    /// What was done.
    pub act: ConsentAct,
    /// How long the partner keeps what it receives, in days.
    pub retention_days: i32,
    /// From when it is shared; none means from the beginning.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub starts: Option<String>,
    /// Until when it is shared; none means without end.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ends: Option<String>,
    /// How it can be taken back, as it was shown.
    pub withdrawal_method: String,
    /// Whether price or place depended on it. They never do.
    pub conditional: bool,
    /// By what it was known that the giver may give.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub age_basis: Option<AgeBasis>,
}

/// By what the one who decided was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Identification {
    /// By nothing yet: somebody typed an address.
    TypedAddress,
    /// By a link sent to the address.
    MailLink,
    /// By being signed in.
    Session,
    /// By the link sent to the guardian.
    GuardianLink,
    /// It was the program itself.
    System,
}

/// A controller, as it was named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Legal name.
    pub legal_name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Where it is reached for data protection.
    pub contact: String,
}

/// A text, as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownText {
    /// The offer's version.
    pub version: i32,
    /// BCP 47.
    pub language: String,
    /// The words.
    pub content: String,
    /// The hash of the text in all its languages.
    pub sha256: Hash,
}

/// A field, as it was named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedField {
    /// A standard field's name, or `QUESTION_` with the question's bit.
    pub field: String,
    /// What was shown for it.
    pub label: String,
}

/// A privacy notice, as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Where it is.
    pub url: String,
    /// The hash of its content.
    pub sha256: Hash,
}

/// What was done, by whom, when and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentAct {
    /// What it was.
    pub action: ConsentAction,
    /// Where the consent stood before.
    pub state_before: ConsentState,
    /// Where it stands now.
    pub state_after: ConsentState,
    /// The fields given or asked before.
    pub fields_before: Vec<String>,
    /// The fields given or asked now.
    pub fields_after: Vec<String>,
    /// When, in UTC (RFC 3339).
    pub at: String,
    /// Through what.
    pub channel: Channel,
    /// Who.
    pub actor: ActorKind,
    /// In which request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request_id: Option<Uuid>,
}

/// Through what something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Channel {
    /// A page of this installation.
    Page,
    /// The API.
    Api,
    /// Nothing outside.
    Internal,
}

/// One registration's part in an answer with leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosureItemPayload {
    /// [`DISCLOSURE_ITEM_SCHEMA`].
    pub schema: String,
    /// The answer.
    pub disclosure_id: DisclosureId,
    /// The lead.
    pub lead_id: LeadId,
    /// The subject, by pseudonym.
    pub registration_id: RegistrationId,
    /// The offer, whose stream it is.
    pub offer_id: OfferId,
    /// The version in force.
    pub offer_version: i32,
    /// The lead's revision.
    pub lead_revision: i64,
    /// Under which consent.
    pub consent_record_id: ConsentRecordId,
    /// Who received it, as it was named then.
    pub recipient_name: String,
    /// What for.
    pub purpose: Purpose,
    /// The fields handed out, by name; never their values.
    pub fields: Vec<String>,
    /// When, in UTC (RFC 3339).
    pub at: String,
    /// By which right.
    pub capability: Capability,
    /// With which token.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub token_id: Option<PartnerTokenId>,
    /// In which request.
    pub request_id: Uuid,
}

/// The id of the opening of one lead's item in a disclosure: item and opening find each other without a column for it.
#[must_use]
pub fn item_opening(disclosure: DisclosureId, lead: LeadId) -> Uuid {
    let named = [
        b"consentry disclosure opening v1\n".as_slice(),
        disclosure.0.as_bytes(),
        lead.0.as_bytes(),
    ];
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Hash::of(&named.concat()).0[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The names of these fields, in the order of their bits: a standard field's own, or `QUESTION_` with the bit.
#[must_use]
pub fn field_names(mask: FieldMask) -> Vec<String> {
    mask.iter().map(field_name).collect()
}

/// The name of this field.
#[must_use]
pub fn field_name(field: Field) -> String {
    match field {
        Field::Standard(field) => field.as_str().to_owned(),
        Field::Question(bit) => format!("QUESTION_{bit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AttendeeField, Instant, commitment::canonical};

    fn party(name: &str) -> Party {
        Party {
            legal_name: name.to_owned(),
            country: "DE".to_owned(),
            contact: "privacy@example.org".to_owned(),
        }
    }

    fn consent() -> ConsentPayload {
        let fields = FieldMask::standard(AttendeeField::Email).union(FieldMask::of(Field::Question(20)));
        ConsentPayload {
            schema: CONSENT_SCHEMA.to_owned(),
            record_id: ConsentRecordId(Uuid::from_u128(1)),
            registration_id: RegistrationId(Uuid::from_u128(2)),
            identified_by: Identification::MailLink,
            event_id: EventId(Uuid::from_u128(3)),
            offer_id: OfferId(Uuid::from_u128(4)),
            organizer: party("Rust Days e. V."),
            partner: party("Ferris GmbH"),
            partner_role: PartnerRole::CoSponsor,
            purpose: Purpose::EventFollowUp,
            text: ShownText {
                version: 3,
                language: "en".to_owned(),
                content: "May we write to you?".to_owned(),
                sha256: Hash([1; 32]),
            },
            offered_fields: vec![NamedField {
                field: "EMAIL".to_owned(),
                label: "E-mail".to_owned(),
            }],
            legal_basis: LegalBasis::Consent,
            notice: Notice {
                url: "https://ferris.example/privacy".to_owned(),
                sha256: Hash([2; 32]),
            },
            act: ConsentAct {
                action: ConsentAction::Granted,
                state_before: ConsentState::Requested,
                state_after: ConsentState::Granted,
                fields_before: Vec::new(),
                fields_after: field_names(fields),
                at: Instant(1_804_237_445_000_001).to_string(),
                channel: Channel::Api,
                actor: ActorKind::Attendee,
                request_id: Some(Uuid::from_u128(5)),
            },
            retention_days: 30,
            starts: None,
            ends: Some(Instant(1_804_237_445_000_000).to_string()),
            withdrawal_method: "By the link in every mail".to_owned(),
            conditional: false,
            age_basis: Some(AgeBasis::Stated),
        }
    }

    #[test]
    fn the_canonical_form_of_a_consent_is_fixed() {
        let written = String::from_utf8(canonical(&consent()).expect("JSON")).expect("UTF-8");
        let (one, two) = ("01".repeat(32), "02".repeat(32));
        let id = |number: u32| format!("00000000-0000-0000-0000-00000000000{number}");
        let expected = format!(
            concat!(
                r#"{{"act":{{"action":"GRANTED","actor":"ATTENDEE","at":"2027-03-05T09:04:05.000001Z","channel":"API","fields_after":["EMAIL","QUESTION_20"],"#,
                r#""fields_before":[],"request_id":"{}","state_after":"GRANTED","state_before":"REQUESTED"}},"age_basis":"STATED","conditional":false,"#,
                r#""ends":"2027-03-05T09:04:05Z","event_id":"{}","identified_by":"MAIL_LINK","legal_basis":"CONSENT","#,
                r#""notice":{{"sha256":"{two}","url":"https://ferris.example/privacy"}},"offer_id":"{}","offered_fields":[{{"field":"EMAIL","label":"E-mail"}}],"#,
                r#""organizer":{{"contact":"privacy@example.org","country":"DE","legal_name":"Rust Days e. V."}},"#,
                r#""partner":{{"contact":"privacy@example.org","country":"DE","legal_name":"Ferris GmbH"}},"partner_role":"CO_SPONSOR","#,
                r#""purpose":"EVENT_FOLLOW_UP","record_id":"{}","registration_id":"{}","retention_days":30,"schema":"consentry/consent/1","#,
                r#""text":{{"content":"May we write to you?","language":"en","sha256":"{one}","version":3}},"#,
                r#""withdrawal_method":"By the link in every mail"}}"#
            ),
            id(5),
            id(3),
            id(4),
            id(1),
            id(2),
            one = one,
            two = two,
        );
        assert_eq!(written, expected);
        assert_eq!(
            serde_json::from_str::<ConsentPayload>(&written).expect("a consent"),
            consent()
        );
    }

    #[test]
    fn each_item_of_a_disclosure_has_an_opening_of_its_own() {
        let of =
            |disclosure, lead| item_opening(DisclosureId(Uuid::from_u128(disclosure)), LeadId(Uuid::from_u128(lead)));
        assert!(of(1, 2) == of(1, 2) && of(1, 2) != of(1, 3) && of(1, 2) != of(2, 2) && of(1, 2) != of(2, 1));
        assert_eq!(of(1, 2).get_version_num(), 8);
    }

    #[test]
    fn a_disclosure_item_is_read_back_from_its_canonical_form() {
        let item = DisclosureItemPayload {
            schema: DISCLOSURE_ITEM_SCHEMA.to_owned(),
            disclosure_id: DisclosureId(Uuid::from_u128(1)),
            lead_id: LeadId(Uuid::from_u128(2)),
            registration_id: RegistrationId(Uuid::from_u128(3)),
            offer_id: OfferId(Uuid::from_u128(4)),
            offer_version: 3,
            lead_revision: 7,
            consent_record_id: ConsentRecordId(Uuid::from_u128(5)),
            recipient_name: "Ferris GmbH".to_owned(),
            purpose: Purpose::EventFollowUp,
            fields: field_names(FieldMask::standard(AttendeeField::FullName)),
            at: Instant(0).to_string(),
            capability: Capability::Pull,
            token_id: None,
            request_id: Uuid::from_u128(6),
        };
        let written = canonical(&item).expect("JSON");
        assert!(
            !String::from_utf8_lossy(&written).contains("token_id"),
            "what is absent leaves no member"
        );
        assert_eq!(
            serde_json::from_slice::<DisclosureItemPayload>(&written).expect("an item"),
            item
        );
    }
}
