//! `/manage/{organization}/-/team/new` and `…/team/{member}`: inviting somebody, changing and taking away a role.

use poem::Response;

use super::documents::{Change, Invite, Remove, change as changing, invite as inviting, remove as removing};
use super::found::{self, Member, Organization};
use crate::ask::{Ask, see_other};
use crate::clock;
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::{name_of, named};
use crate::organizer::sheet::{self, About, Around, Field, Said, Sheet, said};
use crate::trouble::Trouble;

const ROLES: [&str; 6] = ["OWNER", "MANAGER", "FINANCE", "CHECK_IN", "VIEWER", "DPO"];

const NAMES: &[&str] = &["email", "role", "eventId", "endsAt", "locale"];

/// Inviting somebody.
pub(super) async fn invite(ask: &Ask) -> Result<Response, Trouble> {
    // Whoever may see one member may invite another.
    let (organization, ..) = found::page(ask, 1, None).await?;
    let events = found::events(ask).await?;
    let mut kept = Form::default();
    kept.set("role", "MANAGER");
    kept.set("locale", ask.language.code());
    let form = match ask.pressed(&kept) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show_invite(ask, &organization, events, form, problems)),
    };
    let problems = match ends_at(ask, form) {
        Ok(ends_at) => {
            let input = inviting::InviteTeamMemberInput {
                idempotency_key: sheet::key(ask),
                organization_id: organization.id.clone(),
                email: form.text("email").to_owned(),
                role: named!(inviting::StaffRole, form.text("role").to_owned()),
                event_id: form.filled("eventId"),
                ends_at,
                locale: form.filled("locale"),
            };
            let payload = ask.visitor.ask::<Invite>(inviting::Variables { input }).await?;
            let said = said!(payload.invite_team_member.ok_or(Trouble::NotFound)?.user_errors);
            sheet::problems(ask, said, NAMES)
        }
        Err(problem) => vec![problem],
    };
    if problems.is_empty() {
        return Ok(see_other(&format!("{}?done=invited", base(&organization))));
    }
    Ok(show_invite(ask, &organization, events, form, problems))
}

/// Changing a role, and taking it away.
pub(super) async fn change(ask: &Ask) -> Result<Response, Trouble> {
    let (organization, member) = found::one(ask, ask.param("member")).await?;
    let mut kept = Form::default();
    kept.set("role", &name_of(&member.role));
    kept.set(
        "endsAt",
        &member.ends_at.as_deref().map(clock::last_day).unwrap_or_default(),
    );
    kept.set("revision", &member.revision.to_string());
    let form = match ask.pressed(&kept) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show_member(ask, &organization, &member, (form, &kept), problems)),
    };
    let problems = match ends_at(ask, form) {
        Ok(ends_at) => sheet::problems(ask, saved(ask, &member, form, ends_at).await?, NAMES),
        Err(problem) => vec![problem],
    };
    if problems.is_empty() {
        return Ok(see_other(&format!("{}?done=saved", base(&organization))));
    }
    Ok(show_member(ask, &organization, &member, (form, &kept), problems))
}

async fn saved(ask: &Ask, member: &Member, form: &Form, ends_at: Option<String>) -> Result<Vec<Said>, Trouble> {
    let team_member_id = member.id.clone();
    if form.has("remove") {
        let input = removing::RemoveTeamMemberInput { team_member_id };
        let payload = ask.visitor.ask::<Remove>(removing::Variables { input }).await?;
        return Ok(said!(payload.remove_team_member.ok_or(Trouble::NotFound)?.user_errors));
    }
    let input = changing::UpdateTeamMemberInput {
        team_member_id,
        revision: form.text("revision").parse().unwrap_or_default(),
        role: Some(named!(changing::StaffRole, form.text("role").to_owned())),
        // Null takes the end away.
        ends_at,
    };
    let payload = ask.visitor.ask::<Change>(changing::Variables { input }).await?;
    Ok(said!(payload.update_team_member.ok_or(Trouble::NotFound)?.user_errors))
}

/// Until when, where it was said.
fn ends_at(ask: &Ask, form: &Form) -> Result<Option<String>, Problem> {
    let Some(day) = form.filled("endsAt") else {
        return Ok(None);
    };
    match clock::end_of(&day) {
        Some(at) => Ok(Some(at)),
        None => Err(Problem::new("endsAt", ask.language.say("team-day"))),
    }
}

fn base(organization: &Organization) -> String {
    format!("/manage/{}/-/team", organization.slug)
}

fn show_invite(
    ask: &Ask,
    organization: &Organization,
    events: Vec<(String, String)>,
    form: &Form,
    problems: Vec<Problem>,
) -> Response {
    let frame = sheet::frame(ask, ask.language.say("team-invite"));
    let sheet = Sheet {
        frame: &frame,
        form,
        kept: form,
        problems: &problems,
    };
    let mut places = vec![(String::new(), frame.say("team-everywhere"))];
    places.extend(events);
    let languages = [("en", "edit-language-en"), ("de", "edit-language-de")];
    let languages = languages.map(|(code, key)| (code.to_owned(), frame.say(key)));
    let rows = vec![
        vec![
            sheet
                .field("email", "team-email", "email")
                .required()
                .hint(frame.say("team-email-hint")),
            sheet
                .field("locale", "team-language", "choice")
                .required()
                .choices(languages.to_vec()),
        ],
        vec![
            role_field(&sheet),
            sheet.field("eventId", "team-at", "choice").required().choices(places),
        ],
        vec![until_field(&sheet)],
    ];
    let groups = vec![sheet.group("team-invite", None, rows)];
    let about = About {
        title: frame.title.clone(),
        lead: None,
        button: frame.say("team-invite"),
        back: base(organization),
        revision: String::new(),
        removal: None,
    };
    let around = Around::Above(base(organization), frame.say("team-title"));
    sheet::show(ask, frame, around, about, (groups, problems))
}

fn show_member(
    ask: &Ask,
    organization: &Organization,
    member: &Member,
    (form, kept): (&Form, &Form),
    problems: Vec<Problem>,
) -> Response {
    let frame = sheet::frame(ask, member.email.clone());
    let sheet = Sheet {
        frame: &frame,
        form,
        kept,
        problems: &problems,
    };
    let rows = vec![vec![role_field(&sheet), until_field(&sheet)]];
    let groups = vec![sheet.group("team-role", None, rows)];
    let removal = (
        frame.say("team-remove"),
        frame.say("team-remove-words"),
        frame.say("team-remove"),
    );
    let about = About {
        title: frame.title.clone(),
        lead: None,
        button: frame.say("save"),
        back: base(organization),
        revision: kept.text("revision").to_owned(),
        removal: Some(removal),
    };
    let around = Around::Above(base(organization), frame.say("team-title"));
    sheet::show(ask, frame, around, about, (groups, problems))
}

fn role_field(sheet: &Sheet) -> Field {
    let roles = ROLES.map(|role| (role.to_owned(), sheet.frame.of("team-role", &role)));
    let field = sheet.field("role", "team-role", "choice").required();
    field.choices(roles.to_vec())
}

fn until_field(sheet: &Sheet) -> Field {
    let field = sheet.field("endsAt", "team-until", "date");
    field.hint(sheet.frame.say("team-until-hint"))
}
