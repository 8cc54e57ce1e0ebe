//! What an administrator looks at.

use super::documents::{OwnPlace, OwnPlaces, own_place, own_places};
use crate::ask::Ask;
use crate::frame::name_of;
use crate::trouble::Trouble;
use crate::wish::PURPOSES;

pub(super) use own_place::{
    OwnPlacePartnerAdministrationPlace as Place, OwnPlacePartnerAdministrationPlaceDrafts as Draft,
    OwnPlacePartnerAdministrationPlaceOffers as Offer, OwnPlacePartnerAdministrationPlaceOffersVersions as Version,
    OwnPlacePartnerAdministrationPlaceOffersVersionsFields as Field, OwnPlacePartnerPartner as Company,
};
pub(super) use own_places::OwnPlacesPartnerAdministrationPlacesEdgesNode as Listed;

/// The partner's name and its places; not there for whoever does not administer it. The newest event comes first.
pub(super) async fn places(ask: &Ask) -> Result<(String, Vec<Listed>), Trouble> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let variables = own_places::Variables {
            member: ask.param("member").to_owned(),
            after,
            locale: Some(ask.language.code().to_owned()),
        };
        let found = ask.visitor.ask::<OwnPlaces>(variables).await?;
        let found = found.partner.ok_or(Trouble::NotFound)?;
        let places = found.administration.ok_or(Trouble::NotFound)?.places;
        all.extend(places.edges.into_iter().map(|edge| edge.node));
        if !places.page_info.has_next_page || places.page_info.end_cursor.is_none() {
            all.sort_by(|one, other| other.starts_at.cmp(&one.starts_at));
            return Ok((found.partner.display_name, all));
        }
        after = places.page_info.end_cursor;
    }
}

/// The partner with the place of this address.
pub(super) async fn place(ask: &Ask) -> Result<(Company, Place), Trouble> {
    let variables = own_place::Variables {
        member: ask.param("member").to_owned(),
        place: ask.param("place").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<OwnPlace>(variables).await?;
    let found = found.partner.ok_or(Trouble::NotFound)?;
    let place = found.administration.and_then(|own| own.place);
    Ok((found.partner, place.ok_or(Trouble::NotFound)?))
}

/// The purpose of this address, as the schema writes it.
pub(super) fn purpose(ask: &Ask) -> Result<&'static str, Trouble> {
    let named = |purpose: &&&str| in_address(purpose) == ask.param("purpose");
    PURPOSES.iter().find(named).copied().ok_or(Trouble::NotFound)
}

/// A purpose as it stands in an address.
pub(super) fn in_address(purpose: &str) -> String {
    purpose.to_ascii_lowercase().replace('_', "-")
}

/// The version of this number.
pub(super) fn version(offer: &Offer, number: Option<i64>) -> Option<&Version> {
    offer.versions.iter().find(|version| Some(version.version) == number)
}

/// What was approved at a place: purposes with their fields.
pub(super) fn approved(place: &Place) -> impl Iterator<Item = (String, &[Field])> {
    let approved = place.offers.iter();
    approved.filter_map(|offer| {
        let version = version(offer, offer.version_in_force)?;
        Some((name_of(&offer.purpose), version.fields.as_slice()))
    })
}

/// The address of this partner's pages.
pub(super) fn base(ask: &Ask) -> String {
    format!("/partner/{}", ask.param("member"))
}
