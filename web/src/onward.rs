//! Where somebody wanted to go who had to sign in first. It is kept in the browser for as long as a link in a mail takes,
//! and leads nowhere but to a page of these: its text is read as strictly as if it came from anybody.

/// How long it is kept: somewhat longer than the link that is asked for works, in seconds.
pub(crate) const LIFETIME: u32 = 15 * 60;

/// A longer path is of no page.
const LONGEST: usize = 300;

/// The rooms that ask for signing in.
const ROOMS: [&str; 3] = ["/manage", "/partner", "/me"];

/// Whether somebody who has signed in may be led there: a path of such a room, of letters, digits, `-` and `_`. So there is
/// no host in it, no step upwards, no query, and nothing that a header could not hold.
pub(crate) fn may_lead(path: &str) -> bool {
    let in_room = |room: &str| {
        path.strip_prefix(room)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let parts = || path.split('/').skip(1);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    path.len() <= LONGEST
        && ROOMS.into_iter().any(in_room)
        && parts().all(|part| !part.is_empty() && part.bytes().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_leads_to_the_pages_that_ask_for_signing_in_and_nowhere_else() {
        for path in [
            "/manage",
            "/manage/acme/-/partners",
            "/partner/AbC_9-x/AbC/event-follow-up",
            "/me/registrations/AQ",
        ] {
            assert!(may_lead(path), "{path}");
        }
        for path in [
            "",
            "/",
            "me",
            "/meme",
            "/managed/x",
            "/events/acme/rustdays",
            "/sign-in",
            "/me/",
            "/me//evil.example",
            "//evil.example/me",
            "/\\evil.example",
            "https://evil.example/me",
            "/me/../sign-out",
            "/me/%2e%2e",
            "/manage/acme?next=//evil.example",
            "/me#x",
            "/me/a\r\nset-cookie: a=b",
        ] {
            assert!(!may_lead(path), "{path:?}");
        }
        assert!(!may_lead(&format!("/me/{}", "a".repeat(LONGEST))));
    }
}
