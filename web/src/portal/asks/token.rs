//! `/partner/{member}/-/tokens/{place}`: a new token for what was approved at one event. Its secret is on the page that
//! follows, and nowhere else.

use askama::Template;
use poem::Response;

use super::documents::{Issue, issue as issuing};
use super::found::{self, Place, approved, base};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::Frame;
use crate::lines::{Sheet, again, is_sent, problems, renew_key};
use crate::tokens::{Approved, Inputs, expires_at, networks, not_before, place as about, scope};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "portal/token.html")]
struct Shown {
    frame: Frame,
    /// The pages above: address and name.
    above: [(String, String); 3],
    event: String,
    token: String,
    key: String,
    problems: Vec<Problem>,
    inputs: Inputs,
}

#[derive(Template)]
#[template(path = "portal/token_issued.html")]
struct IssuedShown {
    frame: Frame,
    above: [(String, String); 3],
    secret: String,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let (company, place) = found::place(ask).await?;
    // Without an approved offer there is nothing to read.
    let approved = crate::tokens::approved!(approved(&place));
    if approved.is_empty() {
        return Err(Trouble::NotFound);
    }
    let mut form = ask.form().cloned().unwrap_or_else(|| fresh(ask, &approved));
    let mut problems = Vec::new();
    let above = |frame: &Frame| {
        [
            ("/partner".to_owned(), frame.say("portal-title")),
            (base(ask), company.display_name.clone()),
            (format!("{}/-/tokens", base(ask)), frame.say("tokens-title")),
        ]
    };
    if is_sent(ask) {
        if ask.is_genuine() {
            match send(ask, &company.id, &place, &approved, &form).await? {
                Ok(Some(secret)) => {
                    let frame = ask.frame(ask.language.say("own-token-title"));
                    let page = IssuedShown {
                        above: above(&frame),
                        secret,
                        frame,
                    };
                    return Ok(ask.form_page(true, &page));
                }
                // The same form was sent before.
                Ok(None) => return Ok(see_other(&format!("{}/-/tokens?done=issued", base(ask)))),
                Err(found) => problems = found,
            }
        } else {
            problems = again(ask);
        }
        renew_key(ask, &mut form, &problems);
    }
    let mut frame = ask.frame(ask.language.say("token-title"));
    frame.form = Some("token");
    let sheet = Sheet {
        frame: &frame,
        form: &form,
        problems: &problems,
    };
    let page = Shown {
        above: above(&frame),
        event: place.event_title.clone(),
        token: ask.token(),
        key: form.text("key").to_owned(),
        inputs: Inputs::of(&sheet, &approved),
        problems,
        frame,
    };
    let is_good = page.problems.is_empty();
    Ok(ask.form_page(is_good, &page))
}

/// Everything that was approved.
fn fresh(ask: &Ask, approved: &Approved) -> Form {
    let mut form = Form::default();
    form.set("key", &ask.new_key());
    approved.tick(&mut form);
    form
}

async fn send(
    ask: &Ask,
    partner: &str,
    place: &Place,
    approved: &Approved,
    form: &Form,
) -> Result<Result<Option<String>, Vec<Problem>>, Trouble> {
    let Some(scope) = scope!(issuing, form, approved, place.id) else {
        return Ok(Err(vec![Problem::new("field", ask.language.say("needed"))]));
    };
    let input = issuing::IssueOwnTokenInput {
        idempotency_key: form.text("key").to_owned(),
        partner_id: partner.to_owned(),
        name: form.text("name").to_owned(),
        scopes: vec![scope],
        capabilities: vec![issuing::TokenCapability::PULL],
        not_before: not_before(form),
        expires_at: expires_at(form),
        networks: networks(form),
    };
    let payload = ask.visitor.ask::<Issue>(issuing::Variables { input }).await?;
    let payload = payload.issue_own_token.ok_or(Trouble::NotFound)?;
    match payload.issued {
        Some(issued) => Ok(Ok(issued.secret)),
        None => Ok(Err(problems!(ask, payload.user_errors, |path: &[String]| about(path)))),
    }
}
