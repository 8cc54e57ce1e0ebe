//! What a partner's administrators see of their own side: places, offers in every state, drafts, tokens. Nothing here comes
//! from a registration.

use async_graphql::{Context, ID, Object, Result};
use consentry_domain::EventPartnerId;
use uuid::Uuid;

use super::PartnerToken;
use super::place::AdministeredPlace;
use crate::access::AdministeredPartner;
use crate::connection;
use crate::graphql::connection::Page;
use crate::graphql::{errors, ids, platform};
use crate::services::{partners, tokens};

/// The name of the list of places, for cursors.
const PLACES: &[u8] = b"administered places";

/// What an administrator does for the partner.
pub struct PartnerAdministration {
    own: AdministeredPartner,
}

impl From<AdministeredPartner> for PartnerAdministration {
    fn from(own: AdministeredPartner) -> Self {
        Self { own }
    }
}

/// What an administrator does for the partner.
#[Object]
impl PartnerAdministration {
    /// The partner: what `issueOwnToken` takes.
    async fn partner_id(&self) -> ID {
        ids::encode(self.own.organization(), self.own.partner())
    }

    /// The partner's places at events, in the order in which it was added to them, also where nothing was asked yet.
    async fn places(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
    ) -> Result<AdministeredPlaceConnection> {
        let platform = platform(ctx);
        let page = Page::parse(platform, PLACES, first, after)?;
        let after = page
            .after
            .as_deref()
            .and_then(|place| Uuid::from_slice(place).ok())
            .map(EventPartnerId);
        let found = partners::own_places(&platform.store, &self.own, page.first, after).await;
        let mut found = found.map_err(|fault| errors::internal(&fault))?;
        let size = usize::try_from(page.first).unwrap_or(usize::MAX);
        let has_next_page = found.len() > size;
        found.truncate(size);
        let entries = found
            .into_iter()
            .map(|place| (place.row.id.0.as_bytes().to_vec(), place.into()));
        let entries = entries.collect();
        Ok(AdministeredPlaceConnection::new(
            platform,
            PLACES,
            &page,
            has_next_page,
            entries,
        ))
    }

    /// One of them.
    async fn place(&self, ctx: &Context<'_>, event_partner_id: ID) -> Result<Option<AdministeredPlace>> {
        let Some(id) = ids::own::<EventPartnerId>(self.own.organization(), &event_partner_id) else {
            return Ok(None);
        };
        let found = partners::own_place(&platform(ctx).store, &self.own, id).await;
        Ok(found
            .map_err(|fault| errors::internal(&fault))?
            .map(AdministeredPlace::from))
    }

    /// The partner's tokens, the revoked ones included, in the order in which they were issued.
    async fn tokens(&self, ctx: &Context<'_>) -> Result<Vec<PartnerToken>> {
        let found = tokens::of_administered(&platform(ctx).store, &self.own).await;
        let found = found.map_err(|fault| errors::internal(&fault))?;
        Ok(found.into_iter().map(PartnerToken::from).collect())
    }
}

connection!(AdministeredPlaceConnection, AdministeredPlaceEdge, AdministeredPlace);
