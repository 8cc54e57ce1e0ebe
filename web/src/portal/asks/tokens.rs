//! `/partner/{member}/-/tokens`: the partner's tokens, and taking one back.

use askama::Template;
use poem::Response;

use super::documents::{OwnTokens, Revoke, own_tokens, revoke};
use super::found::{self, base};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::frame::{Frame, Width};
use crate::lines::{again, problems};
use crate::tokens::{Card, told};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "portal/tokens.html")]
struct Shown {
    frame: Frame,
    /// The pages above: address and name.
    above: [(String, String); 2],
    partner: String,
    token: String,
    problems: Vec<Problem>,
    note: Option<String>,
    tokens: Vec<Card>,
    /// Where one can be issued: address and event.
    places: Vec<(String, String)>,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let mut problems = Vec::new();
    if let Some(form) = ask.form().filter(|form| form.has("revoke")) {
        problems = if ask.is_genuine() {
            let id = form.text("revoke").to_owned();
            let payload = ask.visitor.ask::<Revoke>(revoke::Variables { id }).await?;
            let errors = payload.revoke_own_token.ok_or(Trouble::NotFound)?.user_errors;
            problems!(ask, errors, |_: &Vec<String>| String::new())
        } else {
            again(ask)
        };
        if problems.is_empty() {
            return Ok(see_other(&format!("{}?done=revoked", ask.path())));
        }
    }
    let (partner, places) = found::places(ask).await?;
    let variables = own_tokens::Variables {
        member: ask.param("member").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<OwnTokens>(variables).await?;
    let own = found.partner.and_then(|partner| partner.administration);
    let tokens = own.ok_or(Trouble::NotFound)?.tokens;
    let mut frame = ask.frame(ask.language.say("tokens-title"));
    frame.width = Width::Wide;
    let now = ask.now()?;
    let can_read = places
        .iter()
        .filter(|place| place.offers.iter().any(|offer| offer.version_in_force.is_some()));
    let note = match ask.query("done").as_deref() {
        Some("revoked") => Some(frame.say("token-revoked")),
        Some("issued") => Some(frame.say("own-token-before")),
        _ => None,
    };
    let page = Shown {
        above: [
            ("/partner".to_owned(), frame.say("portal-title")),
            (base(ask), partner.clone()),
        ],
        token: ask.token(),
        note: note.filter(|_| problems.is_empty()),
        places: can_read
            .map(|place| (format!("{}/{}", ask.path(), place.id), place.event_title.clone()))
            .collect(),
        tokens: tokens
            .iter()
            .rev()
            .map(|token| Card::of(&frame, &told!(token), "UTC", now))
            .collect(),
        partner,
        problems,
        frame,
    };
    let is_good = page.problems.is_empty();
    Ok(ask.form_page(is_good, &page))
}
