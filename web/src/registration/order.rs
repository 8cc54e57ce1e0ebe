//! Ordering: the one step that changes anything.

use poem::Response;

use super::document::{Event, Register, register};
use super::draft::{Draft, Problem};
use super::step::Step;
use super::{age, billing, people, sharing};
use crate::ask::{Ask, see_other};
use crate::fields::ABOUT;
use crate::frame::{name_of, named};
use crate::trouble::Trouble;
use register::RegisterRegisterUserErrors as Error;

/// What became of it.
pub(super) enum Outcome {
    /// It leads to the order.
    Ordered(Response),
    /// What has to be looked at again, and on which step.
    Refused(Step, Vec<Problem>),
}

/// Registers everybody, or leads back to what has to be looked at again. Nothing typed is lost, also where the form's
/// token was: it is asked to send it again.
pub(super) async fn order(ask: &Ask, event: &Event, draft: &mut Draft) -> Result<Outcome, Trouble> {
    let once_more = |key| Outcome::Refused(Step::Summary, vec![Problem::new("", ask.language.say(key))]);
    if !ask.is_genuine() {
        return Ok(once_more("not-genuine-again"));
    }
    let missing = people::problems(ask.language, event, draft);
    if !missing.is_empty() {
        return Ok(Outcome::Refused(Step::People, missing));
    }
    let missing = sharing::problems(ask.language, event, draft);
    if !missing.is_empty() && draft.asks_to_share(event) {
        return Ok(Outcome::Refused(Step::Sharing, missing));
    }
    let (input, questions) = input(ask, event, draft);
    let payload = ask
        .visitor
        .ask::<Register>(register::Variables { input })
        .await?
        .register
        .ok_or(Trouble::Ours)?;
    if let Some(secret) = payload.secret {
        // The order's page says so, and asks again what can still be given.
        let again = if payload.consent_issues.is_empty() {
            ""
        } else {
            "?sharing=again"
        };
        return Ok(Outcome::Ordered(see_other(&format!("/order/{secret}{again}"))));
    }
    let spent = |error: &Error| name_of(&error.code) == "IDEMPOTENCY_MISMATCH";
    if payload.user_errors.iter().any(spent) {
        draft.form.set("key", &ask.new_key());
        return Ok(once_more("ordered-before"));
    }
    let problems: Vec<Problem> = payload
        .user_errors
        .into_iter()
        .map(|error| {
            let field = field(event, draft, &questions, &error.field.unwrap_or_default());
            Problem::new(field, error.message)
        })
        .collect();
    let steps = problems.iter().filter_map(|problem| Step::of_field(&problem.field));
    let step = steps.min().unwrap_or(Step::Summary);
    Ok(Outcome::Refused(step, problems))
}

/// The mutation's input; and for each place the ids of the questions in the order of the answers.
fn input(ask: &Ask, event: &Event, draft: &Draft) -> (register::RegisterInput, Vec<Vec<String>>) {
    let places = draft.places(event);
    let mut questions = Vec::new();
    let mut attendees = Vec::new();
    for (index, ticket) in places.iter().enumerate() {
        let mut ids = Vec::new();
        let mut answers = Vec::new();
        for question in &ticket.questions {
            let name = Draft::field(index, &format!("q.{}", question.id));
            let has_choices = matches!(name_of(&question.kind).as_str(), "CHOICE" | "MULTIPLE_CHOICE");
            let choices: Vec<String> = draft
                .form
                .all(&name)
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
                .collect();
            if choices.is_empty() {
                continue;
            }
            ids.push(question.id.clone());
            answers.push(register::AnswerInput {
                question_id: question.id.clone(),
                value: (!has_choices).then(|| draft.form.text(&name).to_owned()),
                choice_ids: if has_choices { choices } else { Vec::new() },
            });
        }
        questions.push(ids);
        let is_buyer = draft.is_buyers(index);
        let (full_name, email) = draft.person(index);
        let text = |name: &str| draft.form.filled(&Draft::field(index, name));
        attendees.push(register::AttendeeInput {
            ticket_type_id: ticket.id.clone(),
            full_name,
            email,
            is_buyer,
            given_name: text("given"),
            family_name: text("family"),
            company: text("company"),
            job_title: text("job"),
            phone: text("phone"),
            city: text("city"),
            country: text("country"),
            social_profile: text("profile"),
            date_of_birth: age::born(event, draft, index),
            // The town and the country are asked alone, too.
            postal_address: text("street").or_else(|| text("code")).map(|_| register::AddressInput {
                street: text("street").unwrap_or_default(),
                postal_code: text("code"),
                city: text("city").unwrap_or_default(),
                region: None,
                country: text("country").unwrap_or_default(),
            }),
            answers,
            acknowledged_document_ids: event
                .documents
                .iter()
                .filter(|document| draft.form.has(&format!("doc.{}", document.id)))
                .map(|document| document.id.clone())
                .collect(),
            consents: if is_buyer { consents(event, draft) } else { Vec::new() },
            of_age: of_age(event, draft, index),
            guardian: guardian(event, draft, index),
        });
    }
    let input = register::RegisterInput {
        event_id: event.id.clone(),
        idempotency_key: draft.form.text("key").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        buyer: register::BuyerInput {
            full_name: draft.form.text("buyer.name").to_owned(),
            email: draft.form.text("buyer.email").to_owned(),
            billing: billing::input(draft),
        },
        attendees,
    };
    (input, questions)
}

