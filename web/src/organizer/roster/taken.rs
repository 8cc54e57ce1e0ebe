//! `/manage/{organization}/{event}/roster/exports/{id}`: a list that was taken along: what for, the ways to fetch it, and how
//! far the last one came who did.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::super::documents::{TakenList, taken_list as of};
use super::super::{Part, Place};
use crate::ask::Ask;
use crate::exports;
use crate::frame::{Frame, name_of};
use crate::progress::Progress;
use crate::spreadsheet::Format;
use crate::trouble::Trouble;

type Export = of::TakenListOrganizationEventRosterExport;

#[derive(Template)]
#[template(path = "organizer/taken.html")]
struct Shown {
    frame: Frame,
    place: Place,
    facts: Vec<(String, String)>,
    /// Address and name of each way to fetch it.
    ways: Vec<(String, String)>,
    progress: Progress,
}

/// Where it stands, below the roster.
pub(super) fn address(roster: &str, id: &str) -> String {
    format!("{roster}/exports/{id}")
}

pub(in crate::organizer) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        id: ask.param("id").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<TakenList>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let export = event.roster_export.ok_or(Trouble::NotFound)?;
    let place = Place::find(
        ask,
        &organization.organization.name,
        (&event.id, &event.event.title),
        Part::Roster,
    )
    .await?;
    let frame = ask.frame(ask.language.say("taken-title"));
    let zone = &event.event.time_zone;
    let page = Shown {
        facts: vec![
            (frame.say("take-purpose"), export.purpose.clone()),
            (frame.say("taken-people"), export.row_count.unwrap_or(0).to_string()),
            (frame.say("taken-at"), frame.moment(&export.created_at, zone)),
        ],
        ways: Format::ALL
            .map(|format| (exports::address(&export.id, format), frame.say(format.key())))
            .into(),
        progress: progress(&frame, ask.path(), &export, zone),
        place,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

fn progress(frame: &Frame, here: &str, export: &Export, zone: &str) -> Progress {
    let total = export.row_count.unwrap_or(0);
    let mut progress = Progress {
        title: frame.say("taken-bar"),
        words: frame.say("taken-never"),
        lines: Vec::new(),
        value: 0,
        max: total.max(1),
        runs: false,
        here: here.to_owned(),
    };
    let Some(fetch) = &export.last_fetch else {
        return progress;
    };
    let state = name_of(&fetch.state);
    let (rows, of) = (fetch.row_count.to_string(), total.to_string());
    progress.words = frame.say2("taken-rows", "rows", &rows, "total", &of);
    progress.lines = vec![
        frame.say1("taken-began", "when", &frame.moment(&fetch.started_at, zone)),
        frame.of("taken", &fetch.state),
        frame.say1("taken-heard", "when", &frame.moment(&fetch.progressed_at, zone)),
    ];
    progress.runs = state == "RUNNING";
    // Whoever was erased since is not in it, and not missing.
    progress.value = if state == "DONE" { progress.max } else { fetch.row_count };
    progress
}
