//! The program as it is seen from the network, without a socket: every header, every log line.

use std::io::Read;

use consentry::access;
use consentry::cli::webhooks;
use consentry::config::{Limits, Server};
use consentry::graphql::json::JsonPages;
use consentry::http::{
    App, AuthenticationError, Authenticator, Edge, Identity, Introspection, Metrics, NotReady, RawJsonAllowed,
    Readiness, RequestMeta,
};
use consentry::platform::Platform;
use consentry_web as web;
use poem::http::{HeaderMap, Method};
use poem::{Endpoint, Request};
use tracing::instrument::WithSubscriber;

use super::TestApp;
use crate::log::Log;
use crate::workbook;

/// The program behind its edge.
pub struct Site {
    /// The codings that it says to take, as the header has them.
    pub takes: &'static str,
    pub(super) edge: Edge,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The text; empty where it is a workbook or a picture.
    pub text: String,
    /// The bytes, unpacked.
    pub bytes: Vec<u8>,
    /// How many bytes were sent.
    pub sent: usize,
    /// What the program wrote into its log meanwhile.
    pub log: String,
}

impl Answer {
    /// A header's value; empty where it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// It leads to this address.
    ///
    /// # Panics
    /// Where it does not.
    #[track_caller]
    pub fn leads_to(&self, path: &str) {
        let led = (self.status, self.header("location"));
        assert_eq!(led, (303, path), "{}", self.text);
    }

    /// What is to be looked at again stands in a list that has the focus, and leads to this field, beside which it stands too.
    ///
    /// # Panics
    /// Where it does not.
    #[track_caller]
    pub fn looks_again_at(&self, field: &str) {
        let head = "<div class=\"problems\" role=\"alert\" tabindex=\"-1\" autofocus>";
        let list = self
            .text
            .split(head)
            .nth(1)
            .and_then(|rest| rest.split("</div>").next());
        let list = list.unwrap_or_else(|| panic!("no list of what is wrong: {}", self.text));
        assert!(list.contains(&format!("href=\"#{field}\"")), "{list}");
        for id in [field.to_owned(), format!("{field}-error")] {
            assert!(self.text.contains(&format!("id=\"{id}\"")), "{id}: {}", self.text);
        }
        assert_eq!(self.text.matches(" autofocus").count(), 1, "{}", self.text);
    }

    /// Status and text, with what is drawn anew for each page taken out.
    #[must_use]
    pub fn said(&self) -> (u16, String) {
        let mut text = String::new();
        for (index, part) in self.text.split("nonce=\"").enumerate() {
            let part = if index == 0 {
                part
            } else {
                part.split_once('"').map_or(part, |(_, rest)| rest)
            };
            text.push_str(part);
        }
        (self.status, text)
    }
}

struct Gate(Platform);

impl Authenticator for Gate {
    async fn authenticate(&self, bearer: Option<&str>, meta: &RequestMeta) -> Result<Identity, AuthenticationError> {
        let found = access::authenticate(&self.0, bearer, Some(meta.client)).await;
        let caller = found
            .expect("the database answers")
            .map_err(|_| AuthenticationError::Refused)?;
        Ok(Identity {
            rate_key: None,
            introspection: Introspection::Allowed,
            token_factor: 1,
            attach: Box::new(move |request| request.data(caller).data(RawJsonAllowed).data(JsonPages)),
        })
    }
}

impl Readiness for Gate {
    async fn ready(&self) -> Result<(), NotReady> {
        Ok(())
    }
}

impl TestApp {
    /// The program behind its edge.
    #[must_use]
    pub fn site(&self) -> Site {
        let pages = webhooks::routes(&self.platform).nest_no_strip("/", web::routes(&self.platform, &self.schema));
        let limits = Limits {
            requests_per_minute_per_address: 1_000_000,
            ..Limits::default()
        };
        let edge = App {
            executor: self.schema.clone(),
            authenticator: Gate(self.platform.clone()),
            readiness: Gate(self.platform.clone()),
            server: &Server::default(),
            limits: &limits,
            single_mutations: consentry::graphql::SINGLE_MUTATIONS.to_vec(),
            pages: Some(pages),
            entropy: self.store().entropy().clone(),
            metrics: Metrics::new(),
        };
        Site {
            edge: edge.build(),
            takes: "gzip, deflate, br",
        }
    }
}

impl Site {
    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], "").await
    }

    /// Presses a button of a page's form.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, form, "").await
    }

    /// Presses a button of a page's form that is good for something: it leads on to the page, which says `what` was done and
    /// can be loaded again.
    ///
    /// # Panics
    /// Where it leads elsewhere, or loading the page twice shows two things.
    pub async fn done(&self, path: &str, form: &[(&str, &str)], what: &str) -> Answer {
        self.post(path, form).await.leads_to(&format!("?done={what}"));
        let page = self.get(&format!("{path}?done={what}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert_eq!(self.get(&format!("{path}?done={what}")).await.said(), page.said());
        page
    }

    pub(super) async fn send(&self, method: Method, path: &str, form: &[(&str, &str)], cookies: &str) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let media = "application/x-www-form-urlencoded";
        self.send_body(method, path, (media, body.into_bytes()), cookies).await
    }

    pub(super) async fn send_body(
        &self,
        method: Method,
        path: &str,
        (media, body): (&str, Vec<u8>),
        cookies: &str,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path.parse().expect("a path"))
            .content_type(media)
            .header("cookie", cookies)
            .header("accept-encoding", self.takes)
            .body(body);
        let log = Log::default();
        let subscriber = log.written_as_json();
        // On a task of its own, as the server does it: not on top of what the test has on its stack.
        let edge = self.edge.clone();
        let work = async move {
            let mut response = edge.get_response(request).await;
            let bytes = response.take_body().into_vec().await.expect("a whole body");
            (response.status().as_u16(), response.headers().clone(), bytes)
        };
        let answered = tokio::spawn(work.with_subscriber(subscriber)).await;
        let (status, headers, bytes) = answered.expect("an answer");
        let sent = bytes.len();
        let is_packed = headers.get("content-encoding").is_some_and(|coding| coding == "gzip");
        let bytes = if is_packed { unpacked(&bytes) } else { bytes };
        let is_file = headers.get("content-type").is_some_and(|media| {
            [workbook::MEDIA, "image/png", "image/jpeg"]
                .iter()
                .any(|file| media == file)
        });
        let text = if is_file { Vec::new() } else { bytes.clone() };
        Answer {
            status,
            headers,
            text: String::from_utf8(text).expect("a text"),
            bytes,
            sent,
            log: log.text(),
        }
    }
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    flate2::read::GzDecoder::new(bytes)
        .read_to_end(&mut whole)
        .expect("what gzip packed");
    whole
}
