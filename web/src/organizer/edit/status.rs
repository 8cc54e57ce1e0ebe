//! `/manage/{organization}/{event}/setup/status`: ending the sale, calling the event off, putting it away; each says what
//! will happen before it does.

use askama::Template;
use poem::Response;

use super::documents::{
    ArchiveEvent, CancelEvent, CloseEvent, EventStanding, archive_event as archive, cancel_event as cancel,
    close_event as close, event_standing as standing,
};
use super::{Tab, edited, sheet};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::frame::{Frame, name_of};
use crate::organizer::{Place, events};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/edit/status.html")]
struct Shown {
    frame: Frame,
    place: Place,
    tabs: Vec<(String, String, bool)>,
    token: String,
    status: String,
    tone: &'static str,
    note: Option<String>,
    problems: Vec<Problem>,
    /// Whether one may make an event like this one.
    may_copy: bool,
    /// Where it is shown how far its orders are ended, once it was called off.
    called_off: Option<String>,
    /// Name of the step, title, what will happen, the button, and whether it is being made sure of.
    steps: Vec<Step>,
}

struct Step {
    name: &'static str,
    title: String,
    words: String,
    /// What it means in numbers.
    more: Option<String>,
    button: String,
    error: Option<String>,
}

/// What can be done from where it stands.
fn open(status: &str) -> &'static [&'static str] {
    match status {
        "DRAFT" => &["archive"],
        "PUBLISHED" => &["close", "cancel"],
        "CLOSED" => &["cancel", "archive"],
        "CANCELLED" => &["archive"],
        _ => &[],
    }
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let (event, place) = edited::find(ask).await?;
    let status = name_of(&event.event.status);
    let mut problems = Vec::new();
    if let Some(form) = ask.form() {
        let step = form.text("step");
        if !ask.is_genuine() {
            problems.push(Problem::new("", ask.language.say("press-again")));
        } else if !form.has("sure") {
            let field = if open(&status).contains(&step) {
                format!("sure-{step}")
            } else {
                String::new()
            };
            problems.push(Problem::new(field, ask.language.say("edit-not-sure")));
        } else {
            problems = done(ask, &event.id, step).await?;
            if problems.is_empty() {
                return Ok(see_other(&match step {
                    "cancel" => format!("{}/setup/cancellation", place.base),
                    _ => format!("{}/setup/status?done={step}", place.base),
                }));
            }
        }
    }
    let standing = standing(ask).await?;
    let frame = ask.frame(ask.language.say("edit-status"));
    let step = |name: &&'static str| {
        let (title, words) = match *name {
            "close" => ("edit-close", "edit-close-words"),
            "cancel" => ("edit-cancel", "edit-cancel-words"),
            _ => ("edit-archive", "edit-archive-words"),
        };
        let error = problems.iter().find(|problem| problem.field == format!("sure-{name}"));
        Step {
            name,
            title: frame.say(title),
            words: frame.say(words),
            more: standing.ends(&frame, name, &event.event.time_zone),
            button: frame.say(title),
            error: error.map(|problem| problem.message.clone()),
        }
    };
    let page = Shown {
        tabs: Tab::Status.list(&frame, &place),
        token: ask.token(),
        status: frame.of("event-status", &event.event.status),
        tone: events::tone(&event.event.status),
        note: ask
            .query("done")
            .filter(|_| problems.is_empty())
            .map(|_| frame.say("edit-saved")),
        may_copy: place.may_manage_everywhere(),
        called_off: standing
            .is_called_off
            .then(|| format!("{}/setup/cancellation", place.base)),
        steps: open(&status).iter().map(step).collect(),
        problems,
        place,
        frame,
    };
    Ok(ask.form_page(page.problems.is_empty(), &page))
}

/// What there is to be ended.
struct Standing {
    is_called_off: bool,
    /// How many orders hold places, and when that was counted.
    counted: Option<(i64, String)>,
}

impl Standing {
    /// What calling the event off means in numbers.
    fn ends(&self, frame: &Frame, step: &str, zone: &str) -> Option<String> {
        let (count, at) = self.counted.as_ref().filter(|_| step == "cancel")?;
        let when = frame.say1("counted-at", "when", &frame.moment(at, zone));
        Some(format!("{} {when}", frame.count("edit-cancel-orders", *count)))
    }
}

async fn standing(ask: &Ask) -> Result<Standing, Trouble> {
    let variables = standing::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
    };
    let found = ask.visitor.ask::<EventStanding>(variables).await?;
    let event = found.organization.and_then(|organization| organization.event);
    let event = event.ok_or(Trouble::NotFound)?;
    let open = |status: &str| matches!(status, "PENDING" | "EXPIRING" | "PAID");
    let orders = event.statistics.money.map(|money| money.orders);
    let count = orders.map(|orders| {
        let holding = orders.iter().filter(|count| open(&name_of(&count.status)));
        holding.map(|count| count.count).sum()
    });
    Ok(Standing {
        is_called_off: event.cancellation.is_some(),
        counted: count.zip(event.statistics.counted_at),
    })
}

async fn done(ask: &Ask, id: &str, step: &str) -> Result<Vec<Problem>, Trouble> {
    let event_id = id.to_owned();
    let said = match step {
        "close" => {
            let input = close::CloseEventInput { event_id };
            let payload = ask.visitor.ask::<CloseEvent>(close::Variables { input }).await?;
            sheet::said!(payload.close_event.ok_or(Trouble::Ours)?.user_errors)
        }
        "cancel" => {
            let input = cancel::CancelEventInput { event_id };
            let payload = ask.visitor.ask::<CancelEvent>(cancel::Variables { input }).await?;
            sheet::said!(payload.cancel_event.ok_or(Trouble::Ours)?.user_errors)
        }
        "archive" => {
            let input = archive::ArchiveEventInput { event_id };
            let payload = ask.visitor.ask::<ArchiveEvent>(archive::Variables { input }).await?;
            sheet::said!(payload.archive_event.ok_or(Trouble::Ours)?.user_errors)
        }
        _ => return Err(Trouble::NotFound),
    };
    Ok(said.into_iter().map(|said| said.problem(&[])).collect())
}
