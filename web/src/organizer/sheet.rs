//! A form over one mutation: its fields with what was typed, what is wrong with it, and what stands there now where
//! somebody else changed it meanwhile.

use askama::Template;
use poem::Response;

use super::{Place, zones};
use crate::ask::Ask;
use crate::fields::{Problem, said_of};
use crate::form::Form;
use crate::frame::{Frame, name_of};

/// One field.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) hint: Option<String>,
    /// `long`, `choice`, `boxes`, `box`, `fixed` for what can only be read, or a type of an input element.
    pub(super) kind: &'static str,
    pub(super) required: bool,
    pub(super) values: Vec<String>,
    pub(super) choices: Vec<(String, String)>,
    pub(super) error: Option<String>,
    /// What somebody else put there meanwhile.
    pub(super) stored: Option<String>,
    /// The language of what is typed, where it is one in particular.
    pub(super) lang: Option<&'static str>,
}

impl Field {
    pub(super) fn value(&self) -> &str {
        self.values.first().map(String::as_str).unwrap_or_default()
    }

    pub(super) fn is_chosen(&self, value: &str) -> bool {
        self.values.iter().any(|its| its == value)
    }

    pub(super) fn described(&self) -> String {
        let mut ids = Vec::new();
        for (is_there, what) in [
            (self.hint.is_some(), "hint"),
            (self.stored.is_some(), "stored"),
            (self.error.is_some(), "error"),
        ] {
            if is_there {
                ids.push(format!("{}-{what}", self.name));
            }
        }
        ids.join(" ")
    }

    pub(super) fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(super) fn hint(self, hint: String) -> Self {
        Self {
            hint: Some(hint),
            ..self
        }
    }

    pub(super) fn choices(self, choices: Vec<(String, String)>) -> Self {
        Self { choices, ..self }
    }

    fn lang(self, lang: &'static str) -> Self {
        Self {
            lang: Some(lang),
            ..self
        }
    }
}

/// Fields that belong together.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) words: Option<String>,
    /// Those of a row stand side by side where there is room.
    pub(super) rows: Vec<Vec<Field>>,
    /// What shows more rows.
    pub(super) more: Option<String>,
}

impl Group {
    pub(super) fn more(self, more: Option<String>) -> Self {
        Self { more, ..self }
    }
}

/// What was typed, against what is kept.
pub(super) struct Sheet<'a> {
    pub(super) frame: &'a Frame,
    /// What is shown in the fields.
    pub(super) form: &'a Form,
    /// What the API has now.
    pub(super) kept: &'a Form,
    pub(super) problems: &'a [Problem],
}

impl Sheet<'_> {
    /// Whether it was changed since this form was opened.
    fn is_stale(&self) -> bool {
        self.form.text("revision") != self.kept.text("revision")
    }

    pub(super) fn field(&self, name: &str, label: &str, kind: &'static str) -> Field {
        let values = |form: &Form| form.all(name).map(str::to_owned).collect::<Vec<_>>();
        let (typed, kept) = (values(self.form), values(self.kept));
        let differs = self.is_stale() && typed != kept && !matches!(kind, "box" | "boxes" | "choice");
        Field {
            name: name.to_owned(),
            label: self.frame.say(label),
            hint: None,
            kind,
            required: false,
            stored: differs.then(|| self.frame.say1("edit-stored", "text", &kept.join(", "))),
            values: typed,
            choices: Vec::new(),
            error: said_of(self.problems, name).map(str::to_owned),
            lang: None,
        }
    }

    /// What can only be read.
    pub(super) fn fixed(&self, label: &str, text: String) -> Field {
        Field {
            values: vec![text],
            stored: None,
            ..self.field("", label, "fixed")
        }
    }

    /// What the form carries along unseen.
    pub(super) fn carried(&self, name: &str) -> Field {
        Field {
            label: String::new(),
            stored: None,
            ..self.field(name, "save", "hidden")
        }
    }

    /// A text in both languages, side by side.
    pub(super) fn texts(&self, name: &str, labels: [&str; 2], kind: &'static str) -> Vec<Field> {
        let [english, german] = labels;
        vec![
            self.field(&format!("{name}.en"), english, kind).lang("en"),
            self.field(&format!("{name}.de"), german, kind).lang("de"),
        ]
    }

    /// One box, ticked or not, with what ticking it says.
    pub(super) fn tick(&self, name: &str, label: &str, words: &str) -> Field {
        let yes = ("yes".to_owned(), self.frame.say(words));
        self.field(name, label, "box").choices(vec![yes])
    }

    /// Fields under a title, by the keys of the words.
    pub(super) fn group(&self, title: &str, words: Option<&str>, rows: Vec<Vec<Field>>) -> Group {
        Group {
            title: self.frame.say(title),
            words: words.map(|key| self.frame.say(key)),
            rows,
            more: None,
        }
    }

    /// From when to when an event is, and on which clock.
    pub(super) fn when(&self) -> Group {
        let time = |name, label| self.field(name, label, "datetime-local").required();
        let zone = self.field("timeZone", "edit-zone", "choice").required();
        let zone = zone.choices(zones::all()).hint(self.frame.say("edit-zone-hint"));
        let times = vec![time("startsLocal", "edit-starts"), time("endsLocal", "edit-ends")];
        self.group("edit-when", None, vec![times, vec![zone]])
    }
}

/// The texts of a form by language, without empty ones.
pub(super) fn texts_of(form: &Form, name: &str) -> Vec<(String, String)> {
    let languages = ["en", "de"].into_iter();
    let filled = languages.filter_map(|code| Some((code.to_owned(), form.filled(&format!("{name}.{code}"))?)));
    filled.collect()
}

