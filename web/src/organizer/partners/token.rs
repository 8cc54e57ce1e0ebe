//! `…/partners/{partner}/tokens/new`: a token within what was approved. Its secret is made when the partner fetches it:
//! nobody here ever sees it.

use askama::Template;
use poem::Response;

use super::super::Place;
use super::documents::{Issue, issue as issuing};
use super::found::{Found, Partner, in_force};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::lines::{Sheet, again, is_sent, problems, renew_key};
use crate::tokens::{Approved, Inputs, approved, expires_at, networks, not_before, place as about, scope};
use crate::trouble::Trouble;
use crate::words::vars;

#[derive(Template)]
#[template(path = "organizer/partners/token.html")]
struct Shown {
    frame: Frame,
    place: Place,
    list: String,
    address: String,
    partner: String,
    /// Who gets the link, and where that can be changed.
    recipient: String,
    company: String,
    token: String,
    key: String,
    problems: Vec<Problem>,
    inputs: Inputs,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let found = Found::to_manage(ask).await?;
    if !found.place.may_manage_everywhere() {
        return Err(Trouble::NotFound);
    }
    let partner = found.partner(ask)?;
    // Without an approved offer there is nothing to read.
    let approved = approved(partner);
    if approved.is_empty() {
        return Err(Trouble::NotFound);
    }
    let mut form = ask.form().cloned().unwrap_or_else(|| fresh(ask, &approved));
    let mut problems = Vec::new();
    if is_sent(ask) {
        problems = if ask.is_genuine() {
            send(ask, partner, &approved, &form).await?
        } else {
            again(ask)
        };
        if problems.is_empty() {
            return Ok(see_other(&format!("{}?done=issued#tokens", found.address(partner))));
        }
        renew_key(ask, &mut form, &problems);
    }
    show(ask, found, &approved, &form, problems)
}

/// Everything that was approved, for ninety days.
fn fresh(ask: &Ask, approved: &Approved) -> Form {
    let mut form = Form::default();
    form.set("key", &ask.new_key());
    approved.tick(&mut form);
    if let Ok(now) = ask.now()
        && let Ok(day) = now
            .to_zoned_datetime(jiff::tz::TimeZone::UTC)
            .date()
            .checked_add(jiff::Span::new().days(90))
    {
        form.set("expires", &day.to_string());
    }
    form
}

fn approved(partner: &Partner) -> Approved {
    let versions = partner.offers.iter();
    let versions = versions.filter_map(|offer| Some((name_of(&offer.purpose), &in_force(offer)?.fields)));
    approved!(versions)
}

fn show(
    ask: &Ask,
    found: Found,
    approved: &Approved,
    form: &Form,
    problems: Vec<Problem>,
) -> Result<Response, Trouble> {
    let partner = found.partner(ask)?;
    let mut frame = ask.frame(ask.language.say("token-title"));
    frame.form = Some("token");
    let sheet = Sheet {
        frame: &frame,
        form,
        problems: &problems,
    };
    let (name, recipient) = (&partner.partner.display_name, &partner.partner.contact_email);
    let variables = vars([
        ("partner", name.as_str().into()),
        ("address", recipient.as_str().into()),
    ]);
    let page = Shown {
        list: found.list(),
        address: found.address(partner),
        partner: name.clone(),
        recipient: frame.language.say_with("token-recipient", &variables),
        company: format!("/manage/{}/-/partners/{}", found.place.organization, partner.partner.id),
        token: ask.token(),
        key: form.text("key").to_owned(),
        inputs: Inputs::of(&sheet, approved),
        place: found.place,
        problems,
        frame,
    };
    let is_good = page.problems.is_empty();
    Ok(ask.form_page(is_good, &page))
}

async fn send(ask: &Ask, partner: &Partner, approved: &Approved, form: &Form) -> Result<Vec<Problem>, Trouble> {
    let Some(scope) = scope!(issuing, form, approved, partner.id) else {
        return Ok(vec![Problem::new("field", ask.language.say("needed"))]);
    };
    let input = issuing::IssuePartnerTokenInput {
        idempotency_key: form.text("key").to_owned(),
        partner_id: partner.partner.id.clone(),
        name: form.text("name").to_owned(),
        scopes: vec![scope],
        capabilities: vec![issuing::TokenCapability::PULL],
        not_before: not_before(form),
        expires_at: expires_at(form),
        networks: networks(form),
    };
    let payload = ask.visitor.ask::<Issue>(issuing::Variables { input }).await?;
    let errors = payload.issue_partner_token.ok_or(Trouble::NotFound)?.user_errors;
    Ok(problems!(ask, errors, |path: &[String]| about(path)))
}
