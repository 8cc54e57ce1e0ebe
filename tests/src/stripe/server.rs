//! HTTP around the API and the page.

use std::sync::Arc;

use poem::{Endpoint, Request, Response, Result, Server, http::StatusCode, listener::TcpAcceptor};

use super::{
    api::{self, Call},
    form::Params,
    page,
    state::Shared,
};

/// Listens at an address.
pub(super) async fn start(address: &str) -> std::io::Result<(Arc<Shared>, tokio::task::JoinHandle<()>)> {
    let listener = tokio::net::TcpListener::bind(address).await?;
    let base = format!("http://{}", listener.local_addr()?);
    let shared = Arc::new(Shared::new(base));
    let acceptor = TcpAcceptor::from_tokio(listener)?;
    let endpoint = StripeEndpoint(Arc::clone(&shared));
    let server = tokio::spawn(async move {
        if let Err(error) = Server::new_with_acceptor(acceptor).run(endpoint).await {
            eprintln!("the stand-in stopped: {error}");
        }
    });
    Ok((shared, server))
}

struct StripeEndpoint(Arc<Shared>);

impl Endpoint for StripeEndpoint {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let (parts, body) = request.into_parts();
        let body = body.into_bytes().await?;
        let body = String::from_utf8_lossy(&body).into_owned();
        let path = parts.uri.path().to_owned();
        if let Some(session) = path.strip_prefix("/pay/") {
            return Ok(page::serve(&self.0, &parts.method, session, &body));
        }
        let header = |name: &str| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let query = parts.uri.query().unwrap_or_default();
        let call = Call {
            method: parts.method.to_string(),
            path,
            params: Params::parse(if body.is_empty() { query } else { &body }),
            authorization: header("authorization"),
            idempotency_key: header("idempotency-key"),
        };
        let key = call.idempotency_key.clone();
        // In a task of its own: a client that hangs up does not stop Stripe.
        let answer = tokio::spawn(api::answer(Arc::clone(&self.0), call))
            .await
            .map_err(poem::error::InternalServerError)?;
        let mut response = Response::builder()
            .status(StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
            .content_type(answer.content_type)
            .header("Request-Id", &answer.request_id)
            .header("Stripe-Version", super::API_VERSION);
        if let Some(key) = key {
            response = response.header("Idempotency-Key", key);
        }
        if answer.replayed {
            response = response
                .header("Idempotent-Replayed", "true")
                .header("Original-Request", &answer.request_id);
        }
        Ok(response.body(answer.body))
    }
}
