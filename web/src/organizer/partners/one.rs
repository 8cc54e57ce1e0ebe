//! `/manage/{organization}/{event}/partners/{partner}`: one partner: what it may ask, and its tokens.

use askama::Template;
use poem::Response;

use super::super::Place;
use super::documents::{Revoke, revoke};
use super::found::{Found, Offer, Partner, in_force, is_active, requested};
use super::said;
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::frame::{Frame, Width};
use crate::lines::{again, problems};
use crate::tokens::{Card, told};
use crate::trouble::Trouble;
use crate::wish::PURPOSES;

#[derive(Template)]
#[template(path = "organizer/partners/one.html")]
struct Shown {
    frame: Frame,
    place: Place,
    list: String,
    address: String,
    token: String,
    problems: Vec<Problem>,
    note: Option<String>,
    role: String,
    is_active: bool,
    missing: Option<String>,
    facts: Vec<(String, String)>,
    notice: String,
    /// Where it is said who reads for the company; for whoever may say so.
    staff: Option<String>,
    offers: Vec<OfferShown>,
    /// Whether there is a purpose for which nothing was asked yet.
    can_ask: bool,
    /// Whether there is something that a token could read.
    can_read: bool,
    tokens: Vec<Card>,
}

struct OfferShown {
    address: String,
    purpose: String,
    words: String,
    /// What waits for a decision.
    waits: Option<String>,
    is_in_force: bool,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let mut found = Found::at(ask).await?;
    found.partner(ask)?;
    let mut problems = Vec::new();
    if let Some(form) = ask.form() {
        problems = if !ask.is_genuine() {
            again(ask)
        } else {
            // The API decides whether one may.
            let variables = revoke::Variables {
                id: form.text("revoke").to_owned(),
            };
            let payload = ask.visitor.ask::<Revoke>(variables).await?;
            let errors = payload.revoke_partner_token.ok_or(Trouble::NotFound)?.user_errors;
            problems!(ask, errors, |_: &Vec<String>| String::new())
        };
        if problems.is_empty() {
            return Ok(see_other(&format!("{}?done=revoked#tokens", ask.path())));
        }
        found = Found::at(ask).await?;
    }
    let partner = found.partner(ask)?;
    let mut frame = ask.frame(partner.partner.display_name.clone());
    frame.width = Width::Wide;
    let note = match ask.query("done").as_deref() {
        Some("added") => Some(frame.say("partner-added")),
        Some("saved") => Some(frame.say("partner-saved")),
        Some("revoked") => Some(frame.say("token-revoked")),
        Some("issued") => Some(frame.say1("token-issued", "address", &partner.partner.contact_email)),
        _ => None,
    };
    let now = ask.now()?;
    let page = Shown {
        list: found.list(),
        address: found.address(partner),
        token: ask.token(),
        note: note.filter(|_| problems.is_empty()),
        role: frame.of("partner-role", &partner.role),
        is_active: is_active(partner),
        missing: said::missing_of(&frame, partner),
        facts: facts(&frame, partner),
        notice: partner.privacy_notice.url.clone(),
        staff: found.place.may_manage_everywhere().then(|| {
            format!(
                "/manage/{}/-/partners/{}/staff",
                found.place.organization, partner.partner.id
            )
        }),
        offers: partner
            .offers
            .iter()
            .map(|offer| offer_shown(&frame, &found, partner, offer))
            .collect(),
        can_ask: partner.privacy_notice.sha256.is_some() && partner.offers.len() < PURPOSES.len(),
        can_read: partner.offers.iter().any(|offer| in_force(offer).is_some()),
        tokens: partner
            .tokens
            .iter()
            .rev()
            .map(|token| Card::of(&frame, &told!(token), found.zone(), now))
            .collect(),
        place: found.place,
        problems,
        frame,
    };
    let is_good = page.problems.is_empty();
    Ok(ask.form_page(is_good, &page))
}

fn facts(frame: &Frame, partner: &Partner) -> Vec<(String, String)> {
    let company = &partner.partner;
    vec![
        (frame.say("company-legal"), company.legal_name.clone()),
        (frame.say("company-country"), frame.country(&company.country).to_owned()),
        (frame.say("partner-contact"), partner.contact_email.clone()),
        (frame.say("company-contact"), company.contact_email.clone()),
    ]
}

fn offer_shown(frame: &Frame, found: &Found, partner: &Partner, offer: &Offer) -> OfferShown {
    let in_force = in_force(offer);
    OfferShown {
        address: format!("{}/offers/{}", found.address(partner), offer.id),
        purpose: frame.of("purpose", &offer.purpose),
        words: match in_force {
            Some(version) => said::stands(frame, offer, version, found.zone()),
            None => frame.say("offer-not-in-force"),
        },
        waits: requested(offer).map(|version| said::asks(frame, offer, version)),
        is_in_force: in_force.is_some(),
    }
}
