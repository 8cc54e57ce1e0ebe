//! `/partner/{member}/-/offers`: at which events the partner takes part, and what it asks there for each purpose.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::found::{self, Listed, base, in_address};
use crate::ask::Ask;
use crate::frame::{Frame, Width, name_of};
use crate::trouble::Trouble;
use crate::wish::PURPOSES;

#[derive(Template)]
#[template(path = "portal/places.html")]
struct Shown {
    frame: Frame,
    /// The pages above: address and name.
    above: [(String, String); 2],
    places: Vec<PlaceShown>,
}

struct PlaceShown {
    title: String,
    role: String,
    when: String,
    zone: String,
    is_active: bool,
    /// Whether nothing can be asked for, because the organizer does not know the notice.
    is_incomplete: bool,
    purposes: Vec<PurposeShown>,
    /// Where a token for it is issued, once something is approved.
    token: Option<String>,
}

/// Where a purpose stands at a place.
struct PurposeShown {
    address: String,
    name: String,
    /// Words and their colours.
    states: Vec<(String, &'static str)>,
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let (partner, places) = found::places(ask).await?;
    let mut frame = ask.frame(ask.language.say("asks-title"));
    frame.width = Width::Wide;
    let page = Shown {
        above: [("/partner".to_owned(), frame.say("portal-title")), (base(ask), partner)],
        places: places.iter().map(|place| shown(ask, &frame, place)).collect(),
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

fn shown(ask: &Ask, frame: &Frame, place: &Listed) -> PlaceShown {
    let purpose = |purpose: &&str| {
        let offer = place.offers.iter().find(|offer| name_of(&offer.purpose) == **purpose);
        let is_drafted = place.drafts.iter().any(|draft| name_of(&draft.purpose) == **purpose);
        let mut states = Vec::new();
        if offer.is_some_and(|offer| offer.version_in_force.is_some()) {
            states.push((frame.say("offer-state-approved"), "good"));
        }
        if offer.is_some_and(|offer| offer.version_requested.is_some()) {
            states.push((frame.say("offer-state-requested"), "warn"));
        }
        if is_drafted {
            states.push((frame.say("asks-draft"), ""));
        }
        PurposeShown {
            address: format!("{}/{}/{}", ask.path(), place.id, in_address(purpose)),
            name: frame.of("purpose", purpose),
            states,
        }
    };
    let is_approved = place.offers.iter().any(|offer| offer.version_in_force.is_some());
    PlaceShown {
        title: place.event_title.clone(),
        role: frame.of("partner-role", &place.role),
        when: frame.span(&place.starts_at, &place.ends_at, &place.time_zone),
        zone: place.time_zone.clone(),
        is_active: place.active,
        is_incomplete: place.privacy_notice.sha256.is_none(),
        purposes: PURPOSES.iter().map(purpose).collect(),
        token: is_approved.then(|| format!("{}/-/tokens/{}", base(ask), place.id)),
    }
}
