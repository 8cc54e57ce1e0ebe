//! `/manage/{organization}/-/complaints/{complaint}`: what somebody complains of, and the answer.

use askama::Template;
use poem::Response;

use super::documents::{ComplaintPage, Reply, complaint_page as of, reply};
use super::{standing, who};
use crate::ask::{Ask, see_other};
use crate::fields::{Problem, said_of};
use crate::form::Form;
use crate::frame::Frame;
use crate::organizer::sheet::{self, said};
use crate::trouble::Trouble;

type Complaint = of::ComplaintPageOrganizationComplaint;

#[derive(Template)]
#[template(path = "organizer/complaints/one.html")]
struct Shown<'a> {
    frame: Frame,
    token: String,
    slug: String,
    organization: String,
    complaint: &'a Complaint,
    state: String,
    tone: &'static str,
    note: Option<String>,
    problems: Vec<Problem>,
    facts: Vec<(String, String, Option<String>)>,
    /// The answer that is being written, with the revision that it is for; none where it is given.
    written: Option<(&'a str, &'a str)>,
    /// What is wrong with it.
    error: Option<String>,
}

/// Shows it, or answers it; not there for whoever is not the officer.
pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        id: ask.param("id").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<ComplaintPage>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let complaint = organization.complaint.ok_or(Trouble::NotFound)?;
    let mut kept = Form::default();
    kept.set("revision", &complaint.revision.to_string());
    let (form, problems) = match ask.pressed(&kept) {
        Err((form, problems)) => (form, problems),
        Ok(form) => {
            let input = reply::AnswerComplaintInput {
                complaint_id: complaint.id.clone(),
                revision: form.text("revision").parse().unwrap_or_default(),
                answer: form.text("answer").to_owned(),
            };
            let payload = ask.visitor.ask::<Reply>(reply::Variables { input }).await?;
            let said = said!(payload.answer_complaint.ok_or(Trouble::NotFound)?.user_errors);
            let problems = sheet::problems(ask, said, &["answer"]);
            if problems.is_empty() {
                return Ok(see_other(&format!("{}?done=answered", ask.path())));
            }
            (form, problems)
        }
    };
    let frame = sheet::frame(ask, ask.language.say("complaint-title"));
    let (state, tone) = standing(&frame, &complaint.state, complaint.is_overdue);
    let is_open = complaint.answered_at.is_none();
    let page = Shown {
        token: ask.token(),
        note: ask
            .query("done")
            .filter(|_| problems.is_empty())
            .map(|_| frame.say("complaint-sent")),
        facts: facts(&frame, &organization.organization.slug, &complaint),
        written: is_open.then(|| (form.text("answer"), kept.text("revision"))),
        slug: organization.organization.slug,
        organization: organization.organization.name,
        error: said_of(&problems, "answer").map(str::to_owned),
        complaint: &complaint,
        state,
        tone,
        problems,
        frame,
    };
    Ok(ask.form_page(page.problems.is_empty(), &page))
}

/// Who, of what, and when: a name, a value, and where it leads.
fn facts(frame: &Frame, slug: &str, complaint: &Complaint) -> Vec<(String, String, Option<String>)> {
    let name = complaint.person_name.as_ref();
    let mut facts = vec![(
        frame.say("complaint-who"),
        who(frame, name, complaint.person_email.as_ref()),
        None,
    )];
    let mut add = |key: &str, value: Option<String>, path: Option<String>| {
        facts.extend(value.map(|value| (frame.say(key), value, path)));
    };
    add(
        "email-address",
        complaint.person_email.clone().filter(|_| name.is_some()),
        None,
    );
    add("complaint-recipient", complaint.about.clone(), None);
    if let Some(event) = &complaint.event {
        // Of whom nothing is left, there is nothing to look up.
        let place = complaint.registration_id.as_ref().filter(|_| name.is_some());
        let path = place.map(|place| format!("/manage/{slug}/{}/people/{place}", event.slug));
        add("complaint-event", Some(event.title.clone()), path);
    }
    add(
        "complaint-opened",
        Some(frame.moment(&complaint.opened_at, "UTC")),
        None,
    );
    add("complaint-day", Some(frame.day(&complaint.due_at, "UTC")), None);
    let answered = complaint.answered_at.as_ref().map(|at| frame.moment(at, "UTC"));
    let by = complaint.answered_by.as_ref();
    let answered = answered.map(|at| by.map_or(at.clone(), |by| format!("{at} · {by}")));
    add("complaint-answered-at", answered, None);
    facts
}