/// What whoever takes this place said about being of age, beside the place or where the buyer shares something.
fn of_age(event: &Event, draft: &Draft, place: usize) -> Option<bool> {
    let asked = draft.is_buyers(place) && draft.shares(event) && !age::is_known(event);
    let said = draft.form.text("age");
    let shared = (asked && !said.is_empty()).then(|| said == "yes");
    age::statement(event, draft, place).or(shared)
}

/// Who is to permit the place of somebody under age, or decides what is shared of them.
fn guardian(event: &Event, draft: &Draft, place: usize) -> Option<register::GuardianInput> {
    let is_asked = event.requires_parental_permission || (draft.is_buyers(place) && draft.shares(event));
    let is_younger = age::is_younger(event, draft, place) || of_age(event, draft, place) == Some(false);
    let text = |name: &str| draft.form.text(&age::guardian_field(event, place, name)).to_owned();
    let guardian = register::GuardianInput {
        email: text("email"),
        full_name: text("name"),
    };
    let is_named = !guardian.email.is_empty() || !guardian.full_name.is_empty();
    (is_asked && is_younger && is_named).then_some(guardian)
}

/// Exactly the fields that the ticked boxes name, without those left out. Whatever else stood on the step is refused, so
/// that nobody asks again; where there was no such step, nothing is said of it.
fn consents(event: &Event, draft: &Draft) -> Vec<register::ConsentInput> {
    let offers = event.partners.iter().flat_map(|partner| &partner.offers);
    let ticked = offers.filter_map(|offer| Some((offer, draft.ticked(offer)?)));
    let mut consents: Vec<_> = ticked
        .map(|(offer, version)| register::ConsentInput {
            offer_id: offer.id.clone(),
            // The version that was shown: another one in force meanwhile is refused, not silently taken.
            offer_version: version,
            decision: register::ConsentDecision::GRANT,
            fields: draft.given(event, offer).into_iter().map(wished).collect(),
        })
        .filter(|consent| !consent.fields.is_empty())
        .collect();
    let given: Vec<&str> = consents.iter().map(|consent| consent.offer_id.as_str()).collect();
    let refused = draft.refused(&given).into_iter();
    let refused: Vec<_> = refused
        .map(|(offer, version)| register::ConsentInput {
            offer_id: offer.to_owned(),
            offer_version: version,
            decision: register::ConsentDecision::REFUSE,
            fields: Vec::new(),
        })
        .collect();
    consents.extend(refused);
    consents
}

/// Which field of the form an error of the API is about.
fn field(event: &Event, draft: &Draft, questions: &[Vec<String>], path: &[String]) -> String {
    let parts: Vec<&str> = path.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["buyer", "fullName", ..] => "buyer.name".to_owned(),
        ["buyer", "email", ..] => "buyer.email".to_owned(),
        ["buyer", "billing", rest @ ..] => format!("bill.{}", short(rest.last().copied().unwrap_or_default())),
        ["attendees", index, rest @ ..] => {
            let index: usize = index.parse().unwrap_or(0);
            let is_buyer = draft.is_buyers(index);
            match rest {
                ["fullName", ..] if is_buyer => "buyer.name".to_owned(),
                ["email", ..] if is_buyer => "buyer.email".to_owned(),
                ["ticketTypeId", ..] => {
                    let places = draft.places(event);
                    places
                        .get(index)
                        .map(|ticket| format!("n.{}", ticket.id))
                        .unwrap_or_default()
                }
                ["answers", answer, ..] => {
                    let ids = questions.get(index);
                    let id = answer
                        .parse::<usize>()
                        .ok()
                        .and_then(|answer| ids.and_then(|ids| ids.get(answer)));
                    id.map(|id| Draft::field(index, &format!("q.{id}"))).unwrap_or_default()
                }
                ["acknowledgedDocumentIds", ..] => {
                    let first = event.documents.iter().find(|document| document.required);
                    first.map(|document| format!("doc.{}", document.id)).unwrap_or_default()
                }
                ["consents", ..] => "partners".to_owned(),
                ["ofAge", ..] if age::is_known(event) => Draft::field(index, "age"),
                ["ofAge", ..] => "age".to_owned(),
                ["guardian", "fullName", ..] => age::guardian_field(event, index, "name"),
                ["guardian", ..] => age::guardian_field(event, index, "email"),
                ["postalAddress", last, ..] | [last, ..] => Draft::field(index, short(last)),
                [] => String::new(),
            }
        }
        _ => String::new(),
    }
}

/// The schema's names in the form's short words.
fn short(name: &str) -> &str {
    match name {
        "fullName" => "name",
        "dateOfBirth" => "born",
        "vatId" => "vat",
        "purchaseOrderNumber" => "purchase",
        other => {
            let detail = ABOUT.iter().find(|detail| detail.input == other);
            detail.map_or(other, |detail| detail.name)
        }
    }
}

/// The same value in the types of another document.
fn attendee_field(name: &impl serde::Serialize) -> register::AttendeeField {
    named!(register::AttendeeField, name_of(name))
}

/// A field as the mutation names it.
fn wished(field: &super::document::OfferedField) -> register::OfferedFieldInput {
    match (&field.field, &field.question_id) {
        (Some(name), _) => register::OfferedFieldInput::Field(attendee_field(name)),
        (None, question) => register::OfferedFieldInput::QuestionId(question.clone().unwrap_or_default()),
    }
}
