//! `/manage/{organization}/{event}/agenda`: what happens when, and where; `…/agenda/{session}`: one part of it.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::Tab;
use super::documents::{
    AddSession, ChangeSession, EditedAgenda, EditedSession, RemoveSession, add_session as add,
    change_session as change, edited_agenda as of_agenda, edited_session as of, remove_session as remove,
};
use crate::ask::{Ask, see_other};
use crate::clock;
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::{Day, Frame, Width};
use crate::organizer::sheet::{self, About, Said, Sheet, said};
use crate::organizer::texts::{keep, localized, texts_of, written};
use crate::organizer::{Part, Place, with_query};
use crate::trouble::Trouble;

type Event = of::EditedSessionOrganizationEvent;
type Session = of::EditedSessionOrganizationEventSession;

#[derive(Template)]
#[template(path = "organizer/edit/agenda.html")]
struct Shown {
    frame: Frame,
    place: Place,
    tabs: Vec<(String, String, bool)>,
    note: Option<String>,
    zone: String,
    days: Vec<Day<Listed>>,
    next: Option<String>,
}

struct Listed {
    path: String,
    title: String,
    place: Option<String>,
    speakers: String,
    from: String,
    to: String,
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let variables = of_agenda::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        after: ask.query("after"),
    };
    let found = ask.visitor.ask::<EditedAgenda>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let name = &organization.organization.name;
    let place = Place::find(ask, name, (&event.id, &event.event.title), Part::Edit).await?;
    let mut frame = ask.frame(ask.language.say("agenda"));
    frame.width = Width::Wide;
    let info = &event.sessions.page_info;
    let next = info.end_cursor.as_deref().filter(|_| info.has_next_page);
    let page = Shown {
        days: days(&frame, &place.base, &event),
        next: next.map(|after| with_query(ask.path(), &[("after", after)])),
        zone: frame.say1("edit-on-clock", "zone", &event.event.time_zone),
        tabs: Tab::Agenda.list(&frame, &place),
        note: ask.query("done").map(|_| frame.say("edit-saved")),
        place,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

fn days(frame: &Frame, base: &str, event: &of_agenda::EditedAgendaOrganizationEvent) -> Vec<Day<Listed>> {
    let zone = &event.event.time_zone;
    let sessions = event.sessions.edges.iter().map(|edge| {
        let session = &edge.node.session;
        let listed = Listed {
            path: format!("{base}/agenda/{}", session.id),
            title: session.title.clone(),
            place: session.place.clone(),
            speakers: session
                .speakers
                .iter()
                .map(|speaker| speaker.name.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            from: frame.time(&session.starts_at, zone),
            to: frame.time(&session.ends_at, zone),
        };
        (&session.starts_at, listed)
    });
    frame.by_day(zone, sessions)
}

const NAMES: &[&str] = &[
    "title.en",
    "title.de",
    "startsLocal",
    "endsLocal",
    "place",
    "speakerIds",
    "description.en",
    "description.de",
];

pub(super) async fn session(ask: &Ask) -> Result<Response, Trouble> {
    let id = ask.param("session");
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        id: id.to_owned(),
    };
    let found = ask.visitor.ask::<EditedSession>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let name = &organization.organization.name;
    let place = Place::find(ask, name, (&event.id, &event.event.title), Part::Edit).await?;
    let before = event.session.as_ref();
    if before.is_none() && id != "new" {
        return Err(Trouble::NotFound);
    }
    let kept = kept(&event, before);
    let form = match ask.pressed(&kept) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show_one(ask, place, &event, before, (form, &kept), problems)),
    };
    let said = saved(ask, &event, before, (form, &kept)).await?;
    let problems = sheet::problems(ask, said, NAMES);
    if problems.is_empty() {
        return Ok(see_other(&format!("{}/agenda?done=saved", place.base)));
    }
    Ok(show_one(ask, place, &event, before, (form, &kept), problems))
}

/// What the API has, as the form would send it; for a new one the first hour of the event.
fn kept(event: &Event, before: Option<&Session>) -> Form {
    let mut form = Form::default();
    let zone = &event.event.time_zone;
    let Some(before) = before else {
        let starts = clock::local(&event.event.starts_at, zone);
        form.set("startsLocal", &starts);
        form.set("endsLocal", &clock::later(&starts, 1));
        return form;
    };
    let session = &before.session;
    keep(&mut form, "title", written!(session.titles));
    keep(&mut form, "description", written!(session.descriptions));
    form.set("startsLocal", &clock::local(&session.starts_at, zone));
    form.set("endsLocal", &clock::local(&session.ends_at, zone));
    form.set("place", session.place.as_deref().unwrap_or_default());
    for speaker in &session.speakers {
        form.add("speakerIds", &speaker.id);
    }
    form.set("revision", &before.revision.to_string());
    form
}

