//! `/me/security`: how one signs in, and the pages that change it: `authenticator`, `password`, `codes`, `off`.
//!
//! A secret and recovery codes are in the answer to the form that made them, and in no other.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::documents::{
    ConfirmAuthenticator, MySecurity, PrepareAuthenticator, RemoveAuthenticator, RenewRecoveryCodes, SetPassword,
    confirm_authenticator as confirm, my_security, prepare_authenticator as prepare, remove_authenticator as remove,
    renew_recovery_codes as renew, set_password as set,
};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::{Frame, Width, name_of};
use crate::links::{Code, code as drawn};
use crate::trouble::Trouble;

/// The longest address of a code's picture that is drawn again.
const LONGEST_URI: usize = 1000;

/// What the API says of a change, at its field.
macro_rules! problems {
    ($errors:expr) => {
        $errors
            .into_iter()
            .map(|error| Problem::new(field_of(error.field), error.message))
            .collect::<Vec<Problem>>()
    };
}

#[derive(Template)]
#[template(path = "account/security.html")]
struct Overview {
    frame: Frame,
    email: String,
    /// Since when codes are asked for.
    since: Option<String>,
    has_password: bool,
    codes: i64,
    note: Option<String>,
}

/// One change: what is asked for before it.
#[derive(Template)]
#[template(path = "account/security_change.html")]
struct Change<'a> {
    frame: Frame,
    token: String,
    words: String,
    button: String,
    problems: &'a [Problem],
    asks_password: bool,
    asks_code: bool,
    /// Its name and words, where a password can be taken away.
    second: Option<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "account/authenticator.html")]
struct Authenticator<'a> {
    frame: Frame,
    token: String,
    secret: &'a str,
    /// In groups of four, as it is typed.
    groups: String,
    uri: &'a str,
    picture: Option<Code>,
    problems: &'a [Problem],
    has_password: bool,
}

#[derive(Template)]
#[template(path = "account/recovery_codes.html")]
struct Codes {
    frame: Frame,
    codes: Vec<String>,
}

/// What one changes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Authenticator,
    Password,
    Codes,
    Off,
}

type Protection = my_security::MySecurityMeProtection;

async fn find(ask: &Ask) -> Result<my_security::MySecurityMe, Trouble> {
    let found = ask.visitor.ask::<MySecurity>(my_security::Variables {}).await?;
    found.me.ok_or(Trouble::NotFound)
}

