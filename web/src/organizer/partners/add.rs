//! `/manage/{organization}/{event}/partners/new`: a company, or the organization itself, becomes a partner of the event.

use askama::Template;
use poem::Response;

use super::super::Place;
use super::companies;
use super::documents::{Add, add as adding};
use super::found::Found;
use super::notice;
use crate::ask::{Ask, see_other};
use crate::fields::{Asked, Input, Problem};
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::lines::{Need, Sheet, again, is_sent, problems, renew_key};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/partners/add.html")]
struct Shown {
    frame: Frame,
    place: Place,
    list: String,
    token: String,
    key: String,
    problems: Vec<Problem>,
    /// Where a company is added that is not there yet; for whoever may.
    new_company: Option<String>,
    company: Option<Asked>,
    role: Asked,
    contact: Input,
    notice: Vec<Input>,
}

/// What stands for the organization itself among the companies.
const HOST: &str = "host";

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let found = Found::to_manage(ask).await?;
    let empty = || {
        let mut form = Form::default();
        form.set("key", &ask.new_key());
        form.set("company", &ask.query("company").unwrap_or_default());
        form
    };
    let mut form = ask.form().map_or_else(empty, notice::settled);
    let mut problems = Vec::new();
    if is_sent(ask) {
        if ask.is_genuine() {
            match send(ask, &found, &form).await? {
                Ok(partner) => return Ok(see_other(&format!("{}/{partner}?done=added", found.list()))),
                Err(found) => problems = found,
            }
        } else {
            problems = again(ask);
        }
        renew_key(ask, &mut form, &problems);
    }
    show(ask, found, &form, problems).await
}

async fn show(ask: &Ask, found: Found, form: &Form, problems: Vec<Problem>) -> Result<Response, Trouble> {
    let mut frame = ask.frame(ask.language.say("add-title"));
    frame.form = Some("add");
    let here = |id: &str| found.event.partners.iter().any(|partner| partner.partner.id == id);
    let all = companies::all(ask).await?;
    let mut choices: Vec<(String, String)> = Vec::new();
    if !found
        .event
        .partners
        .iter()
        .any(|partner| name_of(&partner.role) == "HOST")
    {
        choices.push((
            HOST.to_owned(),
            frame.say1("add-host", "name", &found.place.organization_name),
        ));
    }
    let open = all
        .into_iter()
        .filter(|company| company.active && !company.is_organization && !here(&company.id));
    choices.extend(open.map(|company| {
        let name = format!(
            "{} ({}, {})",
            company.display_name,
            company.legal_name,
            frame.country(&company.country)
        );
        (company.id, name)
    }));
    let sheet = Sheet {
        frame: &frame,
        form,
        problems: &problems,
    };
    let words = (frame.say("add-company"), frame.say("add-company-hint"));
    let new_company = found.place.may_manage_everywhere().then(|| {
        format!(
            "/manage/{}/-/partners/new?event={}",
            found.place.organization,
            ask.param("slug")
        )
    });
    let page = Shown {
        list: found.list(),
        token: ask.token(),
        key: form.text("key").to_owned(),
        new_company,
        company: (!choices.is_empty()).then(|| sheet.asked("company", words, "choice", Need::Required, choices)),
        role: sheet.roles(),
        contact: sheet.hinted(
            "contact",
            ("partner-contact", "add-contact-hint"),
            "email",
            Need::Optional,
        ),
        notice: notice::lines(&sheet),
        place: found.place,
        problems,
        frame,
    };
    let is_good = page.problems.is_empty();
    Ok(ask.form_page(is_good, &page))
}

async fn send(ask: &Ask, found: &Found, form: &Form) -> Result<Result<String, Vec<Problem>>, Trouble> {
    let company = form.text("company");
    let contact = match form.filled("contact") {
        Some(contact) => contact,
        None => contact_of(ask, company).await?,
    };
    let role = match (company, form.text("role")) {
        (HOST, _) => adding::PartnerRole::HOST,
        (_, "CO_SPONSOR") => adding::PartnerRole::CO_SPONSOR,
        (_, "EXHIBITOR") => adding::PartnerRole::EXHIBITOR,
        _ => return Ok(Err(vec![Problem::new("role", ask.language.say("needed"))])),
    };
    let input = adding::AddEventPartnerInput {
        idempotency_key: form.text("key").to_owned(),
        event_id: found.event.id.clone(),
        partner_id: form.filled("company").filter(|company| company != HOST),
        role,
        notice_url: form.text("notice").to_owned(),
        notice_sha256: form.filled("fingerprint"),
        contact_email: contact,
    };
    let payload = ask.visitor.ask::<Add>(adding::Variables { input }).await?;
    let payload = payload.add_event_partner.ok_or(Trouble::NotFound)?;
    match payload.event_partner {
        Some(partner) => Ok(Ok(partner.id)),
        None => Ok(Err(problems!(ask, payload.user_errors, |path: &[String]| place(path)))),
    }
}

/// Where the company itself is reached, until something else is said; nothing where none was chosen, or the organization
/// never was a partner.
async fn contact_of(ask: &Ask, chosen: &str) -> Result<String, Trouble> {
    let all = companies::all(ask).await?.into_iter();
    let mut its = all.filter(|company| company.id == chosen || (chosen == HOST && company.is_organization));
    Ok(its.next().map(|company| company.contact_email).unwrap_or_default())
}

/// Which field of the form an error of the API is about.
pub(super) fn place(path: &[String]) -> String {
    match path.first().map(String::as_str) {
        Some("partnerId") => "company",
        Some("role") => "role",
        Some("noticeUrl") => "notice",
        Some("noticeSha256") => "fingerprint",
        Some("contactEmail") => "contact",
        _ => "",
    }
    .to_owned()
}
