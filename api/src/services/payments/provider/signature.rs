//! Stripe's webhook signatures, scheme `v1`: HMAC-SHA256 over `timestamp.body`, hexadecimal, in a header
//! `t=…,v1=…[,v1=…]`.
//!
//! Our own lines rather than the library's, because it reads its own clock's tolerance, demands UTF-8 before it
//! has verified anything, and refuses events rendered in another API version than its own. Bytes are verified
//! before anything in them is looked at.

use aws_lc_rs::hmac;
use data_encoding::HEXLOWER_PERMISSIVE;
use jiff::{SignedDuration, Timestamp};

use super::WebhookError;

/// More signatures than a rolled secret can explain are not looked at.
const MOST_SIGNATURES: usize = 8;

/// Checks a signature header against the raw body.
pub(super) fn verify(
    secret: &[u8],
    body: &[u8],
    header: Option<&str>,
    now: Timestamp,
    tolerance: SignedDuration,
) -> Result<(), WebhookError> {
    let header = header.ok_or(WebhookError::MissingSignature)?;
    let mut timestamp = None;
    let mut candidates = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => timestamp = Some(value),
            Some(("v1", value)) if candidates.len() < MOST_SIGNATURES => {
                candidates.extend(HEXLOWER_PERMISSIVE.decode(value.as_bytes()).ok());
            }
            // Other schemes (v0 is a fake for test mode) are ignored: no downgrade.
            Some(_) => {}
            None => return Err(WebhookError::MalformedSignature),
        }
    }
    let timestamp = timestamp.ok_or(WebhookError::MalformedSignature)?;
    let signed_at = timestamp
        .parse::<i64>()
        .ok()
        .and_then(|s| Timestamp::from_second(s).ok())
        .ok_or(WebhookError::MalformedSignature)?;

    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let mut message = Vec::with_capacity(timestamp.len() + 1 + body.len());
    message.extend_from_slice(timestamp.as_bytes());
    message.push(b'.');
    message.extend_from_slice(body);
    // `hmac::verify` compares in constant time.
    if !candidates.iter().any(|tag| hmac::verify(&key, &message, tag).is_ok()) {
        return Err(WebhookError::WrongSignature);
    }
    if now.duration_since(signed_at).abs() > tolerance {
        return Err(WebhookError::OutsideTolerance);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"whsec_test";
    const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

    fn tag(secret: &[u8], time: i64, body: &[u8]) -> String {
        let mut message = format!("{time}.").into_bytes();
        message.extend_from_slice(body);
        data_encoding::HEXLOWER.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), &message).as_ref())
    }

    fn check(header: &str, body: &[u8], now: i64) -> Result<(), WebhookError> {
        verify(
            SECRET,
            body,
            Some(header),
            Timestamp::from_second(now).unwrap(),
            TOLERANCE,
        )
    }

    #[test]
    fn a_signature_made_by_another_implementation_is_accepted() {
        // Computed with Python's hmac.
        let header = "t=1492774577,v1=7656fc2882a7ca0a651666b36bf2f2f22ee204f54f608f227498a2419f2890b2";
        assert_eq!(check(header, br#"{"id":"evt_1"}"#, 1_492_774_577), Ok(()));
        assert_eq!(
            check(
                &header.to_uppercase().replace("T=", "t=").replace("V1=", "v1="),
                br#"{"id":"evt_1"}"#,
                1_492_774_577
            ),
            Ok(())
        );
        assert_eq!(
            check(header, br#"{"id":"evt_2"}"#, 1_492_774_577),
            Err(WebhookError::WrongSignature)
        );
    }

    #[test]
    fn one_right_signature_among_several_is_enough_while_a_secret_is_rolled() {
        let header = format!(
            "t=1000,v1={},v1={},v0=00",
            tag(b"another", 1000, b"x"),
            tag(SECRET, 1000, b"x")
        );
        assert_eq!(check(&header, b"x", 1000), Ok(()));
    }

    #[test]
    fn another_scheme_never_counts() {
        let header = format!("t=1000,v0={}", tag(SECRET, 1000, b"x"));
        assert_eq!(check(&header, b"x", 1000), Err(WebhookError::WrongSignature));
    }

    #[test]
    fn five_minutes_are_accepted_in_both_directions_and_not_a_second_more() {
        let header = format!("t=10000,v1={}", tag(SECRET, 10_000, b"x"));
        assert_eq!(check(&header, b"x", 10_300), Ok(()));
        assert_eq!(check(&header, b"x", 9_700), Ok(()));
        assert_eq!(check(&header, b"x", 10_301), Err(WebhookError::OutsideTolerance));
        assert_eq!(check(&header, b"x", 9_699), Err(WebhookError::OutsideTolerance));
    }

    #[test]
    fn a_changed_time_breaks_the_signature() {
        let header = format!("t=10001,v1={}", tag(SECRET, 10_000, b"x"));
        assert_eq!(check(&header, b"x", 10_000), Err(WebhookError::WrongSignature));
    }

    #[test]
    fn nonsense_headers_are_refused_without_a_panic() {
        for header in [
            "",
            "t",
            "v1=00",
            "t=,v1=00",
            "t=x,v1=00",
            "t=-9223372036854775808,v1=00",
            "t=1000",
            "t=1000,v1=zz",
            "=,=",
            "t=1000,v1=",
        ] {
            assert!(check(header, b"x", 1000).is_err(), "{header}");
        }
        assert_eq!(
            verify(SECRET, b"x", None, Timestamp::UNIX_EPOCH, TOLERANCE),
            Err(WebhookError::MissingSignature)
        );
    }

    #[test]
    fn the_body_is_bytes_not_text() {
        let body = [0xff, 0x00, 0xfe];
        let header = format!("t=1000,v1={}", tag(SECRET, 1000, &body));
        assert_eq!(check(&header, &body, 1000), Ok(()));
    }
}
