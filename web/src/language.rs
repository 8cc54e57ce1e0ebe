//! `POST /language`: the switch of languages, which stays for a year.

use poem::Response;

use crate::ask::{Ask, LANGUAGE_COOKIE, see_other, set_cookie};
use crate::trouble::Trouble;
use crate::words::Language;

const YEAR: u32 = 365 * 24 * 3600;

/// Keeps the language and leads back. It changes nothing else, so it needs no token.
pub(crate) async fn switch(ask: &Ask) -> Result<Response, Trouble> {
    let form = ask.form().ok_or(Trouble::NotFound)?;
    let mut response = see_other(own_path(form.text("to")));
    if let Some(language) = Language::of_code(form.text("language")) {
        set_cookie(&mut response, &format!("{LANGUAGE_COOKIE}={}", language.code()), Some(YEAR));
    }
    Ok(response)
}

/// A path of this site; the first page for everything else, so that nobody is led away.
fn own_path(path: &str) -> &str {
    let clean = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if clean && path.starts_with('/') && !path.starts_with("//") {
        path
    } else {
        "/"
    }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn nobody_is_led_away() {
        assert_eq!(own_path("/events/a/b"), "/events/a/b");
        for bad in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a b", "/\r\nset-cookie: a=b", "javascript:x"] {
            assert_eq!(own_path(bad), "/", "{bad}");
        }
    }
}
