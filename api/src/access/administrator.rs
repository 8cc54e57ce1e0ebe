//! A partner's administrators: members of its staff who also ask for it.
//!
//! What they do concerns their own partner alone, at its own places: whose a thing is, is looked up before anything else, and
//! unknown, foreign and forbidden are one answer. They are no team members: nothing of a registration is within reach.

use consentry_domain::{
    AccountId, ActorKind, EventId, EventPartnerId, OfferId, OrganizationId, PartnerId, PartnerMemberId, PartnerTokenId,
};
use sea_orm::{DbErr, QueryResult, Value};
use uuid::Uuid;

use super::rights::ManagePartners;
use super::{Authorized, Caller, EventScope, OrganizationScope};
use crate::platform::store::{Store, sql};
use crate::platform::{Platform, Refused};

/// A partner that an account administers. Only this module makes one.
#[derive(Clone, Copy, Debug)]
pub struct AdministeredPartner {
    organization: OrganizationId,
    partner: PartnerId,
    account: AccountId,
}

impl AdministeredPartner {
    /// The tenant.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The company.
    #[must_use]
    pub fn partner(&self) -> PartnerId {
        self.partner
    }
}

/// The place of such a partner at an event. Only this module makes one.
#[derive(Clone, Copy, Debug)]
pub struct AdministeredPlace {
    of: AdministeredPartner,
    event: EventId,
    event_partner: EventPartnerId,
}

impl AdministeredPlace {
    /// The partner.
    #[must_use]
    pub fn of(&self) -> &AdministeredPartner {
        &self.of
    }

    /// The place.
    #[must_use]
    pub fn event_partner(&self) -> EventPartnerId {
        self.event_partner
    }
}

/// Something that belongs to a partner: the statement finds its `partner_id`, in the organization `$1`, by the id `$2`.
pub trait OfPartner: Copy + Into<Uuid> {
    /// The statement.
    const PARTNER: &'static str;
}

impl OfPartner for PartnerId {
    const PARTNER: &'static str = "select id as partner_id from partner where organization_id = $1 and id = $2";
}

impl OfPartner for PartnerMemberId {
    const PARTNER: &'static str =
        "select partner_id from partner_token where organization_id = $1 and id = $2 and account_id is not null";
}

impl OfPartner for PartnerTokenId {
    const PARTNER: &'static str =
        "select partner_id from partner_token where organization_id = $1 and id = $2 and account_id is null";
}

/// Something that belongs to a partner's place at an event: the statement finds the place, as [`OfPartner`]'s does.
pub trait OfPlace: Copy + Into<Uuid> {
    /// The statement.
    const PLACE: &'static str;
}

macro_rules! of_place {
    ($($id:ty = $from:literal),* $(,)?) => {$(
        impl OfPlace for $id {
            const PLACE: &'static str = concat!("select p.partner_id, p.event_id, p.id as event_partner_id from ", $from);
        }
    )*};
}

of_place! {
    EventPartnerId = "event_partner p where p.organization_id = $1 and p.id = $2",
    OfferId = "sharing_offer o join event_partner p on p.organization_id = o.organization_id and p.id = o.event_partner_id \
        where o.organization_id = $1 and o.id = $2",
}

/// Asks whether the caller administers the partner of this.
///
/// # Errors
/// [`Refused::Unauthenticated`] when nobody is signed in; not found for whatever other reason.
pub async fn administrator_of<T: OfPartner>(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
    id: T,
) -> Result<AdministeredPartner, Refused> {
    let (own, _) = found(platform, caller, organization, T::PARTNER, id.into()).await?;
    Ok(own)
}

/// Asks whether the caller administers the partner of the place to which this belongs.
///
/// # Errors
/// As [`administrator_of`].
pub async fn administrator_at<T: OfPlace>(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
    id: T,
) -> Result<AdministeredPlace, Refused> {
    let (of, row) = found(platform, caller, organization, T::PLACE, id.into()).await?;
    Ok(AdministeredPlace {
        of,
        event: row.try_get("", "event_id")?,
        event_partner: row.try_get("", "event_partner_id")?,
    })
}

