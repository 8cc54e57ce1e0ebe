//! `/partner/{member}/-/tokens/{place}`: a new token for what was approved at one event. Its secret is on the page that
//! follows, and nowhere else.

use askama::Template;
use poem::Response;

use super::documents::{Issue, issue as issuing};
use super::found::{self, Field, Place, approved, base};
use crate::ask::{Ask, see_other};
use crate::fields::{Asked, Input, Problem};
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::lines::{Need, Sheet, again, is_sent, problems, renew_key};
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
    name: Input,
    purposes: Asked,
    fields: Asked,
    expires: Input,
    networks: Asked,
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
    if approved(&place).next().is_none() {
        return Err(Trouble::NotFound);
    }
    let mut form = ask.form().cloned().unwrap_or_else(|| fresh(ask, &place));
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
            match send(ask, &company.id, &place, &form).await? {
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
    let words = |label: &str, hint: &str| (sheet.frame.say(label), sheet.frame.say(hint));
    let purposes = approved(&place).map(|(purpose, _)| {
        let words = sheet.frame.of("purpose", &purpose);
        (purpose, words)
    });
    let labels = fields(&place)
        .into_iter()
        .map(|field| (key_of(field), field.label.clone()));
    let list = |name, (label, hint), choices: Vec<(String, String)>| {
        sheet.asked(name, words(label, hint), "choices", Need::Required, choices)
    };
    let page = Shown {
        above: above(&frame),
        event: place.event_title.clone(),
        token: ask.token(),
        key: form.text("key").to_owned(),
        name: sheet.hinted("name", ("token-name", "token-name-hint"), "text", Need::Required),
        purposes: list("purpose", ("token-purposes", "token-purposes-hint"), purposes.collect()),
        fields: list("field", ("token-fields", "token-fields-hint"), labels.collect()),
        expires: sheet.hinted(
            "expires",
            ("token-last-day", "token-last-day-hint"),
            "date",
            Need::Optional,
        ),
        networks: sheet.asked(
            "networks",
            words("token-networks", "token-networks-hint"),
            "long",
            Need::Optional,
            Vec::new(),
        ),
        problems,
        frame,
    };
    let is_good = page.problems.is_empty();
    Ok(ask.form_page(is_good, &page))
}

/// Everything that was approved.
fn fresh(ask: &Ask, place: &Place) -> Form {
    let mut form = Form::default();
    form.set("key", &ask.new_key());
    for (purpose, _) in approved(place) {
        form.add("purpose", &purpose);
    }
    for field in fields(place) {
        form.add("field", &key_of(field));
    }
    form
}

/// Every approved field once.
fn fields(place: &Place) -> Vec<&Field> {
    let mut fields: Vec<&Field> = Vec::new();
    for field in approved(place).flat_map(|(_, fields)| fields) {
        if !fields.iter().any(|known| key_of(known) == key_of(field)) {
            fields.push(field);
        }
    }
    fields
}

fn key_of(field: &Field) -> String {
    crate::fields::key_of(field.field.as_ref(), field.question_id.as_ref())
}

async fn send(
    ask: &Ask,
    partner: &str,
    place: &Place,
    form: &Form,
) -> Result<Result<Option<String>, Vec<Problem>>, Trouble> {
    let purposes = approved(place).filter(|(purpose, _)| form.has_value("purpose", purpose));
    let purposes = purposes.filter_map(|(purpose, _)| serde_json::from_value(serde_json::json!(purpose)).ok());
    let chosen = fields(place)
        .into_iter()
        .filter(|field| form.has_value("field", &key_of(field)));
    let fields: Vec<issuing::OfferedFieldInput> = chosen
        .filter_map(|field| match (&field.field, &field.question_id) {
            (Some(standard), _) => serde_json::from_value(serde_json::json!(name_of(standard)))
                .ok()
                .map(issuing::OfferedFieldInput::Field),
            (None, question) => question.clone().map(issuing::OfferedFieldInput::QuestionId),
        })
        .collect();
    if fields.is_empty() {
        return Ok(Err(vec![Problem::new("field", ask.language.say("needed"))]));
    }
    let input = issuing::IssueOwnTokenInput {
        idempotency_key: form.text("key").to_owned(),
        partner_id: partner.to_owned(),
        name: form.text("name").to_owned(),
        scopes: vec![issuing::TokenScopeInput {
            event_partner_id: place.id.clone(),
            purposes: purposes.collect(),
            fields,
        }],
        capabilities: vec![issuing::TokenCapability::PULL],
        not_before: None,
        // To the end of the day.
        expires_at: form.filled("expires").map(|day| format!("{day}T23:59:59Z")),
        networks: form.text("networks").split_whitespace().map(str::to_owned).collect(),
    };
    let payload = ask.visitor.ask::<Issue>(issuing::Variables { input }).await?;
    let payload = payload.issue_own_token.ok_or(Trouble::NotFound)?;
    match payload.issued {
        Some(issued) => Ok(Ok(issued.secret)),
        None => Ok(Err(problems!(ask, payload.user_errors, |path: &[String]| {
            crate::wish::token_place(path)
        }))),
    }
}
