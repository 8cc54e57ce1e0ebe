//! What a token reaches. Each field looks the token up for itself, where it is used, and every refusal is one answer.

use async_graphql::{Context, Error, ID, Object, Result, SimpleObject};
use consentry_domain::EventPartnerId;
use tokio::sync::Mutex;

use super::administration::PartnerAdministration;
use super::event::{PartnerEvent, PartnerEventConnection};
use super::page::{LeadPage, Selected};
use super::search::{LeadFilter, LeadSort, wanted};
use super::token::PartnerToken;
use crate::access::{PartnerCredential, Seat, administrator_of};
use crate::graphql::connection::Page;
use crate::graphql::vocabulary::Purpose;
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::Refused;
use crate::services::disclosure::pull::{self, PageRequest};
use crate::services::disclosure::view;

/// What this token, or this member of a partner's staff, may reach.
pub struct PartnerAccess {
    credential: PartnerCredential,
    /// Whose it is, where a member of a partner's staff asks.
    seat: Option<Seat>,
    /// One field after the other: the executor shows fields in the order in which they are done, and the order of an
    /// answer must not tell how long something took.
    turn: Mutex<()>,
}

impl PartnerAccess {
    /// For whoever holds this token.
    #[must_use]
    pub fn new(credential: PartnerCredential) -> Self {
        Self {
            credential,
            seat: None,
            turn: Mutex::new(()),
        }
    }

    /// For a member of a partner's staff.
    pub(super) fn of_member(seat: Seat, credential: PartnerCredential) -> Self {
        Self {
            credential,
            seat: Some(seat),
            turn: Mutex::new(()),
        }
    }
}

/// The company that reads.
#[derive(SimpleObject)]
pub struct PartnerCompany {
    /// Opaque.
    id: ID,
    /// As people know it.
    display_name: String,
    /// As it is registered.
    legal_name: String,
    /// ISO 3166-1 alpha-2.
    country: String,
}

impl From<Seat> for PartnerCompany {
    fn from(seat: Seat) -> Self {
        Self {
            id: ids::encode(seat.organization, seat.partner),
            display_name: seat.display_name,
            legal_name: seat.legal_name,
            country: seat.country,
        }
    }
}

/// What this token, or this member of a partner's staff, may reach.
#[Object]
impl PartnerAccess {
    /// Whose token it is, or of whose staff one is.
    async fn partner(&self, ctx: &Context<'_>) -> Result<PartnerCompany> {
        if let Some(seat) = &self.seat {
            return Ok(seat.clone().into());
        }
        let _turn = self.turn.lock().await;
        let holder = view::holder(platform(ctx), &self.credential).await.map_err(refusal)?;
        Ok(PartnerCompany {
            id: ids::encode(holder.organization, holder.partner),
            display_name: holder.facts.display_name,
            legal_name: holder.facts.legal_name,
            country: holder.facts.country,
        })
    }

    /// The token itself; absent where a member of a partner's staff asks.
    async fn token(&self, ctx: &Context<'_>) -> Result<Option<PartnerToken>> {
        if self.seat.is_some() {
            return Ok(None);
        }
        let _turn = self.turn.lock().await;
        let holder = view::holder(platform(ctx), &self.credential).await.map_err(refusal)?;
        Ok(Some(holder.token.into()))
    }

    /// What an administrator does for the partner; absent where a token asks, or a member who reads only.
    async fn administration(&self, ctx: &Context<'_>) -> Result<Option<PartnerAdministration>> {
        let Some(seat) = &self.seat else {
            return Ok(None);
        };
        let own = administrator_of(platform(ctx), caller(ctx), seat.organization, seat.id).await;
        Ok(errors::absent(own)?.map(PartnerAdministration::from))
    }

    /// Your places at events, as far as the token covers them.
    async fn event_partners(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
    ) -> Result<PartnerEventConnection> {
        let _turn = self.turn.lock().await;
        let platform = platform(ctx);
        let page = Page::parse(platform, view::COVERED, first, after)?;
        let covered = view::covered(platform, &self.credential, page.first, page.after.as_deref())
            .await
            .map_err(refusal)?;
        let entries = covered
            .entries
            .into_iter()
            .map(|entry| (entry.event_partner.0.as_bytes().to_vec(), PartnerEvent::from(entry)));
        Ok(PartnerEventConnection::new(
            platform,
            view::COVERED,
            &page,
            covered.has_next_page,
            entries.collect(),
        ))
    }

