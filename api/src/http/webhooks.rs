//! Webhooks in: `POST /webhooks/stripe/{account}`. The body goes on exactly as it came, because its signature is over the
//! bytes. An answer says nothing about why something was refused.

use std::sync::Arc;

use futures_util::StreamExt;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Body, EndpointExt, Request, Response, Route, handler, post};

/// The largest body that is read.
pub const LARGEST_BODY: usize = 256 * 1024;

/// Why a webhook is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is not a genuine one.
    Bad,
    /// Not now: it is to be sent again.
    Later,
}

/// Takes webhooks.
#[async_trait::async_trait]
pub trait Receiver: Send + Sync + 'static {
    /// Takes one for the account that the path names. `Ok` once everything that follows from it is committed.
    ///
    /// # Errors
    /// [`Refusal`].
    async fn receive(&self, account: &str, body: &[u8], signature: Option<&str>) -> Result<(), Refusal>;
}

type Shared = Arc<dyn Receiver>;

/// The routes.
#[must_use]
pub fn routes(receiver: impl Receiver) -> Route {
    let receiver: Shared = Arc::new(receiver);
    Route::new().at("/webhooks/stripe/:account", post(stripe).data(receiver))
}

#[handler]
async fn stripe(request: &Request, Path(account): Path<String>, body: Body, receiver: Data<&Shared>) -> Response {
    let Some(body) = read(body).await else {
        return answer(StatusCode::BAD_REQUEST);
    };
    let signature = request.header("stripe-signature");
    answer(match receiver.receive(&account, &body, signature).await {
        Ok(()) => StatusCode::OK,
        Err(Refusal::Bad) => StatusCode::BAD_REQUEST,
        Err(Refusal::Later) => StatusCode::SERVICE_UNAVAILABLE,
    })
}

/// The body, if it arrives and is not too large.
async fn read(body: Body) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut stream = std::pin::pin!(body.into_bytes_stream());
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.ok()?;
        if bytes.len() + chunk.len() > LARGEST_BODY {
            return None;
        }
        bytes.extend_from_slice(&chunk);
    }
    Some(bytes)
}

fn answer(status: StatusCode) -> Response {
    Response::builder().status(status).finish()
}
