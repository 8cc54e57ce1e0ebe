//! One of the two worlds' programs: the whole edge on a socket, its clock and its chance in the test's hands.

use std::net::SocketAddr;

use consentry::config::Config;
use consentry::platform::leaks::Leak;
use consentry::platform::store::{Engine, Entropy};
use consentry_domain::Instant;
use rand::SeedableRng;
use rand::rngs::StdRng;
use reqwest::{Client, RequestBuilder, redirect};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::transcript::Answer;
use crate::TestApp;

/// A running program.
pub struct Side {
    /// Its parts.
    pub app: TestApp,
    address: SocketAddr,
    http: Client,
    _stop: oneshot::Sender<()>,
}

impl Side {
    /// Starts it on an empty database.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start(engine: Engine, leak: Leak) -> Self {
        Self::start_with(engine, leak, 10_000_000).await
    }

    /// The same, with an allowance of so many requests a minute for each credential.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start_with(engine: Engine, leak: Leak, per_credential: u32) -> Self {
        let app = TestApp::start(engine).await.with_leak(leak);
        let mut config = Config::default();
        config.server.public_url = "http://consentry.test".into();
        config.limits.requests_per_minute_per_address = 10_000_000;
        config.limits.requests_per_minute_per_credential = per_credential;
        let edge = consentry::cli::edge(&config, &app.platform, consentry_web::routes);
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .expect("a port");
        let address = listener.local_addr().expect("its address");
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(async move {
            let until = async {
                let _ = stopped.await;
            };
            consentry::http::serve_on(listener, None, edge, &config.server, until).await;
        });
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        Self {
            app,
            address,
            http,
            _stop: stop,
        }
    }

    /// Makes it this moment, as far as the program can tell. Time goes on while it works.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn set_clock(&self, at: Instant) {
        let store = self.app.store();
        let now = store.now().await.expect("a time");
        store.clock().advance(at.0 - now.0);
    }

    /// From here on the random bytes are those of this seed.
    ///
    /// # Panics
    /// When the program's chance is not a test's.
    pub fn set_chance(&self, seed: u64) {
        match self.app.store().entropy() {
            Entropy::Seeded(chance) => *chance.lock().expect("a lock") = StdRng::seed_from_u64(seed),
            Entropy::System => panic!("a test's chance comes from a seed"),
        }
    }

    /// A request to this program.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = method.parse().expect("a method");
        self.http.request(method, format!("http://{}{path}", self.address))
    }

    /// Sends a request; the whole answer.
    ///
    /// # Panics
    /// When there is none.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::of(request.send().await.expect("an answer")).await
    }
}
