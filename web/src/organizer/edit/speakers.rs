//! `/manage/{organization}/{event}/speakers`: who speaks; `…/speakers/{speaker}`: how one of them is presented.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::Tab;
use super::documents::{
    AddSpeaker, ChangeSpeaker, EditedSpeaker, EditedSpeakers, RemoveSpeaker, add_speaker as add,
    change_speaker as change, edited_speaker as of, edited_speakers as of_all, remove_speaker as remove,
};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::{Frame, Width};
use crate::organizer::picture;
use crate::organizer::sheet::{self, About, Said, Sheet, said};
use crate::organizer::texts::{keep, localized, texts_of, written};
use crate::organizer::{Part, Place};
use crate::pictures;
use crate::trouble::Trouble;

type Event = of::EditedSpeakerOrganizationEvent;
type Speaker = of::EditedSpeakerOrganizationEventSpeaker;

#[derive(Template)]
#[template(path = "organizer/edit/speakers.html")]
struct Shown {
    frame: Frame,
    place: Place,
    tabs: Vec<(String, String, bool)>,
    note: Option<String>,
    speakers: Vec<of_all::EditedSpeakersOrganizationEventSpeakersSpeaker>,
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let variables = of_all::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<EditedSpeakers>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let name = &organization.organization.name;
    let place = Place::find(ask, name, (&event.id, &event.event.title), Part::Edit).await?;
    let mut frame = ask.frame(ask.language.say("speakers"));
    frame.width = Width::Wide;
    let page = Shown {
        speakers: event.speakers.into_iter().map(|one| one.speaker).collect(),
        tabs: Tab::Speakers.list(&frame, &place),
        note: ask.query("done").map(|_| frame.say("edit-saved")),
        place,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

/// A name, with what they are where that is said.
pub(super) fn presented(name: &str, headline: &str) -> String {
    match headline {
        "" => name.to_owned(),
        _ => format!("{name} · {headline}"),
    }
}

const NAMES: &[&str] = &[
    "name",
    "headline.en",
    "headline.de",
    "biography.en",
    "biography.de",
    "website",
    "picture",
    "position",
];

pub(super) async fn speaker(ask: &Ask) -> Result<Response, Trouble> {
    let id = ask.param("speaker");
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        id: id.to_owned(),
    };
    let found = ask.visitor.ask::<EditedSpeaker>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let name = &organization.organization.name;
    let place = Place::find(ask, name, (&event.id, &event.event.title), Part::Edit).await?;
    let before = event.speaker.as_ref();
    if before.is_none() && id != "new" {
        return Err(Trouble::NotFound);
    }
    let kept = kept(before);
    let form = match ask.pressed(&kept) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show_one(ask, place, before, (form, &kept), problems)),
    };
    let (form, mut said) = picture::settle(ask, &event.id, "picture", form).await?;
    if said.is_empty() {
        said = saved(ask, &event, before, (&form, &kept)).await?;
    }
    let problems = sheet::problems(ask, said, NAMES);
    if problems.is_empty() {
        return Ok(see_other(&format!("{}/speakers?done=saved", place.base)));
    }
    Ok(show_one(ask, place, before, (&form, &kept), problems))
}

/// What the API has, as the form would send it.
fn kept(before: Option<&Speaker>) -> Form {
    let mut form = Form::default();
    let Some(before) = before else {
        form.set("position", "0");
        return form;
    };
    let speaker = &before.speaker;
    form.set("name", &speaker.name);
    keep(&mut form, "headline", written!(speaker.headlines));
    keep(&mut form, "biography", written!(speaker.biographies));
    form.set("website", speaker.website.as_deref().unwrap_or_default());
    form.set("position", &before.position.to_string());
    form.set("revision", &before.revision.to_string());
    form
}

/// The input of the one mutation or the other.
macro_rules! sent {
    ($module:ident, ($form:expr, $kept:expr), $position:expr, $picture:expr) => {
        $module::SpeakerTermsInput {
            name: $form.text("name").to_owned(),
            headline: Some(localized!($module, texts_of($form, $kept, "headline"))),
            biography: Some(localized!($module, texts_of($form, $kept, "biography"))),
            website: $form.filled("website"),
            picture_id: $picture,
            position: $position,
        }
    };
}