/// The input of the one mutation or the other.
macro_rules! sent {
    ($module:ident, $form:expr, $kept:expr) => {
        $module::EventSessionTermsInput {
            title: localized!($module, texts_of($form, $kept, "title")),
            description: Some(localized!($module, texts_of($form, $kept, "description"))),
            starts_local: $form.text("startsLocal").to_owned(),
            ends_local: $form.text("endsLocal").to_owned(),
            place: $form.filled("place"),
            speaker_ids: Some($form.all("speakerIds").map(str::to_owned).collect()),
        }
    };
}

/// What is wrong with it; nothing where it was saved, or taken away.
async fn saved(
    ask: &Ask,
    event: &Event,
    before: Option<&Session>,
    (form, kept): (&Form, &Form),
) -> Result<Vec<Said>, Trouble> {
    let Some(before) = before else {
        let input = add::CreateEventSessionInput {
            idempotency_key: sheet::key(ask),
            event_id: event.id.clone(),
            terms: sent!(add, form, kept),
        };
        let payload = ask.visitor.ask::<AddSession>(add::Variables { input }).await?;
        return Ok(said!(payload.create_event_session.ok_or(Trouble::Ours)?.user_errors));
    };
    let event_session_id = before.session.id.clone();
    if form.has("remove") {
        let input = remove::RemoveEventSessionInput { event_session_id };
        let payload = ask.visitor.ask::<RemoveSession>(remove::Variables { input }).await?;
        return Ok(said!(payload.remove_event_session.ok_or(Trouble::Ours)?.user_errors));
    }
    let input = change::UpdateEventSessionInput {
        event_session_id,
        revision: form.text("revision").parse().unwrap_or_default(),
        terms: sent!(change, form, kept),
    };
    let payload = ask.visitor.ask::<ChangeSession>(change::Variables { input }).await?;
    Ok(said!(payload.update_event_session.ok_or(Trouble::Ours)?.user_errors))
}

fn show_one(
    ask: &Ask,
    place: Place,
    event: &Event,
    before: Option<&Session>,
    (form, kept): (&Form, &Form),
    problems: Vec<Problem>,
) -> Response {
    let title = before.map_or_else(
        || ask.language.say("edit-session-new"),
        |before| before.session.title.clone(),
    );
    let frame = sheet::frame(ask, title.clone());
    let sheet = Sheet {
        frame: &frame,
        form,
        kept,
        problems: &problems,
    };
    let zone = frame.say1("edit-on-clock", "zone", &event.event.time_zone);
    let time = |name, label| sheet.field(name, label, "datetime-local").required();
    let speakers = event.speakers.iter().map(|one| {
        let speaker = &one.speaker;
        (
            speaker.id.clone(),
            super::speakers::presented(&speaker.name, &speaker.headline),
        )
    });
    let speakers: Vec<_> = speakers.collect();
    let mut groups = vec![
        sheet.group(
            "edit-what",
            None,
            vec![
                sheet.needed_texts("title", ["edit-title-en", "edit-title-de"]),
                sheet.texts("description", ["edit-text-en", "edit-text-de"], "long"),
            ],
        ),
        sheet.group(
            "edit-when",
            None,
            vec![
                vec![
                    time("startsLocal", "edit-starts").hint(zone),
                    time("endsLocal", "edit-ends"),
                ],
                vec![
                    sheet
                        .field("place", "edit-room", "text")
                        .hint(frame.say("edit-room-hint")),
                ],
            ],
        ),
    ];
    if !speakers.is_empty() {
        let boxes = sheet.field("speakerIds", "edit-speaking", "boxes").choices(speakers);
        groups.push(sheet.group("speakers", None, vec![vec![boxes]]));
    }
    let removal = before.map(|_| {
        (
            frame.say("edit-session-remove"),
            frame.say("edit-session-remove-words"),
            frame.say("edit-session-remove"),
        )
    });
    let about = About {
        title,
        lead: None,
        button: frame.say("save"),
        back: format!("{}/agenda", place.base),
        revision: kept.text("revision").to_owned(),
        removal,
    };
    super::show(ask, frame, (place, Tab::Agenda), about, (groups, problems))
}
