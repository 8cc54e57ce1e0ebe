//! When there is no page to show: a page that says so, and what can be done.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use crate::ask::Ask;
use crate::frame::Frame;
use crate::visitor::Unanswered;

/// Why there is no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is nothing at this address for this visitor.
    NotFound,
    /// A form that is larger than any of ours.
    TooLarge,
    /// A form that is no text, or of which only a part arrived.
    Unreadable,
    /// Whoever runs this asks the team for an authenticator.
    AuthenticatorRequired,
    /// It is our fault; the log says more.
    Ours,
}

impl Trouble {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::AuthenticatorRequired => StatusCode::FORBIDDEN,
            Self::Ours => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<Unanswered> for Trouble {
    fn from(why: Unanswered) -> Self {
        match why {
            Unanswered::AuthenticatorRequired => Self::AuthenticatorRequired,
            Unanswered::NotFound => Self::NotFound,
            Unanswered::Ours => Self::Ours,
        }
    }
}

#[derive(Template)]
#[template(path = "trouble.html")]
pub(crate) struct TroublePage {
    frame: Frame,
    words: String,
    /// The way out: where it leads, and what it says.
    way: (&'static str, String),
}

impl TroublePage {
    pub(crate) fn answer(ask: &Ask, trouble: Trouble) -> Response {
        let say = |key| ask.language.say(key);
        let (title, words) = match trouble {
            Trouble::NotFound => (say("not-found-title"), say("not-found-words")),
            Trouble::TooLarge => (say("too-large-title"), say("too-large-words")),
            Trouble::Unreadable => (say("unreadable-title"), say("unreadable-words")),
            Trouble::AuthenticatorRequired => (say("factor-title"), say("factor-words")),
            Trouble::Ours => (say("ours-title"), say("ours-words")),
        };
        let way = match trouble {
            Trouble::AuthenticatorRequired => ("/me/security/authenticator", say("authenticator-set")),
            _ => ("/", say("to-events")),
        };
        let page = Self {
            frame: ask.frame(title),
            words,
            way,
        };
        ask.page(trouble.status(), &page)
    }
}
