//! What a page of a link shows, and how it is sent. Nothing in it repeats the secret in its address, and it runs no script.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;
use poem::http::header::{CONTENT_SECURITY_POLICY, HeaderValue, LOCATION, REFERRER_POLICY};

use super::after_ordering::Asking;
use super::ticket::Ticket;
use super::transfer::Transfer;
use crate::ask::Ask;
use crate::cookies::{ORDER_COOKIE, TWO_HOURS, set_cookie};
use crate::fields::{Problem, said_of};
use crate::form::Form;
use crate::frame::Frame;
use crate::pictures::Look;
use crate::registration::asking::MANY;

#[derive(Template)]
#[template(path = "link.html")]
struct Page<'a> {
    frame: Frame,
    shown: &'a Shown,
}

/// A box that can be ticked; none comes ticked.
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) details: String,
    pub(super) asker: Option<Asker>,
    /// Whether it was ticked on this very page, which is shown again.
    pub(super) was_ticked: bool,
}

/// Who decides for somebody who is too young: as it was typed.
#[derive(Default)]
pub(super) struct Guardian {
    /// How it is asked.
    pub(super) words: String,
    pub(super) name: String,
    pub(super) email: String,
}

impl Guardian {
    /// Shows again what was typed.
    pub(super) fn keep(&mut self, form: &Form) {
        form.text("guardian.name").clone_into(&mut self.name);
        form.text("guardian.email").clone_into(&mut self.email);
    }
}

/// Who asks, and where more is said.
pub(super) struct Asker {
    pub(super) name: String,
    pub(super) notice: String,
    pub(super) contact: String,
    /// Whether other rules of data protection may hold there.
    pub(super) is_outside: bool,
    /// The version of what is asked.
    pub(super) version: i64,
}

/// What is shown.
pub(super) struct Shown {
    pub(super) status: StatusCode,
    pub(super) title: String,
    /// A good or bad sign above everything else: its tone and its words.
    pub(super) note: Option<(&'static str, String)>,
    pub(super) words: Vec<String>,
    /// What is to be looked at again.
    pub(super) problems: Vec<Problem>,
    pub(super) facts: Vec<(String, String)>,
    pub(super) choices: Vec<Choice>,
    /// Asked once something is ticked (where a browser can tell).
    pub(super) age: Option<Choice>,
    /// Asked beside it.
    pub(super) guardian: Option<Guardian>,
    /// Whether the code of an authenticator is asked for, where the account has one.
    pub(super) asks_code: bool,
    /// What is shown at the door.
    pub(super) ticket: Option<Ticket>,
    /// The event for anybody's calendar.
    pub(super) calendar: Option<String>,
    /// How to transfer what is to be paid.
    pub(super) transfer: Option<Transfer>,
    /// What is said of the buttons.
    pub(super) before_buttons: Option<String>,
    pub(super) button: Option<String>,
    pub(super) second: Option<String>,
    pub(super) weight: Weight,
    pub(super) secrets: Vec<(String, String)>,
    pub(super) buttons: Buttons,
    /// What partners ask of whoever has just ordered.
    pub(super) asking: Option<Asking>,
    /// Of the organization that it is about.
    pub(super) look: Look,
    /// A place to go on to.
    pub(super) onward: Option<(String, String)>,
    /// The secret of a session that begins in this browser, and where it leads.
    pub(super) session: Option<(String, String)>,
    /// The secret of the order that is paid elsewhere now.
    pub(super) paying: Option<String>,
    /// Where to go instead.
    pub(super) elsewhere: Option<String>,
}

/// How the second button looks beside the first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Like it, and where much is asked it stands above all of that, too.
    EqualAndAbove,
    /// Like it.
    Equal,
    /// As what fewer people want.
    Less,
}

/// Where the buttons lead in the end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Buttons {
    /// To this page.
    Here,
    /// On to somewhere else: a room, a provider's page.
    Elsewhere,
}

