//! `/sign-in`: asking for a link; `/sign-out`. Known and unknown addresses get one answer.

use askama::Template;
use poem::Response;

use super::documents::{AskForLink, LeaveSession, ask_for_link as asking, leave_session};
use crate::ask::{Ask, see_other};
use crate::frame::Frame;
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct Shown<'a> {
    frame: Frame,
    token: String,
    email: &'a str,
    error: Option<String>,
    /// Whether it was sent, if there was anybody to send it to.
    sent: bool,
}

pub(super) async fn ask_for_link(ask: &Ask) -> Result<Response, Trouble> {
    if ask.visitor.is_signed_in() {
        return Ok(see_other("/me"));
    }
    let email = ask.form().map_or("", |form| form.text("email"));
    let error = match ask.form() {
        Some(_) if ask.is_genuine() => send(ask, email).await?,
        Some(_) => Some(ask.language.say("press-again")),
        None => None,
    };
    let sent = ask.form().is_some() && error.is_none();
    let page = Shown {
        frame: ask.frame(ask.language.say(if sent { "link-sent" } else { "sign-in" })),
        token: ask.token(),
        email,
        sent,
        error,
    };
    let is_good = page.error.is_none();
    Ok(ask.form_page(is_good, &page))
}

/// What is wrong with the address, if anything is.
async fn send(ask: &Ask, email: &str) -> Result<Option<String>, Trouble> {
    let input = asking::RequestSignInLinkInput {
        email: email.to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let payload = ask.visitor.ask::<AskForLink>(asking::Variables { input }).await?;
    let payload = payload.request_sign_in_link.ok_or(Trouble::Ours)?;
    Ok((!payload.user_errors.is_empty()).then(|| ask.language.say("no-address")))
}

/// Ends the session and clears what the browser keeps.
pub(super) async fn sign_out(ask: &Ask) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.signed_out());
    }
    if !ask.is_genuine() {
        return Ok(see_other("/me"));
    }
    let input = leave_session::SignOutInput {
        everywhere: false,
        session_id: None,
    };
    ask.visitor
        .ask::<LeaveSession>(leave_session::Variables { input })
        .await?;
    Ok(ask.signed_out())
}
