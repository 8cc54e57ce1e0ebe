//! `/manage/{organization}/-/partners/new` and `…/partners/{partner}`: adding and changing a company.

use askama::Template;
use poem::Response;

use super::change::ticked;
use super::companies::{self, Company, Owner};
use super::documents::{Create, Update, create as creating, update as updating};
use crate::ask::{Ask, see_other};
use crate::countries;
use crate::fields::{Input, Problem};
use crate::form::Form;
use crate::frame::Frame;
use crate::lines::{Need, Sheet, again, beside, is_sent, problems, renew_key, stored};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/partners/company.html")]
struct Shown {
    frame: Frame,
    slug: String,
    organization: String,
    base: String,
    /// Where one came from.
    back: String,
    token: String,
    key: String,
    revision: String,
    problems: Vec<Problem>,
    inputs: Vec<Input>,
    /// Whether anything is shared with it; only for one that is there already.
    active: Option<bool>,
    /// What somebody else said of that meanwhile.
    active_stored: Option<String>,
    /// Where it is said who reads for it; only for one that is there already.
    staff: Option<String>,
    button: String,
}

/// Adding one.
pub(super) async fn add(ask: &Ask) -> Result<Response, Trouble> {
    let (owner, _) = to_manage(ask).await?;
    let mut form = ask.form().cloned().unwrap_or_else(|| {
        let mut form = Form::default();
        form.set("key", &ask.new_key());
        form
    });
    let mut problems = Vec::new();
    if is_sent(ask) {
        if ask.is_genuine() {
            match create(ask, &owner, &form).await? {
                Ok(company) => return Ok(see_other(&onward(ask, &owner, &company))),
                Err(found) => problems = found,
            }
        } else {
            problems = again(ask);
        }
        renew_key(ask, &mut form, &problems);
    }
    show(ask, owner, None, &form, problems)
}

/// The page of the event for which it is added, where one came from there: partners are added to it.
fn event_page(ask: &Ask, owner: &Owner) -> Option<String> {
    let event = ask.query("event").filter(|slug| {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !slug.is_empty() && slug.chars().all(fits)
    })?;
    Some(format!("/manage/{}/{event}/partners/new", owner.slug))
}

/// To the list; or to the event for which it was added.
fn onward(ask: &Ask, owner: &Owner, company: &str) -> String {
    match event_page(ask, owner) {
        Some(page) => format!("{page}?company={company}"),
        None => format!("/manage/{}/-/partners?done=saved", owner.slug),
    }
}

/// Changing one.
pub(super) async fn change(ask: &Ask) -> Result<Response, Trouble> {
    let (owner, company) = to_manage(ask).await?;
    let company = company.ok_or(Trouble::NotFound)?;
    let Some(form) = ask.form() else {
        return show(ask, owner, Some(&company), &kept(&company), Vec::new());
    };
    let problems = if !is_sent(ask) {
        return show(ask, owner, Some(&company), form, Vec::new());
    } else if ask.is_genuine() {
        update(ask, &company, form).await?
    } else {
        again(ask)
    };
    if problems.is_empty() {
        return Ok(see_other(&format!("/manage/{}/-/partners?done=saved", owner.slug)));
    }
    show(ask, owner, Some(&company), form, problems)
}

pub(super) async fn to_manage(ask: &Ask) -> Result<(Owner, Option<Company>), Trouble> {
    let found = companies::of_address(ask).await?;
    if found.0.may_manage {
        Ok(found)
    } else {
        Err(Trouble::NotFound)
    }
}

/// What is known now, as the form would send it.
fn kept(company: &Company) -> Form {
    let mut form = Form::default();
    form.set("revision", &company.revision.to_string());
    form.set("name", &company.display_name);
    form.set("legal", &company.legal_name);
    form.set("country", &company.country);
    form.set("contact", &company.contact_email);
    if company.active {
        form.set("active", "yes");
    }
    form
}

