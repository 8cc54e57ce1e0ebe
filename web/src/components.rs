//! `/-/components`: every component of the design system in every state, for whoever works on the pages. It is no page for
//! visitors: an installation that serves in earnest does not have it.

use std::ffi::OsStr;

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use crate::ask::Ask;
use crate::fields::Problem;
use crate::fields::{Asked, Input};
use crate::frame::{Frame, Width};
use crate::links::{Code, code};
use crate::progress::Progress;
use crate::registration::Mark;
use crate::trouble::Trouble;
use crate::words::Language;

/// Whether the list of components is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Components {
    /// To everybody.
    Served,
    /// There is nothing at its address.
    Absent,
}

/// How the program was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// By whoever works on it.
    Debug,
    /// To be run in earnest.
    Release,
}

impl Build {
    /// This one.
    pub const THIS: Self = if cfg!(debug_assertions) {
        Self::Debug
    } else {
        Self::Release
    };
}

impl Components {
    /// Served by a debug build, and by `demo`, which is nothing but for trying. What is not understood serves nothing.
    pub fn of<S: AsRef<OsStr>>(build: Build, mut arguments: impl Iterator<Item = S>) -> Self {
        // The first argument is the program's own name.
        let is_demo = arguments.nth(1).is_some_and(|command| command.as_ref() == "demo");
        if is_demo || build == Build::Debug {
            Self::Served
        } else {
            Self::Absent
        }
    }
}

#[derive(Template)]
#[template(path = "components.html")]
struct Shown {
    frame: Frame,
    lines: Vec<Input>,
    questions: Vec<Asked>,
    way: Vec<Mark>,
    problems: Vec<Problem>,
    code: Option<Code>,
    progresses: [Progress; 2],
    names: [&'static str; 4],
}

/// The list.
pub(crate) fn show(ask: &Ask) -> Result<Response, Trouble> {
    // It speaks to developers, in one language.
    let frame = Frame {
        language: Language::English,
        ..ask.frame("Components".to_owned())
    };
    Ok(ask.page(StatusCode::OK, &shown(frame)))
}

fn shown(mut frame: Frame) -> Shown {
    frame.width = Width::Wide;
    Shown {
        progresses: Progress::examples(&frame),
        frame,
        lines: lines(),
        questions: ["text", "long", "choice", "choices", "yes-no", "country"]
            .into_iter()
            .flat_map(|form| [question(form, None), question(form, Some("An answer is missing."))])
            .collect(),
        way: [("Tickets", "done"), ("People", "now"), ("Summary", "")]
            .map(|(title, class)| Mark {
                title: title.to_owned(),
                class,
            })
            .into(),
        problems: vec![
            Problem::new("line-3", "An e-mail address is missing."),
            Problem::new("", "Something that is about the whole."),
        ],
        code: code("BCD\n002\n1\nSCT\n\nDemo Society e.V.\nDE02120300000000202051\nEUR249.00\n\n\nDEMO-4711"),
        names: [
            "Ada",
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH & Co. KG",
            "Ñandú O’Try & Söhne <GmbH>",
            "شركة الاختبار للبرمجيات",
        ],
    }
}

fn lines() -> Vec<Input> {
    let line = |number: usize, label: &str, required, hint: Option<&str>, value: &str, error: Option<&str>| Input {
        name: format!("line-{number}"),
        label: label.to_owned(),
        hint: hint.map(str::to_owned),
        kind: "text",
        autocomplete: "off",
        required,
        value: value.to_owned(),
        error: error.map(str::to_owned),
    };
    vec![
        line(0, "Required, empty", true, None, "", None),
        line(
            1,
            "Optional, with a hint",
            false,
            Some("Confirmation and tickets go there."),
            "",
            None,
        ),
        line(2, "Filled in", true, None, "ada@example.org", None),
        line(
            3,
            "With an error",
            true,
            Some("A hint stays."),
            "ada@",
            Some("An e-mail address is missing."),
        ),
        line(4, "From right to left", true, None, "شركة الاختبار", None),
    ]
}

fn question(form: &'static str, error: Option<&str>) -> Asked {
    let state = if error.is_some() { "wrong" } else { "right" };
    Asked {
        name: format!("question-{form}-{state}"),
        label: format!("A question: {form}, {state}"),
        hint: "Asked for: to prepare the event".to_owned(),
        form,
        required: error.is_some(),
        values: match form {
            "yes-no" => vec!["true".to_owned()],
            "choice" | "choices" => vec!["b".to_owned()],
            "country" if error.is_none() => vec!["DE".to_owned()],
            _ => Vec::new(),
        },
        choices: [
            ("a", "Vegetarian"),
            ("b", "Without gluten"),
            ("c", "Something with a long name that needs two lines"),
        ]
        .map(|(id, label)| (id.to_owned(), label.to_owned()))
        .into(),
        error: error.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn of(build: Build, line: &str) -> Components {
        Components::of(build, line.split(' '))
    }

    #[test]
    fn everything_that_the_style_sheet_knows_is_on_the_list() {
        let frame = Frame::new(Language::English, "Components".to_owned(), "nonce".to_owned());
        let page = shown(frame).render().expect("a page");
        let words = |text: &str| -> Vec<String> {
            let parts = text.split(|char: char| !char.is_ascii_alphanumeric() && char != '-');
            parts.map(str::to_owned).collect()
        };
        let there: HashSet<String> = page
            .split("class=\"")
            .skip(1)
            .flat_map(|rest| words(rest.split('"').next().unwrap_or_default()))
            .collect();
        // What stands between braces declares; a class is named before them.
        let sheet = include_str!("../static/style.css");
        let named = sheet
            .split('}')
            .filter_map(|rule| rule.rsplit("*/").next()?.split('{').rev().nth(1));
        let classes: HashSet<String> = named
            .flat_map(|selector| {
                selector
                    .split('.')
                    .skip(1)
                    .map(|rest| words(rest).remove(0))
                    .collect::<Vec<_>>()
            })
            .collect();
        assert!(classes.len() > 80, "{classes:?}");
        // A part of a field's name, and what an organization's pages wear.
        let around = ["without", "logo"];
        let missing: Vec<_> = classes
            .iter()
            .filter(|class| !there.contains(*class) && !around.contains(&class.as_str()))
            .collect();
        assert!(missing.is_empty(), "{missing:?} are styled and not shown");
    }

    #[test]
    fn an_installation_that_serves_in_earnest_has_no_list_of_components() {
        for line in [
            "consentry serve",
            "consentry",
            "consentry serve demo",
            "consentry --config demo serve",
            "demo serve",
        ] {
            assert_eq!(of(Build::Release, line), Components::Absent, "{line}");
        }
    }

    #[test]
    fn whoever_tries_or_works_on_it_has_one() {
        assert_eq!(of(Build::Release, "consentry demo"), Components::Served);
        assert_eq!(
            of(Build::Release, "consentry demo --listen 127.0.0.1:1"),
            Components::Served
        );
        assert_eq!(of(Build::Debug, "consentry serve"), Components::Served);
    }
}
