//! What a partner asks attendees for, as a form: on the organizer's pages on its behalf, on its own by itself.
//!
//! Fields of the form: `field` for each standard field and `question` for each question; `text.<language>`; `days`; `from` and
//! `until` on the event's clock.

use crate::clock;
use crate::fields::{Asked, CARD, Input};
use crate::form::Form;
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

/// What a language is called; its code where these pages do not speak it.
pub(crate) fn language_name(code: &str) -> String {
    Language::of_code(code).map_or_else(|| code.to_owned(), |language| language.own_name().to_owned())
}

/// Which field of the form of a new token an error of the API is about.
pub(crate) fn token_place(path: &[String]) -> String {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["name", ..] => "name",
        ["scopes", _, "purposes", ..] => "purpose",
        ["scopes", _, "fields", ..] => "field",
        ["expiresAt", ..] => "expires",
        ["networks", ..] => "networks",
        _ => "",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_stand_beside_what_they_are_about() {
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(token_place(&path("scopes.0.fields.2.questionId")), "field");
        assert_eq!(token_place(&path("scopes.0.purposes")), "purpose");
        assert_eq!(token_place(&path("networks.1")), "networks");
        assert_eq!(token_place(&path("partnerId")), "");
        assert_eq!(token_place(&[]), "");
    }
}