/// The partner that a statement finds for this id, if the caller administers it; and what else it found.
async fn found(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
    statement: &str,
    id: Uuid,
) -> Result<(AdministeredPartner, QueryResult), Refused> {
    let account = caller.signed_in().ok_or(Refused::Unauthenticated)?.account();
    let values: [Value; 2] = [organization.into(), id.into()];
    let row = sql::optional(platform.store.read(), statement, values).await?;
    let row = row.ok_or_else(|| Refused::not_found(""))?;
    let of = AdministeredPartner {
        organization,
        partner: row.try_get("", "partner_id")?,
        account,
    };
    if administers(&platform.store, &of).await? {
        Ok((of, row))
    } else {
        Err(Refused::not_found(""))
    }
}

/// Whether the account holds an administrator's seat at the partner now, and the partner is active.
async fn administers(store: &Store, of: &AdministeredPartner) -> Result<bool, DbErr> {
    let now = sql::now(store.engine(), 1);
    let text = format!(
        "select 1 as one from partner_token t join partner p on p.organization_id = t.organization_id and p.id = t.partner_id \
         where t.organization_id = $2 and t.partner_id = $3 and t.account_id = $4 and t.member_role = 'ADMINISTRATOR' \
         and t.revoked_at is null and t.not_before <= {now} and t.expires_at > {now} and p.active limit 1"
    );
    let values = [
        sql::now_value(store),
        of.organization.into(),
        of.partner.into(),
        of.account.into(),
    ];
    Ok(sql::optional(store.read(), &text, values).await?.is_some())
}

mod sealed {
    /// Nobody else says that somebody may.
    pub trait Sealed {}
}

/// Who may ask attendees for something at an event on a partner's behalf: the organizer's staff for each of its partners, a
/// partner's administrator for their own.
pub trait MayAsk: sealed::Sealed + Sync {
    /// The tenant.
    fn organization(&self) -> OrganizationId;
    /// The event.
    fn event(&self) -> EventId;
    /// Who does it.
    fn account(&self) -> AccountId;
    /// As what.
    fn kind(&self) -> ActorKind;
    /// Whether it may be for this partner of the event.
    fn may_ask_for(&self, event_partner: EventPartnerId) -> bool;
}

impl sealed::Sealed for Authorized<EventScope, ManagePartners> {}

impl MayAsk for Authorized<EventScope, ManagePartners> {
    fn organization(&self) -> OrganizationId {
        self.scope().organization
    }
    fn event(&self) -> EventId {
        self.scope().event
    }
    fn account(&self) -> AccountId {
        self.actor()
    }
    fn kind(&self) -> ActorKind {
        ActorKind::Staff
    }
    fn may_ask_for(&self, _: EventPartnerId) -> bool {
        true
    }
}

impl sealed::Sealed for AdministeredPlace {}

impl MayAsk for AdministeredPlace {
    fn organization(&self) -> OrganizationId {
        self.of.organization
    }
    fn event(&self) -> EventId {
        self.event
    }
    fn account(&self) -> AccountId {
        self.of.account
    }
    fn kind(&self) -> ActorKind {
        ActorKind::Partner
    }
    fn may_ask_for(&self, event_partner: EventPartnerId) -> bool {
        self.event_partner == event_partner
    }
}

/// Who may issue and revoke a partner's tokens: the organizer's staff, and the partner's own administrators.
pub trait MayIssue: sealed::Sealed + Sync {
    /// The tenant.
    fn organization(&self) -> OrganizationId;
    /// Who does it.
    fn account(&self) -> AccountId;
    /// As what.
    fn kind(&self) -> ActorKind;
    /// Whether it may be for this partner.
    fn may_issue_for(&self, partner: PartnerId) -> bool;
}

impl sealed::Sealed for Authorized<OrganizationScope, ManagePartners> {}

impl MayIssue for Authorized<OrganizationScope, ManagePartners> {
    fn organization(&self) -> OrganizationId {
        self.scope().organization
    }
    fn account(&self) -> AccountId {
        self.actor()
    }
    fn kind(&self) -> ActorKind {
        ActorKind::Staff
    }
    fn may_issue_for(&self, _: PartnerId) -> bool {
        true
    }
}

impl sealed::Sealed for AdministeredPartner {}

impl MayIssue for AdministeredPartner {
    fn organization(&self) -> OrganizationId {
        self.organization
    }
    fn account(&self) -> AccountId {
        self.account
    }
    fn kind(&self) -> ActorKind {
        ActorKind::Partner
    }
    fn may_issue_for(&self, partner: PartnerId) -> bool {
        self.partner == partner
    }
}
