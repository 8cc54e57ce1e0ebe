//! Files that pages load: in the program, under names that change with their contents, so that browsers keep them for good.

use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use poem::http::StatusCode;
use poem::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use poem::{Response, Route, get, handler};
use sha2::{Digest, Sha256};

/// A file that pages load.
pub(crate) struct Asset {
    /// Its address.
    pub(crate) path: String,
    media: &'static str,
    bytes: &'static [u8],
}

impl Asset {
    fn new(stem: &str, ending: &str, media: &'static str, bytes: &'static [u8]) -> Self {
        let hash = HEXLOWER.encode(&Sha256::digest(bytes)[..8]);
        Self {
            path: format!("/assets/{stem}.{hash}.{ending}"),
            media,
            bytes,
        }
    }
}

/// Colours, type, components.
pub(crate) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "style",
        "css",
        "text/css; charset=utf-8",
        include_bytes!("../static/style.css"),
    )
});
/// Sheets of badges.
pub(crate) static BADGES: LazyLock<Asset> = LazyLock::new(|| {
    let media = "text/css; charset=utf-8";
    Asset::new("badges", "css", media, include_bytes!("../static/badges.css"))
});
/// What makes pages more comfortable; they work without it.
pub(crate) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let media = "text/javascript; charset=utf-8";
    Asset::new("comfort", "js", media, include_bytes!("../static/comfort.js"))
});
/// The mark in a browser's tab.
pub(crate) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_bytes!("../static/icon.svg")));

fn all() -> [&'static Asset; 4] {
    [&STYLE, &SCRIPT, &ICON, &BADGES]
}

/// Adds their routes.
pub(crate) fn routes(routes: Route) -> Route {
    routes.at("/assets/:name", get(serve))
}

#[handler]
fn serve(request: &poem::Request) -> Response {
    let path = request.uri().path();
    let Some(asset) = all().into_iter().find(|asset| asset.path == path) else {
        return StatusCode::NOT_FOUND.into();
    };
    Response::builder()
        .header(CONTENT_TYPE, asset.media)
        .header(CACHE_CONTROL, "public, max-age=31536000, immutable")
        .body(asset.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_with_contents() {
        let one = Asset::new("a", "css", "text/css", b"one");
        let other = Asset::new("a", "css", "text/css", b"other");
        assert_ne!(one.path, other.path);
        assert_eq!(one.path, Asset::new("a", "css", "text/css", b"one").path);
    }

    #[test]
    fn a_registration_page_loads_less_than_fifty_kilobytes() {
        let size: usize = [&STYLE, &SCRIPT, &ICON].iter().map(|asset| asset.bytes.len()).sum();
        assert!(
            size < 30_000,
            "{size} bytes of style, script and icon leave too little for the page"
        );
    }
}
