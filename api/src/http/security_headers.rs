//! The headers that every answer carries. A handler that sets one of them itself keeps its own.

use poem::Response;
use poem::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};

/// Nothing may be loaded by, or framed around, what is no page.
const STRICTEST: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 7] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (CONTENT_SECURITY_POLICY, STRICTEST),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // The page of the door alone sets it otherwise: it reads codes.
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=()",
    ),
    (CACHE_CONTROL, "no-store"),
];
/// Two years, only where people come over TLS.
const TRANSPORT: &str = "max-age=63072000; includeSubDomains";

/// Whether people reach the program over TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transport {
    /// They do.
    Tls,
    /// They do not: this machine only.
    Plain,
}

/// The policy of a page: its own styles, images and forms, and scripts that carry the answer's nonce.
#[must_use]
pub fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}'; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

/// Adds what is missing.
pub(super) fn apply(response: &mut Response, transport: Transport) {
    let headers = response.headers_mut();
    let transport = (transport == Transport::Tls).then_some((STRICT_TRANSPORT_SECURITY, TRANSPORT));
    for (name, value) in ALWAYS.into_iter().chain(transport) {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use poem::Response;

    use super::{Transport, apply};

    fn table(mut response: Response, transport: Transport) -> String {
        apply(&mut response, transport);
        let mut lines: Vec<_> = response
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        lines.sort();
        lines.join("\n")
    }

    #[test]
    fn every_answer_carries_this_table() {
        insta::assert_snapshot!(table(Response::default(), Transport::Tls), @r"
        cache-control: no-store
        content-security-policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        cross-origin-opener-policy: same-origin
        cross-origin-resource-policy: same-origin
        permissions-policy: camera=(), geolocation=(), microphone=(), payment=()
        referrer-policy: strict-origin-when-cross-origin
        strict-transport-security: max-age=63072000; includeSubDomains
        x-content-type-options: nosniff
        ");
    }

    #[test]
    fn without_tls_nothing_is_said_of_it() {
        assert!(!table(Response::default(), Transport::Plain).contains("strict-transport-security"));
    }

    #[test]
    fn a_handler_keeps_what_it_set() {
        let own = Response::builder()
            .header("referrer-policy", "no-referrer")
            .header("cache-control", "max-age=60");
        let table = table(own.finish(), Transport::Plain);
        assert!(table.contains("referrer-policy: no-referrer") && table.contains("cache-control: max-age=60"));
        assert!(!table.contains("strict-origin") && !table.contains("no-store"));
    }
}
