//! What a landing page shows, and how it is sent.

use askama::Template;
use poem::Response;
use poem::http::{HeaderValue, StatusCode, header};

use consentry::http::page_policy;
use consentry::platform::store::Entropy;

#[derive(Template)]
#[template(path = "landing.html")]
struct Page<'a> {
    shown: &'a Shown,
    nonce: &'a str,
}

/// A box that can be ticked; none comes ticked.
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) details: String,
}

/// What is shown.
pub(super) struct Shown {
    pub(super) status: StatusCode,
    pub(super) title: String,
    pub(super) words: Vec<String>,
    pub(super) facts: Vec<(String, String)>,
    pub(super) choices: Vec<Choice>,
    pub(super) button: Option<&'static str>,
    pub(super) second: Option<&'static str>,
    pub(super) secrets: Vec<(String, String)>,
    pub(super) buttons: Buttons,
    /// Where to go instead.
    pub(super) elsewhere: Option<String>,
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
    pub(super) fn new(title: &str, words: &[&str]) -> Self {
        Self {
            status: StatusCode::OK,
            title: title.to_owned(),
            words: words.iter().map(|&words| words.to_owned()).collect(),
            facts: Vec::new(),
            choices: Vec::new(),
            button: None,
            second: None,
            secrets: Vec::new(),
            buttons: Buttons::Here,
            elsewhere: None,
        }
    }

    /// Used, too old, never there: one answer.
    pub(super) fn gone() -> Self {
        let words = "It has been used, is too old, or was never ours. Ask for a new one if you still need it.";
        Self {
            status: StatusCode::NOT_FOUND,
            ..Self::new("This link does not work", &[words])
        }
    }

    /// Leads there, where it is a web address.
    pub(super) fn leads_to(address: &str) -> Self {
        let is_web_address = ["https://", "http://"].iter().any(|start| address.starts_with(start));
        if !is_web_address {
            return Self::gone();
        }
        Self {
            status: StatusCode::SEE_OTHER,
            elsewhere: Some(address.to_owned()),
            ..Self::new("Go on", &[])
        }
    }

    /// As an answer, without a script, kept by nobody.
    pub(super) fn respond(&self, entropy: &Entropy) -> Response {
        let nonce = data_encoding::BASE64URL_NOPAD.encode(&entropy.bytes::<16>());
        let Ok(html) = (Page {
            shown: self,
            nonce: &nonce,
        })
        .render() else {
            return StatusCode::INTERNAL_SERVER_ERROR.into();
        };
        let mut policy = format!("{}; style-src 'nonce-{nonce}'", page_policy(&nonce));
        if self.buttons == Buttons::Elsewhere {
            // Browsers hold a form's redirect to this, too.
            policy = policy.replace("form-action 'self'", "form-action 'self' https:");
        }
        let mut response = Response::builder()
            .status(self.status)
            .content_type("text/html; charset=utf-8")
            .body(html);
        let headers = response.headers_mut();
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        if let Some(address) = &self.elsewhere {
            let Ok(address) = HeaderValue::from_str(address) else {
                return StatusCode::INTERNAL_SERVER_ERROR.into();
            };
            headers.insert(header::LOCATION, address);
        }
        // The address holds the secret: it goes nowhere.
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