/// What the API said of an input: the path of the field, the code, the words.
pub(super) struct Said {
    path: Vec<String>,
    code: String,
    message: String,
}

impl Said {
    pub(super) fn new(path: Option<Vec<String>>, code: &impl serde::Serialize, message: String) -> Self {
        Self {
            path: path.unwrap_or_default(),
            code: name_of(code),
            message,
        }
    }

    pub(super) fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// Beside the field that it is about; `names` are those of the form.
    pub(super) fn problem(self, names: &[&str]) -> Problem {
        Problem::new(field_of(&self.path, names), self.message)
    }
}

/// What is wrong, each beside its field; `names` are those of the form.
pub(super) fn problems(ask: &Ask, said: Vec<Said>, names: &[&str]) -> Vec<Problem> {
    let problems = said.into_iter().map(|said| {
        if said.is("STALE") {
            Problem::new("", ask.language.say("edit-changed"))
        } else {
            said.problem(names)
        }
    });
    problems.collect()
}

/// The words of a mutation's refusal, whichever it was.
macro_rules! said {
    ($errors:expr) => {
        $errors
            .into_iter()
            .map(|error| $crate::organizer::sheet::Said::new(error.field, &error.code, error.message))
            .collect::<Vec<_>>()
    };
}
pub(super) use said;

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

/// The longest part of the path that is a field, or the English of it; none where it is about the whole.
fn field_of(path: &[String], names: &[&str]) -> String {
    let path = match path {
        [first, rest @ ..] if first == "terms" => rest,
        path => path,
    };
    for length in (1..=path.len()).rev() {
        let name = path[..length].join(".");
        for candidate in [format!("{name}.en"), name] {
            if names.contains(&candidate.as_str()) {
                return candidate;
            }
        }
    }
    String::new()
}

/// A page with a form.
#[derive(Template)]
#[template(path = "organizer/sheet.html")]
pub(super) struct FormShown {
    pub(super) frame: Frame,
    pub(super) place: Option<Place>,
    /// Where one is in the part "Edit".
    pub(super) tabs: Vec<(String, String, bool)>,
    /// The page above, where there are no parts.
    pub(super) above: Option<(String, String)>,
    pub(super) token: String,
    /// Makes sending twice harmless.
    pub(super) key: String,
    pub(super) revision: String,
    pub(super) lead: Option<String>,
    pub(super) note: Option<String>,
    pub(super) problems: Vec<Problem>,
    pub(super) groups: Vec<Group>,
    pub(super) button: String,
    pub(super) back: String,
    /// What can be taken away here: title, words, button.
    pub(super) removal: Option<(String, String, String)>,
}

/// What a form is about, beside its fields.
pub(super) struct About {
    pub(super) title: String,
    pub(super) lead: Option<String>,
    pub(super) button: String,
    pub(super) back: String,
    pub(super) revision: String,
    pub(super) removal: Option<(String, String, String)>,
}

/// The frame of a page with a form: a change of language takes along what was typed.
pub(super) fn frame(ask: &Ask, title: String) -> Frame {
    let mut frame = ask.frame(title);
    frame.form = Some("edit");
    frame.enter = Some("save");
    frame
}

/// What stands around a form.
pub(super) enum Around {
    /// An event, with where one is among the pages of a part.
    Event(Place, Vec<(String, String, bool)>),
    /// The page above, by address and name.
    Above(String, String),
}

/// Shows a form.
pub(super) fn show(
    ask: &Ask,
    frame: Frame,
    around: Around,
    about: About,
    (groups, problems): (Vec<Group>, Vec<Problem>),
) -> Response {
    let note = ask
        .query("done")
        .filter(|_| ask.form().is_none())
        .map(|_| frame.say("edit-saved"));
    let (place, tabs, above) = match around {
        Around::Event(place, tabs) => (Some(place), tabs, None),
        Around::Above(address, name) => (None, Vec::new(), Some((address, name))),
    };
    let page = FormShown {
        place,
        tabs,
        above,
        token: ask.token(),
        key: key(ask),
        revision: about.revision,
        lead: about.lead,
        note,
        groups,
        button: about.button,
        back: about.back,
        removal: about.removal,
        frame: Frame {
            title: about.title,
            ..frame
        },
        problems,
    };
    ask.form_page(page.problems.is_empty(), &page)
}

/// The key that the form carries, or a new one.
pub(super) fn key(ask: &Ask) -> String {
    let sent = ask.form().and_then(|form| form.filled("key"));
    sent.unwrap_or_else(|| ask.new_key())
}

/// Whether a button of the form was pressed, and not a language chosen.
pub(super) fn is_sent(form: &Form) -> bool {
    form.has("go") || form.has("remove")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_api_says_stands_beside_the_field_that_it_is_about() {
        let names = ["title.en", "title.de", "venue.name", "size", "quotaIds"];
        let of = |path: &str| {
            let path: Vec<String> = path.split('.').map(str::to_owned).collect();
            field_of(&path, &names)
        };
        assert_eq!(of("title"), "title.en");
        assert_eq!(of("title.de"), "title.de");
        assert_eq!(of("venue.name"), "venue.name");
        assert_eq!(of("terms.size"), "size");
        assert_eq!(of("terms.quotaIds.0"), "quotaIds");
        assert_eq!(of("eventId"), "");
        assert_eq!(field_of(&[], &names), "");
    }
}
