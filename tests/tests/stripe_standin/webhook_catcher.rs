//! An endpoint that keeps what it is sent.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use poem::{Endpoint, Request, Response, Result, Server, http::StatusCode, listener::TcpAcceptor};

/// One webhook, as it arrived.
#[derive(Clone)]
pub struct Caught {
    pub body: Vec<u8>,
    pub signature: Option<String>,
}

#[derive(Default)]
struct Inner {
    caught: Mutex<Vec<Caught>>,
    refuse: AtomicU32,
}

/// A webhook endpoint.
pub struct Catcher {
    inner: Arc<Inner>,
    pub url: String,
    server: tokio::task::JoinHandle<()>,
}

impl Catcher {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/webhooks", listener.local_addr().unwrap());
        let inner = Arc::new(Inner::default());
        let acceptor = TcpAcceptor::from_tokio(listener).unwrap();
        let endpoint = CatcherEndpoint(Arc::clone(&inner));
        let server = tokio::spawn(async move { Server::new_with_acceptor(acceptor).run(endpoint).await.unwrap() });
        Self { inner, url, server }
    }

    /// The next `n` are answered 503 (and kept all the same).
    pub fn refuse(&self, n: u32) {
        self.inner.refuse.store(n, Ordering::SeqCst);
    }

    pub fn caught(&self) -> Vec<Caught> {
        self.inner.caught.lock().unwrap().clone()
    }
}

impl Drop for Catcher {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct CatcherEndpoint(Arc<Inner>);

impl Endpoint for CatcherEndpoint {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let signature = request.header("stripe-signature").map(str::to_owned);
        let body = request.into_body().into_vec().await?;
        self.0.caught.lock().unwrap().push(Caught { body, signature });
        let refused = self
            .0
            .refuse
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1))
            .is_ok();
        Ok(Response::builder()
            .status(if refused {
                StatusCode::SERVICE_UNAVAILABLE
            } else {
                StatusCode::OK
            })
            .finish())
    }
}
