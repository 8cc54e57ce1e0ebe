//! `/manage/{organization}/{event}/setup/documents`: terms, privacy notice, code of conduct, each in the version in force.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::Tab;
use super::documents::{AddDocument, add_document as add};
use super::edited::{self, Document, Event};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::organizer::Place;
use crate::organizer::sheet::{self, About, Sheet, said};
use crate::organizer::texts::{keep, localized, texts_of, written};
use crate::trouble::Trouble;

const NAMES: &[&str] = &["title.en", "title.de", "content.en", "content.de", "required"];

/// The kinds as they stand in addresses, and as the schema names them.
const KINDS: [(&str, &str); 3] = [
    ("terms", "TERMS"),
    ("privacy-notice", "PRIVACY_NOTICE"),
    ("code-of-conduct", "CODE_OF_CONDUCT"),
];

#[derive(Template)]
#[template(path = "organizer/edit/documents.html")]
struct Shown {
    frame: Frame,
    place: Place,
    tabs: Vec<(String, String, bool)>,
    note: Option<String>,
    /// Path, name, what stands there now, and whether there is none.
    documents: Vec<(String, String, String, bool)>,
}

fn in_force<'a>(event: &'a Event, kind: &str) -> Option<&'a Document> {
    event
        .event
        .documents
        .iter()
        .find(|document| name_of(&document.kind) == kind)
}

pub(super) async fn list(ask: &Ask) -> Result<Response, Trouble> {
    let (event, place) = edited::find(ask).await?;
    let frame = ask.frame(ask.language.say("edit-documents"));
    let documents = KINDS.iter().map(|(path, kind)| {
        let now = in_force(&event, kind);
        let words = match now {
            Some(document) => frame.count("edit-version", document.version),
            None => frame.say("edit-no-version"),
        };
        let path = format!("{}/setup/documents/{path}", place.base);
        (path, frame.of("document", kind), words, now.is_none())
    });
    let page = Shown {
        documents: documents.collect(),
        tabs: Tab::Documents.list(&frame, &place),
        note: ask.query("done").map(|_| frame.say("edit-document-saved")),
        place,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let (event, place) = edited::find(ask).await?;
    let path = ask.param("kind");
    let (_, kind) = KINDS.iter().find(|(its, _)| *its == path).ok_or(Trouble::NotFound)?;
    let kept = kept(in_force(&event, kind));
    let form = match ask.pressed(&kept) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show(ask, place, &event, kind, form, problems)),
    };
    let mut problems = Vec::new();
    if form.text("revision") != kept.text("revision") && !is_the_same(form, &kept) {
        // Somebody put another version in force meanwhile: it is shown before it is replaced.
        problems.push(Problem::new("", ask.language.say("edit-changed")));
    } else {
        let input = add::CreateLegalDocumentInput {
            idempotency_key: sheet::key(ask),
            event_id: event.id.clone(),
            kind: match *kind {
                "TERMS" => add::DocumentKind::TERMS,
                "PRIVACY_NOTICE" => add::DocumentKind::PRIVACY_NOTICE,
                _ => add::DocumentKind::CODE_OF_CONDUCT,
            },
            title: localized!(add, texts_of(form, &kept, "title")),
            content: localized!(add, texts_of(form, &kept, "content")),
            required: form.has("required"),
        };
        let payload = ask.visitor.ask::<AddDocument>(add::Variables { input }).await?;
        let said = said!(payload.create_legal_document.ok_or(Trouble::Ours)?.user_errors);
        if said.is_empty() {
            return Ok(see_other(&format!("{}/setup/documents?done=saved", place.base)));
        }
        problems = said.into_iter().map(|said| said.problem(NAMES)).collect();
    }
    Ok(show(ask, place, &event, kind, form, problems))
}

/// Whether the version in force says just this, as it does when a form is sent twice.
fn is_the_same(form: &Form, kept: &Form) -> bool {
    let texts = |name: &str| {
        let lines = |(locale, text): (String, String)| (locale, text.replace('\r', ""));
        let one = |from: &Form| texts_of(from, kept, name).into_iter().map(lines).collect::<Vec<_>>();
        one(form) == one(kept)
    };
    texts("title") && texts("content") && form.has("required") == kept.has("required")
}

/// The version in force, to write the next one from.
fn kept(now: Option<&Document>) -> Form {
    let mut form = Form::default();
    let Some(now) = now else {
        form.set("required", "yes");
        form.set("revision", "0");
        return form;
    };
    keep(&mut form, "title", written!(now.titles));
    keep(&mut form, "content", written!(now.contents));
    if now.required {
        form.set("required", "yes");
    }
    form.set("revision", &now.version.to_string());
    form
}

fn show(ask: &Ask, place: Place, event: &Event, kind: &str, form: &Form, problems: Vec<Problem>) -> Response {
    let title = crate::frame::of(ask.language, "document", &kind);
    let frame = sheet::frame(ask, title.clone());
    let now = in_force(event, kind);
    let kept = kept(now);
    let mut form = form.clone();
    if now.is_none() && ask.form().is_none() {
        form.set(&format!("title.{}", ask.language.code()), &title);
    }
    let sheet = Sheet {
        frame: &frame,
        form: &form,
        kept: &kept,
        problems: &problems,
    };
    let words = if now.is_some() {
        "edit-next-version"
    } else {
        "edit-first-version"
    };
    let rows = vec![
        sheet.needed_texts("title", ["edit-title-en", "edit-title-de"]),
        sheet.texts("content", ["edit-content-en", "edit-content-de"], "long"),
        vec![sheet.tick("required", "edit-required", "edit-required-words")],
    ];
    let groups = vec![sheet.group("edit-document-text", Some("edit-markdown"), rows)];
    let about = About {
        title,
        lead: Some(frame.say(words)),
        button: frame.say("edit-put-in-force"),
        back: format!("{}/setup/documents", place.base),
        revision: kept.text("revision").to_owned(),
        removal: None,
    };
    super::show(ask, frame, (place, Tab::Documents), about, (groups, problems))
}
