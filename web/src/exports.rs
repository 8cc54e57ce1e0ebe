//! `GET /exports/{id}`: a list that staff take away, as CSV, streamed with the caller's own credential.
//!
//! No cell is taken for a formula by a spreadsheet, nothing is kept by caches, and whoever may not have it is told that
//! there is nothing.

use futures_util::stream;
use poem::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use poem::http::{Method, StatusCode};
use poem::{Body, Endpoint, Request, Response, Route};

use consentry::access::{Caller, authenticate, browse};
use consentry::graphql::organizer::{Lines, open_export};
use consentry::platform::{Fault, Platform, Refused};

use crate::cookies::{SESSION_COOKIE, cookie};
use crate::spreadsheet::written;

/// Adds the route to those of the root.
#[must_use]
pub fn routes(routes: Route, platform: Platform) -> Route {
    routes.at("/exports/:id", Exports(platform))
}

struct Exports(Platform);

impl Endpoint for Exports {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if request.method() != Method::GET {
            return Ok(StatusCode::METHOD_NOT_ALLOWED.into());
        }
        let id = request.raw_path_param("id").unwrap_or_default();
        let bearer = request
            .headers()
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let bearer = bearer
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let cookie = cookie(request.headers(), SESSION_COOKIE);
        Ok(
            match open(&self.0, bearer.map(|(_, token)| token.trim()), cookie, id).await {
                Ok(lines) => file(lines),
                Err(Refused::Problems(_)) => StatusCode::NOT_FOUND.into(),
                Err(Refused::Unauthenticated) => StatusCode::UNAUTHORIZED.into(),
                Err(Refused::Fault(fault)) => {
                    tracing::error!(%fault, "an export could not be opened");
                    StatusCode::INTERNAL_SERVER_ERROR.into()
                }
            },
        )
    }
}

/// With the credential of a program, or as whoever is signed in in this browser: it is read and nothing changes.
async fn open(platform: &Platform, bearer: Option<&str>, cookie: Option<&str>, id: &str) -> Result<Lines, Refused> {
    if let (None, Some(secret)) = (bearer, cookie) {
        let signed_in = browse(platform, secret).await?.ok_or(Refused::Unauthenticated)?;
        return open_export(platform, &Caller::from(signed_in), id).await;
    }
    match authenticate(platform, bearer, None).await? {
        Ok(caller) => open_export(platform, &caller, id).await,
        Err(_) => Err(Refused::Unauthenticated),
    }
}

/// A file of lines, to be kept by whoever asked and by no cache.
pub(crate) fn attached(name: &str, body: Body) -> Response {
    Response::builder()
        .header(CONTENT_TYPE, "text/csv; charset=utf-8; header=present")
        .header(CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .header(CACHE_CONTROL, "no-store")
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(body)
}

fn file(lines: Lines) -> Response {
    // A fault in the middle breaks the connection off, so that nobody takes half a list for a whole one.
    let chunks = stream::try_unfold(lines, |mut lines| async move {
        let some = lines
            .next()
            .await
            .and_then(|some| some.map(|some| written(&some).map_err(Fault::Outside)).transpose());
        match some {
            Ok(Some(bytes)) => Ok(Some((bytes, lines))),
            Ok(None) => Ok(None),
            Err(fault) => {
                tracing::error!(%fault, "an export broke off");
                Err(std::io::Error::other("the list broke off"))
            }
        }
    });
    attached("roster.csv", Body::from_bytes_stream(chunks))
}
