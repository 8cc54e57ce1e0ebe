//! The cookies of the pages: all of this host alone, and all in the register that `docs/privacy.md` is.

use poem::Response;
use poem::http::HeaderMap;
use poem::http::header::{COOKIE, HeaderValue, SET_COOKIE};

/// The cookie that a form's token belongs to.
pub(crate) const FORM_COOKIE: &str = "__Host-form";
/// The cookie that keeps the chosen language.
pub(crate) const LANGUAGE_COOKIE: &str = "__Host-language";
/// The cookie that keeps where somebody wanted to go who has to sign in first.
pub(crate) const ONWARD_COOKIE: &str = "__Host-onward";
/// The cookie that keeps the secret of the order that somebody is paying, for the way back from the provider.
pub(crate) const ORDER_COOKIE: &str = "__Host-order";
/// The cookie of whoever is signed in; it lives as long as the session can at most, and the session decides.
pub(crate) const SESSION_COOKIE: &str = "__Host-session";
/// How long a chosen language is kept, in seconds.
pub(crate) const YEAR: u32 = 365 * 24 * 3600;
/// How long the way back from a provider is kept, in seconds.
pub(crate) const TWO_HOURS: u32 = 2 * 3600;
/// How long the cookie of a session is kept: as long as the longest session, in seconds.
pub(crate) const NINETY_DAYS: u32 = 90 * 24 * 3600;

/// Sets a cookie of this host alone; for the browser session, or for some seconds.
pub(crate) fn set_cookie(response: &mut Response, pair: &str, seconds: Option<u32>) {
    let age = seconds
        .map(|seconds| format!("; Max-Age={seconds}"))
        .unwrap_or_default();
    let text = format!("{pair}; Path=/; Secure; HttpOnly; SameSite=Lax{age}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// A cookie's value.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let texts = headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    let pairs = texts
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(its, _)| *its == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; __Host-form=x"));
        headers.append(COOKIE, HeaderValue::from_static("b=2"));
        assert_eq!(cookie(&headers, "__Host-form"), Some("x"));
        assert_eq!(cookie(&headers, "b"), Some("2"));
        assert_eq!(cookie(&headers, "c"), None);
    }

    #[test]
    fn the_register_of_cookies_names_each() {
        let register = include_str!("../../docs/privacy.md");
        let rows = register.lines().filter_map(|line| line.strip_prefix("| `__Host-"));
        let mut named: Vec<String> = rows
            .filter_map(|row| Some(format!("__Host-{}", row.split_once('`')?.0)))
            .collect();
        named.sort();
        assert_eq!(
            named,
            [
                FORM_COOKIE,
                LANGUAGE_COOKIE,
                ONWARD_COOKIE,
                ORDER_COOKIE,
                SESSION_COOKIE
            ]
        );
    }

    #[test]
    fn a_cookie_is_of_this_host_alone() {
        let mut response = Response::default();
        set_cookie(&mut response, "__Host-language=de", Some(60));
        let text = response.headers()[SET_COOKIE].to_str().unwrap_or_default();
        assert_eq!(
            text,
            "__Host-language=de; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60"
        );
    }
}
