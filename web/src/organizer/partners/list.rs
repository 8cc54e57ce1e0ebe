//! `/manage/{organization}/{event}/partners`: who may ask attendees for what, and what waits for a decision.

use askama::Template;
use jiff::Timestamp;
use poem::Response;
use poem::http::StatusCode;

use super::super::Place;
use super::found::{Found, Partner, in_force, is_active, requested};
use super::said;
use crate::ask::Ask;
use crate::frame::{Frame, Width, name_of};
use crate::trouble::Trouble;

/// The roles, in the order in which they come.
const ROLES: [&str; 3] = ["HOST", "CO_SPONSOR", "EXHIBITOR"];

#[derive(Template)]
#[template(path = "organizer/partners/list.html")]
struct Shown {
    frame: Frame,
    place: Place,
    list: String,
    waiting: Vec<Waiting>,
    groups: Vec<(String, Vec<Listed>)>,
}

/// An offer that waits for a decision.
struct Waiting {
    address: String,
    partner: String,
    purpose: String,
    asks: String,
    /// Whether it is new, or changes what is in force.
    kind: String,
}

struct Listed {
    address: String,
    name: String,
    legal_name: String,
    is_active: bool,
    /// Why nothing can be asked for it.
    missing: Option<String>,
    stands: Vec<String>,
    tokens: Option<String>,
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let found = Found::at(ask).await?;
    let mut frame = ask.frame(ask.language.say("partners"));
    frame.width = Width::Wide;
    let (partners, now) = (&found.event.partners, ask.now()?);
    let waiting = partners
        .iter()
        .flat_map(|partner| waiting(&frame, &found, partner))
        .collect();
    let group = |role: &str| {
        let its: Vec<&Partner> = partners
            .iter()
            .filter(|partner| name_of(&partner.role) == role)
            .collect();
        let name = its.first().map(|partner| frame.of("partner-group", &partner.role));
        name.map(|name| {
            (
                name,
                its.into_iter()
                    .map(|partner| listed(&frame, &found, partner, now))
                    .collect(),
            )
        })
    };
    let page = Shown {
        waiting,
        groups: ROLES.into_iter().filter_map(group).collect(),
        list: found.list(),
        place: found.place,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

fn waiting(frame: &Frame, found: &Found, partner: &Partner) -> Vec<Waiting> {
    let waiting = partner.offers.iter().filter_map(|offer| {
        let version = requested(offer)?;
        Some(Waiting {
            address: format!("{}/offers/{}", found.address(partner), offer.id),
            partner: partner.partner.display_name.clone(),
            purpose: frame.of("purpose", &offer.purpose),
            asks: said::asks(frame, offer, version),
            kind: frame.say(if in_force(offer).is_some() {
                "offer-changes"
            } else {
                "offer-new"
            }),
        })
    });
    waiting.collect()
}

fn listed(frame: &Frame, found: &Found, partner: &Partner, now: Timestamp) -> Listed {
    let stands = partner.offers.iter().filter_map(|offer| {
        let version = in_force(offer)?;
        Some(said::stands(frame, offer, version, found.zone()))
    });
    let mut stands: Vec<String> = stands.collect();
    if stands.is_empty() {
        stands.push(frame.say("offer-nothing"));
    }
    Listed {
        address: found.address(partner),
        name: partner.partner.display_name.clone(),
        legal_name: partner.partner.legal_name.clone(),
        is_active: is_active(partner),
        missing: said::missing_of(frame, partner),
        stands,
        tokens: said::tokens(frame, partner, now),
    }
}
