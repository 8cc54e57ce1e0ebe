//! `/manage/{organization}/{event}/mails` and `/manage/{organization}/-/mails`: what was sent to whom; sending it again.

use askama::Template;
use poem::Response;

use super::Shown as Whose;
use super::documents::{SendAgain, send_again};
use super::found::{self, Found, Mail};
use crate::ask::{Ask, see_other};
use crate::form::Form;
use crate::frame::{Frame, Width};
use crate::organizer::{Place, with_query};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/mails/list.html")]
struct Shown {
    frame: Frame,
    slug: String,
    organization: String,
    place: Option<Place>,
    token: String,
    note: Option<String>,
    problem: Option<String>,
    zone: String,
    mails: Vec<Listed>,
    next: Option<String>,
}

struct Listed {
    id: String,
    kind: String,
    to: Option<String>,
    /// The page of whom it was sent to, where there is one.
    person: Option<String>,
    status: String,
    tone: &'static str,
    failure: Option<String>,
    asked: String,
    accepted: Option<String>,
    /// The key and the accessible name of its button, where it can be sent again.
    again: Option<(String, String)>,
}

pub(super) async fn answer(ask: &Ask, whose: Whose) -> Result<Response, Trouble> {
    let mut problem = None;
    if let Some(form) = ask.form() {
        problem = send(ask, form).await?;
        if problem.is_none() {
            return Ok(see_other(&format!("{}?done=again", ask.path())));
        }
    }
    let found = match whose {
        Whose::OfEvent => found::of_event(ask).await?,
        Whose::OfOrganization => found::of_organization(ask).await?,
    };
    let page = shown(ask, found, problem);
    Ok(ask.form_page(page.problem.is_none(), &page))
}

/// Sends the chosen mail once more; what is wrong with that, if anything is.
async fn send(ask: &Ask, form: &Form) -> Result<Option<String>, Trouble> {
    if !ask.is_genuine() {
        return Ok(Some(ask.language.say("press-again")));
    }
    let input = send_again::ResendMailInput {
        idempotency_key: form.text("key").to_owned(),
        mail_id: form.text("mail").to_owned(),
    };
    let payload = ask.visitor.ask::<SendAgain>(send_again::Variables { input }).await?;
    let errors = payload.resend_mail.ok_or(Trouble::Ours)?.user_errors;
    Ok(errors.into_iter().next().map(|error| error.message))
}

fn shown(ask: &Ask, found: Found, problem: Option<String>) -> Shown {
    let mut frame = ask.frame(ask.language.say("part-mails"));
    frame.width = Width::Wide;
    let is_done = problem.is_none() && ask.query("done").is_some();
    let base = found.place.as_ref().map(|place| place.base.as_str());
    let mails = found.mails.into_iter();
    let mails = mails
        .map(|mail| listed(ask, &frame, (base, &found.zone), mail))
        .collect();
    Shown {
        slug: found.slug,
        organization: found.organization,
        token: ask.token(),
        note: is_done.then(|| frame.say("mail-sent-again")),
        problem,
        mails,
        zone: frame.say1("times-of-zone", "zone", &found.zone),
        next: found
            .next
            .map(|after| with_query(ask.path(), &[("after", after.as_str())])),
        place: found.place,
        frame,
    }
}

fn listed(ask: &Ask, frame: &Frame, (base, zone): (Option<&str>, &str), mail: Mail) -> Listed {
    let kind = frame.of("mail-kind", &mail.kind);
    // One that waits goes out anyway, and one without an address to nobody.
    let address = mail.to.as_ref().filter(|_| mail.status != "QUEUED");
    let again = address.map(|to| {
        let name = frame.say2("mail-again-to", "address", to, "kind", &kind);
        (ask.new_key(), name)
    });
    let person = base.zip(mail.registration);
    Listed {
        id: mail.id,
        person: person.map(|(base, registration)| format!("{base}/people/{registration}")),
        status: frame.of("mail-status", &mail.status),
        tone: tone(&mail.status),
        failure: mail.failure,
        asked: frame.moment(&mail.created_at, zone),
        accepted: mail.sent_at.map(|at| frame.moment(&at, zone)),
        again,
        to: mail.to,
        kind,
    }
}

/// The colour of a mail's status; its word says the same.
fn tone(status: &str) -> &'static str {
    match status {
        "SENT" => "good",
        "FAILED" => "bad",
        _ => "warn",
    }
}
