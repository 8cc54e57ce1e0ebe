//! Ids as clients and addresses name things: opaque and typed. Each carries its type and, where it belongs to a tenant, the
//! tenant.

use consentry_domain::{
    AccountId, AuditEntryId, CheckInId, ChoiceId, ComplaintId, ConsentRecordId, ContactKey, DisclosureId, DocumentId,
    DoorDeviceId, EventId, EventPartnerId, EventSessionId, GuardianRequestId, LeadId, MailId, OfferId, OrderId,
    OrderLineId, OrganizationId, PartnerId, PartnerMemberId, PartnerTokenId, PaymentId, PersonId, PictureId,
    ProviderAccountId, QuestionId, QuotaId, RegistrationId, RosterExportId, SessionId, SpeakerId, TeamMemberId,
    TicketTypeId,
};
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

/// An identifier that clients see.
pub trait PublicId: Sized + From<Uuid> + Into<Uuid> {
    /// The byte that says which type it is.
    const TAG: u8;
}

macro_rules! tags {
    ($($name:ident = $tag:literal),* $(,)?) => {$(
        impl PublicId for $name { const TAG: u8 = $tag; }
    )*};
}

// A tag is never used again for another type.
tags! {
    OrganizationId = 1, AccountId = 2, SessionId = 3, TeamMemberId = 4, ProviderAccountId = 5, PersonId = 6,
    EventId = 7, EventSessionId = 8, DocumentId = 9, TicketTypeId = 10, QuotaId = 11, QuestionId = 12, ChoiceId = 13,
    OrderId = 14, OrderLineId = 15, RegistrationId = 16, CheckInId = 17, GuardianRequestId = 18, PaymentId = 19,
    PartnerId = 20, EventPartnerId = 21, OfferId = 22, LeadId = 23, ContactKey = 24, ConsentRecordId = 25,
    PartnerTokenId = 26, DisclosureId = 27, MailId = 28, AuditEntryId = 29, RosterExportId = 30, PartnerMemberId = 41,
    SpeakerId = 42, ComplaintId = 44, DoorDeviceId = 48, PictureId = 52,
}

/// The id of a tenant's thing.
#[must_use]
pub fn of<T: PublicId>(organization: OrganizationId, id: T) -> String {
    text(T::TAG, &[organization.0, id.into()])
}

/// The id that is made of a type and these.
#[must_use]
pub fn text(tag: u8, ids: &[Uuid]) -> String {
    let mut bytes = vec![tag];
    for id in ids {
        bytes.extend_from_slice(id.as_bytes());
    }
    BASE64URL_NOPAD.encode(&bytes)
}
