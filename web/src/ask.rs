//! A request for a page, and the answer to it: language, form, cookies, headers. Every page of this crate passes here.
//!
//! A form is genuine when it carries the token that belongs to the visitor's form cookie (`__Host-form`, random, of the
//! browser session, set together with the first form) and no browser says that another site sent it. Pages whose address
//! holds the secret of a link need no token: whoever knows the address may press the button.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use askama::Template;
use consentry::http::page_policy;
use consentry::platform::Platform;
use data_encoding::BASE64URL_NOPAD;
use poem::error::ReadBodyError;
use poem::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION,
    VARY,
};
use poem::http::{HeaderMap, Method, StatusCode};
use poem::{Body, Endpoint, Request, Response};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::cookies::{
    FORM_COOKIE, LANGUAGE_COOKIE, NINETY_DAYS, ONWARD_COOKIE, ORDER_COOKIE, SESSION_COOKIE, YEAR, cookie, set_cookie,
};
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::Frame;
use crate::onward;
use crate::packed;
use crate::trouble::{Trouble, TroublePage};
use crate::visitor::Visitor;
use crate::words::Language;

/// Larger forms are refused, in bytes.
const LARGEST_FORM: usize = 64 * 1024;

/// What an address can hold in place of an order's secret: nothing else in it can lead anywhere else.
fn could_be_a_secret(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// 128 random bits, as they can stand in an address, a cookie or a form.
fn random(platform: &Platform) -> String {
    BASE64URL_NOPAD.encode(&platform.store.entropy().bytes::<16>())
}

/// A request for a page.
pub(crate) struct Ask {
    /// The visitor and what they may run.
    pub(crate) visitor: Visitor,
    /// In which language they want it.
    pub(crate) language: Language,
    /// Whether they just chose it: it is kept then.
    language_is_new: bool,
    /// What they sent, if they pressed a button.
    form: Option<Form>,
    genuine: bool,
    path: String,
    /// The parts of the address that its route names.
    params: HashMap<String, String>,
    query: Form,
    /// Where they wanted to go when they were led to signing in.
    wanted: Option<String>,
    /// The secret of the order that they went to pay.
    paying: Option<String>,
    nonce: String,
    seed: String,
    seed_is_new: bool,
    /// Whether the browser holds the cookie of a session that is over.
    session_is_over: bool,
    /// Whether pages go packed: the browser takes that, and nobody is signed in.
    is_packed: bool,
    /// Whether the page that is being made holds a token, so that its cookie must be there.
    token_given: AtomicBool,
}

impl Ask {
    /// Reads a request; and whether it can be answered at all. One that cannot still says in which language to say so.
    async fn read(visitor: Visitor, mut request: Request, largest: usize) -> (Self, Result<(), Trouble>) {
        let cookie = |name: &str| cookie(request.headers(), name).map(str::to_owned);
        let session = cookie(SESSION_COOKIE);
        let (visitor, known) = match &session {
            Some(secret) => match visitor.with_session(secret).await {
                Ok(visitor) => (visitor, Ok(())),
                Err(unanswered) => (visitor, Err(Trouble::from(unanswered))),
            },
            None => (visitor, Ok(())),
        };
        let kept = cookie(LANGUAGE_COOKIE).and_then(|code| Language::of_code(&code));
        let accepted = kept.unwrap_or_else(|| Language::accepted(header(request.headers(), ACCEPT_LANGUAGE.as_str())));
        let seed = cookie(FORM_COOKIE).filter(|seed| seed.len() == 22);
        let (seed, seed_is_new) = seed.map_or_else(|| (random(visitor.platform()), true), |seed| (seed, false));
        let wanted = cookie(ONWARD_COOKIE).filter(|path| onward::may_lead(path));
        let paying = cookie(ORDER_COOKIE).filter(|secret| could_be_a_secret(secret));
        let same_site = matches!(header(request.headers(), "sec-fetch-site"), "" | "same-origin" | "none");
        let params = request.path_params().unwrap_or_default();
        let path = request.uri().path().to_owned();
        let query = Form::of_query(request.uri().query().unwrap_or_default());
        let boundary = header(request.headers(), CONTENT_TYPE.as_str());
        let boundary = multer::parse_boundary(boundary).ok();
        let (form, readable) = if request.method() == Method::POST {
            match sent(request.take_body(), largest, boundary.as_deref()).await {
                Ok(form) => (Some(form), Ok(())),
                Err(trouble) => (None, Err(trouble)),
            }
        } else {
            (None, Ok(()))
        };
        let wished = form
            .as_ref()
            .map_or_else(|| query.text("language"), |form| form.text("language"));
        let wished = Language::of_code(wished);
        let token = form.as_ref().map_or("", |form| form.text("token"));
        let genuine = same_site && !seed_is_new && bool::from(token.as_bytes().ct_eq(token_of(&seed).as_bytes()));
        let language = wished.unwrap_or(accepted);
        let ask = Self {
            is_packed: !visitor.is_known() && packed::takes_gzip(request.headers()),
            nonce: random(visitor.platform()),
            session_is_over: session.is_some() && known.is_ok() && !visitor.is_known(),
            visitor: visitor.told_in(language),
            language,
            language_is_new: wished.is_some_and(|wished| kept != Some(wished)),
            form,
            genuine,
            path,
            params,
            query,
            wanted,
            paying,
            seed,
            seed_is_new,
            token_given: AtomicBool::new(false),
        };
        (ask, known.and(readable))
    }

    /// A part of the address; empty where the route has none of this name.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.get(name).map(String::as_str).unwrap_or_default()
    }

    /// A parameter of the address's query.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        self.query.filled(name)
    }

    /// Every value of a parameter of the address's query.
    pub(crate) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.all(name)
    }

    /// A key that makes sending the same form twice harmless.
    pub(crate) fn new_key(&self) -> String {
        random(self.visitor.platform())
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Result<jiff::Timestamp, Trouble> {
        let now = self.visitor.platform().store.clock().local();
        jiff::Timestamp::from_microsecond(now.0).map_err(|_| Trouble::Ours)
    }

    /// The address without the host.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// What was sent, genuine or not: for what changes nothing, so that nothing typed is lost.
    pub(crate) fn form(&self) -> Option<&Form> {
        self.form.as_ref()
    }

    /// Whether what was sent came from a page of ours that this browser was shown.
    pub(crate) fn is_genuine(&self) -> bool {
        self.genuine
    }

    /// The form, where a button of it was pressed on a page of ours. Else what is to be shown, with what is wrong: what is
    /// kept where the page is only opened, and what was typed where a language was chosen or the page was not ours.
    pub(crate) fn pressed<'a>(&'a self, kept: &'a Form) -> Result<&'a Form, (&'a Form, Vec<Problem>)> {
        let Some(form) = &self.form else {
            return Err((kept, Vec::new()));
        };
        if !form.has("go") && !form.has("remove") {
            return Err((form, Vec::new()));
        }
        if !self.genuine {
            return Err((form, vec![Problem::new("", self.language.say("press-again"))]));
        }
        Ok(form)
    }

    /// The token that this visitor's forms carry.
    pub(crate) fn token(&self) -> String {
        self.token_given.store(true, Ordering::Relaxed);
        token_of(&self.seed)
    }

    /// What every page shows around what it is about.
    pub(crate) fn frame(&self, title: String) -> Frame {
        let mut frame = Frame::new(self.language, title, self.nonce.clone());
        frame.signed_in = self.visitor.is_signed_in().then(|| self.token());
        frame.is_device = self.visitor.is_device();
        frame.is_in_a_team = self.visitor.is_in_a_team();
        frame
    }

    /// Leads to signing in, and from there to what was wanted, where that is a page that can simply be opened.
    pub(crate) fn sign_in_first(&self) -> Response {
        let mut response = see_other("/sign-in");
        if self.form.is_none() && onward::may_lead(&self.path) {
            let pair = format!("{ONWARD_COOKIE}={}", self.path);
            set_cookie(&mut response, &pair, Some(onward::LIFETIME));
        }
        if self.session_is_over {
            Self::forget_session(&mut response);
        }
        response
    }

    /// Where somebody goes who has just signed in: where they wanted to, or to what is theirs.
    pub(crate) fn wanted(&self) -> &str {
        self.wanted.as_deref().unwrap_or("/me")
    }

    /// Where the order is shown that they went to pay.
    pub(crate) fn order_to_pay(&self) -> Option<String> {
        self.paying.as_ref().map(|secret| format!("/order/{secret}"))
    }

    /// Leads there as somebody who has just signed in. The form token changes with it: what a page held before is worth
    /// nothing afterwards.
    pub(crate) fn signed_in(&self, secret: &str, path: &str) -> Response {
        let mut response = see_other(path);
        set_cookie(&mut response, &format!("{SESSION_COOKIE}={secret}"), Some(NINETY_DAYS));
        let seed = random(self.visitor.platform());
        set_cookie(&mut response, &format!("{FORM_COOKIE}={seed}"), None);
        set_cookie(&mut response, &format!("{ONWARD_COOKIE}="), Some(0));
        response
    }

    /// Takes the cookie of a session away that has ended.
    pub(crate) fn forget_session(response: &mut Response) {
        set_cookie(response, &format!("{SESSION_COOKIE}="), Some(0));
    }

    /// Leads to the events as nobody in particular. What the browser keeps of these pages goes, so that whoever sits
    /// there next sees nothing of it.
    pub(crate) fn signed_out(&self) -> Response {
        let mut response = see_other("/");
        for name in [SESSION_COOKIE, FORM_COOKIE, ONWARD_COOKIE, ORDER_COOKIE] {
            set_cookie(&mut response, &format!("{name}="), Some(0));
        }
        let what = HeaderValue::from_static("\"cache\", \"storage\"");
        response.headers_mut().insert("clear-site-data", what);
        response
    }

    /// A page with a form, as an answer: 422 where something of it has to be looked at again.
    pub(crate) fn form_page(&self, is_good: bool, page: &impl Template) -> Response {
        let wrong = StatusCode::UNPROCESSABLE_ENTITY;
        self.page(if is_good { StatusCode::OK } else { wrong }, page)
    }

    /// A page as an answer.
    pub(crate) fn page(&self, status: StatusCode, page: &impl Template) -> Response {
        let html = match page.render() {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "a page could not be written");
                return StatusCode::INTERNAL_SERVER_ERROR.into();
            }
        };
        let mut response = Response::builder()
            .status(status)
            .header(CONTENT_TYPE, "text/html; charset=utf-8")
            .header(CACHE_CONTROL, "no-store")
            .header(VARY, "accept-encoding")
            .finish();
        let packed = self.is_packed.then(|| packed::gzip(html.as_bytes())).flatten();
        if let Some(packed) = packed {
            let coding = HeaderValue::from_static("gzip");
            response.headers_mut().insert(CONTENT_ENCODING, coding);
            response.set_body(packed);
        } else {
            response.set_body(html);
        }
        if let Ok(policy) = HeaderValue::from_str(&policy(&self.nonce)) {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
        if self.seed_is_new && self.token_given.load(Ordering::Relaxed) {
            set_cookie(&mut response, &format!("{FORM_COOKIE}={}", self.seed), None);
        }
        if self.session_is_over {
            Self::forget_session(&mut response);
        }
        if self.language_is_new {
            let pair = format!("{LANGUAGE_COOKIE}={}", self.language.code());
            set_cookie(&mut response, &pair, Some(YEAR));
        }
        response
    }
}

