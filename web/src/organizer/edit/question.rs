//! `/manage/{organization}/{event}/questions/{question}`: one question.

use poem::Response;

use super::Tab;
use super::documents::{
    AddQuestion, ArchiveQuestion, ChangeQuestion, add_question as add, archive_question as archive,
    change_question as change,
};
use super::question_terms::{Event, Question, Terms, sent, terms};
use super::{choices, questions};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::name_of;
use crate::organizer::Place;
use crate::organizer::sheet::{self, About, Field, Group, Said, Sheet, said};
use crate::organizer::texts::{keep, written};
use crate::trouble::Trouble;

const NAMES: &[&str] = &[
    "label.en",
    "label.de",
    "help.en",
    "help.de",
    "kind",
    "choices",
    "purpose.en",
    "purpose.de",
    "retentionDays",
    "sensitivity",
    "required",
    "shareable",
    "askedById",
    "ticketTypeIds",
];

const KINDS: [&str; 10] = [
    "TEXT",
    "LONG_TEXT",
    "CHOICE",
    "MULTIPLE_CHOICE",
    "YES_NO",
    "NUMBER",
    "DATE",
    "COUNTRY",
    "PHONE",
    "URL",
];

const SENSITIVITIES: [&str; 6] = ["ORDINARY", "HEALTH", "AGE", "GUARDIAN", "PAYMENT", "TECHNICAL"];

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let (event, place) = questions::find(ask).await?;
    let id = ask.param("question");
    let before = event.questions.iter().find(|question| question.question.id == id);
    if before.is_none() && id != "new" {
        return Err(Trouble::NotFound);
    }
    let kept = kept(before);
    let form = match ask.pressed(&kept) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show(ask, place, &event, before, (form, &kept), problems)),
    };
    let problems = saved(ask, &event, before, (form, &kept)).await?;
    if problems.is_empty() {
        return Ok(see_other(&format!("{}/questions?done=saved", place.base)));
    }
    Ok(show(ask, place, &event, before, (form, &kept), problems))
}

/// What the API has, as the form would send it; for a new one what most are.
fn kept(before: Option<&Question>) -> Form {
    let mut form = Form::default();
    let Some(before) = before else {
        form.set("kind", "TEXT");
        form.set("sensitivity", "ORDINARY");
        form.set("retentionDays", "30");
        return form;
    };
    let asked = &before.question;
    keep(&mut form, "label", written!(asked.labels));
    keep(&mut form, "help", written!(asked.helps));
    keep(&mut form, "purpose", written!(asked.purposes));
    form.set("kind", &name_of(&asked.kind));
    form.set("sensitivity", &name_of(&before.sensitivity));
    for (name, is_so) in [("required", asked.required), ("shareable", asked.shareable)] {
        if is_so {
            form.set(name, "yes");
        }
    }
    form.set("askedById", before.asked_by_id.as_deref().unwrap_or_default());
    let days = asked.retention_days.map(|days| days.to_string());
    form.set("retentionDays", days.as_deref().unwrap_or_default());
    for id in &before.ticket_type_ids {
        form.add("ticketTypeIds", id);
    }
    choices::keep(&mut form, &asked.choices);
    form.set("revision", &before.revision.to_string());
    form
}

/// What is wrong with it; nothing where it was saved.
async fn saved(
    ask: &Ask,
    event: &Event,
    before: Option<&Question>,
    (form, kept): (&Form, &Form),
) -> Result<Vec<Problem>, Trouble> {
    let revision = form.text("revision").parse().unwrap_or_default();
    if let Some(before) = before.filter(|_| form.has("remove")) {
        let input = archive::ArchiveQuestionInput {
            question_id: before.question.id.clone(),
            revision,
        };
        let payload = ask.visitor.ask::<ArchiveQuestion>(archive::Variables { input }).await?;
        let said = said!(payload.archive_question.ok_or(Trouble::Ours)?.user_errors);
        return Ok(sheet::problems(ask, said, NAMES));
    }
    let terms = match terms(ask, event, before, (form, kept)) {
        Ok(terms) => terms,
        Err(problems) => return Ok(problems),
    };
    if let Some(before) = before {
        let input = change::UpdateQuestionInput {
            question_id: before.question.id.clone(),
            revision,
            terms: sent!(change, &terms),
        };
        let payload = ask.visitor.ask::<ChangeQuestion>(change::Variables { input }).await?;
        let said = said!(payload.update_question.ok_or(Trouble::Ours)?.user_errors);
        return Ok(problems(ask, said, &terms));
    }
    let input = add::CreateQuestionInput {
        idempotency_key: sheet::key(ask),
        event_id: event.id.clone(),
        terms: sent!(add, &terms),
    };
    let payload = ask.visitor.ask::<AddQuestion>(add::Variables { input }).await?;
    let said = said!(payload.create_question.ok_or(Trouble::Ours)?.user_errors);
    Ok(problems(ask, said, &terms))
}

fn problems(ask: &Ask, said: Vec<Said>, terms: &Terms) -> Vec<Problem> {
    let of_choices = choices::names();
    let mut names = NAMES.to_vec();
    names.extend(of_choices.iter().map(String::as_str));
    let found = sheet::problems(ask, said, &names).into_iter();
    found.map(|problem| choices::placed(problem, &terms.choices)).collect()
}

