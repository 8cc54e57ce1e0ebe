//! `/manage/{organization}/-/complaints`: what waits for an answer, by its day, and what is answered.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::documents::{ComplaintsPage, complaints_page as of};
use super::{standing, who};
use crate::ask::Ask;
use crate::frame::Frame;
use crate::organizer::with_query;
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/complaints/list.html")]
struct Shown {
    frame: Frame,
    slug: String,
    organization: String,
    complaints: Vec<Listed>,
    next: Option<String>,
}

struct Listed {
    id: String,
    who: String,
    state: String,
    tone: &'static str,
    /// By when it is answered, or when it was.
    when: String,
    about: Option<String>,
}

/// A page of the list; not there for whoever is not the officer.
pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        after: ask.query("after"),
    };
    let found = ask.visitor.ask::<ComplaintsPage>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let complaints = organization.complaints.ok_or(Trouble::NotFound)?;
    let frame = ask.frame(ask.language.say("complaints-title"));
    let listed = |node: of::ComplaintsPageOrganizationComplaintsEdgesNode| {
        let (state, tone) = standing(&frame, &node.state, node.is_overdue);
        Listed {
            who: who(&frame, node.person_name.as_ref(), node.person_email.as_ref()),
            state,
            tone,
            when: match &node.answered_at {
                Some(at) => frame.say1("complaint-answered", "when", &frame.day(at, "UTC")),
                None => frame.say1("complaint-due", "when", &frame.day(&node.due_at, "UTC")),
            },
            about: node
                .about
                .map(|about| frame.say1("complaint-about", "recipient", &about)),
            id: node.id,
        }
    };
    let info = complaints.page_info;
    let next = info.end_cursor.filter(|_| info.has_next_page);
    let page = Shown {
        complaints: complaints.edges.into_iter().map(|edge| listed(edge.node)).collect(),
        next: next.map(|after| with_query(ask.path(), &[("after", &after)])),
        slug: organization.organization.slug,
        organization: organization.organization.name,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}