/// Lets the browser show the page again when its reader goes back in history, as a step of a form must: what was typed
/// would be lost otherwise. It stays in this browser, and whoever loads it anew asks for it anew.
pub(crate) fn kept_in_history(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

/// Leads there after a form, so that loading again sends nothing twice.
pub(crate) fn see_other(path: &str) -> Response {
    let mut response: Response = StatusCode::SEE_OTHER.into();
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(LOCATION, path);
    }
    response
}

/// The policy of pages: nothing from elsewhere, no style or script that does not carry the answer's nonce.
fn policy(nonce: &str) -> String {
    format!(
        "{}; style-src 'nonce-{nonce}'; img-src 'self' data:",
        page_policy(nonce).replace("script-src 'self' ", "script-src ")
    )
}

fn token_of(seed: &str) -> String {
    let hash = Sha256::new()
        .chain_update(b"form token\0")
        .chain_update(seed)
        .finalize();
    BASE64URL_NOPAD.encode(&hash[..18])
}

/// The form in a body: in parts where something stands between them.
async fn sent(body: Body, largest: usize, boundary: Option<&str>) -> Result<Form, Trouble> {
    match body.into_bytes_limit(largest).await {
        Ok(bytes) => match boundary {
            Some(boundary) => Form::parse_parts(bytes.to_vec(), boundary).await,
            None => Form::parse(&bytes),
        },
        Err(ReadBodyError::PayloadTooLarge) => Err(Trouble::TooLarge),
        // Its end never came.
        Err(_) => Err(Trouble::Unreadable),
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// A page: what answers an [`Ask`].
pub(crate) struct Page<F> {
    visitor: Visitor,
    largest: usize,
    answer: F,
}

impl<F> Page<F> {
    /// The same page, whose forms can be longer, in bytes.
    pub(crate) fn with_forms_of(self, largest: usize) -> Self {
        Self { largest, ..self }
    }
}

/// Makes a page of a function.
pub(crate) fn page<F, R>(visitor: &Visitor, answer: F) -> Page<F>
where
    F: Fn(Arc<Ask>) -> R + Send + Sync,
    R: Future<Output = Result<Response, Trouble>> + Send,
{
    Page {
        visitor: visitor.clone(),
        largest: LARGEST_FORM,
        answer,
    }
}

impl<F, R> Endpoint for Page<F>
where
    F: Fn(Arc<Ask>) -> R + Send + Sync,
    R: Future<Output = Result<Response, Trouble>> + Send,
{
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let (ask, readable) = Ask::read(self.visitor.clone(), request, self.largest).await;
        let ask = Arc::new(ask);
        let answered = match readable {
            Ok(()) => (self.answer)(Arc::clone(&ask)).await,
            Err(trouble) => Err(trouble),
        };
        Ok(answered.unwrap_or_else(|trouble| TroublePage::answer(&ask, trouble)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_lets_nothing_in_that_has_no_nonce() {
        insta::assert_snapshot!(policy("N"), @"default-src 'self'; script-src 'nonce-N'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; style-src 'nonce-N'; img-src 'self' data:");
    }
}
