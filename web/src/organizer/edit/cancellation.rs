//! `/manage/{organization}/{event}/setup/cancellation`: how far it is that the orders of an event that was called off are
//! ended. There is no such page before.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::Tab;
use super::documents::{CancelledEvent, cancelled_event as of};
use crate::ask::Ask;
use crate::frame::Frame;
use crate::organizer::{Part, Place};
use crate::progress::Progress;
use crate::trouble::Trouble;

type Cancellation = of::CancelledEventOrganizationEventCancellation;

#[derive(Template)]
#[template(path = "organizer/edit/cancellation.html")]
struct Shown {
    frame: Frame,
    place: Place,
    tabs: Vec<(String, String, bool)>,
    progress: Progress,
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<CancelledEvent>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let cancellation = event.cancellation.ok_or(Trouble::NotFound)?;
    let place = Place::find(
        ask,
        &organization.organization.name,
        (&event.id, &event.event.title),
        Part::Edit,
    )
    .await?;
    let frame = ask.frame(ask.language.say("called-off-title"));
    let page = Shown {
        tabs: Tab::Status.list(&frame, &place),
        progress: progress(&frame, ask.path(), &cancellation, &event.event.time_zone),
        place,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

fn progress(frame: &Frame, here: &str, its: &Cancellation, zone: &str) -> Progress {
    let left = (its.total - its.done).max(0);
    let mut lines = vec![frame.say1("called-off-since", "when", &frame.moment(&its.started_at, zone))];
    match &its.finished_at {
        None => {
            lines.push(frame.count("called-off-left", left));
            if its.waiting > 0 {
                lines.push(frame.count("called-off-waiting", its.waiting));
            }
        }
        Some(at) => {
            lines.push(frame.say1("called-off-finished", "when", &frame.moment(at, zone)));
            if left > 0 {
                lines.push(frame.count("called-off-otherwise", left));
            }
        }
    }
    let runs = its.finished_at.is_none();
    Progress {
        title: frame.say("called-off-bar"),
        words: frame.say2(
            "called-off-done",
            "done",
            &its.done.to_string(),
            "total",
            &its.total.to_string(),
        ),
        lines,
        // Those that ended in another way are not to be ended any more.
        value: if runs { its.done } else { its.total },
        max: its.total,
        runs,
        here: here.to_owned(),
    }
}
