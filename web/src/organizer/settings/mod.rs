//! `/manage/{organization}/-/settings`: what the organization is called and where it is reached. Only its owners find it.

mod documents;

use poem::{Response, Route, get};

use super::sheet::{self, About, Around, Group, Sheet, said};
use super::{Roles, sheet::Field};
use crate::ask::{self, Ask, see_other};
use crate::fields::Problem;
use crate::form::Form;
use crate::trouble::Trouble;
use crate::visitor::Visitor;
use crate::words::Language;
use documents::{Settings, UpdateSettings, settings as of, update_settings as update};

type Found = of::SettingsOrganization;

/// The fields, named as the API names them.
const NAMES: &[&str] = &[
    "name",
    "legalName",
    "country",
    "contactEmail",
    "dataProtectionContact",
    "defaultLocale",
];

/// Adds the page to those of the organizers.
pub(super) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let page = || ask::page(visitor, |ask| async move { answer(&ask).await });
    routes.at("/manage/:organization/-/settings", get(page()).post(page()))
}

async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
    };
    let found = ask.visitor.ask::<Settings>(variables).await?;
    let found = found.organization.ok_or(Trouble::NotFound)?;
    let roles = Roles::everywhere(ask, &found.organization.slug).await?;
    if !roles.may_manage_organization() {
        return Err(Trouble::NotFound);
    }
    let kept = kept(&found);
    let form = match ask.pressed(&kept) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show(ask, &found, &kept, form, problems)),
    };
    let text = |name: &str| Some(form.text(name).to_owned());
    let input = update::UpdateOrganizationInput {
        organization_id: found.organization.id.clone(),
        revision: form.text("revision").parse().unwrap_or_default(),
        name: text("name"),
        legal_name: text("legalName"),
        country: text("country"),
        contact_email: text("contactEmail"),
        data_protection_contact: text("dataProtectionContact"),
        default_locale: text("defaultLocale"),
    };
    let payload = ask.visitor.ask::<UpdateSettings>(update::Variables { input }).await?;
    let said = said!(payload.update_organization.ok_or(Trouble::NotFound)?.user_errors);
    let problems = sheet::problems(ask, said, NAMES);
    if problems.is_empty() {
        return Ok(see_other(&format!("{}?done=saved", ask.path())));
    }
    Ok(show(ask, &found, &kept, form, problems))
}

fn kept(found: &Found) -> Form {
    let about = &found.organization;
    let mut form = Form::default();
    form.set("revision", &found.revision.to_string());
    form.set("name", &about.name);
    form.set("legalName", &about.legal_name);
    form.set("country", &about.country);
    form.set("contactEmail", &about.contact_email);
    form.set("dataProtectionContact", &about.data_protection_contact);
    form.set("defaultLocale", &found.default_locale);
    form
}

fn show(ask: &Ask, found: &Found, kept: &Form, form: &Form, problems: Vec<Problem>) -> Response {
    let frame = sheet::frame(ask, ask.language.say("settings-title"));
    let sheet = Sheet {
        frame: &frame,
        form,
        kept,
        problems: &problems,
    };
    let groups = groups(&sheet);
    let above = format!("/manage/{}", found.organization.slug);
    let about = About {
        title: frame.title.clone(),
        lead: Some(frame.say("settings-words")),
        button: frame.say("save"),
        back: above.clone(),
        revision: kept.text("revision").to_owned(),
        removal: None,
    };
    let around = Around::Above(above, found.organization.name.clone());
    sheet::show(ask, frame, around, about, (groups, problems))
}

fn groups(sheet: &Sheet) -> Vec<Group> {
    let line = |name, label| sheet.field(name, label, "text").required();
    let hinted = |field: Field, key: &str| field.hint(sheet.frame.say(key));
    let languages = Language::ALL.map(|language| (language.code().to_owned(), language.own_name().to_owned()));
    let locale = sheet.field("defaultLocale", "settings-locale", "choice").required();
    let contact = sheet.field("contactEmail", "settings-contact", "email").required();
    vec![
        sheet.group(
            "settings-who",
            None,
            vec![
                vec![line("name", "settings-name"), line("legalName", "settings-legal-name")],
                vec![
                    hinted(line("country", "settings-country"), "settings-country-hint"),
                    locale.choices(languages.to_vec()),
                ],
            ],
        ),
        sheet.group(
            "settings-reached",
            Some("settings-reached-words"),
            vec![
                vec![contact],
                vec![hinted(
                    line("dataProtectionContact", "settings-protection"),
                    "settings-protection-hint",
                )],
            ],
        ),
    ]
}
