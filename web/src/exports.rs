//! `GET /exports/{id}` and `GET /exports/{id}.xlsx`: a list that staff take away, as CSV or as a workbook, with the
//! caller's own credential.
//!
//! No cell is taken for a formula by a spreadsheet, nothing is kept by caches, and whoever may not have it is told that
//! there is nothing.

use poem::http::header::AUTHORIZATION;
use poem::http::{Method, StatusCode};
use poem::{Endpoint, Request, Response, Route};

use consentry::access::{Caller, authenticate, browse};
use consentry::graphql::organizer::{Lines, open_export};
use consentry::platform::{Platform, Refused};

use crate::cookies::{SESSION_COOKIE, cookie};
use crate::spreadsheet::{Format, List, Pages, file};
use crate::trouble::Trouble;

/// Adds the route to those of the root.
#[must_use]
pub fn routes(routes: Route, platform: Platform) -> Route {
    routes.at("/exports/:id", Exports(platform))
}

/// Where an export is fetched.
pub(crate) fn address(id: &str, format: Format) -> String {
    match format {
        Format::Csv => format!("/exports/{id}"),
        Format::Xlsx => format!("/exports/{id}.xlsx"),
    }
}

/// Which export is fetched, and as what. An id has no dot.
fn wished(name: &str) -> (&str, Format) {
    match name.strip_suffix(".xlsx") {
        Some(id) => (id, Format::Xlsx),
        None => (name, Format::Csv),
    }
}

struct Exports(Platform);

impl Endpoint for Exports {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if request.method() != Method::GET {
            return Ok(StatusCode::METHOD_NOT_ALLOWED.into());
        }
        let (id, format) = wished(request.raw_path_param("id").unwrap_or_default());
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
                Ok(lines) => file(List::Roster, format, lines)
                    .await
                    .unwrap_or_else(|trouble| trouble.status().into()),
                Err(Refused::Problems(_)) => StatusCode::NOT_FOUND.into(),
                Err(Refused::Unauthenticated) => StatusCode::UNAUTHORIZED.into(),
                Err(Refused::AuthenticatorRequired) => StatusCode::FORBIDDEN.into(),
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

impl Pages for Lines {
    fn names(&self) -> Vec<String> {
        Lines::names(self)
    }

    async fn next(&mut self) -> Result<Option<Vec<Vec<String>>>, Trouble> {
        Lines::next(self).await.map_err(|fault| {
            tracing::error!(%fault, "an export could not be read");
            Trouble::Ours
        })
    }

    async fn end(&mut self) {
        if let Err(fault) = Lines::end(self).await {
            tracing::error!(%fault, "that an export was fetched could not be written down");
        }
    }
}