/// How one signs in now.
pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let me = find(ask).await?;
    let mut frame = ask.frame(ask.language.say("security"));
    frame.width = Width::Reading;
    let done = ask.query("done");
    let note = match done.as_deref() {
        Some("password") => Some("security-password-set"),
        Some("no-password") => Some("security-password-gone"),
        Some("off") => Some("security-off-done"),
        _ => None,
    };
    let page = Overview {
        email: me.email,
        since: me
            .protection
            .authenticator_since
            .as_ref()
            .map(|at| frame.moment(at, "UTC")),
        has_password: me.protection.has_password,
        codes: me.protection.recovery_codes_left,
        note: note.map(|key| frame.say(key)),
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

/// A change: what it asks for, or what came of it.
pub(super) async fn change(ask: &Ask, which: Which) -> Result<Response, Trouble> {
    let protection = find(ask).await?.protection;
    let protected = protection.authenticator_since.is_some();
    if which != Which::Authenticator && !protected {
        return Ok(see_other("/me/security"));
    }
    let Some(form) = ask.form() else {
        return Ok(asked(ask, which, &protection, &[]));
    };
    if !form.has("go") && !form.has("remove") {
        // A language was chosen.
        return Ok(match form.has("secret") {
            true => authenticator_page(ask, (form.text("secret"), form.text("uri")), &protection, &[]),
            false => asked(ask, which, &protection, &[]),
        });
    }
    if !ask.is_genuine() {
        let again = [Problem::new("", ask.language.say("press-again"))];
        return Ok(asked(ask, which, &protection, &again));
    }
    match which {
        Which::Authenticator if form.has("secret") => confirmed(ask, form, &protection).await,
        Which::Authenticator => prepared(ask, form, &protection).await,
        Which::Password => password(ask, form, &protection).await,
        Which::Codes => {
            let input = renew::RenewRecoveryCodesInput {
                code: form.text("code").to_owned(),
            };
            let payload = ask
                .visitor
                .ask::<RenewRecoveryCodes>(renew::Variables { input })
                .await?;
            let payload = payload.renew_recovery_codes.ok_or(Trouble::Ours)?;
            Ok(match payload.recovery_codes {
                Some(codes) => show_codes(ask, codes),
                None => asked(ask, which, &protection, &problems!(payload.user_errors)),
            })
        }
        Which::Off => {
            let input = remove::RemoveAuthenticatorInput {
                code: form.text("code").to_owned(),
            };
            let payload = ask
                .visitor
                .ask::<RemoveAuthenticator>(remove::Variables { input })
                .await?;
            let payload = payload.remove_authenticator.ok_or(Trouble::Ours)?;
            Ok(match payload.protection {
                Some(_) => see_other("/me/security?done=off"),
                None => asked(ask, which, &protection, &problems!(payload.user_errors)),
            })
        }
    }
}

/// The form has the names of the API's fields.
fn field_of(path: Option<Vec<String>>) -> String {
    path.and_then(|path| path.into_iter().next()).unwrap_or_default()
}

async fn prepared(ask: &Ask, form: &Form, protection: &Protection) -> Result<Response, Trouble> {
    let input = prepare::PrepareAuthenticatorInput {
        code: form.filled("code"),
    };
    let payload = ask
        .visitor
        .ask::<PrepareAuthenticator>(prepare::Variables { input })
        .await?;
    let payload = payload.prepare_authenticator.ok_or(Trouble::Ours)?;
    Ok(match payload.authenticator {
        Some(authenticator) => {
            let (secret, uri) = (authenticator.secret, authenticator.uri);
            authenticator_page(ask, (&secret, &uri), protection, &[])
        }
        None => asked(ask, Which::Authenticator, protection, &problems!(payload.user_errors)),
    })
}

async fn confirmed(ask: &Ask, form: &Form, protection: &Protection) -> Result<Response, Trouble> {
    let password = form.raw("password");
    let input = confirm::ConfirmAuthenticatorInput {
        code: form.text("code").to_owned(),
        password: (!password.is_empty()).then(|| password.to_owned()),
    };
    let payload = ask
        .visitor
        .ask::<ConfirmAuthenticator>(confirm::Variables { input })
        .await?;
    let payload = payload.confirm_authenticator.ok_or(Trouble::Ours)?;
    if let Some(codes) = payload.recovery_codes {
        return Ok(show_codes(ask, codes));
    }
    if payload
        .user_errors
        .iter()
        .any(|error| name_of(&error.code) == "WRONG_STATE")
    {
        let late = [Problem::new("", ask.language.say("authenticator-late"))];
        return Ok(asked(ask, Which::Authenticator, protection, &late));
    }
    let made = (form.text("secret"), form.text("uri"));
    Ok(authenticator_page(
        ask,
        made,
        protection,
        &problems!(payload.user_errors),
    ))
}

async fn password(ask: &Ask, form: &Form, protection: &Protection) -> Result<Response, Trouble> {
    let goes = form.has("remove");
    let typed = form.raw("password");
    if !goes && typed.is_empty() {
        let missing = [Problem::new("password", ask.language.say("password-bad"))];
        return Ok(asked(ask, Which::Password, protection, &missing));
    }
    let input = set::SetPasswordInput {
        password: (!goes).then(|| typed.to_owned()),
        code: form.text("code").to_owned(),
    };
    let payload = ask.visitor.ask::<SetPassword>(set::Variables { input }).await?;
    let payload = payload.set_password.ok_or(Trouble::Ours)?;
    Ok(match payload.protection {
        Some(now) if now.has_password => see_other("/me/security?done=password"),
        Some(_) => see_other("/me/security?done=no-password"),
        None => asked(ask, Which::Password, protection, &problems!(payload.user_errors)),
    })
}

fn asked(ask: &Ask, which: Which, protection: &Protection, problems: &[Problem]) -> Response {
    let say = |key| ask.language.say(key);
    let protected = protection.authenticator_since.is_some();
    let (title, words, button) = match which {
        Which::Authenticator if protected => ("authenticator-replace", "authenticator-replace-words", "go-on"),
        Which::Authenticator => ("authenticator-set", "authenticator-words", "authenticator-begin"),
        Which::Password => (
            "security-password",
            "security-password-words",
            "security-password-button",
        ),
        Which::Codes => ("recovery-codes", "recovery-renew-words", "recovery-renew"),
        Which::Off => ("security-off", "security-off-words", "security-off-button"),
    };
    let mut frame = ask.frame(say(title));
    frame.form = Some("change");
    let page = Change {
        frame,
        token: ask.token(),
        words: say(words),
        button: say(button),
        problems,
        asks_password: which == Which::Password,
        asks_code: protected,
        second: (which == Which::Password && protection.has_password)
            .then(|| ("remove", say("security-password-remove"))),
    };
    ask.form_page(problems.is_empty(), &page)
}

fn authenticator_page(
    ask: &Ask,
    (secret, uri): (&str, &str),
    protection: &Protection,
    problems: &[Problem],
) -> Response {
    let mut frame = ask.frame(ask.language.say("authenticator-set"));
    frame.form = Some("change");
    let signs: Vec<char> = secret.chars().take(64).collect();
    let groups: Vec<String> = signs.chunks(4).map(|group| group.iter().collect()).collect();
    let is_ours = uri.starts_with("otpauth://totp/") && uri.len() <= LONGEST_URI;
    let page = Authenticator {
        frame,
        token: ask.token(),
        secret,
        groups: groups.join(" "),
        uri,
        picture: is_ours.then(|| drawn(uri)).flatten(),
        problems,
        has_password: protection.has_password,
    };
    ask.form_page(problems.is_empty(), &page)
}

fn show_codes(ask: &Ask, codes: Vec<String>) -> Response {
    let frame = ask.frame(ask.language.say("recovery-codes"));
    ask.page(StatusCode::OK, &Codes { frame, codes })
}
