//! `/me/sessions`: where one is signed in, and ending it there.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::documents::{LeaveSession, MySessions, leave_session, my_sessions};
use crate::ask::{Ask, see_other};
use crate::frame::Frame;
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "account/sessions.html")]
struct Shown {
    frame: Frame,
    token: String,
    email: String,
    sessions: Vec<my_sessions::MySessionsMeSessions>,
    note: Option<String>,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let mut note = ask.query("ended").map(|_| ask.language.say("session-ended"));
    if let Some(form) = ask.form() {
        if ask.is_genuine() {
            let everywhere = form.has("everywhere");
            let input = leave_session::SignOutInput {
                everywhere,
                session_id: form.filled("session"),
            };
            let payload = ask
                .visitor
                .ask::<LeaveSession>(leave_session::Variables { input })
                .await?;
            return Ok(match payload.sign_out {
                Some(_) if everywhere => ask.signed_out(),
                // One that has ended meanwhile has ended.
                _ => see_other("/me/sessions?ended=1"),
            });
        }
        note = Some(ask.language.say("press-again"));
    }
    let Some(me) = ask.visitor.ask::<MySessions>(my_sessions::Variables {}).await?.me else {
        return Ok(ask.sign_in_first());
    };
    let page = Shown {
        frame: ask.frame(ask.language.say("sessions")),
        token: ask.token(),
        email: me.email,
        sessions: me.sessions,
        note,
    };
    Ok(ask.page(StatusCode::OK, &page))
}
