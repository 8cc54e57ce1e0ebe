//! What a form of these pages shows: its lines and lists, with what was typed and what is wrong with it.

use crate::ask::Ask;
use crate::fields::{Asked, Input, Problem, said_of};
use crate::form::Form;
use crate::frame::Frame;

/// A form as it was typed, with what is to be looked at again.
pub(super) struct Sheet<'a> {
    pub(super) frame: &'a Frame,
    pub(super) form: &'a Form,
    pub(super) problems: &'a [Problem],
}

/// Whether something has to be filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Required,
    Optional,
}

impl Sheet<'_> {
    /// One line to type into; its words have the key `label`.
    pub(super) fn line(&self, name: &str, label: &str, kind: &'static str, need: Need) -> Input {
        Input {
            name: name.to_owned(),
            label: self.frame.say(label),
            hint: None,
            kind,
            autocomplete: "off",
            required: need == Need::Required,
            value: self.form.text(name).to_owned(),
            error: said_of(self.problems, name).map(str::to_owned),
        }
    }

    /// The same with a hint.
    pub(super) fn hinted(&self, name: &str, (label, hint): (&str, &str), kind: &'static str, need: Need) -> Input {
        Input {
            hint: Some(self.frame.say(hint)),
            ..self.line(name, label, kind, need)
        }
    }

    /// A list to choose from (`choice`, `choices`), or a long text (`long`), with its words.
    pub(super) fn asked(
        &self,
        name: &str,
        (label, hint): (String, String),
        form: &'static str,
        need: Need,
        choices: Vec<(String, String)>,
    ) -> Asked {
        Asked {
            name: name.to_owned(),
            label,
            hint,
            form,
            required: need == Need::Required,
            values: self.form.all(name).map(str::to_owned).collect(),
            choices,
            error: said_of(self.problems, name).map(str::to_owned),
        }
    }

    /// The roles that a company can have at an event.
    pub(super) fn roles(&self) -> Asked {
        let roles = ["CO_SPONSOR", "EXHIBITOR"].map(|role| (role.to_owned(), self.frame.of("partner-role", &role)));
        let words = (
            self.frame.say("partner-role-label"),
            self.frame.say("partner-role-hint"),
        );
        self.asked("role", words, "choice", Need::Required, roles.into())
    }
}

/// What was sent, or the problem that it did not come from a page of ours.
pub(super) fn again(ask: &Ask) -> Vec<Problem> {
    vec![Problem::new("", ask.language.say("press-again"))]
}

/// Whether a form was sent to be done; another language shows it again as it was typed.
pub(super) fn is_sent(ask: &Ask) -> bool {
    ask.form().is_some_and(|form| !form.has("language"))
}
