//! Leaks that are planted on purpose, so that the test of non-interference can be seen to find them.
//!
//! Each one shows a partner, or staff, something that they must not learn. None is active unless a test asks a
//! [`Platform`](super::Platform) for it, and none is compiled without the feature `planted-leaks`, which only the
//! workspace's tests switch on and which no release build accepts. Every mention of this module stands under that
//! feature.

#[cfg(all(feature = "planted-leaks", not(debug_assertions)))]
compile_error!("`planted-leaks` shows people what they must not see: it is for tests and not for a release build");

use std::collections::HashMap;

use consentry_domain::{EventPartnerId, Instant, LeadId, OfferId, OrganizationId, RegistrationId};
use sea_orm::{DbErr, Value};

use super::store::{Store, sql};

/// Something that must not be seen, and is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leak {
    /// Nothing.
    #[default]
    None,
    /// A header says how many places the organization has given away.
    TotalCount,
    /// A cursor tells the lead's number among all registrations.
    CursorOfSequence,
    /// Leads come in the order in which people registered.
    SortedByRegistration,
    /// A page ends early because of registrations that share nothing.
    PageEndsEarly,
    /// `hasNextPage` is told before registrations that share nothing are left out.
    NextPageOfHidden,
    /// Another event partner is refused in other words than one that does not exist.
    ExistsButNotYours,
    /// The time of a token's last use moves when anybody registers.
    LastUseOfAnybody,
    /// An entity tag moves when a value is corrected that was not granted.
    TagOfCorrections,
    /// A sign-in link is refused to whom nobody knows.
    SignInTellsWhoIsKnown,
    /// A search finds leads by values that were not granted.
    FoundByHidden,
    /// Leads in the order of companies come in the order of those, too, that were not granted.
    SortedByHidden,
    /// Staff see a revision that decisions about sharing move.
    RevisionOfDecisions,
    /// Staff see how many people share something.
    RosterCountsLeads,
}

impl Leak {
    /// Those that a partner sees.
    pub const TO_PARTNERS: &'static [Self] = &[
        Self::TotalCount,
        Self::CursorOfSequence,
        Self::SortedByRegistration,
        Self::PageEndsEarly,
        Self::NextPageOfHidden,
        Self::ExistsButNotYours,
        Self::LastUseOfAnybody,
        Self::TagOfCorrections,
        Self::SignInTellsWhoIsKnown,
        Self::FoundByHidden,
        Self::SortedByHidden,
    ];
    /// Those that staff see.
    pub const TO_STAFF: &'static [Self] = &[Self::RevisionOfDecisions, Self::RosterCountsLeads];
}

/// How many registrations the organization has.
///
/// # Errors
/// When the database fails.
pub async fn registrations(store: &Store, organization: OrganizationId) -> Result<i64, DbErr> {
    let text = "select count(*) as n from registration where organization_id = $1";
    number(store, text, vec![organization.into()]).await
}

/// How many registrations of the stream's event have no live lead in it.
///
/// # Errors
/// When the database fails.
pub async fn hidden(store: &Store, organization: OrganizationId, stream: OfferId) -> Result<i64, DbErr> {
    let text = "select count(*) as n from stream s join registration r on r.organization_id = s.organization_id \
         and r.event_id = s.event_id left join lead l on l.organization_id = r.organization_id and l.stream_id = s.id \
         and l.registration_id = r.id and l.state = 1 where s.organization_id = $1 and s.id = $2 and l.id is null";
    number(store, text, vec![organization.into(), stream.into()]).await
}

/// How many live leads the organization's partners have, the organization itself not counted.
///
/// # Errors
/// When the database fails.
pub async fn leads(store: &Store, organization: OrganizationId) -> Result<i64, DbErr> {
    let text = "select count(*) as n from lead l join stream s on s.organization_id = l.organization_id and s.id = l.stream_id \
         join event_partner p on p.organization_id = s.organization_id and p.id = s.event_partner_id \
         where l.organization_id = $1 and l.state = 1 and p.role <> 'HOST'";
    number(store, text, vec![organization.into()]).await
}

/// The leads of a stream with the number of their registration among all of the organization.
///
/// # Errors
/// When the database fails.
pub async fn sequence(
    store: &Store,
    organization: OrganizationId,
    stream: OfferId,
) -> Result<HashMap<LeadId, i64>, DbErr> {
    let text = "select l.id, (select count(*) from registration o where o.organization_id = r.organization_id and o.id <= r.id) \
         as n from lead l join registration r on r.organization_id = l.organization_id and r.id = l.registration_id \
         where l.organization_id = $1 and l.stream_id = $2";
    let rows = sql::all(store.read(), text, [organization.into(), stream.into()]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "n")?)))
        .collect()
}

/// The leads of a stream with what their registrations say of them, whoever was granted it.
///
/// # Errors
/// When the database fails.
pub async fn hidden_texts(
    store: &Store,
    organization: OrganizationId,
    stream: OfferId,
) -> Result<HashMap<LeadId, String>, DbErr> {
    let text = "select l.id, coalesce(r.company, '') || ' ' || coalesce(r.city, '') || ' ' || coalesce(r.phone, '') || ' ' \
         || coalesce(r.job_title, '') || ' ' || coalesce(r.social_profile, '') as says from lead l join registration r \
         on r.organization_id = l.organization_id and r.id = l.registration_id where l.organization_id = $1 and l.stream_id = $2";
    let rows = sql::all(store.read(), text, [organization.into(), stream.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.try_get("", "id")?,
                row.try_get::<String>("", "says")?.to_lowercase(),
            ))
        })
        .collect()
}

/// The sum of the revisions of the registrations behind a stream's live leads.
///
/// # Errors
/// When the database fails.
pub async fn revisions(store: &Store, organization: OrganizationId, stream: OfferId) -> Result<i64, DbErr> {
    let text = "select cast(coalesce(sum(r.revision), 0) as bigint) as n from lead l join registration r \
         on r.organization_id = l.organization_id and r.id = l.registration_id \
         where l.organization_id = $1 and l.stream_id = $2 and l.state = 1";
    number(store, text, vec![organization.into(), stream.into()]).await
}

/// How often each registration's decisions about sharing were changed.
///
/// # Errors
/// When the database fails.
pub async fn decisions(store: &Store, organization: OrganizationId) -> Result<HashMap<RegistrationId, i64>, DbErr> {
    let text = "select id, consent_revision from registration where organization_id = $1";
    let rows = sql::all(store.read(), text, [organization.into()]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "consent_revision")?)))
        .collect()
}

/// Whether there is such an event partner, whoever it is.
///
/// # Errors
/// When the database fails.
pub async fn is_event_partner(store: &Store, id: EventPartnerId) -> Result<bool, DbErr> {
    let text = "select count(*) as n from event_partner where id = $1";
    Ok(number(store, text, vec![id.into()]).await? > 0)
}

/// The minute in which somebody last registered at the organization.
///
/// # Errors
/// When the database fails.
pub async fn last_registration(store: &Store, organization: OrganizationId) -> Result<Instant, DbErr> {
    let text = "select coalesce(max(created_at), 0) as n from registration where organization_id = $1";
    let at = number(store, text, vec![organization.into()]).await?;
    Ok(Instant(at - at.rem_euclid(60_000_000)))
}

async fn number(store: &Store, text: &str, values: Vec<Value>) -> Result<i64, DbErr> {
    sql::one(store.read(), text, values).await?.try_get("", "n")
}
