//! Ordering: the one step that changes anything.

use poem::Response;

use super::document::{Event, Register, register};
use super::draft::{Draft, Problem};
use super::step::Step;
use super::{people, sharing, show};
use crate::ask::{Ask, see_other};
use crate::fields::ABOUT;
use crate::frame::{name_of, named};
use crate::trouble::Trouble;

/// Registers everybody, or leads back to what has to be looked at again. Nothing typed is lost, also where the form's
/// token was: it is asked to send it again.
pub(super) async fn order(ask: &Ask, event: &Event, draft: Draft) -> Result<Response, Trouble> {
    if !ask.is_genuine() {
        let again = Problem::new("", ask.language.say("not-genuine-again"));
        return show(ask, event, &draft, Step::Summary, &[again]).await;
    }
    let missing = people::problems(ask.language, event, &draft);
    if !missing.is_empty() {
        return show(ask, event, &draft, Step::People, &missing).await;
    }
    let missing = sharing::problems(ask.language, event, &draft);
    if !missing.is_empty() && draft.asks_to_share(event) {
        return show(ask, event, &draft, Step::Sharing, &missing).await;
    }
    let (input, questions) = input(ask, event, &draft);
    let payload = ask
        .visitor
        .ask::<Register>(register::Variables { input })
        .await?
        .register
        .ok_or(Trouble::Ours)?;
    if let Some(secret) = payload.secret {
        // Whatever could not be taken of the wishes is asked again from the mailbox.
        let again = if payload.consent_issues.is_empty() {
            ""
        } else {
            "?sharing=again"
        };
        return Ok(see_other(&format!("/order/{secret}{again}")));
    }
    let problems: Vec<Problem> = payload
        .user_errors
        .into_iter()
        .map(|error| {
            let field = field(event, &draft, &questions, &error.field.unwrap_or_default());
            Problem::new(field, error.message)
        })
        .collect();
    let steps = problems.iter().filter_map(|problem| Step::of_field(&problem.field));
    let step = steps.min().unwrap_or(Step::Summary);
    show(ask, event, &draft, step, &problems).await
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
        let is_buyer = index == 0 && draft.buyer_comes();
        let (full_name, email) = draft.person(index);
        let text = |name: &str| draft.form.filled(&Draft::field(index, name));
        let age = draft.form.text("age");
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
            date_of_birth: text("born"),
            postal_address: text("street").map(|street| register::AddressInput {
                street,
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
            of_age: (is_buyer && !age.is_empty()).then(|| age == "yes"),
            guardian: (is_buyer && age == "no")
                .then(|| draft.form.filled("guardian.email"))
                .flatten()
                .map(|email| register::GuardianInput {
                    email,
                    full_name: draft.form.text("guardian.name").to_owned(),
                }),
        });
    }
    let text = |name: &str| draft.form.filled(name);
    let billing = text("bill.street")
        .or_else(|| text("bill.company"))
        .map(|_| register::BillingInput {
            address: register::AddressInput {
                street: draft.form.text("bill.street").to_owned(),
                postal_code: text("bill.code"),
                city: draft.form.text("bill.city").to_owned(),
                region: None,
                country: draft.form.text("bill.country").to_owned(),
            },
            company: text("bill.company"),
            invoice_email: None,
            purchase_order_number: text("bill.purchase"),
            vat_id: text("bill.vat"),
        });
    let input = register::RegisterInput {
        event_id: event.id.clone(),
        idempotency_key: draft.form.text("key").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        buyer: register::BuyerInput {
            full_name: draft.form.text("buyer.name").to_owned(),
            email: draft.form.text("buyer.email").to_owned(),
            billing,
        },
        attendees,
    };
    (input, questions)
}

/// Exactly the fields that the ticked boxes name, without those left out.
fn consents(event: &Event, draft: &Draft) -> Vec<register::ConsentInput> {
    let offers = event.partners.iter().flat_map(|partner| &partner.offers);
    let ticked = offers.filter_map(|offer| Some((offer, draft.ticked(offer)?)));
    ticked
        .map(|(offer, version)| register::ConsentInput {
            offer_id: offer.id.clone(),
            // The version that was shown: another one in force meanwhile is refused, not silently taken.
            offer_version: version,
            decision: register::ConsentDecision::GRANT,
            fields: draft.given(event, offer).into_iter().map(wished).collect(),
        })
        .filter(|consent| !consent.fields.is_empty())
        .collect()
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
            let is_buyer = index == 0 && draft.buyer_comes();
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
                ["consents", ..] | ["ofAge", ..] => "age".to_owned(),
                ["guardian", "fullName", ..] => "guardian.name".to_owned(),
                ["guardian", ..] => "guardian.email".to_owned(),
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
