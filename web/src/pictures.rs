//! `GET /pictures/{organization}/{name}`: a picture that an organization shows. Its address changes with the picture, so
//! browsers keep it for good; nothing of it is run, whatever somebody made of the file.

use poem::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use poem::http::{Method, StatusCode};
use poem::{Endpoint, Request, Response, Route};

use consentry::graphql::public::open_picture;
use consentry::platform::Platform;

/// Adds the route to those of the root.
pub(crate) fn routes(routes: Route, platform: Platform) -> Route {
    routes.at("/pictures/:organization/:name", Pictures(platform))
}

/// The address of a picture on this host, of the one that the API says: pages load nothing from elsewhere, and a browser
/// that came by another name than the public one stays with it.
pub(crate) fn local(url: &str) -> String {
    let at = url.find("/pictures/").unwrap_or_default();
    url[at..].to_owned()
}

/// A picture as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) src: String,
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) alt: String,
}

/// A picture of a document's answer, whichever document it was.
macro_rules! shown {
    ($picture:expr) => {
        $picture.as_ref().map(|picture| $crate::pictures::Shown {
            src: $crate::pictures::local(&picture.url),
            width: picture.width,
            height: picture.height,
            alt: picture.alt.clone(),
        })
    };
}
pub(crate) use shown;

/// How an organization's pages look: its colour, its logo, its line at the foot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Look {
    pub(crate) colour: Option<String>,
    pub(crate) logo: Option<Shown>,
    pub(crate) footer: String,
}

/// The look of the organization of a document's answer, whichever document it was.
macro_rules! look {
    ($organization:expr) => {
        $crate::pictures::Look {
            colour: $organization.accent_color.clone(),
            logo: $crate::pictures::shown!($organization.logo),
            footer: $organization.footer.clone(),
        }
    };
}
pub(crate) use look;

struct Pictures(Platform);

impl Endpoint for Pictures {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Ok(StatusCode::METHOD_NOT_ALLOWED.into());
        }
        let part = |name| request.raw_path_param(name).unwrap_or_default();
        let found = open_picture(&self.0, part("organization"), part("name")).await;
        Ok(match found {
            Ok(Some(picture)) => Response::builder()
                .header(CONTENT_TYPE, picture.media_type)
                .header(CACHE_CONTROL, "public, max-age=31536000, immutable")
                .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
                .header(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
                .body(picture.bytes),
            Ok(None) => StatusCode::NOT_FOUND.into(),
            Err(fault) => {
                tracing::error!(%fault, "a picture could not be read");
                StatusCode::INTERNAL_SERVER_ERROR.into()
            }
        })
    }
}
