//! `/join/<secret>`: a webinar's room, for whoever has a confirmed place. Opening the page tells nobody the room's
//! address; the button leads there, and stands there while the room is open.

use fluent_bundle::FluentValue;
use poem::http::StatusCode;

use super::documents::{JoinWebinar, LinkedWebinar, join_webinar, linked_webinar};
use super::shown::{Buttons, Shown};
use crate::ask::Ask;
use crate::format::{moment, span};
use crate::frame::name_of;
use crate::pictures;
use crate::trouble::Trouble;
use crate::words::vars;
use linked_webinar::LinkedWebinarLinkedWebinar as Webinar;

/// Says what the link is for: when, with whom, and what others there will see; and leads there, or says when it will.
pub(super) async fn open(ask: &Ask) -> Result<Shown, Trouble> {
    let variables = linked_webinar::Variables {
        secret: ask.param("secret").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<LinkedWebinar>(variables).await?.linked_webinar;
    Ok(found.map_or_else(|| Shown::gone(ask), |webinar| show(ask, &webinar)))
}

fn show(ask: &Ask, webinar: &Webinar) -> Shown {
    let say = |key| ask.language.say(key);
    let say1 = |key, name, value: &str| ask.language.say_with(key, &vars([(name, FluentValue::from(value))]));
    let (event, organizer) = (&webinar.event, &webinar.event.organization);
    let zoned = |when: String| format!("{when} ({})", event.time_zone);
    let mut shown = Shown::new(event.title.clone(), Vec::new());
    shown.look = pictures::look!(organizer);
    shown.facts = vec![
        (
            say("event-when"),
            zoned(span(ask.language, &event.starts_at, &event.ends_at, &event.time_zone)),
        ),
        (say("join-organizer"), organizer.legal_name.clone()),
        (say("join-room"), webinar.room_host.clone()),
    ];
    let page = format!("/events/{}/{}", organizer.slug, event.slug);
    let to_event = Some((page, say("order-to-event")));
    match name_of(&webinar.state).as_str() {
        "OPEN" => {
            shown.words.push(say("join-open"));
            shown.button = Some(say("join-button"));
            shown.buttons = Buttons::Elsewhere;
        }
        "NOT_YET_OPEN" => {
            let opens = zoned(moment(ask.language, &webinar.opens_at, &event.time_zone));
            shown.note = Some(("", say1("join-opens", "when", &opens)));
            // The same page anew: its address stands in none. Nothing reloads itself under who reads.
            shown.onward = Some(("?".to_owned(), say("join-look-again")));
        }
        "CALLED_OFF" => {
            shown.note = Some(("warn", say1("join-called-off", "contact", &event.contact_email)));
            shown.onward = to_event;
            return shown;
        }
        _ => {
            shown.note = Some(("", say1("join-over", "contact", &event.contact_email)));
            shown.onward = to_event;
            return shown;
        }
    }
    shown.words.extend([
        say("join-words"),
        say1("join-who", "host", &webinar.room_host),
        say("join-seen"),
    ]);
    shown
}

/// Leads to the room, or says again why not yet or no more.
pub(super) async fn act(ask: &Ask) -> Result<Shown, Trouble> {
    let variables = join_webinar::Variables {
        secret: ask.param("secret").to_owned(),
    };
    let payload = ask.visitor.ask::<JoinWebinar>(variables).await?.join_webinar;
    if let Some(address) = payload.and_then(|payload| payload.room_url) {
        return Ok(Shown::leads_to(ask, &address));
    }
    let mut shown = open(ask).await?;
    if shown.status == StatusCode::OK {
        shown.status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(shown)
}
