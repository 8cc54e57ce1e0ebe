//! `/partner/{member}`: a partner's places at events, what it may ask, and where to see what was granted.

use askama::Template;
use jiff::Timestamp;
use poem::Response;
use poem::http::StatusCode;

use super::found::{self, Offer, Place, in_address, standing, zone};
use crate::ask::Ask;
use crate::frame::{Frame, Width, name_of};
use crate::trouble::Trouble;

/// Ready requests for programs, by language.
const EXAMPLES: [(&str, &str); 3] = [
    ("curl", include_str!("examples/curl.txt")),
    ("Python", include_str!("examples/python.txt")),
    ("JavaScript", include_str!("examples/javascript.txt")),
];

#[derive(Template)]
#[template(path = "portal/overview.html")]
struct Shown {
    frame: Frame,
    legal_name: String,
    places: Vec<Listed>,
    /// The address of these pages, for whoever administers the partner.
    asks: Option<String>,
    examples: Vec<(&'static str, String)>,
}

struct Listed {
    title: String,
    role: String,
    when: String,
    zone: String,
    is_active: bool,
    offers: Vec<Asked>,
}

/// What may be asked.
struct Asked {
    address: String,
    purpose: String,
    /// Whether it is open: words and their colour.
    state: (String, &'static str),
    fields: String,
    /// Why nothing is handed out, where that is so of this purpose alone.
    closed: Option<String>,
    text: String,
    facts: Vec<(String, String)>,
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let (company, places, may_ask) = found::with_role(ask).await?;
    let mut frame = ask.frame(company.display_name);
    frame.width = Width::Wide;
    let now = ask.now()?;
    let shown = |place: &Place| Listed {
        title: place.event_title.clone(),
        role: frame.of("partner-role", &place.role),
        when: frame.span(&place.starts_at, &place.ends_at, zone(place)),
        zone: zone(place).to_owned(),
        is_active: place.active,
        offers: place
            .offers
            .iter()
            .map(|offer| asked(&frame, ask.path(), place, offer, now))
            .collect(),
    };
    let page = Shown {
        places: places.iter().map(shown).collect(),
        asks: may_ask.then(|| format!("{}/-", ask.path())),
        examples: examples(&ask.visitor.platform().url("/graphql"), &places),
        legal_name: company.legal_name,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

fn asked(frame: &Frame, base: &str, place: &Place, offer: &Offer, now: Timestamp) -> Asked {
    let (fields, closed) = standing(frame, place, offer, now);
    let mut facts = vec![
        (frame.say("portal-version"), offer.version.to_string()),
        (
            frame.say("portal-kept"),
            frame.count("portal-days", offer.retention_days),
        ),
    ];
    if let Some(ends) = &offer.ends_at {
        facts.push((frame.say("portal-until"), frame.moment(ends, zone(place))));
    }
    Asked {
        address: format!("{base}/{}/{}", place.id, in_address(offer)),
        purpose: frame.of("purpose", &offer.purpose),
        state: match closed {
            None => (frame.say("portal-open"), "good"),
            Some(_) => (frame.say("portal-closed"), ""),
        },
        fields,
        closed: closed.filter(|_| place.active),
        text: offer.text.clone(),
        facts,
    }
}

/// The same in a program, with a token; of the first place that may ask for something.
fn examples(api: &str, places: &[Place]) -> Vec<(&'static str, String)> {
    let asking = places.iter().find_map(|place| Some((place, place.offers.first()?)));
    let Some((place, offer)) = asking else {
        return Vec::new();
    };
    let filled = |code: &str| {
        code.replace("{api}", api)
            .replace("{place}", &place.id)
            .replace("{purpose}", &name_of(&offer.purpose))
    };
    EXAMPLES
        .iter()
        .map(|(language, code)| (*language, filled(code)))
        .collect()
}
