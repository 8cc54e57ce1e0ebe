//! Refuses what another site's page could have sent.
//!
//! The only body that is read is `application/json`, which no form can send and which makes a browser ask first; no
//! answer ever allows it. These checks stand behind that one: a browser says where a request comes from.

use poem::http::HeaderMap;
use poem::http::header::{CONTENT_ENCODING, CONTENT_TYPE, ORIGIN};

/// Whether a browser says that the request comes from another site than `own`.
pub(super) fn is_foreign(headers: &HeaderMap, own: &str) -> bool {
    let site = headers.get("sec-fetch-site").map(|value| value.as_bytes());
    if !matches!(site, None | Some(b"same-origin" | b"none" | b"same-site")) {
        return true;
    }
    // A sister domain is another origin too, and says so here.
    headers
        .get_all(ORIGIN)
        .iter()
        .any(|origin| !origin.as_bytes().eq_ignore_ascii_case(own.as_bytes()))
}

/// Whether the body is JSON in UTF-8, not compressed.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else {
        return false;
    };
    let Ok(value) = value.to_str() else { return false };
    let mut parts = value.split(';').map(str::trim);
    let json = parts
        .next()
        .is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    let utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            let value = value.trim().trim_matches('"');
            value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8")
        }
        _ => true,
    });
    let plain = headers
        .get(CONTENT_ENCODING)
        .is_none_or(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"));
    json && utf8 && plain
}

#[cfg(test)]
mod tests {
    use poem::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{is_foreign, is_json};

    fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = list
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let mut headers = HeaderMap::new();
        pairs.for_each(|(name, value)| {
            headers.append(name, value);
        });
        headers
    }

    #[test]
    fn a_request_from_another_site_is_foreign() {
        let own = "https://events.example.org";
        for (list, foreign) in [
            (&[][..], false),
            (&[("sec-fetch-site", "same-origin")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "cross-site")], true),
            (&[("sec-fetch-site", "Cross-Site")], true),
            (&[("sec-fetch-site", "unheard-of")], true),
            (&[("origin", "https://events.example.org")], false),
            (&[("origin", "HTTPS://Events.example.org")], false),
            (&[("origin", "https://events.example.org.evil.example")], true),
            (&[("origin", "http://events.example.org")], true),
            (&[("origin", "https://events.example.org:444")], true),
            (&[("origin", "null")], true),
            (
                &[
                    ("origin", "https://events.example.org"),
                    ("origin", "https://evil.example"),
                ],
                true,
            ),
            (
                &[("sec-fetch-site", "same-site"), ("origin", "https://blog.example.org")],
                true,
            ),
            (
                &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
                true,
            ),
        ] {
            assert_eq!(is_foreign(&headers(list), own), foreign, "{list:?}");
        }
    }

    #[test]
    fn only_json_is_read() {
        for (list, json) in [
            (&[("content-type", "application/json")][..], true),
            (&[("content-type", "Application/Json; charset=UTF-8")], true),
            (&[("content-type", "application/json; charset=\"utf-8\"")], true),
            (&[("content-type", "application/json; charset=utf-16")], false),
            (&[("content-type", "application/graphql")], false),
            (&[("content-type", "text/plain")], false),
            (&[("content-type", "text/plain; application/json")], false),
            (&[("content-type", "application/x-www-form-urlencoded")], false),
            (&[("content-type", "multipart/form-data; boundary=x")], false),
            (&[("content-type", "")], false),
            (&[], false),
            (
                &[("content-type", "application/json"), ("content-type", "text/plain")],
                false,
            ),
            (
                &[("content-type", "application/json"), ("content-encoding", "gzip")],
                false,
            ),
        ] {
            assert_eq!(is_json(&headers(list)), json, "{list:?}");
        }
    }
}
