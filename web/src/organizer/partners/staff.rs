//! `/manage/{organization}/-/partners/{partner}/staff`: who reads for a partner.

use askama::Template;
use poem::Response;

use super::companies::{Company, Owner};
use super::company::to_manage;
use super::documents::{ChangeMember, Invite, Remove, Staff, change_member, invite, remove, staff as of};
use crate::ask::{Ask, see_other};
use crate::clock;
use crate::fields::{Asked, Input, Problem};
use crate::form::Form;
use crate::frame::{Frame, name_of, named};
use crate::lines::{Need, Sheet, again, is_sent, problems};
use crate::trouble::Trouble;

/// What somebody can be there for.
const ROLES: [&str; 2] = ["READER", "ADMINISTRATOR"];

#[derive(Template)]
#[template(path = "organizer/partners/staff.html")]
struct Shown {
    frame: Frame,
    slug: String,
    organization: String,
    base: String,
    /// The company's page, and its name.
    company: (String, String),
    token: String,
    key: String,
    note: Option<String>,
    problems: Vec<Problem>,
    members: Vec<Listed>,
    inputs: Vec<Input>,
    role: Asked,
}

struct Listed {
    id: String,
    email: String,
    is_proved: bool,
    is_over: bool,
    is_administrator: bool,
    until: String,
    used: Option<String>,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let (owner, company) = to_manage(ask).await?;
    let company = company.ok_or(Trouble::NotFound)?;
    let mut form = ask.form().cloned().unwrap_or_default();
    if form.text("key").is_empty() {
        form.set("key", &ask.new_key());
    }
    let mut problems = Vec::new();
    if is_sent(ask) {
        problems = if ask.is_genuine() {
            done(ask, &company, &form).await?
        } else {
            again(ask)
        };
        if problems.is_empty() {
            let what = match (form.has("remove"), form.has("change")) {
                (true, _) => "removed",
                (_, true) => "changed",
                _ => "invited",
            };
            return Ok(see_other(&format!("{}?done={what}", ask.path())));
        }
    }
    show(ask, owner, &company, &form, problems).await
}

async fn done(ask: &Ask, company: &Company, form: &Form) -> Result<Vec<Problem>, Trouble> {
    if let Some(id) = form.filled("remove") {
        let payload = ask.visitor.ask::<Remove>(remove::Variables { id }).await?;
        let errors = payload.remove_partner_member.ok_or(Trouble::NotFound)?.user_errors;
        return Ok(problems!(ask, errors, |_: &Vec<String>| String::new()));
    }
    if let Some(id) = form.filled("change") {
        let role = named!(change_member::PartnerMemberRole, form.text("role").to_owned());
        let payload = ask
            .visitor
            .ask::<ChangeMember>(change_member::Variables { id, role })
            .await?;
        let errors = payload.update_partner_member.ok_or(Trouble::NotFound)?.user_errors;
        return Ok(problems!(ask, errors, |_: &Vec<String>| String::new()));
    }
    let day = form.filled("ends");
    let ends_at = day.as_deref().map(clock::end_of);
    if ends_at == Some(None) {
        return Ok(vec![Problem::new("ends", ask.language.say("log-day"))]);
    }
    let input = invite::InvitePartnerMemberInput {
        idempotency_key: form.text("key").to_owned(),
        partner_id: company.id.clone(),
        email: form.text("email").to_owned(),
        role: named!(
            invite::PartnerMemberRole,
            form.filled("role").unwrap_or_else(|| ROLES[0].to_owned())
        ),
        ends_at: ends_at.flatten(),
        locale: Some(ask.language.code().to_owned()),
    };
    let payload = ask.visitor.ask::<Invite>(invite::Variables { input }).await?;
    let errors = payload.invite_partner_member.ok_or(Trouble::NotFound)?.user_errors;
    let place = |path: &Vec<String>| match path.first().map(String::as_str) {
        Some("email") => "email".to_owned(),
        Some("endsAt") => "ends".to_owned(),
        _ => String::new(),
    };
    Ok(problems!(ask, errors, place))
}

async fn show(
    ask: &Ask,
    owner: Owner,
    company: &Company,
    form: &Form,
    problems: Vec<Problem>,
) -> Result<Response, Trouble> {
    let variables = of::Variables {
        organization: owner.slug.clone(),
        partner: company.id.clone(),
    };
    let found = ask.visitor.ask::<Staff>(variables).await?;
    let members = found.organization.and_then(|organization| organization.partner_members);
    let members = members.ok_or(Trouble::NotFound)?;
    let title = |frame: &Frame| frame.say1("staff-title", "partner", &company.display_name);
    let mut frame = ask.frame(String::new());
    frame.title = title(&frame);
    frame.form = Some("invite");
    let sheet = Sheet {
        frame: &frame,
        form,
        problems: &problems,
    };
    let inputs = vec![
        sheet.hinted("email", ("staff-email", "staff-email-hint"), "email", Need::Required),
        sheet.hinted("ends", ("staff-ends", "staff-ends-hint"), "date", Need::Optional),
    ];
    let roles = ROLES.map(|role| (role.to_owned(), frame.of("staff-role", &role)));
    let words = (frame.say("staff-role"), frame.say("staff-role-hint"));
    let mut role = sheet.asked("role", words, "choice", Need::Required, roles.into());
    if role.values.is_empty() {
        role.values.push(ROLES[0].to_owned());
    }
    let now = ask.now()?.to_string();
    let base = format!("/manage/{}/-/partners", owner.slug);
    let day = |at: &str| frame.day(at, "UTC");
    let listed = members.into_iter().map(|member| {
        let is_over = member.ends_at.as_str() <= now.as_str();
        let last = format!("{}T12:00:00Z", clock::last_day(&member.ends_at));
        let key = if is_over { "staff-over" } else { "staff-until" };
        let used = member.last_used_at.as_deref();
        Listed {
            until: frame.say1(key, "day", &day(&last)),
            used: used.map(|at| frame.say1("staff-used", "day", &day(at))),
            is_administrator: name_of(&member.role) == ROLES[1],
            is_proved: member.email_proved,
            is_over,
            email: member.email,
            id: member.id,
        }
    });
    let note = match ask.query("done").as_deref() {
        Some("invited") => Some(frame.say("staff-invited")),
        Some("changed") => Some(frame.say("staff-changed")),
        Some("removed") => Some(frame.say("staff-removed")),
        _ => None,
    };
    let page = Shown {
        company: (format!("{base}/{}", company.id), company.display_name.clone()),
        base,
        slug: owner.slug,
        organization: owner.name,
        token: ask.token(),
        key: form.text("key").to_owned(),
        note: note.filter(|_| problems.is_empty()),
        members: listed.collect(),
        inputs,
        role,
        problems,
        frame,
    };
    let is_good = page.problems.is_empty();
    Ok(ask.form_page(is_good, &page))
}
