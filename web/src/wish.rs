//! What a partner asks attendees for, as a form: on the organizer's pages on its behalf, on its own by itself.
//!
//! Fields of the form: `field` for each standard field and `question` for each question; `text.<language>`; `days`; `from` and
//! `until` on the event's clock.

use serde::Serialize;

use crate::clock;
use crate::fields::{Asked, CARD, Input};
use crate::form::Form;
use crate::frame::name_of;
use crate::lines::{Need, Sheet};
use crate::words::Language;

/// Everything that a partner can want data for.
pub(crate) const PURPOSES: [&str; 4] = [
    "EVENT_FOLLOW_UP",
    "SUBSEQUENT_EDITIONS",
    "RELATED_EVENTS",
    "PRODUCT_INFORMATION",
];

/// The languages in which the form may have a text: those of these pages, and each other that it brought along.
pub(crate) fn locales(form: &Form) -> Vec<String> {
    let mut locales: Vec<String> = Language::ALL
        .iter()
        .map(|language| language.code().to_owned())
        .collect();
    for locale in form.fields().iter().filter_map(|(name, _)| name.strip_prefix("text.")) {
        if !locales.iter().any(|known| known == locale) && locales.len() < 20 {
            locales.push(locale.to_owned());
        }
    }
    locales
}

/// What the form says, in the types of a mutation; `$questions` are the ids of those that can be asked.
macro_rules! terms {
    ($module:ident, $form:expr, $questions:expr) => {{
        let form = $form;
        let standard = $crate::fields::CARD
            .iter()
            .filter(|field| form.has_value("field", field));
        let standard = standard.filter_map(|field| serde_json::from_value(serde_json::json!(field)).ok());
        let questions = $questions.filter(|id| form.has_value("question", id));
        let fields: Vec<$module::OfferedFieldInput> = standard
            .map($module::OfferedFieldInput::Field)
            .chain(questions.map(|id| $module::OfferedFieldInput::QuestionId(id.clone())))
            .collect();
        let texts = $crate::wish::locales(form).into_iter();
        let texts: Vec<_> = texts
            .map(|locale| (form.text(&format!("text.{locale}")).to_owned(), locale))
            .filter(|(text, _)| !text.is_empty())
            .map(|(text, locale)| $module::LocalizedTextInput { locale, text })
            .collect();
        (fields, texts)
    }};
}
pub(crate) use terms;

/// Puts into the form what a version or a draft says, with its days as a text; its times on the clock of a zone.
macro_rules! fill {
    ($form:expr, $terms:expr, $days:expr, $zone:expr) => {{
        let (form, terms): (&mut $crate::form::Form, _) = ($form, $terms);
        for field in &terms.fields {
            match (&field.field, &field.question_id) {
                (Some(standard), _) => form.add("field", &$crate::frame::name_of(standard)),
                (None, Some(question)) => form.add("question", question),
                (None, None) => {}
            }
        }
        for text in &terms.texts {
            form.set(&format!("text.{}", text.locale), &text.text);
        }
        form.set("days", &$days);
        for (name, at) in [("from", &terms.starts_at), ("until", &terms.ends_at)] {
            let at = at.as_ref().map(|at| $crate::clock::local(at, $zone));
            form.set(name, &at.unwrap_or_default());
        }
    }};
}
pub(crate) use fill;

/// Which details are asked for.
pub(crate) fn fields(sheet: &Sheet<'_>) -> Asked {
    let choices = CARD.map(|field| (field.to_owned(), sheet.frame.of("field", &field)));
    let words = (sheet.frame.say("wish-fields"), sheet.frame.say("wish-fields-hint"));
    sheet.asked("field", words, "choices", Need::Required, choices.into())
}

/// The answers to which questions are asked for: their ids and words. None where there is no such question.
pub(crate) fn questions(sheet: &Sheet<'_>, all: impl Iterator<Item = (String, String)>) -> Option<Asked> {
    let choices: Vec<_> = all.collect();
    let words = (
        sheet.frame.say("wish-questions"),
        sheet.frame.say("wish-questions-hint"),
    );
    (!choices.is_empty()).then(|| sheet.asked("question", words, "choices", Need::Optional, choices))
}

/// A text for each language of these pages, and each other that the form brought along. One of them is enough.
pub(crate) fn texts(sheet: &Sheet<'_>) -> Vec<Asked> {
    let texts = locales(sheet.form).into_iter().map(|locale| {
        let label = sheet.frame.say1("wish-text", "language", &language_name(&locale));
        let words = (label, sheet.frame.say("wish-text-hint"));
        sheet.asked(&format!("text.{locale}"), words, "long", Need::Optional, Vec::new())
    });
    texts.collect()
}

/// For how many days it is kept.
pub(crate) fn kept_for(sheet: &Sheet<'_>, need: Need) -> Input {
    sheet.hinted("days", ("wish-days", "wish-days-hint"), "number", need)
}

/// From when to when it is shared.
pub(crate) fn times(sheet: &Sheet<'_>) -> Vec<Input> {
    let time = |name, words| sheet.hinted(name, words, "datetime-local", Need::Optional);
    vec![
        time("from", ("wish-from", "wish-from-hint")),
        time("until", ("wish-until", "wish-until-hint")),
    ]
}

/// Zero where it is no number: the API says what is expected.
pub(crate) fn days(form: &Form) -> i64 {
    form.text("days").parse::<i32>().map(i64::from).unwrap_or_default()
}

/// Which field of the form an error of the API is about.
pub(crate) fn place(path: &[String]) -> String {
    match path.first().map(String::as_str) {
        Some("purpose") => "purpose".to_owned(),
        Some("fields") => "field".to_owned(),
        Some("text") => format!("text.{}", Language::ALL[0].code()),
        Some("retentionDays") => "days".to_owned(),
        Some("startsAt") => "from".to_owned(),
        Some("endsAt") => "until".to_owned(),
        _ => String::new(),
    }
}

/// What was typed, as a moment; as it was typed where it is none, so that the API says what is expected.
pub(crate) fn moment(form: &Form, name: &str, zone: &str) -> Option<String> {
    let typed = form.filled(name)?;
    Some(clock::instant(&typed, zone).unwrap_or(typed))
}

/// The colour of a version's state; its word says the same.
pub(crate) fn state_tone(state: &impl Serialize) -> &'static str {
    match name_of(state).as_str() {
        "APPROVED" => "good",
        "REQUESTED" => "warn",
        "REJECTED" => "bad",
        _ => "",
    }
}

/// What a language is called; its code where these pages do not speak it.
pub(crate) fn language_name(code: &str) -> String {
    Language::of_code(code).map_or_else(|| code.to_owned(), |language| language.own_name().to_owned())
}
