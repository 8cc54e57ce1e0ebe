//! `/sign-in`: asking for a link, or signing in with a password and a code; `/sign-out`. Known and unknown addresses get one
//! answer.

use askama::Template;
use poem::Response;

use super::documents::{
    AskForLink, EnterWithPassword, LeaveSession, ask_for_link as asking, enter_with_password as entering, leave_session,
};
use crate::ask::{Ask, see_other};
use crate::fields::{Problem, said_of};
use crate::form::Form;
use crate::frame::Frame;
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct Shown<'a> {
    frame: Frame,
    token: String,
    email: &'a str,
    /// What is wrong with the address for a link, or with address, password and code.
    problems: Vec<Problem>,
    /// Whether a link was sent, if there was anybody to send it to.
    sent: bool,
}

/// The first field of the way in by a password.
const PASSWORD_WAY: &str = "account";

impl Shown<'_> {
    fn wrong(&self, field: &str) -> Option<&str> {
        said_of(&self.problems, field)
    }
}

/// What a button did.
enum Done {
    Sent,
    SignedIn(String),
    WrongAddress(String),
    Refused(String),
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    if ask.visitor.is_signed_in() {
        return Ok(see_other("/me"));
    }
    let email = ask.form().map_or("", |form| form.text("email"));
    let done = match ask.form() {
        Some(form) => Some(act(ask, form, email).await?),
        None => None,
    };
    if let Some(Done::SignedIn(secret)) = &done {
        return Ok(ask.signed_in(secret, ask.wanted()));
    }
    let sent = matches!(done, Some(Done::Sent));
    let problem = match done {
        Some(Done::WrongAddress(error)) => Some(Problem::new("email", error)),
        Some(Done::Refused(refused)) => Some(Problem::new(PASSWORD_WAY, refused)),
        _ => None,
    };
    let page = Shown {
        frame: ask.frame(ask.language.say(if sent { "link-sent" } else { "sign-in" })),
        token: ask.token(),
        email,
        sent,
        problems: problem.into_iter().collect(),
    };
    Ok(ask.form_page(page.problems.is_empty(), &page))
}

async fn act(ask: &Ask, form: &Form, email: &str) -> Result<Done, Trouble> {
    let with_password = form.has("enter");
    if !ask.is_genuine() {
        let again = ask.language.say("press-again");
        return Ok(if with_password {
            Done::Refused(again)
        } else {
            Done::WrongAddress(again)
        });
    }
    if with_password {
        return enter(ask, form, email).await;
    }
    let input = asking::RequestSignInLinkInput {
        email: email.to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let payload = ask.visitor.ask::<AskForLink>(asking::Variables { input }).await?;
    let payload = payload.request_sign_in_link.ok_or(Trouble::Ours)?;
    Ok(match payload.user_errors.is_empty() {
        true => Done::Sent,
        false => Done::WrongAddress(ask.language.say("no-address")),
    })
}

async fn enter(ask: &Ask, form: &Form, email: &str) -> Result<Done, Trouble> {
    let input = entering::SignInWithPasswordInput {
        email: email.to_owned(),
        password: form.raw("password").to_owned(),
        code: form.text("code").to_owned(),
        kind: entering::SessionKind::BROWSER,
    };
    let payload = ask
        .visitor
        .ask::<EnterWithPassword>(entering::Variables { input })
        .await?;
    let payload = payload.sign_in_with_password.ok_or(Trouble::Ours)?;
    if let Some(session) = payload.browser_session {
        return Ok(Done::SignedIn(session.secret));
    }
    let refused = payload.user_errors.into_iter().next().ok_or(Trouble::Ours)?;
    Ok(Done::Refused(refused.message))
}

/// Ends the session and clears what the browser keeps.
pub(super) async fn sign_out(ask: &Ask) -> Result<Response, Trouble> {
    // Another site's form takes the door from no device.
    if ask.visitor.is_device() && !ask.is_genuine() {
        return Ok(see_other("/door"));
    }
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
