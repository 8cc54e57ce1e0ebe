//! `/me/complaints` leads to one's complaints; `/me/data/<id>/complaints` lists those to one organization, and
//! `/me/data/<id>/complaints/new` is where one complains, of one thing that was disclosed or of anything.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::data::{self, Person};
use super::documents::{Complain, Complained, MyComplaints, complain, complained, my_complaints as mine};
use super::room::{Room, written};
use crate::ask::{Ask, see_other};
use crate::fields::{Problem, said_of};
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::lines::{problems, renew_key};
use crate::trouble::Trouble;

use mine::{MyComplaintsNode as Node, MyComplaintsNodeOnPerson as Whose};

/// For how many bytes of HTML there is room in complaints and answers, besides the complaint that is asked for.
const TEXTS: usize = 30_000;

#[derive(Template)]
#[template(path = "account/complained.html")]
struct Organizations {
    frame: Frame,
    /// Path and name of each organization that one complained to.
    organizations: Vec<(String, String)>,
}

/// Somebody who complained to one organization alone is led to what was answered.
pub(super) async fn lead(ask: &Ask) -> Result<Response, Trouble> {
    let found = ask.visitor.ask::<Complained>(complained::Variables {}).await?;
    let people = found.me.into_iter().flat_map(|me| me.people);
    let organizations: Vec<(String, String)> = people
        .filter(|person| !person.complaints.edges.is_empty())
        .map(|person| (path(&person.id), person.organization.name))
        .collect();
    if let [(path, _)] = organizations.as_slice() {
        return Ok(see_other(path));
    }
    let frame = ask.frame(ask.language.say("complaints-own"));
    let page = Organizations { organizations, frame };
    Ok(ask.page(StatusCode::OK, &page))
}

fn path(person: &str) -> String {
    format!("/me/data/{person}/complaints")
}

#[derive(Template)]
#[template(path = "account/complaints.html")]
struct Listed {
    frame: Frame,
    person: Whose,
    note: Option<String>,
    complaints: Vec<Shown>,
    next: Option<String>,
}

struct Shown {
    id: String,
    title: String,
    state: String,
    tone: &'static str,
    /// By when it is answered, or when it was.
    when: String,
    text: String,
    answer: Option<String>,
    /// The page with both, where there is no room for them on this one.
    elsewhere: Option<String>,
}

/// What one complained of, with the answers.
pub(super) async fn list(ask: &Ask) -> Result<Response, Trouble> {
    let variables = mine::Variables {
        id: ask.param("id").to_owned(),
        after: ask.query("after"),
    };
    let Some(Node::Person(person)) = ask.visitor.ask::<MyComplaints>(variables).await?.node else {
        return Err(Trouble::NotFound);
    };
    let frame = ask.frame(ask.language.say("complaints-own"));
    let now = ask.now()?;
    let asked_for = ask.query("complaint");
    let page = ask.query("after").map(|cursor| format!("&after={cursor}"));
    let page = page.unwrap_or_default();
    let mut room = Room::of(TEXTS);
    let shown = |node: &mine::MyComplaintsNodeOnPersonComplaintsEdgesNode| {
        let bytes = written(&node.text) + node.answer.as_deref().map_or(0, written);
        let is_there = asked_for.as_ref() == Some(&node.id) || room.takes(bytes);
        let is_late = node.answered_at.is_none() && node.due_at.parse::<jiff::Timestamp>().is_ok_and(|due| due < now);
        Shown {
            id: node.id.clone(),
            elsewhere: (!is_there).then(|| format!("{}?complaint={1}{page}#complaint-{1}", ask.path(), node.id)),
            title: match &node.about {
                Some(about) => frame.say2(
                    "complaint-of-about",
                    "when",
                    &frame.day(&node.opened_at, "UTC"),
                    "recipient",
                    about,
                ),
                None => frame.say1("complaint-of", "when", &frame.day(&node.opened_at, "UTC")),
            },
            state: if is_late {
                frame.say("complaint-late")
            } else {
                frame.of("complaint-state", &node.state)
            },
            tone: match (name_of(&node.state).as_str(), is_late) {
                ("ANSWERED", _) => "good",
                (_, true) => "bad",
                _ => "warn",
            },
            when: match &node.answered_at {
                Some(at) => frame.say1("complaint-answered", "when", &frame.day(at, "UTC")),
                None => frame.say1("complaint-due", "when", &frame.day(&node.due_at, "UTC")),
            },
            text: node.text.clone(),
            answer: node.answer.clone(),
        }
    };
    let complaints = &person.complaints;
    let next = complaints
        .page_info
        .end_cursor
        .clone()
        .filter(|_| complaints.page_info.has_next_page);
    let page = Listed {
        complaints: complaints.edges.iter().map(|edge| &edge.node).map(shown).collect(),
        note: ask.query("done").map(|_| frame.say("complaint-filed")),
        next: next.map(|cursor| format!("{}?after={cursor}", ask.path())),
        person,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

#[derive(Template)]
#[template(path = "account/complain.html")]
struct Complaining<'a> {
    frame: Frame,
    token: String,
    /// Makes sending twice harmless.
    key: String,
    person: &'a Person,
    /// What was disclosed, in words.
    about: Option<String>,
    text: &'a str,
    /// What is wrong with it.
    error: Option<String>,
    problems: Vec<Problem>,
}

/// Shows the form, or files what it says.
pub(super) async fn file(ask: &Ask) -> Result<Response, Trouble> {
    let person = data::find(ask).await?;
    let about = match ask.query("about") {
        Some(id) => Some(data::disclosure(&person, &id).ok_or(Trouble::NotFound)?),
        None => None,
    };
    let mut frame = ask.frame(ask.language.say("complain-new"));
    frame.form = Some("complaint");
    frame.enter = Some("file");
    let kept = Form::default();
    let (mut form, problems) = match ask.pressed(&kept) {
        Err((form, problems)) => (form.clone(), problems),
        Ok(form) => {
            let input = complain::FileComplaintInput {
                idempotency_key: form.text("key").to_owned(),
                person_id: person.id.clone(),
                text: form.text("text").to_owned(),
                registration_id: None,
                disclosure_id: about.map(|disclosure| disclosure.id.clone()),
            };
            let payload = ask.visitor.ask::<Complain>(complain::Variables { input }).await?;
            let errors = payload.file_complaint.ok_or(Trouble::Ours)?.user_errors;
            if errors.is_empty() {
                return Ok(see_other(&format!("{}?done=filed", path(&person.id))));
            }
            let field = |path: &[String]| {
                if path == ["text"] {
                    "text".to_owned()
                } else {
                    String::new()
                }
            };
            (form.clone(), problems!(ask, errors, field))
        }
    };
    renew_key(ask, &mut form, &problems);
    let page = Complaining {
        token: ask.token(),
        key: form.text("key").to_owned(),
        about: about.map(|disclosure| {
            let when = frame.moment(&disclosure.at, "UTC");
            frame.say2("complain-about", "recipient", &disclosure.recipient_name, "when", &when)
        }),
        text: form.text("text"),
        error: said_of(&problems, "text").map(str::to_owned),
        person: &person,
        problems,
        frame,
    };
    Ok(ask.form_page(page.problems.is_empty(), &page))
}
