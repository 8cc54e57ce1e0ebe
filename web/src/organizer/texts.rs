//! Texts in several languages, in the forms of the organizer: `name.en` and `name.de`, and `name.<language>` for each other
//! language in which the text is written, so that saving loses none.

use crate::form::Form;
use crate::words::Language;

/// More languages than anybody writes in.
const MOST: usize = 20;

/// Puts a text into a form, in the languages in which it is written.
pub(super) fn keep<'a>(form: &mut Form, name: &str, texts: impl IntoIterator<Item = (&'a str, &'a str)>) {
    for language in Language::ALL {
        form.set(&format!("{name}.{}", language.code()), "");
    }
    for (locale, text) in texts {
        form.set(&format!("{name}.{locale}"), text);
    }
}

/// The texts of an answer of the API, for [`keep`].
macro_rules! written {
    ($texts:expr) => {
        $texts.iter().map(|text| (text.locale.as_str(), text.text.as_str()))
    };
}
pub(super) use written;

fn is_ours(locale: &str) -> bool {
    Language::ALL.iter().any(|language| language.code() == locale)
}

/// The languages that a form has beside those of these pages.
pub(super) fn others(form: &Form, name: &str) -> Vec<String> {
    let mut others = Vec::new();
    for (field, _) in form.fields() {
        let locale = field.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'));
        if let Some(locale) = locale.filter(|locale| !is_ours(locale))
            && !others.iter().any(|its| its == locale)
            && others.len() < MOST
        {
            others.push(locale.to_owned());
        }
    }
    others
}

/// The texts that were typed, by language, without empty ones. A language of which the form does not know stays as it is
/// kept: somebody wrote in it meanwhile.
pub(super) fn texts_of(form: &Form, kept: &Form, name: &str) -> Vec<(String, String)> {
    typed((form, name), (kept, name))
}

/// The same where what is kept has another name.
pub(super) fn typed((form, name): (&Form, &str), (kept, its): (&Form, &str)) -> Vec<(String, String)> {
    let mut locales: Vec<String> = Language::ALL
        .iter()
        .map(|language| language.code().to_owned())
        .collect();
    locales.extend(others(form, name));
    let of_form = locales
        .into_iter()
        .map(|locale| (form.filled(&format!("{name}.{locale}")), locale));
    let stays = others(kept, its).into_iter();
    let stays = stays
        .filter(|locale| !form.has(&format!("{name}.{locale}")))
        .map(|locale| (kept.filled(&format!("{its}.{locale}")), locale));
    let filled = of_form.chain(stays).filter_map(|(text, locale)| Some((locale, text?)));
    filled.collect()
}

/// Texts by language, in the type of a mutation.
macro_rules! localized {
    ($module:ident, $texts:expr) => {
        $texts
            .into_iter()
            .map(|(locale, text)| $module::LocalizedTextInput { locale, text })
            .collect::<Vec<_>>()
    };
}
pub(super) use localized;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_that_these_pages_do_not_speak_stays_unless_it_is_emptied() {
        let mut kept = Form::default();
        keep(&mut kept, "name", [("en", "Day"), ("fr", "Jour"), ("de-AT", "Dog")]);
        assert_eq!(kept.fields().len(), 4, "German is there, and empty");
        let typed = |fields: &[(&str, &str)]| {
            let mut form = Form::default();
            for (name, text) in fields {
                form.set(name, text);
            }
            let texts = texts_of(&form, &kept, "name").into_iter();
            texts
                .map(|(locale, text)| format!("{locale} {text}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            typed(&[("name.en", "One day"), ("name.de", "")]),
            ["en One day", "fr Jour", "de-AT Dog"]
        );
        assert_eq!(
            typed(&[("name.de", "Tag"), ("name.fr", " "), ("name.de-AT", "Do")]),
            ["de Tag", "de-AT Do"]
        );
        assert_eq!(others(&kept, "na"), Vec::<String>::new());
    }
}
