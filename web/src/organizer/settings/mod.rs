//! `/manage/{organization}/-/settings`: what the organization is called and where it is reached. Only its owners find it.

mod documents;

use poem::{Response, Route, get};

use super::picture;
use super::sheet::{self, About, Around, Group, Sheet, said};
use super::texts::{keep, localized, others, written};
use super::{Roles, sheet::Field};
use crate::LARGEST_WITH_PICTURE;
use crate::accent;
use crate::ask::{self, Ask, see_other};
use crate::countries;
use crate::fields::Problem;
use crate::form::Form;
use crate::pictures::{self, Look};
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
    "logo",
    "accentColor",
    "authenticatorRequired",
    "introduction.en",
    "introduction.de",
    "footer.en",
    "footer.de",
];

/// Adds the page to those of the organizers.
pub(super) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let page = || ask::page(visitor, |ask| async move { answer(&ask).await });
    routes.at(
        "/manage/:organization/-/settings",
        get(page()).post(page().with_forms_of(LARGEST_WITH_PICTURE)),
    )
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
    let (mut form, said) = picture::settle(ask, &found.organization.id, "logo", form).await?;
    if !said.is_empty() {
        let problems = sheet::problems(ask, said, NAMES);
        return Ok(show(ask, &found, &kept, &form, problems));
    }
    if let Some(colour) = Some(form.text("go").to_owned()).filter(|value| value.starts_with('#')) {
        form.set("accentColor", &colour);
    }
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
        logo_id: picture::wished(&form, "logo", found.logo_id.as_ref()),
        accent_color: form.filled("accentColor"),
        authenticator_required: Some(form.has("authenticatorRequired")),
        introduction: changed(&form, &kept, "introduction"),
        footer: changed(&form, &kept, "footer"),
    };
    let payload = ask.visitor.ask::<UpdateSettings>(update::Variables { input }).await?;
    let said = said!(payload.update_organization.ok_or(Trouble::NotFound)?.user_errors);
    let problems = sheet::problems(ask, said, NAMES);
    if problems.is_empty() {
        return Ok(see_other(&format!("{}?done=saved", ask.path())));
    }
    Ok(show(ask, &found, &kept, &form, problems))
}

/// What was typed of a text otherwise than it is kept; a text that was emptied takes its language away.
fn changed(form: &Form, kept: &Form, name: &str) -> Option<Vec<update::LocalizedTextInput>> {
    let languages = Language::ALL.iter().map(|language| language.code().to_owned());
    let languages = languages.chain(others(form, name));
    let all: Vec<_> = languages
        .filter_map(|locale| {
            let field = format!("{name}.{locale}");
            let differs = form.has(&field) && form.text(&field) != kept.text(&field);
            differs.then(|| (locale, form.text(&field).to_owned()))
        })
        .collect();
    (!all.is_empty()).then(|| localized!(update, all))
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
    form.set("accentColor", about.accent_color.as_deref().unwrap_or_default());
    keep(&mut form, "introduction", written!(about.introductions));
    keep(&mut form, "footer", written!(about.footers));
    if found.authenticator_required {
        form.set("authenticatorRequired", "yes");
    }
    form
}

fn show(ask: &Ask, found: &Found, kept: &Form, form: &Form, problems: Vec<Problem>) -> Response {
    let mut frame = sheet::frame(ask, ask.language.say("settings-title"));
    // As the pages look, or would look.
    frame.wear(Look {
        colour: accent::nearest(form.text("accentColor")),
        logo: pictures::shown!(found.organization.logo),
        footer: form.text(&format!("footer.{}", ask.language.code())).to_owned(),
    });
    let sheet = Sheet {
        frame: &frame,
        form,
        kept,
        problems: &problems,
    };
    let groups = groups(&sheet, found);
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

fn groups(sheet: &Sheet, found: &Found) -> Vec<Group> {
    let line = |name, label| sheet.field(name, label, "text").required();
    let hinted = |field: Field, key: &str| field.hint(sheet.frame.say(key));
    let languages = Language::ALL.map(|language| (language.code().to_owned(), language.own_name().to_owned()));
    let locale = sheet.field("defaultLocale", "settings-locale", "choice").required();
    let contact = sheet.field("contactEmail", "settings-contact", "email").required();
    let logo = sheet.picture("logo", "settings-logo", pictures::shown!(found.organization.logo));
    let typed = sheet.form.text("accentColor");
    let nearest = accent::nearest(typed).filter(|nearest| !nearest.eq_ignore_ascii_case(typed));
    let offer = nearest.map(|colour| (sheet.frame.say1("settings-accent-use", "colour", &colour), colour));
    let accent = sheet.field("accentColor", "settings-accent", "text").offer(offer);
    vec![
        sheet.group(
            "settings-who",
            None,
            vec![
                vec![line("name", "settings-name"), line("legalName", "settings-legal-name")],
                vec![
                    sheet
                        .field("country", "settings-country", "choice")
                        .required()
                        .choices(countries::choices(sheet.frame.language)),
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
        sheet.group(
            "settings-looks",
            Some("settings-looks-words"),
            vec![vec![logo], vec![hinted(accent, "settings-accent-hint")]],
        ),
        sheet.group(
            "settings-says",
            Some("settings-says-words"),
            vec![
                sheet.texts(
                    "introduction",
                    ["settings-introduction-en", "settings-introduction-de"],
                    "long",
                ),
                sheet.texts("footer", ["settings-footer-en", "settings-footer-de"], "text"),
            ],
        ),
        sheet.group(
            "settings-locks",
            Some("settings-locks-words"),
            vec![vec![sheet.tick(
                "authenticatorRequired",
                "settings-factor",
                "settings-factor-tick",
            )]],
        ),
    ]
}