fn show(
    ask: &Ask,
    place: Place,
    event: &Event,
    before: Option<&Question>,
    (form, kept): (&Form, &Form),
    problems: Vec<Problem>,
) -> Response {
    let title = before.map_or_else(
        || ask.language.say("edit-question-new"),
        |before| before.question.label.clone(),
    );
    let frame = sheet::frame(ask, title.clone());
    let sheet = Sheet {
        frame: &frame,
        form,
        kept,
        problems: &problems,
    };
    let fixed = before.filter(|before| before.fixed);
    let mut groups = match fixed {
        Some(before) => vec![fixed_words(&sheet, before)],
        None => asked(&sheet),
    };
    groups.push(sheet.group(
        "edit-what-for",
        Some("edit-what-for-words"),
        vec![
            sheet.texts("purpose", ["edit-purpose-en", "edit-purpose-de"], "text"),
            vec![
                sheet
                    .field("retentionDays", "edit-retention", "number")
                    .hint(frame.say("edit-retention-hint")),
                sheet
                    .field("sensitivity", "edit-sensitivity", "choice")
                    .required()
                    .hint(frame.say("edit-sensitivity-hint"))
                    .choices(named(&sheet, "sensitivity", &SENSITIVITIES)),
            ],
        ],
    ));
    groups.push(sheet.group("edit-whom", Some("edit-whom-words"), whom(&sheet, event)));
    if fixed.is_none() {
        groups.push(sheet.group("edit-sharing", Some("edit-shareable-words"), shared(&sheet, event)));
    }
    let removal = before.map(|_| {
        (
            frame.say("edit-question-remove"),
            frame.say("edit-question-remove-words"),
            frame.say("edit-question-remove"),
        )
    });
    let about = About {
        title,
        lead: fixed.map(|_| frame.say("edit-fixed")),
        button: frame.say("save"),
        back: format!("{}/questions", place.base),
        revision: kept.text("revision").to_owned(),
        removal,
    };
    super::show(ask, frame, (place, Tab::Questions), about, (groups, problems))
}

fn named(sheet: &Sheet, prefix: &str, values: &[&str]) -> Vec<(String, String)> {
    let named = values.iter();
    named
        .map(|value| ((*value).to_owned(), sheet.frame.of(prefix, value)))
        .collect()
}

/// What is asked, and how it is answered.
fn asked(sheet: &Sheet) -> Vec<Group> {
    let kind = sheet
        .field("kind", "edit-answer-kind", "choice")
        .required()
        .choices(named(sheet, "question-kind", &KINDS));
    let choices = sheet.group("edit-choices", Some("edit-choices-words"), choices::rows(sheet));
    vec![
        sheet.group(
            "edit-question",
            None,
            vec![
                sheet.needed_texts("label", ["edit-label-en", "edit-label-de"]),
                sheet.texts("help", ["edit-help-en", "edit-help-de"], "text"),
                vec![kind],
            ],
        ),
        choices.more(Some(sheet.frame.say("edit-more-choices"))),
    ]
}

/// What stays as it is, because partners were offered the answers; the help may change.
fn fixed_words(sheet: &Sheet, before: &Question) -> Group {
    let asked = &before.question;
    let mut rows = vec![
        vec![
            sheet.fixed("edit-label-en", asked.english.clone()),
            sheet.fixed("edit-label-de", asked.german.clone()),
        ],
        vec![sheet.fixed("edit-answer-kind", sheet.frame.of("question-kind", &asked.kind))],
    ];
    if !asked.choices.is_empty() {
        let words = |of: fn(&Choice) -> &String| {
            let words: Vec<&str> = asked.choices.iter().map(|choice| of(choice).as_str()).collect();
            words.join(", ")
        };
        rows.push(vec![
            sheet.fixed("edit-choices", words(|choice| &choice.english)),
            sheet.fixed("edit-choices", words(|choice| &choice.german)),
        ]);
    }
    rows.push(sheet.texts("help", ["edit-help-en", "edit-help-de"], "text"));
    sheet.group("edit-question", None, rows)
}

type Choice = super::documents::edited_questions::EditedQuestionsOrganizationEventQuestionsQuestionChoices;

fn whom(sheet: &Sheet, event: &Event) -> Vec<Vec<Field>> {
    let chosen = |id: &String| sheet.form.has_value("ticketTypeIds", id);
    let open = event.ticket_types.iter();
    let tickets = open.filter(|ticket| !ticket.archived || chosen(&ticket.ticket_type.id));
    let tickets: Vec<_> = tickets
        .map(|ticket| (ticket.ticket_type.id.clone(), ticket.ticket_type.name.clone()))
        .collect();
    let mut rows = vec![vec![sheet.tick("required", "edit-answer", "edit-must-words")]];
    if !tickets.is_empty() {
        rows.push(vec![
            sheet
                .field("ticketTypeIds", "edit-asked-tickets", "boxes")
                .choices(tickets),
        ]);
    }
    rows
}

fn shared(sheet: &Sheet, event: &Event) -> Vec<Vec<Field>> {
    let mut partners = vec![(String::new(), sheet.frame.say("edit-asked-by-us"))];
    let chosen = |id: &String| sheet.form.has_value("askedById", id);
    let open = event.partners.iter();
    let open = open.filter(|partner| partner.active || chosen(&partner.id));
    partners.extend(open.map(|partner| (partner.id.clone(), partner.partner.display_name.clone())));
    vec![
        vec![sheet.tick("shareable", "edit-shareable", "edit-shareable-box")],
        vec![
            sheet
                .field("askedById", "edit-asked-by", "choice")
                .required()
                .hint(sheet.frame.say("edit-asked-by-hint"))
                .choices(partners),
        ],
    ]
}
