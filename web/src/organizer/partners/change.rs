//! `…/partners/{partner}/change`: what a partner is at the event, its privacy notice, and whether anything is shared with it.

use askama::Template;
use poem::Response;

use super::super::Place;
use super::documents::{Change, change as changing};
use super::found::{Found, Partner};
use super::{add, notice};
use crate::ask::{Ask, see_other};
use crate::fields::{Asked, Input, Problem};
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::lines::{Need, Sheet, again, beside, is_sent, problems, stored};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/partners/change.html")]
struct Shown {
    frame: Frame,
    place: Place,
    list: String,
    address: String,
    partner: String,
    token: String,
    revision: String,
    problems: Vec<Problem>,
    /// None for the host, which stays that.
    role: Option<Asked>,
    contact: Input,
    notice: Vec<Input>,
    is_active: bool,
    /// What somebody else said of that meanwhile.
    active_stored: Option<String>,
    company: Option<String>,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let found = Found::to_manage(ask).await?;
    let partner = found.partner(ask)?;
    let Some(form) = ask.form().map(notice::settled) else {
        let form = kept(partner);
        return show(ask, found, &form, Vec::new());
    };
    let problems = if !is_sent(ask) {
        return show(ask, found, &form, Vec::new());
    } else if ask.is_genuine() {
        send(ask, partner, &form).await?
    } else {
        again(ask)
    };
    if problems.is_empty() {
        return Ok(see_other(&format!("{}?done=saved", found.address(partner))));
    }
    show(ask, found, &form, problems)
}

/// What is known now, as the form would send it.
fn kept(partner: &Partner) -> Form {
    let mut form = Form::default();
    form.set("revision", &partner.revision.to_string());
    form.set("role", &name_of(&partner.role));
    form.set("contact", &partner.contact_email);
    form.set("notice", &partner.privacy_notice.url);
    form.set(
        "fingerprint",
        partner.privacy_notice.sha256.as_deref().unwrap_or_default(),
    );
    if partner.active {
        form.set("active", "yes");
    }
    form
}

fn show(ask: &Ask, found: Found, form: &Form, problems: Vec<Problem>) -> Result<Response, Trouble> {
    let partner = found.partner(ask)?;
    let mut frame = ask.frame(ask.language.say("change-partner"));
    frame.form = Some("change");
    let sheet = Sheet {
        frame: &frame,
        form,
        problems: &problems,
    };
    let company = found
        .place
        .may_manage_everywhere()
        .then(|| format!("/manage/{}/-/partners/{}", found.place.organization, partner.partner.id));
    let kept = kept(partner);
    let meanwhile = |name: &str, choices: &[(String, String)]| stored(&frame, (form, &kept), name, choices);
    let mut role = (name_of(&partner.role) != "HOST").then(|| sheet.roles());
    if let Some(role) = &mut role
        && let Some(now) = meanwhile("role", &role.choices)
    {
        role.hint = format!("{} {now}", role.hint);
    }
    let notice = notice::lines(&sheet).into_iter().map(|line| {
        let now = meanwhile(&line.name, &[]);
        line.noted(now)
    });
    let page = Shown {
        list: found.list(),
        address: found.address(partner),
        partner: partner.partner.display_name.clone(),
        token: ask.token(),
        revision: kept.text("revision").to_owned(),
        role,
        contact: sheet
            .hinted(
                "contact",
                ("partner-contact", "partner-contact-hint"),
                "email",
                Need::Required,
            )
            .noted(meanwhile("contact", &[])),
        notice: notice.collect(),
        is_active: form.has("active"),
        active_stored: meanwhile("active", &ticked(&frame, "partner-active")),
        company,
        place: found.place,
        problems,
        frame,
    };
    let is_good = page.problems.is_empty();
    Ok(ask.form_page(is_good, &page))
}

/// What a box says where it is ticked, and where it is not.
pub(super) fn ticked(frame: &Frame, words: &str) -> [(String, String); 2] {
    let unticked = frame.say("edit-stored-unticked");
    [("yes".to_owned(), frame.say(words)), (String::new(), unticked)]
}

async fn send(ask: &Ask, partner: &Partner, form: &Form) -> Result<Vec<Problem>, Trouble> {
    let before = kept(partner);
    let role = match form.text("role") {
        "CO_SPONSOR" => Some(changing::PartnerRole::CO_SPONSOR),
        "EXHIBITOR" => Some(changing::PartnerRole::EXHIBITOR),
        _ => None,
    };
    // The fingerprint is of one file: with another address the old one would say nothing, so it goes unless a new one is
    // typed, or made of a file.
    let fingerprint = form
        .filled("fingerprint")
        .filter(|typed| typed != before.text("fingerprint"));
    let input = changing::UpdateEventPartnerInput {
        event_partner_id: partner.id.clone(),
        revision: form.text("revision").parse().unwrap_or_default(),
        role,
        notice_url: Some(form.text("notice").to_owned()),
        notice_sha256: fingerprint,
        contact_email: Some(form.text("contact").to_owned()),
        active: Some(form.has("active")),
    };
    let payload = ask.visitor.ask::<Change>(changing::Variables { input }).await?;
    let errors = payload.update_event_partner.ok_or(Trouble::NotFound)?.user_errors;
    Ok(beside(ask, problems!(ask, errors, |path: &[String]| add::place(path))))
}
