//! What stands around every page: title, navigation, languages; and how pages say things, name moments and amounts.

use std::borrow::Borrow;

use fluent_bundle::FluentValue;
use serde::Serialize;

use crate::accent;
use crate::assets;
use crate::countries;
use crate::format;
use crate::pictures::{Look, Shown};
use crate::words::{Language, vars};

/// What every template is given.
pub(crate) struct Frame {
    pub(crate) language: Language,
    pub(crate) title: String,
    pub(crate) nonce: String,
    /// The form that a change of language has to send along, so that nothing typed is lost; a link does elsewhere.
    pub(crate) form: Option<&'static str>,
    /// Where that form goes by the Enter key, whose button must come before those of the languages.
    pub(crate) enter: Option<&'static str>,
    /// Pages whose address holds a secret run none.
    pub(crate) runs_scripts: bool,
    /// For search engines and previews; empty on pages that are nobody else's business.
    pub(crate) description: String,
    /// The page's public address, where it may be found by search engines.
    pub(crate) canonical: String,
    /// schema.org, as JSON that is safe inside a script element.
    pub(crate) structured: String,
    /// Where the styles of the organization's colour are, on its pages.
    pub(crate) accent: Option<String>,
    /// What stands at the head of its pages.
    pub(crate) logo: Option<Shown>,
    /// What the organization says at the foot of its pages; empty for nothing.
    pub(crate) footer: String,
    /// The public address of a picture for previews elsewhere.
    pub(crate) preview: Option<String>,
    /// The token of the form that signs out, where somebody is signed in.
    pub(crate) signed_in: Option<String>,
    /// Whether there is something to organize for whoever is signed in.
    pub(crate) is_in_a_team: bool,
    /// Whether it is a device that lets people in, with nobody's name.
    pub(crate) is_device: bool,
    /// Where one came from who tries out what attendees will do: nothing is stored there.
    pub(crate) rehearsal: Option<String>,
    /// Whether reading needs room: agendas, rosters.
    pub(crate) width: Width,
    /// The address of a style that this page alone has.
    pub(crate) style_more: Option<&'static str>,
}

/// A day by its name, and what begins on it.
pub(crate) struct Day<T> {
    pub(crate) name: String,
    pub(crate) entries: Vec<T>,
}

/// How wide a page's text runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    Reading,
    Wide,
}

impl Frame {
    pub(crate) fn new(language: Language, title: String, nonce: String) -> Self {
        Self {
            language,
            title,
            nonce,
            form: None,
            enter: None,
            runs_scripts: true,
            description: String::new(),
            canonical: String::new(),
            structured: String::new(),
            accent: None,
            logo: None,
            footer: String::new(),
            preview: None,
            signed_in: None,
            is_in_a_team: false,
            is_device: false,
            rehearsal: None,
            width: Width::Reading,
            style_more: None,
        }
    }

    /// Makes it a page of an organization: in its colour, under its logo, with its line at the foot.
    pub(crate) fn wear(&mut self, look: Look) {
        self.accent = look.colour.as_deref().and_then(accent::address);
        self.logo = look.logo;
        self.footer = look.footer;
    }

    pub(crate) fn is_wide(&self) -> bool {
        self.width == Width::Wide
    }

    pub(crate) fn languages(&self) -> [Language; 2] {
        Language::ALL
    }

    pub(crate) fn style(&self) -> &'static str {
        &assets::STYLE.path
    }

    pub(crate) fn script(&self) -> &'static str {
        &assets::SCRIPT.path
    }

    pub(crate) fn icon(&self) -> &'static str {
        &assets::ICON.path
    }

    /// A message.
    pub(crate) fn say(&self, key: &str) -> String {
        self.language.say(key)
    }

    /// A message with a text put in.
    pub(crate) fn say1(&self, key: &str, name: &str, value: &str) -> String {
        self.language.say_with(key, &vars([(name, FluentValue::from(value))]))
    }

    /// A message with two texts put in.
    pub(crate) fn say2(&self, key: &str, one: &str, its: &str, two: &str, others: &str) -> String {
        let variables = vars([(one, FluentValue::from(its)), (two, FluentValue::from(others))]);
        self.language.say_with(key, &variables)
    }

    /// A message that counts.
    pub(crate) fn count(&self, key: &str, count: impl Borrow<i64>) -> String {
        self.language
            .say_with(key, &vars([("count", FluentValue::from(*count.borrow()))]))
    }

    /// What a value of an enum of the schema is called: `SOLD_OUT` of `availability` is the message
    /// `availability-sold-out`.
    pub(crate) fn of(&self, prefix: &str, value: &impl Serialize) -> String {
        of(self.language, prefix, value)
    }

    /// What a country is called (see [`countries`](crate::countries)).
    pub(crate) fn country<'a>(&self, code: &'a str) -> &'a str {
        countries::name(self.language, code)
    }

    /// Every country: code and name.
    pub(crate) fn countries(&self) -> &'static countries::Countries {
        countries::all(self.language)
    }

    /// A day and time on the clock of a zone.
    pub(crate) fn moment(&self, at: &str, zone: &str) -> String {
        format::moment(self.language, at, zone)
    }

    /// A day on the calendar of a zone.
    pub(crate) fn day(&self, at: &str, zone: &str) -> String {
        format::day(self.language, at, zone)
    }

    /// What begins one after another, under the day on which it begins in a zone.
    pub(crate) fn by_day<'a, T>(&self, zone: &str, all: impl Iterator<Item = (&'a String, T)>) -> Vec<Day<T>> {
        let mut days: Vec<Day<T>> = Vec::new();
        for (at, entry) in all {
            let name = self.day(at, zone);
            match days.last_mut().filter(|day| day.name == name) {
                Some(day) => day.entries.push(entry),
                None => days.push(Day {
                    name,
                    entries: vec![entry],
                }),
            }
        }
        days
    }

    /// The time alone.
    pub(crate) fn time(&self, at: &str, zone: &str) -> String {
        format::time(at, zone)
    }

    /// From when to when.
    pub(crate) fn span(&self, from: &str, to: &str, zone: &str) -> String {
        format::span(self.language, from, to, zone)
    }

    /// An amount with its currency.
    pub(crate) fn money(&self, amount: &str, currency: &str) -> String {
        format::money(self.language, amount, currency)
    }
}

/// See [`Frame::of`].
pub(crate) fn of(language: Language, prefix: &str, value: &impl Serialize) -> String {
    let name = name_of(value).to_ascii_lowercase().replace('_', "-");
    language.say(&format!("{prefix}-{name}"))
}

/// The value of an enum of a document by its name. One that the schema does not know is sent as it is, and refused there.
macro_rules! named {
    ($($enum:ident)::+, $name:expr) => {{
        let name: String = $name;
        serde_json::from_value(serde_json::Value::String(name.clone())).unwrap_or($($enum)::+::Other(name))
    }};
}
pub(crate) use named;

/// The name of an enum's value, as the schema writes it.
pub(crate) fn name_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
