//! `/manage/{organization}/{event}/questions`: what attendees are asked, in the order in which they are.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::Tab;
use super::documents::{EditedQuestions, MoveQuestion, edited_questions as of, move_question as moving};
use super::question_terms::{Event, Question};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::frame::{Frame, Width};
use crate::organizer::sheet::said;
use crate::organizer::{Part, Place};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/edit/questions.html")]
struct Shown {
    frame: Frame,
    place: Place,
    tabs: Vec<(String, String, bool)>,
    token: String,
    note: Option<String>,
    problems: Vec<Problem>,
    questions: Vec<Listed>,
}

struct Listed {
    id: String,
    label: String,
    kind: String,
    purpose: String,
    /// Who is asked, where not everybody is.
    tickets: String,
    asked_by: Option<String>,
    required: bool,
    shareable: bool,
    /// Before which question it comes when it is moved up; none for the first.
    up: Option<String>,
    /// The same for moving it down; empty to come last, none for the last.
    down: Option<String>,
}

/// Finds the event; not there for whoever may not change it.
pub(super) async fn find(ask: &Ask) -> Result<(Event, Place), Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<EditedQuestions>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let name = &organization.organization.name;
    let place = Place::find(ask, name, (&event.id, &event.event.title), Part::Edit).await?;
    Ok((event, place))
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let (event, place) = find(ask).await?;
    let mut problems = Vec::new();
    if let Some(form) = ask.form().filter(|form| form.has("question")) {
        if ask.is_genuine() {
            let id = form.text("question").to_owned();
            problems = moved(ask, &id, form.filled("before")).await?;
            if problems.is_empty() {
                return Ok(see_other(&format!("{}/questions#{id}", place.base)));
            }
        } else {
            problems.push(Problem::new("", ask.language.say("press-again")));
        }
    }
    let mut frame = ask.frame(ask.language.say("edit-questions"));
    frame.width = Width::Wide;
    let ids: Vec<&String> = event.questions.iter().map(|question| &question.question.id).collect();
    let listed = event.questions.iter().enumerate().map(|(index, question)| Listed {
        up: index.checked_sub(1).map(|above| ids[above].clone()),
        down: (index + 1 < ids.len()).then(|| ids.get(index + 2).map(|id| (*id).clone()).unwrap_or_default()),
        ..listed(&frame, &event, question)
    });
    let page = Shown {
        questions: listed.collect(),
        tabs: Tab::Questions.list(&frame, &place),
        token: ask.token(),
        note: ask
            .query("done")
            .filter(|_| problems.is_empty())
            .map(|_| frame.say("edit-saved")),
        place,
        problems,
        frame,
    };
    let status = if page.problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(ask.page(status, &page))
}

async fn moved(ask: &Ask, id: &str, before_id: Option<String>) -> Result<Vec<Problem>, Trouble> {
    let input = moving::MoveQuestionInput {
        question_id: id.to_owned(),
        before_id,
    };
    let payload = ask.visitor.ask::<MoveQuestion>(moving::Variables { input }).await?;
    let said = said!(payload.move_question.ok_or(Trouble::Ours)?.user_errors);
    Ok(said.into_iter().map(|said| said.problem(&[])).collect())
}

fn listed(frame: &Frame, event: &Event, question: &Question) -> Listed {
    let asked = &question.question;
    let its = event
        .ticket_types
        .iter()
        .filter(|ticket| question.ticket_type_ids.contains(&ticket.ticket_type.id));
    let names: Vec<&str> = its.map(|ticket| ticket.ticket_type.name.as_str()).collect();
    let partner = event
        .partners
        .iter()
        .find(|partner| question.asked_by_id.as_ref() == Some(&partner.id));
    Listed {
        id: asked.id.clone(),
        label: asked.label.clone(),
        kind: frame.of("question-kind", &asked.kind),
        purpose: asked.purpose.clone(),
        tickets: names.join(", "),
        asked_by: partner.map(|partner| partner.partner.display_name.clone()),
        required: asked.required,
        shareable: asked.shareable,
        up: None,
        down: None,
    }
}
