//! Files that pages load: in the program, under names that change with their contents, so that browsers keep them for good.

use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use poem::http::StatusCode;
use poem::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use poem::{Response, ResponseBuilder, Route, get, handler};
use sha2::{Digest, Sha256};

use crate::packed;

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// A file that pages load.
pub(crate) struct Asset {
    /// Its address.
    pub(crate) path: String,
    media: &'static str,
    bytes: &'static [u8],
    /// The same for whoever takes gzip.
    packed: Option<Vec<u8>>,
    /// Headers of its own.
    extra: &'static [(&'static str, &'static str)],
}

impl Asset {
    fn new(stem: &str, ending: &str, media: &'static str, bytes: &'static [u8]) -> Self {
        let hash = HEXLOWER.encode(&Sha256::digest(bytes)[..8]);
        Self {
            path: format!("/assets/{stem}.{hash}.{ending}"),
            media,
            bytes,
            packed: packed::gzip(bytes),
            extra: &[],
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
pub(crate) static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("comfort", "js", JAVASCRIPT, include_bytes!("../static/comfort.js")));
/// The mark in a browser's tab.
pub(crate) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_bytes!("../static/icon.svg")));

/// Looks again how far something is.
pub(crate) static PROGRESS: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("progress", "js", JAVASCRIPT, include_bytes!("../static/progress.js")));
/// The sum of the tickets that are chosen.
pub(crate) static PRICE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("price", "js", JAVASCRIPT, include_bytes!("../static/price.js")));
/// The door's: scans, the camera, and hours without a network.
pub(crate) static DOOR: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("door", "js", JAVASCRIPT, include_bytes!("../static/door.js")));
/// What keeps the door's page within reach without a network. It may answer for the pages of organizers, and is asked to
/// for one.
pub(crate) static DOOR_WORKER: LazyLock<Asset> = LazyLock::new(|| Asset {
    extra: &[("service-worker-allowed", "/manage/"), WORKER_POLICY],
    ..worker("door-worker")
});
/// The same for the page of a device, and for that page alone.
pub(crate) static OWN_DOOR_WORKER: LazyLock<Asset> = LazyLock::new(|| Asset {
    extra: &[("service-worker-allowed", "/door"), WORKER_POLICY],
    ..worker("own-door-worker")
});
/// A worker reads what it answers with, and runs nothing else.
const WORKER_POLICY: (&str, &str) = ("content-security-policy", "default-src 'none'; connect-src 'self'");

fn worker(stem: &str) -> Asset {
    Asset::new(stem, "js", JAVASCRIPT, include_bytes!("../static/door-worker.js"))
}

/// Reads codes in pictures, where a browser does not; its two files name each other.
static READER: LazyLock<[Asset; 2]> = LazyLock::new(|| {
    let file = |path: &str, bytes| Asset {
        path: path.to_owned(),
        ..Asset::new("", "", JAVASCRIPT, bytes)
    };
    [
        file(
            "/assets/qr-0.7.0/decode.js",
            include_bytes!("../static/vendor/qr-0.7.0/decode.js"),
        ),
        file(
            "/assets/qr-0.7.0/index.js",
            include_bytes!("../static/vendor/qr-0.7.0/index.js"),
        ),
    ]
});

/// The address of the reader of codes.
pub(crate) fn reader() -> &'static str {
    &READER[0].path
}

/// What every page loads.
fn common() -> [&'static Asset; 3] {
    [&STYLE, &SCRIPT, &ICON]
}

/// Adds their routes.
pub(crate) fn routes(routes: Route) -> Route {
    routes
        .at("/assets/:name", get(serve))
        .at("/assets/qr-0.7.0/:name", get(serve))
}

#[handler]
fn serve(request: &poem::Request) -> Response {
    let path = request.uri().path();
    let all = common()
        .into_iter()
        .chain([&*BADGES, &*PROGRESS, &*PRICE, &*DOOR, &*DOOR_WORKER, &*OWN_DOOR_WORKER])
        .chain(READER.iter());
    let Some(asset) = all.into_iter().find(|asset| asset.path == path) else {
        return StatusCode::NOT_FOUND.into();
    };
    let answer = asset
        .extra
        .iter()
        .fold(kept(asset.media), |answer, (name, value)| answer.header(*name, *value));
    match asset
        .packed
        .as_deref()
        .filter(|_| packed::takes_gzip(request.headers()))
    {
        Some(packed) => answer.header(CONTENT_ENCODING, "gzip").body(packed),
        None => answer.body(asset.bytes),
    }
}

/// What a browser keeps for good.
fn kept(media: &'static str) -> ResponseBuilder {
    Response::builder()
        .header(CONTENT_TYPE, media)
        .header(CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(VARY, "accept-encoding")
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
        let size: usize = common().iter().map(|asset| asset.bytes.len()).sum();
        assert!(
            size < 30_000,
            "{size} bytes of style, script and icon leave too little for the page"
        );
    }
}