    /// The leads of one of your places at an event for one purpose, in the order of their random ids or another. The id may be
    /// left out where the token covers just one. What is selected is recorded as disclosed to you; a request pulls at most
    /// once. A search reads a part of many leads at a time: go on while there is a next page.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a field")]
    async fn leads(
        &self,
        ctx: &Context<'_>,
        event_partner_id: Option<ID>,
        purpose: Purpose,
        first: i32,
        after: Option<String>,
        filter: Option<LeadFilter>,
        sort: Option<LeadSort>,
    ) -> Result<Option<LeadPage>> {
        let _turn = self.turn.lock().await;
        let first = u32::try_from(first)
            .ok()
            .filter(|first| (1..=100).contains(first))
            .ok_or_else(|| errors::bad_input("first: a number from 1 to 100 is expected."))?;
        let wanted = wanted(filter, sort.unwrap_or_default())?;
        first_pull(&self.credential)?;
        let event_partner = event_partner_id.map(|id| named(&id));
        let selected = Selected::of(ctx.field());
        let asked = PageRequest {
            event_partner,
            purpose: purpose.into(),
            first,
            after,
            wanted,
            selected: selected.fields(),
        };
        let pulled = pull::page(platform(ctx), &self.credential, &asked).await;
        #[cfg(feature = "planted-leaks")]
        let pulled = spoil(ctx, event_partner, pulled).await;
        let pulled = pulled.map_err(refusal)?;
        Ok(Some(LeadPage::new(platform(ctx).keys.clone(), pulled, selected)))
    }
}

/// Spoils an answer with the planted leak, if one is active.
#[cfg(feature = "planted-leaks")]
async fn spoil(
    ctx: &Context<'_>,
    asked: Option<EventPartnerId>,
    pulled: Result<pull::Pulled, Refused>,
) -> Result<pull::Pulled, Refused> {
    use crate::platform::Code;
    use crate::platform::leaks::{self, Leak};
    let platform = platform(ctx);
    match (platform.leak, pulled) {
        (Leak::TotalCount, Ok(pulled)) => {
            let count = leaks::registrations(&platform.store, pulled.organization).await?;
            ctx.append_http_header("x-total-count", count.to_string());
            Ok(pulled)
        }
        (Leak::TagOfCorrections, Ok(pulled)) => {
            let tag = leaks::revisions(&platform.store, pulled.organization, pulled.stream.id).await?;
            ctx.append_http_header("etag", format!("\"{tag}\""));
            Ok(pulled)
        }
        (Leak::ExistsButNotYours, Err(Refused::Unauthenticated)) => {
            let there = leaks::is_event_partner(&platform.store, asked.unwrap_or(EventPartnerId(uuid::Uuid::nil())));
            Err(match there.await? {
                true => Refused::because("eventPartnerId", Code::Invalid, "This is not yours."),
                false => Refused::Unauthenticated,
            })
        }
        (_, pulled) => pulled,
    }
}

/// The event partner of this public id; one that nobody has where it is no such id, so that it is refused like any other.
fn named(id: &ID) -> EventPartnerId {
    ids::decode(id).map_or(EventPartnerId(uuid::Uuid::nil()), |(_, id)| id)
}

/// Counts the request's pull.
///
/// # Errors
/// When it is the second one.
pub(super) fn first_pull(credential: &PartnerCredential) -> Result<(), Error> {
    if credential.is_first_pull() {
        Ok(())
    } else {
        Err(errors::bad_input(
            "A request pulls leads at most once: send another one.",
        ))
    }
}

/// Every refusal of a token is this one, whatever the reason; what is wrong with an argument is said once the token is
/// good.
pub(super) fn refusal(refused: Refused) -> Error {
    match refused {
        Refused::Unauthenticated => errors::coded(
            "NOT_FOUND",
            "This token gives access to nothing here: it is unknown, not claimed, not yet valid, expired, revoked, used from \
             another address, or does not cover this event partner and purpose.",
        ),
        Refused::Problems(problems) => match problems.first() {
            Some(problem) => errors::bad_input(format!("{}: {}", problem.field.join("."), problem.message)),
            None => errors::bad_input("The arguments are not understood."),
        },
        Refused::AuthenticatorRequired => errors::authenticator_required(),
        Refused::Fault(fault) => errors::internal(&fault),
    }
}
