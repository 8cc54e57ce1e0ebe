//! A form over one mutation: its fields with what was typed, what is wrong with it, and what stands there now where
//! somebody else changed it meanwhile.

use std::collections::BTreeSet;

use askama::Template;
use poem::Response;

use super::{Place, texts, zones};
use crate::ask::Ask;
use crate::fields::{Problem, said_at};
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::pictures::Shown;

/// One field.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) hint: Option<String>,
    /// `long`, `choice`, `boxes`, `box`, `picture`, `fixed` for what can only be read, or a type of an input element.
    pub(super) kind: &'static str,
    pub(super) required: bool,
    /// Whether it is one of several of which one is enough.
    pub(super) is_one_of: bool,
    pub(super) values: Vec<String>,
    pub(super) choices: Vec<(String, String)>,
    pub(super) error: Option<String>,
    /// What somebody else put there meanwhile.
    pub(super) meanwhile: Option<Vec<String>>,
    /// The language of what is typed, where it is one in particular.
    pub(super) lang: Option<String>,
    /// The picture that is there now.
    pub(super) picture: Option<Shown>,
    /// What could be there instead, at the press of a button: what it says, and what is sent.
    pub(super) offer: Option<(String, String)>,
}

impl Field {
    fn plain(name: &str, label: String, kind: &'static str, values: Vec<String>) -> Self {
        Self {
            name: name.to_owned(),
            label,
            hint: None,
            kind,
            required: false,
            is_one_of: false,
            values,
            choices: Vec::new(),
            error: None,
            meanwhile: None,
            lang: None,
            picture: None,
            offer: None,
        }
    }

    pub(super) fn value(&self) -> &str {
        self.values.first().map(String::as_str).unwrap_or_default()
    }

    pub(super) fn is_chosen(&self, value: &str) -> bool {
        self.values.iter().any(|its| its == value)
    }

    /// What somebody else put there meanwhile, in words.
    fn stored(&self, frame: &Frame) -> Option<String> {
        let values = self.meanwhile.as_ref()?.iter().filter(|value| !value.is_empty());
        let words = values.map(|value| {
            let choice = self.choices.iter().find(|(its, _)| its == value);
            choice.map_or(value.as_str(), |(_, label)| label.as_str())
        });
        let words = words.collect::<Vec<_>>().join(", ");
        // No value may be a choice of its own, with a name.
        let none = self.choices.iter().find(|(its, _)| its.is_empty());
        let words = match (self.kind, none) {
            _ if !words.is_empty() => words,
            (_, Some((_, label))) => label.clone(),
            ("box" | "boxes", None) => frame.say("edit-stored-unticked"),
            _ => frame.say("edit-stored-nothing"),
        };
        Some(frame.say1("edit-stored", "text", &words))
    }

    fn is_described(&self) -> bool {
        !self.described().is_empty()
    }

    pub(super) fn described(&self) -> String {
        let mut ids = Vec::new();
        for (is_there, what) in [
            (self.hint.is_some(), "hint"),
            (self.meanwhile.is_some(), "stored"),
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

    pub(super) fn offer(self, offer: Option<(String, String)>) -> Self {
        Self { offer, ..self }
    }

    fn lang(self, lang: &str) -> Self {
        Self {
            lang: Some(lang.to_owned()),
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
    fn has_files(&self) -> bool {
        self.rows.iter().flatten().any(|field| field.kind == "picture")
    }

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
        self.labelled(name, self.frame.say(label), kind)
    }

    fn labelled(&self, name: &str, label: String, kind: &'static str) -> Field {
        let (typed, kept) = (values(self.form, name), values(self.kept, name));
        let differs = self.is_stale() && !are_the_same(&typed, &kept);
        Field {
            meanwhile: differs.then_some(kept),
            error: said_at(self.problems, name, &label),
            ..Field::plain(name, label, kind, typed)
        }
    }

    /// What can only be read.
    pub(super) fn fixed(&self, label: &str, text: String) -> Field {
        Field::plain("", self.frame.say(label), "fixed", vec![text])
    }

    /// What the form carries along unseen.
    pub(super) fn carried(&self, name: &str) -> Field {
        Field::plain(name, String::new(), "hidden", values(self.form, name))
    }

    /// A text in both languages, side by side, and in each other one in which it is written.
    pub(super) fn texts(&self, name: &str, labels: [&str; 2], kind: &'static str) -> Vec<Field> {
        let [english, german] = labels;
        let mut fields = vec![
            self.field(&format!("{name}.en"), english, kind).lang("en"),
            self.field(&format!("{name}.de"), german, kind).lang("de"),
        ];
        for locale in texts::others(self.form, name) {
            let like = self.frame.say(english);
            let label = self
                .frame
                .say2("edit-other-language", "like", &like, "language", &locale);
            fields.push(self.labelled(&format!("{name}.{locale}"), label, kind).lang(&locale));
        }
        fields
    }

    /// A text in both languages, of which one is needed.
    pub(super) fn needed_texts(&self, name: &str, labels: [&str; 2]) -> Vec<Field> {
        let texts = self.texts(name, labels, "text").into_iter();
        texts
            .map(|text| Field {
                is_one_of: true,
                ..text
            })
            .collect()
    }

    /// One box, ticked or not, with what ticking it says.
    pub(super) fn tick(&self, name: &str, label: &str, words: &str) -> Field {
        let yes = ("yes".to_owned(), self.frame.say(words));
        self.field(name, label, "box").choices(vec![yes])
    }

    /// A picture to be chosen, with the one that is there now; what is sent beside the file is its name with `.id` and
    /// `.gone`.
    pub(super) fn picture(&self, name: &str, label: &str, now: Option<Shown>) -> Field {
        let gone = self.form.has(&format!("{name}.gone")).then(|| "gone".to_owned());
        let chosen = gone.or_else(|| self.form.filled(&format!("{name}.id")));
        let chosen = chosen.into_iter().collect();
        let label = self.frame.say(label);
        Field {
            error: said_at(self.problems, name, &label),
            hint: Some(self.frame.say("picture-hint")),
            picture: now,
            ..Field::plain(name, label, "picture", chosen)
        }
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

fn values(form: &Form, name: &str) -> Vec<String> {
    form.all(name).map(str::to_owned).collect()
}

/// Whether they say the same, in whatever order; browsers end lines in their own way.
fn are_the_same(typed: &[String], kept: &[String]) -> bool {
    let read = |values: &[String]| {
        let values = values.iter().map(|value| value.replace('\r', "").trim().to_owned());
        values.filter(|value| !value.is_empty()).collect::<BTreeSet<_>>()
    };
    read(typed) == read(kept)
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

    /// The same about this field.
    pub(super) fn at(self, name: &str) -> Self {
        Self {
            path: vec![name.to_owned()],
            ..self
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
struct FormShown {
    frame: Frame,
    place: Option<Place>,
    /// Where one is in the part "Edit".
    tabs: Vec<(String, String, bool)>,
    /// The page above, where there are no parts.
    above: Option<(String, String)>,
    token: String,
    /// Makes sending twice harmless.
    key: String,
    revision: String,
    lead: Option<String>,
    note: Option<String>,
    problems: Vec<Problem>,
    groups: Vec<Group>,
    button: String,
    back: String,
    /// What can be taken away here: title, words, button.
    removal: Option<(String, String, String)>,
    /// Whether files are sent with it.
    has_files: bool,
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
        has_files: groups.iter().any(Group::has_files),
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