fn show(
    ask: &Ask,
    owner: Owner,
    company: Option<&Company>,
    form: &Form,
    problems: Vec<Problem>,
) -> Result<Response, Trouble> {
    let mut frame = ask.frame(match company {
        Some(company) => company.display_name.clone(),
        None => ask.language.say("company-new"),
    });
    frame.form = Some("company");
    let sheet = Sheet {
        frame: &frame,
        form,
        problems: &problems,
    };
    let base = format!("/manage/{}/-/partners", owner.slug);
    let kept = company.map(kept);
    let meanwhile = |name: &str, choices: &[(String, String)]| {
        let kept = kept.as_ref()?;
        stored(&frame, (form, kept), name, choices)
    };
    let inputs = [
        sheet.hinted("name", ("company-name", "company-name-hint"), "text", Need::Required),
        sheet.hinted("legal", ("company-legal", "company-legal-hint"), "text", Need::Required),
        sheet.hinted(
            "country",
            ("company-country", "company-country-hint"),
            "country",
            Need::Required,
        ),
        sheet.hinted(
            "contact",
            ("company-contact", "company-contact-hint"),
            "email",
            Need::Required,
        ),
    ];
    let countries = countries::choices(frame.language);
    let inputs = inputs.map(|input| {
        let choices: &[_] = if input.kind == "country" { &countries } else { &[] };
        let now = meanwhile(&input.name, choices);
        input.noted(now)
    });
    let page = Shown {
        back: event_page(ask, &owner).unwrap_or_else(|| base.clone()),
        base,
        slug: owner.slug,
        organization: owner.name,
        token: ask.token(),
        key: form.text("key").to_owned(),
        revision: kept
            .as_ref()
            .map(|kept| kept.text("revision").to_owned())
            .unwrap_or_default(),
        inputs: inputs.into(),
        active: company.map(|_| form.has("active")),
        active_stored: meanwhile("active", &ticked(&frame, "company-active")),
        staff: company.map(|_| format!("{}/staff", ask.path())),
        button: frame.say(if company.is_some() { "save" } else { "company-add" }),
        problems,
        frame,
    };
    let is_good = page.problems.is_empty();
    Ok(ask.form_page(is_good, &page))
}

async fn create(ask: &Ask, owner: &Owner, form: &Form) -> Result<Result<String, Vec<Problem>>, Trouble> {
    let input = creating::CreatePartnerInput {
        idempotency_key: form.text("key").to_owned(),
        organization_id: owner.id.clone(),
        display_name: form.text("name").to_owned(),
        legal_name: form.text("legal").to_owned(),
        country: form.text("country").to_owned(),
        contact_email: form.text("contact").to_owned(),
    };
    let payload = ask.visitor.ask::<Create>(creating::Variables { input }).await?;
    let payload = payload.create_partner.ok_or(Trouble::NotFound)?;
    match payload.partner {
        Some(partner) => Ok(Ok(partner.id)),
        None => Ok(Err(problems!(ask, payload.user_errors, |path: &[String]| place(path)))),
    }
}

async fn update(ask: &Ask, company: &Company, form: &Form) -> Result<Vec<Problem>, Trouble> {
    let text = |name: &str| Some(form.text(name).to_owned());
    let input = updating::UpdatePartnerInput {
        partner_id: company.id.clone(),
        revision: form.text("revision").parse().unwrap_or_default(),
        display_name: text("name"),
        legal_name: text("legal"),
        country: text("country"),
        contact_email: text("contact"),
        active: Some(form.has("active")),
    };
    let payload = ask.visitor.ask::<Update>(updating::Variables { input }).await?;
    let errors = payload.update_partner.ok_or(Trouble::NotFound)?.user_errors;
    Ok(beside(ask, problems!(ask, errors, |path: &[String]| place(path))))
}

/// Which field of the form an error of the API is about.
fn place(path: &[String]) -> String {
    match path.first().map(String::as_str) {
        Some("displayName") => "name",
        Some("legalName") => "legal",
        Some("country") => "country",
        Some("contactEmail") => "contact",
        _ => "",
    }
    .to_owned()
}
