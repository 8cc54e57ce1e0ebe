//! Closed sets of words that several audiences see: one GraphQL enum each, in one place.

use async_graphql::Enum;

/// What can be shared of an attendee, besides answers.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::AttendeeField")]
pub enum AttendeeField {
    /// Whole name.
    FullName,
    /// Given name.
    GivenName,
    /// Family name.
    FamilyName,
    /// Mail address.
    Email,
    /// Telephone number.
    Phone,
    /// Company.
    Company,
    /// Job title.
    JobTitle,
    /// Town.
    City,
    /// Country.
    Country,
    /// Postal address.
    PostalAddress,
    /// Address of a profile.
    SocialProfile,
    /// Which kind of ticket.
    TicketType,
    /// That the attendee was there.
    Attendance,
}

/// Why a partner wants data.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::Purpose")]
pub enum Purpose {
    /// To follow up on this event.
    EventFollowUp,
    /// To tell of the next editions.
    SubsequentEditions,
    /// To tell of related events.
    RelatedEvents,
    /// To tell of products.
    ProductInformation,
}

/// On what ground in law.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::LegalBasis")]
pub enum LegalBasis {
    /// Art. 6(1)(a) GDPR.
    Consent,
}

/// A partner's role at an event.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::PartnerRole")]
pub enum PartnerRole {
    /// Hosts the event together with the organization.
    CoSponsor,
    /// Exhibits at it.
    Exhibitor,
    /// The organization itself, asking like everybody else.
    Host,
}

/// Where a complaint stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::ComplaintState")]
pub enum ComplaintState {
    /// Waits for its answer.
    Open,
    /// Answered.
    Answered,
}

/// Where a partner's token stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::TokenStatus")]
pub enum TokenStatus {
    /// Issued; its holder has not fetched the secret.
    Unclaimed,
    /// Works within its time.
    Active,
    /// Taken back.
    Revoked,
}

/// What a partner's token may do.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(name = "TokenCapability", remote = "consentry_domain::Capability")]
pub enum TokenCapability {
    /// Read leads.
    Pull,
}

/// Where a version of an offer stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::OfferVersionState")]
pub enum OfferVersionState {
    /// Asked for.
    Requested,
    /// Shown to attendees, until a later one is.
    Approved,
    /// Refused by the organizer.
    Rejected,
    /// Taken back.
    Withdrawn,
}

/// What a member of a partner's staff is there for.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::PartnerMemberRole")]
pub enum PartnerMemberRole {
    /// Reads what attendees granted.
    Reader,
    /// Also asks for it: drafts offers, asks for their approval, issues tokens.
    Administrator,
}