/// What is wrong with it; nothing where it was saved, or taken away.
async fn saved(
    ask: &Ask,
    event: &Event,
    before: Option<&Speaker>,
    (form, kept): (&Form, &Form),
) -> Result<Vec<Said>, Trouble> {
    if let Some(before) = before.filter(|_| form.has("remove")) {
        let input = remove::RemoveSpeakerInput {
            speaker_id: before.speaker.id.clone(),
        };
        let payload = ask.visitor.ask::<RemoveSpeaker>(remove::Variables { input }).await?;
        return Ok(said!(payload.remove_speaker.ok_or(Trouble::Ours)?.user_errors));
    }
    let position = match form.filled("position").map(|typed| typed.parse::<i32>()) {
        None => 0,
        Some(Ok(position)) => position,
        Some(Err(_)) => {
            let field = Some(vec!["terms".to_owned(), "position".to_owned()]);
            return Ok(vec![Said::new(
                field,
                &"INVALID",
                ask.language.say("edit-position-wrong"),
            )]);
        }
    };
    let now = before.and_then(|before| before.picture_id.as_ref());
    let shown = picture::wished(form, "picture", now);
    let Some(before) = before else {
        let input = add::CreateSpeakerInput {
            idempotency_key: sheet::key(ask),
            event_id: event.id.clone(),
            terms: sent!(add, (form, kept), position.into(), shown),
        };
        let payload = ask.visitor.ask::<AddSpeaker>(add::Variables { input }).await?;
        return Ok(said!(payload.create_speaker.ok_or(Trouble::Ours)?.user_errors));
    };
    let input = change::UpdateSpeakerInput {
        speaker_id: before.speaker.id.clone(),
        revision: form.text("revision").parse().unwrap_or_default(),
        terms: sent!(change, (form, kept), position.into(), shown),
    };
    let payload = ask.visitor.ask::<ChangeSpeaker>(change::Variables { input }).await?;
    Ok(said!(payload.update_speaker.ok_or(Trouble::Ours)?.user_errors))
}

fn show_one(
    ask: &Ask,
    place: Place,
    before: Option<&Speaker>,
    (form, kept): (&Form, &Form),
    problems: Vec<Problem>,
) -> Response {
    let title = before.map_or_else(
        || ask.language.say("edit-speaker-new"),
        |before| before.speaker.name.clone(),
    );
    let frame = sheet::frame(ask, title.clone());
    let sheet = Sheet {
        frame: &frame,
        form,
        kept,
        problems: &problems,
    };
    let shown = before.and_then(|before| pictures::shown!(before.speaker.picture));
    let groups = vec![
        sheet.group(
            "edit-speaker-who",
            Some("edit-speaker-agreed"),
            vec![
                vec![sheet.field("name", "edit-speaker-name", "text").required()],
                sheet.texts("headline", ["edit-headline-en", "edit-headline-de"], "text"),
                sheet.texts("biography", ["edit-biography-en", "edit-biography-de"], "long"),
                vec![sheet.field("website", "edit-website", "url")],
                vec![sheet.picture("picture", "edit-picture", shown)],
            ],
        ),
        sheet.group(
            "edit-order",
            None,
            vec![vec![
                sheet
                    .field("position", "edit-position", "number")
                    .hint(frame.say("edit-position-hint")),
            ]],
        ),
    ];
    let removal = before.map(|_| {
        (
            frame.say("edit-speaker-remove"),
            frame.say("edit-speaker-remove-words"),
            frame.say("edit-speaker-remove"),
        )
    });
    let about = About {
        title,
        lead: None,
        button: frame.say("save"),
        back: format!("{}/speakers", place.base),
        revision: kept.text("revision").to_owned(),
        removal,
    };
    super::show(ask, frame, (place, Tab::Speakers), about, (groups, problems))
}
