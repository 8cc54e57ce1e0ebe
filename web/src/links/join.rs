//! `/join/<secret>`: a webinar's room, for whoever has a confirmed place. Opening the page tells nobody the room's
//! address; the button leads there.

use super::documents::{JoinWebinar, LinkedWebinar, join_webinar, linked_webinar};
use super::shown::{Buttons, Shown};
use crate::ask::Ask;
use crate::format::moment;
use crate::trouble::Trouble;
use crate::words::vars;

/// Says what the link is for.
pub(super) async fn open(ask: &Ask) -> Result<Shown, Trouble> {
    let variables = linked_webinar::Variables {
        secret: ask.param("secret").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let Some(webinar) = ask.visitor.ask::<LinkedWebinar>(variables).await?.linked_webinar else {
        return Ok(Shown::gone(ask));
    };
    let when = moment(ask.language, &webinar.starts_at, &webinar.time_zone);
    let when = format!("{when} ({})", webinar.time_zone);
    Ok(Shown {
        button: Some(ask.language.say("join-button")),
        buttons: Buttons::Elsewhere,
        ..Shown::new(
            webinar.title,
            vec![
                ask.language.say_with("join-begins", &vars([("when", when.into())])),
                ask.language.say("join-words"),
            ],
        )
    })
}

/// Leads to the room.
pub(super) async fn act(ask: &Ask) -> Result<Shown, Trouble> {
    let variables = join_webinar::Variables {
        secret: ask.param("secret").to_owned(),
    };
    let payload = ask.visitor.ask::<JoinWebinar>(variables).await?.join_webinar;
    Ok(match payload.and_then(|payload| payload.room_url) {
        Some(address) => Shown::leads_to(ask, &address),
        None => Shown::gone(ask),
    })
}