impl Shown {
    /// What is said of a field.
    pub(super) fn wrong(&self, field: &str) -> Option<&str> {
        said_of(&self.problems, field)
    }

    pub(super) fn has_buttons(&self) -> bool {
        self.button.is_some() || self.second.is_some()
    }

    /// Two ways of paying, or giving and refusing, weigh the same; beside signing in, tokens for a program do not.
    fn second_weighs_less(&self) -> bool {
        self.weight == Weight::Less && self.facts.is_empty()
    }

    /// Whether so much is asked that refusing stands above all of it, too.
    fn asks_much(&self) -> bool {
        self.weight == Weight::EqualAndAbove && self.choices.len() >= MANY
    }

    pub(super) fn new(title: String, words: Vec<String>) -> Self {
        Self {
            status: StatusCode::OK,
            title,
            note: None,
            words,
            problems: Vec::new(),
            facts: Vec::new(),
            choices: Vec::new(),
            age: None,
            guardian: None,
            asks_code: false,
            ticket: None,
            calendar: None,
            transfer: None,
            before_buttons: None,
            button: None,
            second: None,
            weight: Weight::Less,
            secrets: Vec::new(),
            buttons: Buttons::Here,
            asking: None,
            look: Look::default(),
            onward: None,
            session: None,
            paying: None,
            elsewhere: None,
        }
    }

    /// Used, too old, never there: one answer.
    pub(super) fn gone(ask: &Ask) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            ..Self::new(ask.language.say("gone-title"), vec![ask.language.say("gone-words")])
        }
    }

    /// Leads there, where it is a web address.
    pub(super) fn leads_to(ask: &Ask, address: &str) -> Self {
        let is_web_address = ["https://", "http://"].iter().any(|start| address.starts_with(start));
        if !is_web_address {
            return Self::gone(ask);
        }
        Self {
            status: StatusCode::SEE_OTHER,
            elsewhere: Some(address.to_owned()),
            buttons: Buttons::Elsewhere,
            ..Self::new(ask.language.say("go-on"), Vec::new())
        }
    }

    /// Done: on to this very page, read anew, which says what was done. The secret is not repeated.
    pub(super) fn done(ask: &Ask, what: &'static str) -> Self {
        Self {
            status: StatusCode::SEE_OTHER,
            elsewhere: Some(format!("?done={what}")),
            ..Self::new(ask.language.say("go-on"), Vec::new())
        }
    }

    /// As an answer.
    pub(super) fn respond(&self, ask: &Ask) -> Response {
        if let Some((secret, path)) = &self.session {
            return ask.signed_in(secret, path);
        }
        let mut frame = ask.frame(self.title.clone());
        frame.runs_scripts = false;
        frame.wear(self.look.clone());
        let mut response = ask.page(self.status, &Page { frame, shown: self });
        let headers = response.headers_mut();
        if self.buttons == Buttons::Elsewhere {
            // Browsers hold a form's redirect to this, too. Without TLS, on a machine of its own, a provider's stand-in
            // may lack it as well.
            let plain = ask.visitor.platform().url("").starts_with("http://");
            let others = if plain { "https: http:" } else { "https:" };
            let policy = headers
                .get(CONTENT_SECURITY_POLICY)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            let policy = policy.replace("form-action 'self'", &format!("form-action 'self' {others}"));
            if let Ok(policy) = HeaderValue::from_str(&policy) {
                headers.insert(CONTENT_SECURITY_POLICY, policy);
            }
        }
        if let Some(address) = &self.elsewhere {
            let Ok(address) = HeaderValue::from_str(address) else {
                return StatusCode::INTERNAL_SERVER_ERROR.into();
            };
            headers.insert(LOCATION, address);
        }
        // The address holds the secret: it goes nowhere.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if let Some(secret) = &self.paying {
            set_cookie(&mut response, &format!("{ORDER_COOKIE}={secret}"), Some(TWO_HOURS));
        }
        response
    }
}
