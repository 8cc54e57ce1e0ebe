//! Pages and what they load in fewer bytes, for browsers that take gzip (RFC 9110, 8.4.1.3 and 12.5.3).
//!
//! A page of somebody who is signed in goes as it is: the length of a packed one would tell whoever listens something of what
//! is in it, once they had the browser ask for it with words of their choice (BREACH, CVE-2013-3587).

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use poem::http::HeaderMap;
use poem::http::header::ACCEPT_ENCODING;

/// Whether whoever asks takes gzip.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let all = headers.get_all(ACCEPT_ENCODING).iter();
    let codings = all
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    codings
        .map(coding)
        .any(|(name, weighs)| weighs && name.eq_ignore_ascii_case("gzip"))
}

/// The name of a coding, and whether it is wished at all.
fn coding(one: &str) -> (&str, bool) {
    let (name, weight) = one.split_once(';').unwrap_or((one, "q=1"));
    let weight = weight
        .trim()
        .strip_prefix("q=")
        .or_else(|| weight.trim().strip_prefix("Q="));
    let weighs = weight
        .and_then(|weight| weight.trim().parse::<f32>().ok())
        .is_some_and(|weight| weight > 0.0);
    (name.trim(), weighs)
}

/// The bytes packed; none where that failed.
pub(crate) fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::default());
    packer.write_all(bytes).ok()?;
    packer.finish().ok()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn what_is_packed_is_the_same_when_it_is_unpacked() {
        let text = "words and words ".repeat(1000);
        let packed = gzip(text.as_bytes()).expect("packed");
        assert!(packed.len() * 20 < text.len());
        let mut again = String::new();
        GzDecoder::new(&packed[..])
            .read_to_string(&mut again)
            .expect("unpacked");
        assert_eq!(again, text);
    }

    #[test]
    fn gzip_is_taken_where_it_is_named_and_weighs_something() {
        let takes = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, value.parse().expect("a header"));
            takes_gzip(&headers)
        };
        for yes in [
            "gzip",
            "GZIP",
            "br, gzip",
            "gzip;q=0.5, br",
            "deflate, gzip; q=1.0",
            "identity;q=0,gzip;Q=1",
        ] {
            assert!(takes(yes), "{yes}");
        }
        for no in [
            "",
            "br",
            "gzip;q=0",
            "gzip;q=0.0",
            "gzip;q=",
            "gzip;level=9",
            "xgzip",
            "identity",
            "*",
        ] {
            assert!(!takes(no), "{no}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
