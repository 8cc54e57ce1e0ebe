//! Distinct types for identifiers, so that an event's id cannot be passed where an order's is meant.
//!
//! All are UUIDs. Those that only the organization sees are version 7; those that a partner sees ([`LeadId`],
//! [`ContactKey`]) are random (version 4), because an ordered id would tell when somebody registered.

/// Declares identifier types.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
        pub struct $name(pub uuid::Uuid);

        impl From<uuid::Uuid> for $name {
            fn from(value: uuid::Uuid) -> Self {
                Self(value)
            }
        }

        impl From<$name> for uuid::Uuid {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        #[cfg(feature = "sea-orm")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

ids! {
    /// The tenant.
    OrganizationId,
    /// Somebody who can sign in to this installation.
    AccountId,
    /// A means of signing in.
    CredentialId,
    /// A signed-in session.
    SessionId,
    /// A key that signs access tokens.
    SigningKeyId,
    /// A role of an account in an organization.
    TeamMemberId,
    /// An organization's own account at a provider (payments, mail).
    ProviderAccountId,
    /// An account within one organization.
    PersonId,
    /// A conference or a webinar.
    EventId,
    /// A part of an event's agenda.
    EventSessionId,
    /// Somebody who speaks at an event.
    SpeakerId,
    /// A picture: a logo, somebody who speaks.
    PictureId,
    /// A version of a text that attendees acknowledge.
    DocumentId,
    /// What is sold.
    TicketTypeId,
    /// A number of places shared by ticket types.
    QuotaId,
    /// A question of an event's form.
    QuestionId,
    /// One choice of a question.
    ChoiceId,
    /// One purchase by one buyer.
    OrderId,
    /// A line of an order.
    OrderLineId,
    /// One person's place at one event.
    RegistrationId,
    /// One passage at a door.
    CheckInId,
    /// A device that lets people in at one event.
    DoorDeviceId,
    /// A question to a guardian.
    GuardianRequestId,
    /// A payment of an order.
    PaymentId,
    /// A company with which an organization shares.
    PartnerId,
    /// A partner in its role at one event.
    EventPartnerId,
    /// What one event partner asks for one purpose; also the id of its stream of leads.
    OfferId,
    /// A lead, random and of one stream.
    LeadId,
    /// Random, the same for all purposes of one event partner and one registration.
    ContactKey,
    /// One change of a consent.
    ConsentRecordId,
    /// A partner's token.
    PartnerTokenId,
    /// A member of a partner's staff: the id of the token that is their seat.
    PartnerMemberId,
    /// The record of one answer with leads.
    DisclosureId,
    /// Work to be done outside the database.
    OutboxId,
    /// A mail.
    MailId,
    /// An entry of the audit log.
    AuditEntryId,
    /// A list that staff took away.
    RosterExportId,
    /// A complaint about what was done with somebody's data.
    ComplaintId,
}
