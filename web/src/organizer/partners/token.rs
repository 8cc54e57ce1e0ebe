//! `…/partners/{partner}/tokens/new`: a token within what was approved. Its secret is made when the partner fetches it:
//! nobody here ever sees it.

use askama::Template;
use poem::Response;

use super::super::Place;
use super::documents::{Issue, issue as issuing};
use super::found::{Field, Found, Partner, in_force};
use crate::ask::{Ask, see_other};
use crate::fields::{Asked, Input, Problem};
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::lines::{Need, Sheet, again, is_sent, problems, renew_key};
use crate::trouble::Trouble;
use crate::wish::token_place;
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
    name: Input,
    purposes: Asked,
    fields: Asked,
    expires: Input,
    networks: Asked,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let found = Found::to_manage(ask).await?;
    if !found.place.may_manage_everywhere() {
        return Err(Trouble::NotFound);
    }
    let partner = found.partner(ask)?;
    // Without an approved offer there is nothing to read.
    if offered(partner).next().is_none() {
        return Err(Trouble::NotFound);
    }
    let mut form = ask.form().cloned().unwrap_or_else(|| fresh(ask, partner));
    let mut problems = Vec::new();
    if is_sent(ask) {
        problems = if ask.is_genuine() {
            send(ask, partner, &form).await?
        } else {
            again(ask)
        };
        if problems.is_empty() {
            return Ok(see_other(&format!("{}?done=issued#tokens", found.address(partner))));
        }
        renew_key(ask, &mut form, &problems);
    }
    show(ask, found, &form, problems)
}

/// Everything that was approved, for ninety days.
fn fresh(ask: &Ask, partner: &Partner) -> Form {
    let mut form = Form::default();
    form.set("key", &ask.new_key());
    for (purpose, _) in approved(partner) {
        form.add("purpose", &purpose);
    }
    for field in fields(partner) {
        form.add("field", &key_of(field));
    }
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

/// Purposes with what was approved for them.
fn approved(partner: &Partner) -> impl Iterator<Item = (String, &[Field])> {
    let approved = partner
        .offers
        .iter()
        .filter_map(|offer| Some((offer, in_force(offer)?)));
    approved.map(|(offer, version)| (name_of(&offer.purpose), version.fields.as_slice()))
}

/// Every approved field.
fn offered(partner: &Partner) -> impl Iterator<Item = &Field> {
    approved(partner).flat_map(|(_, fields)| fields)
}

/// Every approved field once.
fn fields(partner: &Partner) -> Vec<&Field> {
    let mut fields: Vec<&Field> = Vec::new();
    for field in offered(partner) {
        if !fields.iter().any(|known| key_of(known) == key_of(field)) {
            fields.push(field);
        }
    }
    fields
}

fn key_of(field: &Field) -> String {
    crate::fields::key_of(field.field.as_ref(), field.question_id.as_ref())
}

fn show(ask: &Ask, found: Found, form: &Form, problems: Vec<Problem>) -> Result<Response, Trouble> {
    let partner = found.partner(ask)?;
    let mut frame = ask.frame(ask.language.say("token-title"));
    frame.form = Some("token");
    let sheet = Sheet {
        frame: &frame,
        form,
        problems: &problems,
    };
    let words = |label: &str, hint: &str| (sheet.frame.say(label), sheet.frame.say(hint));
    let purposes = approved(partner).map(|(purpose, _)| {
        let words = sheet.frame.of("purpose", &purpose);
        (purpose, words)
    });
    let labels = fields(partner)
        .into_iter()
        .map(|field| (key_of(field), field.label.clone()));
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
        name: sheet.hinted("name", ("token-name", "token-name-hint"), "text", Need::Required),
        purposes: sheet.asked(
            "purpose",
            words("token-purposes", "token-purposes-hint"),
            "choices",
            Need::Required,
            purposes.collect(),
        ),
        fields: sheet.asked(
            "field",
            words("token-fields", "token-fields-hint"),
            "choices",
            Need::Required,
            labels.collect(),
        ),
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
        place: found.place,
        problems,
        frame,
    };
    let is_good = page.problems.is_empty();
    Ok(ask.form_page(is_good, &page))
}

async fn send(ask: &Ask, partner: &Partner, form: &Form) -> Result<Vec<Problem>, Trouble> {
    let purposes: Vec<issuing::Purpose> = approved(partner)
        .filter(|(purpose, _)| form.has_value("purpose", purpose))
        .filter_map(|(purpose, _)| serde_json::from_value(serde_json::json!(purpose)).ok())
        .collect();
    let chosen = fields(partner)
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
        return Ok(vec![Problem::new("field", ask.language.say("needed"))]);
    }
    let networks = form.text("networks").split_whitespace().map(str::to_owned).collect();
    let input = issuing::IssuePartnerTokenInput {
        idempotency_key: form.text("key").to_owned(),
        partner_id: partner.partner.id.clone(),
        name: form.text("name").to_owned(),
        scopes: vec![issuing::TokenScopeInput {
            event_partner_id: partner.id.clone(),
            purposes,
            fields,
        }],
        capabilities: vec![issuing::TokenCapability::PULL],
        not_before: None,
        // To the end of the day.
        expires_at: form.filled("expires").map(|day| format!("{day}T23:59:59Z")),
        networks,
    };
    let payload = ask.visitor.ask::<Issue>(issuing::Variables { input }).await?;
    let errors = payload.issue_partner_token.ok_or(Trouble::NotFound)?.user_errors;
    Ok(problems!(ask, errors, |path: &[String]| token_place(path)))
}
