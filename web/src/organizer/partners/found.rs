//! The event with its partners, as every page here starts with it.

use super::super::{Part, Place};
use super::documents::{AtEvent, at_event};
use crate::ask::Ask;
use crate::trouble::Trouble;

pub(super) use at_event::{
    AtEventOrganizationEvent as Event, AtEventOrganizationEventPartners as Partner,
    AtEventOrganizationEventPartnersOffers as Offer, AtEventOrganizationEventPartnersOffersVersions as Version,
    AtEventOrganizationEventPartnersOffersVersionsDifference as Difference,
    AtEventOrganizationEventPartnersOffersVersionsFields as Field,
    AtEventOrganizationEventQuestionsQuestion as Question,
};

/// The event with its partners, and whoever looks at it.
pub(super) struct Found {
    pub(super) event: Event,
    pub(super) place: Place,
}

impl Found {
    /// The event of this address; not there for whoever may not see its partners.
    pub(super) async fn at(ask: &Ask) -> Result<Self, Trouble> {
        let variables = at_event::Variables {
            organization: ask.param("organization").to_owned(),
            slug: ask.param("slug").to_owned(),
            locale: Some(ask.language.code().to_owned()),
        };
        let found = ask.visitor.ask::<AtEvent>(variables).await?;
        let organization = found.organization.ok_or(Trouble::NotFound)?;
        let event = organization.event.ok_or(Trouble::NotFound)?;
        let about = organization.organization;
        let place = Place::find(ask, &about.name, (&event.id, &event.event.title), Part::Partners).await?;
        Ok(Self { event, place })
    }

    /// The same for whoever may change something; not there for anybody else.
    pub(super) async fn to_manage(ask: &Ask) -> Result<Self, Trouble> {
        let found = Self::at(ask).await?;
        if found.place.may_manage_partners() {
            Ok(found)
        } else {
            Err(Trouble::NotFound)
        }
    }

    /// The partner of this address.
    pub(super) fn partner(&self, ask: &Ask) -> Result<&Partner, Trouble> {
        let id = ask.param("partner");
        let found = self.event.partners.iter().find(|partner| partner.id == id);
        found.ok_or(Trouble::NotFound)
    }

    /// The partner of this address with one of its offers.
    pub(super) fn offer(&self, ask: &Ask) -> Result<(&Partner, &Offer), Trouble> {
        let partner = self.partner(ask)?;
        let id = ask.param("offer");
        let found = partner.offers.iter().find(|offer| offer.id == id);
        Ok((partner, found.ok_or(Trouble::NotFound)?))
    }

    /// The address of the list.
    pub(super) fn list(&self) -> String {
        format!("{}/partners", self.place.base)
    }

    /// The address of a partner.
    pub(super) fn address(&self, partner: &Partner) -> String {
        format!("{}/{}", self.list(), partner.id)
    }

    pub(super) fn zone(&self) -> &str {
        &self.event.event.time_zone
    }
}

/// The version that attendees see.
pub(super) fn in_force(offer: &Offer) -> Option<&Version> {
    let number = offer.in_force.as_ref()?.version;
    offer.versions.iter().find(|version| version.version == number)
}

/// The version that waits for a decision.
pub(super) fn requested(offer: &Offer) -> Option<&Version> {
    let number = offer.requested.as_ref()?.version;
    offer.versions.iter().find(|version| version.version == number)
}

/// Whether anything is shared with it here at all.
pub(super) fn is_active(partner: &Partner) -> bool {
    partner.active && partner.partner.active
}
