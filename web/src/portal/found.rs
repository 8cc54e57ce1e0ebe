//! What a member of a partner's staff may reach.

use jiff::Timestamp;

use super::documents::{Places, places as of};
use crate::ask::Ask;
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;

pub(super) use of::PlacesPartnerEventPartnersEdgesNode as Place;
pub(super) use of::PlacesPartnerEventPartnersEdgesNodeOffers as Offer;
pub(super) use of::PlacesPartnerEventPartnersEdgesNodeOffersFields as Field;
pub(super) use of::PlacesPartnerPartner as Company;

/// The partner of this address with its places at events; not there for whoever is no member of its staff.
pub(super) async fn places(ask: &Ask) -> Result<(Company, Vec<Place>), Trouble> {
    let (company, places, _) = with_role(ask).await?;
    Ok((company, places))
}

/// The same, and whether its reader administers the partner.
pub(super) async fn with_role(ask: &Ask) -> Result<(Company, Vec<Place>, bool), Trouble> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let variables = of::Variables {
            member: ask.param("member").to_owned(),
            after,
            locale: Some(ask.language.code().to_owned()),
        };
        let found = ask.visitor.ask::<Places>(variables).await?;
        let found = found.partner.ok_or(Trouble::NotFound)?;
        all.extend(found.event_partners.edges.into_iter().map(|edge| edge.node));
        let info = found.event_partners.page_info;
        if !info.has_next_page || info.end_cursor.is_none() {
            // The newest event comes first.
            all.sort_by(|one, other| other.starts_at.cmp(&one.starts_at));
            return Ok((found.partner, all, found.administration.is_some()));
        }
        after = info.end_cursor;
    }
}

/// The offer that this address names: of which place, and for what.
pub(super) async fn offer(ask: &Ask) -> Result<(Company, Place, Offer), Trouble> {
    let (company, places) = places(ask).await?;
    let place = places.into_iter().find(|place| place.id == ask.param("place"));
    let place = place.ok_or(Trouble::NotFound)?;
    let named = |offer: &&Offer| in_address(offer) == ask.param("purpose");
    let offer = place.offers.iter().find(named).cloned().ok_or(Trouble::NotFound)?;
    Ok((company, place, offer))
}

/// On which clock a place's times are told.
pub(super) fn zone(place: &Place) -> &str {
    place.time_zone.as_deref().unwrap_or("UTC")
}

/// What may be received for this purpose; and why nothing is at present, where that is so.
pub(super) fn standing(frame: &Frame, place: &Place, offer: &Offer, now: Timestamp) -> (String, Option<String>) {
    let labels: Vec<&str> = offer.fields.iter().map(|field| field.label.as_str()).collect();
    let fields = labels.join(", ");
    if offer.open {
        return (frame.say1("portal-fields", "fields", &fields), None);
    }
    let told = |key, at: &Option<String>| {
        let at = at.as_deref().map(|at| frame.moment(at, zone(place)));
        frame.say1(key, "when", &at.unwrap_or_default())
    };
    let is_to_come = |at: &String| at.parse::<Timestamp>().is_ok_and(|starts| starts > now);
    let why = if !place.active {
        frame.say("asks-inactive")
    } else if offer.starts_at.as_ref().is_some_and(is_to_come) {
        told("portal-to-come", &offer.starts_at)
    } else {
        told("portal-over", &offer.ends_at)
    };
    (frame.say1("portal-fields-closed", "fields", &fields), Some(why))
}

/// A purpose as it stands in an address.
pub(super) fn in_address(offer: &Offer) -> String {
    name_of(&offer.purpose).to_ascii_lowercase().replace('_', "-")
}
