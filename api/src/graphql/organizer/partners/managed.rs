//! Partners and their offers, as staff see them: in every state, and never who decided what.

use std::sync::Arc;

use async_graphql::{ID, Object, Result};
use consentry_domain::{EventPartnerId, OfferId};
use consentry_entity::partner;
use tokio::sync::OnceCell;

use super::FoundOffer;
use super::version::ManagedOfferVersion;
use crate::access::rights::ViewOrganization;
use crate::access::{Authorized, EventScope};
use crate::connection;
use crate::graphql::partner::PartnerToken;
use crate::graphql::public::{Event, PrivacyNotice};
use crate::graphql::vocabulary::{PartnerRole, Purpose};
use crate::graphql::{errors, ids, platform};
use crate::platform::Fault;
use crate::platform::store::Store;
use crate::services::sharing::offers::{Offer, PartnerAtEvent, Version};
use crate::services::sharing::questions::Shareable;
use crate::services::tokens::{self, TokenView};

/// A company with which the organization shares.
#[derive(Clone)]
pub struct Partner {
    row: partner::Model,
}

impl From<partner::Model> for Partner {
    fn from(row: partner::Model) -> Self {
        Self { row }
    }
}

/// A company with which the organization shares.
#[Object]
impl Partner {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.row.organization_id, self.row.id)
    }
    /// As people know it.
    async fn display_name(&self) -> &str {
        &self.row.display_name
    }
    /// As it is registered.
    async fn legal_name(&self) -> &str {
        &self.row.legal_name
    }
    /// ISO 3166-1 alpha-2.
    async fn country(&self) -> &str {
        &self.row.country
    }
    /// Whom the organization writes to.
    async fn contact_email(&self) -> &str {
        &self.row.contact_email
    }
    /// Whether this is the organization itself, as the host of its events.
    async fn is_organization(&self) -> bool {
        self.row.is_organization
    }
    /// Whether anything is shared with it.
    async fn active(&self) -> bool {
        self.row.active
    }
    /// Raised by each change; sent back with the next one.
    async fn revision(&self) -> i64 {
        self.row.revision
    }
}

connection!(PartnerConnection, PartnerEdge, Partner);

/// What belongs to an event's partners: read once, shared by all of them.
#[derive(Clone)]
pub struct Context {
    /// The event.
    pub event: Event,
    /// What the bits of its masks mean.
    pub questions: Arc<Shareable>,
    /// The tokens that read of it.
    pub tokens: Arc<EventTokens>,
}

/// The tokens that read of an event, read when the first of its partners is asked for them.
pub struct EventTokens {
    authorized: Authorized<EventScope, ViewOrganization>,
    found: OnceCell<Vec<TokenView>>,
}

impl EventTokens {
    /// None is read yet.
    #[must_use]
    pub fn new(authorized: Authorized<EventScope, ViewOrganization>) -> Self {
        Self {
            authorized,
            found: OnceCell::new(),
        }
    }

    /// Those that read of this partner, each as far as it does.
    async fn of(&self, store: &Store, partner: EventPartnerId) -> Result<Vec<TokenView>, Fault> {
        let found = self.found.get_or_try_init(|| tokens::of_event(store, &self.authorized));
        let found = found.await?.iter().cloned();
        let reading = found.filter_map(|mut token| {
            token.scopes.retain(|scope| scope.event_partner == partner);
            (!token.scopes.is_empty()).then_some(token)
        });
        Ok(reading.collect())
    }
}

/// A partner in its role at an event, as staff see it.
#[derive(Clone)]
pub struct ManagedEventPartner {
    context: Context,
    partner: PartnerAtEvent,
}

impl ManagedEventPartner {
    pub(crate) fn new(context: Context, partner: PartnerAtEvent) -> Self {
        Self { context, partner }
    }

    /// Its offers, by their ids.
    pub(super) fn found(&self) -> impl Iterator<Item = (OfferId, FoundOffer)> {
        self.partner.offers.iter().map(|offer| {
            let found = FoundOffer {
                partner: self.clone(),
                offer: ManagedOffer::new(self.context.clone(), offer.clone()),
                context: self.context.clone(),
            };
            (offer.row.id, found)
        })
    }
}

/// A partner in its role at an event, as staff see it.
#[Object]
impl ManagedEventPartner {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.partner.row.organization_id, self.partner.row.id)
    }
    /// The company.
    async fn partner(&self) -> Partner {
        self.partner.partner.clone().into()
    }
    /// What it is at this event.
    async fn role(&self) -> PartnerRole {
        self.partner.row.role.into()
    }
    /// How it treats what it receives. An offer can be requested only once the file's SHA-256 is known.
    async fn privacy_notice(&self) -> PrivacyNotice {
        PrivacyNotice::new(&self.partner.row.notice_url, self.partner.row.notice_hash.as_deref())
    }
    /// Whom attendees write to about their data.
    async fn contact_email(&self) -> &str {
        &self.partner.row.contact_email
    }
    /// Whether anything is shared with it at this event.
    async fn active(&self) -> bool {
        self.partner.row.active
    }
    /// Raised by each change; sent back with the next one.
    async fn revision(&self) -> i64 {
        self.partner.row.revision
    }
    /// What it asks for, in every state.
    async fn offers(&self) -> Vec<ManagedOffer> {
        let offers = self.partner.offers.iter().cloned();
        offers
            .map(|offer| ManagedOffer::new(self.context.clone(), offer))
            .collect()
    }
    /// The tokens that read of it, oldest first, without their secrets; of each what it reads here.
    async fn tokens(&self, ctx: &async_graphql::Context<'_>) -> Result<Vec<PartnerToken>> {
        let found = self.context.tokens.of(&platform(ctx).store, self.partner.row.id);
        let found = found.await.map_err(|fault| errors::internal(&fault))?;
        Ok(found.into_iter().map(PartnerToken::from).collect())
    }
}

/// What one partner asks for one purpose, as staff see it.
#[derive(Clone)]
pub struct ManagedOffer {
    context: Context,
    offer: Arc<Offer>,
}

impl ManagedOffer {
    pub(crate) fn new(context: Context, offer: Offer) -> Self {
        Self {
            context,
            offer: Arc::new(offer),
        }
    }

    fn shown(&self, version: &Version) -> ManagedOfferVersion {
        ManagedOfferVersion::new(self.context.clone(), self.offer.clone(), version.clone())
    }
}

/// What one partner asks for one purpose, as staff see it.
#[Object]
impl ManagedOffer {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.offer.row.organization_id, self.offer.row.id)
    }
    /// What for.
    async fn purpose(&self) -> Purpose {
        self.offer.row.purpose.into()
    }
    /// The version that attendees see.
    async fn in_force(&self) -> Option<ManagedOfferVersion> {
        self.offer.in_force().map(|version| self.shown(version))
    }
    /// The version that waits for a decision.
    async fn requested(&self) -> Option<ManagedOfferVersion> {
        self.offer.requested().map(|version| self.shown(version))
    }
    /// Every version, oldest first.
    async fn versions(&self) -> Vec<ManagedOfferVersion> {
        self.offer.versions.iter().map(|version| self.shown(version)).collect()
    }
}
