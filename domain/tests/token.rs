//! Partner tokens: their states, their window, and what is read as one.

use consentry_domain::token::*;
use consentry_domain::*;
use proptest::prelude::*;

const AT: Instant = Instant(7);

#[test]
fn a_token_is_claimed_once_and_revoked_once() {
    let (unclaimed, active, revoked) = (
        PartnerToken::Unclaimed,
        PartnerToken::Active { claimed_at: AT },
        PartnerToken::Revoked { at: AT },
    );
    assert_eq!(
        [unclaimed, active, revoked].map(|token| token.claim(AT).ok()),
        [Some(active), None, None]
    );
    assert_eq!(
        [unclaimed, active, revoked].map(|token| token.revoke(AT).ok()),
        [Some(revoked), Some(revoked), None]
    );
    let errors = [active.claim(AT), revoked.revoke(AT)].map(|result| result.expect_err("refused").to_string());
    assert_eq!(
        errors,
        [
            "token cannot go from ACTIVE to ACTIVE",
            "token cannot go from REVOKED to REVOKED"
        ]
    );
    assert_eq!(
        [unclaimed, active, revoked].map(PartnerToken::status),
        [TokenStatus::Unclaimed, TokenStatus::Active, TokenStatus::Revoked]
    );
    let stored = [(None, None), (Some(AT), None), (Some(AT), Some(AT)), (None, Some(AT))]
        .map(|(claimed, revoked)| PartnerToken::from_stored(claimed, revoked));
    assert_eq!(stored, [unclaimed, active, revoked, revoked]);
}

#[test]
fn a_token_is_valid_for_90_days_by_default_and_400_at_most() {
    let day = |days: i64| Instant(0).plus_days(days);
    let window = |from: i64, until: i64| {
        Some(TokenWindow {
            not_before: day(from),
            expires_at: day(until),
        })
    };
    assert_eq!(TokenWindow::new(None, None, day(1)), window(1, 91));
    assert_eq!(TokenWindow::new(Some(day(5)), None, day(1)), window(5, 95));
    assert_eq!(TokenWindow::new(Some(day(5)), Some(day(405)), day(1)), window(5, 405));
    assert_eq!(
        TokenWindow::new(Some(day(5)), Some(day(405).plus_micros(1)), day(1)),
        None
    );
    assert_eq!(TokenWindow::new(Some(day(5)), Some(day(5)), day(1)), None);
    assert_eq!(
        TokenWindow::new(Some(day(-5)), Some(day(1)), day(1)),
        None,
        "over already"
    );
    assert_eq!(TokenWindow::new(Some(day(-5)), Some(day(2)), day(1)), window(-5, 2));
}

#[test]
fn the_written_form_is_fixed() {
    let mut random = [0; 48];
    random[15] = 61;
    random[31] = 62;
    random[47] = 10;
    let token = TokenText::new(TokenEnvironment::Live, TokenKind::Partner, &random);
    let body = format!(
        "cst_live_prt_{}z{}10{}A",
        "0".repeat(11),
        "0".repeat(14),
        "0".repeat(15)
    );
    assert_eq!(&token.expose()[..body.len()], body);
    assert_eq!(token.expose().len(), body.len() + 6);
    assert_eq!(
        (token.key_id(), token.shown()),
        ("00000000000z", "cst_live_prt_00000000000z")
    );
    assert_eq!(format!("{token:?}"), "cst_live_prt_00000000000z…");
    let most = TokenText::new(TokenEnvironment::Test, TokenKind::Partner, &[255; 48]);
    assert_eq!(
        (most.environment(), TokenText::parse(most.expose())),
        (TokenEnvironment::Test, Ok(most.clone()))
    );
}

#[test]
fn a_key_id_says_whose_the_token_is() {
    let key_id = TokenText::new_key_id("AB2CD", &[255; 16]);
    assert_eq!((key_id.len(), &key_id[..5]), (12, "AB2CD"));
    assert_ne!(key_id, TokenText::new_key_id("AB2CD", &[254; 16]));
    let token = TokenText::with_key_id(TokenEnvironment::Live, TokenKind::Partner, &key_id, &[9; 32]).expect("a token");
    assert_eq!(TokenText::parse(token.expose()), Ok(token.clone()));
    assert_eq!((token.key_id(), token.organization_key()), (key_id.as_str(), "AB2CD"));
    assert_eq!(
        token.shown(),
        TokenText::shown_of(TokenEnvironment::Live, TokenKind::Partner, &key_id)
    );
    for bad in ["", "AB2CD", "AB2CD123456é", "AB2CD1234567890"] {
        let made = TokenText::with_key_id(TokenEnvironment::Live, TokenKind::Partner, bad, &[9; 32]);
        assert!(made.is_err(), "{bad}");
    }
}

#[test]
fn what_is_no_token_is_told_from_a_mistyped_one() {
    let good = TokenText::new(TokenEnvironment::Live, TokenKind::Partner, &[7; 48])
        .expose()
        .to_owned();
    for bad in [
        "",
        "cst_live_prt_",
        "cst_live_prt",
        &good[1..],
        &good[..good.len() - 1],
        &format!("{good}0"),
        &good.replace("live", "prod"),
        &good.replace("prt", "org"),
        &format!("{}é", &good[..good.len() - 2]),
        &format!(" {good}"),
    ] {
        assert_eq!(TokenText::parse(bad), Err(TokenTextError::Malformed), "{bad}");
    }
    let swapped = good.replace("live", "test");
    assert_eq!(
        TokenText::parse(&swapped),
        Err(TokenTextError::Checksum),
        "an environment is not exchanged"
    );
}

proptest! {
    #[test]
    fn every_token_is_read_back_and_no_changed_character_goes_unnoticed(random: [u8; 32], more: [u8; 16], at in 13..63_usize, with in 0..62_usize) {
        let mut bytes = [0; 48];
        bytes[..32].copy_from_slice(&random);
        bytes[32..].copy_from_slice(&more);
        let token = TokenText::new(TokenEnvironment::Live, TokenKind::Partner, &bytes);
        prop_assert_eq!(TokenText::parse(token.expose()), Ok(token.clone()));
        let mut changed = token.expose().as_bytes().to_vec();
        changed[at] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[with];
        let changed = String::from_utf8(changed).expect("ASCII");
        let expected = if changed == token.expose() { Ok(token) } else { Err(TokenTextError::Checksum) };
        prop_assert_eq!(TokenText::parse(&changed), expected);
    }
}
