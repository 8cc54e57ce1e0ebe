//! What people type: taken or refused, with the reason.

use consentry_domain::text::*;
use proptest::prelude::*;

fn refused(judge: impl Fn(&str) -> Result<String, TextError>, texts: &[&str]) {
    for text in texts {
        let error = judge(text).expect_err(text);
        assert!(matches!(error, TextError::Malformed { .. }), "{text:?}: {error:?}");
    }
}

fn taken(judge: impl Fn(&str) -> Result<String, TextError>, texts: &[&str]) {
    for text in texts {
        assert_eq!(judge(&format!(" {text}\t")).as_deref(), Ok(*text));
    }
}

#[test]
fn a_line_is_trimmed_and_otherwise_left_as_it_is() {
    for (typed, cleaned) in [
        (" Ada  Lovelace \n", "Ada  Lovelace"),
        ("نرگس\u{200c}ها", "نرگس\u{200c}ها"),
        ("👩\u{200d}🚀", "👩\u{200d}🚀"),
        ("e\u{301}", "e\u{301}"),
        ("אבג\u{200f}!", "אבג\u{200f}!"),
    ] {
        assert_eq!(clean_line(typed, 20).as_deref(), Ok(cleaned));
    }
}

#[test]
fn a_text_without_a_visible_character_is_empty() {
    let invisible =
        "\u{ad}\u{34f}\u{115f}\u{1160}\u{180e}\u{200b}\u{200d}\u{200f}\u{2060}\u{2064}\u{2800}\u{3164}\u{ffa0}\u{a0}";
    for text in std::iter::once(String::new())
        .chain([" \n\t".to_owned(), invisible.to_owned()])
        .chain(invisible.chars().map(String::from))
    {
        assert_eq!(
            (clean_line(&text, 20), clean_text(&text, 20)),
            (Err(TextError::Required), Err(TextError::Required)),
            "{text:?}"
        );
    }
}

#[test]
fn characters_are_counted_not_bytes() {
    assert!(clean_line(&"ä".repeat(20), 20).is_ok() && clean_text(&"ä".repeat(20), 20).is_ok());
    assert_eq!(clean_line(&"a".repeat(21), 20), Err(TextError::TooLong { max: 20 }));
    assert_eq!(clean_text(&"a".repeat(21), 20), Err(TextError::TooLong { max: 20 }));
}

#[test]
fn control_characters_and_turned_directions_are_refused() {
    let bad = ['\0', '\u{1}', '\u{1b}', '\u{7f}', '\u{85}', '\u{9f}'];
    let line_only = [
        '\n',
        '\r',
        '\t',
        '\u{2028}',
        '\u{2029}',
        '\u{feff}',
        '\u{fff9}',
        '\u{fffb}',
        '\u{e0000}',
        '\u{e007f}',
        '\u{202a}',
        '\u{202e}',
        '\u{2066}',
        '\u{2069}',
    ];
    for char in bad {
        let text = format!("a{char}b");
        assert_eq!(
            (clean_line(&text, 20), clean_text(&text, 20)),
            (Err(TextError::ControlCharacter), Err(TextError::ControlCharacter)),
            "{text:?}"
        );
    }
    for char in line_only {
        let text = format!("a{char}b");
        assert_eq!(clean_line(&text, 20), Err(TextError::ControlCharacter), "{text:?}");
        assert!(clean_text(&text, 20).is_ok(), "{text:?}");
    }
    for char in [
        '\u{2027}',
        '\u{2065}',
        '\u{206a}',
        '\u{fff8}',
        '\u{fffc}',
        '\u{e0080}',
        '\u{2029}',
    ] {
        assert_eq!(
            clean_line(&format!("a{char}b"), 20).is_ok(),
            char != '\u{2029}',
            "{char:?}"
        );
    }
    assert_eq!(clean_text("\r\na\r\nb\rc\td\n", 20).as_deref(), Ok("a\nb\nc\td"));
}

#[test]
fn what_may_be_missing_is_none_where_it_is_blank() {
    let name = |text: &str| clean_line(text, 3);
    assert_eq!(
        (
            optional(None, name),
            optional(Some(" "), name),
            optional(Some(" a "), name)
        ),
        (Ok(None), Ok(None), Ok(Some("a".to_owned())))
    );
    assert_eq!(optional(Some("abcd"), name), Err(TextError::TooLong { max: 3 }));
    assert_eq!(
        optional(Some("x"), email).expect_err("no address").to_string(),
        "this should be a mail address like name@example.org"
    );
}

#[test]
fn mail_addresses() {
    let (local, label) = ("l".repeat(64), "d".repeat(63));
    taken(
        email,
        &[
            "ada@example.org",
            "A.b+c@sub.example.co.uk",
            "o'neil!#$%&*-/=?^_`{|}~@x-1.io",
            "1@2.museum",
            "a@xn--mller-kva.de",
            &format!("{local}@{label}.org"),
            "a@1.x1",
        ],
    );
    refused(
        email,
        &[
            "ada",
            "@example.org",
            "ada@",
            "ada@localhost",
            "a@b@c.org",
            "a b@c.org",
            "a@c .org",
            ".a@c.org",
            "a.@c.org",
            "a..b@c.org",
            "a@.org",
            "a@c..org",
            "a@c.org.",
            "a@-c.org",
            "a@c-.org",
            "a@c.123",
            "a@1.2.3.4",
            "a@[1.2.3.4]",
            "\"a\"@c.org",
            "a@c_d.org",
            "ä@c.org",
            "a@müller.de",
            "a,b@c.org",
            "<a@c.org>",
            "a@c.org,d@e.org",
            &format!("{local}l@c.org"),
            &format!("a@{label}d.org"),
        ],
    );
    assert_eq!(
        email(&format!(
            "{}@{}.org",
            "a".repeat(60),
            ["d".repeat(63), "d".repeat(63), "d".repeat(63)].join(".")
        )),
        Err(TextError::TooLong { max: 254 })
    );
    assert_eq!(
        email(&format!(
            "{}@{}.org",
            "a".repeat(54),
            ["d".repeat(63), "d".repeat(63), "d".repeat(63)].join(".")
        ))
        .map(|email| email.len()),
        Ok(250)
    );
    assert_eq!(email(""), Err(TextError::Required));
    assert_eq!(email("a\0@c.org"), Err(TextError::ControlCharacter));
    assert_eq!(email_key("Ada@Example.ORG"), "ada@example.org");
}

#[test]
fn telephone_numbers() {
    taken(
        phone,
        &[
            "+49 30 123456",
            "030/123456",
            "(030) 12.34-56",
            "1234",
            "+123456789012345",
        ],
    );
    refused(
        phone,
        &[
            "123",
            "+1234567890123456",
            "12+345",
            "++1234",
            "phone",
            "1234x5",
            "١٢٣٤",
            "+",
        ],
    );
    assert_eq!(phone(&"1 ".repeat(17)), Err(TextError::TooLong { max: 32 }));
    assert_eq!(phone(" "), Err(TextError::Required));
}

#[test]
fn countries_are_those_of_iso_3166() {
    let all = countries().collect::<Vec<_>>();
    assert_eq!(all.len(), 249);
    assert!(all.is_sorted() && all.iter().all(|code| country(code).as_deref() == Ok(code)));
    assert_eq!(country(" gb ").as_deref(), Ok("GB"));
    refused(country, &["UK", "EU", "XX", "DEU", "D", "D E", "Germany", "AD AE"]);
    assert_eq!(country(""), Err(TextError::Required));
}

#[test]
fn locales_are_written_in_their_usual_case() {
    taken(locale, &["de", "en-GB", "zh-Hant-TW", "es-419", "sr-Latn", "yue"]);
    for (typed, written) in [("DE", "de"), ("EN-gb", "en-GB"), ("ZH-hANT-tw", "zh-Hant-TW")] {
        assert_eq!(locale(typed).as_deref(), Ok(written));
    }
    refused(
        locale,
        &[
            "d",
            "germ",
            "en_GB",
            "en-",
            "-en",
            "en-G",
            "en-GBR",
            "en-GB-oed",
            "en-GB-Latn",
            "en--GB",
            "e1",
            "en-4199",
            "en-41",
            "ü1",
        ],
    );
    assert_eq!(locale(" "), Err(TextError::Required));
}

#[test]
fn web_addresses() {
    taken(
        url,
        &[
            "https://example.org",
            "HTTP://example.org/",
            "https://example.org:8443/a/b?c=d&e=%20#f",
            "http://localhost:3000/back",
            "http://127.0.0.1",
            "https://[::1]:80/x",
            "https://example.org?x",
            "https://example.org/straße",
            "https://example.org#a:b@c",
        ],
    );
    refused(
        url,
        &[
            "example.org",
            "ftp://example.org",
            "javascript://example.org/%0aalert(1)",
            "javascript:alert(1)",
            "https:/example.org",
            "https://",
            "https:///x",
            "https://user@example.org",
            "https://user:pw@example.org",
            "https://exa mple.org",
            "https://example.org/a b",
            "https://example.org/<x>",
            "https://example.org/\"x",
            "https://example.org\\@evil.org",
            "https://example.org:0",
            "https://example.org:65536",
            "https://example.org:",
            "https://example.org:+80",
            "https://example.org:x",
            "https://[::1",
            "https://[x]",
            "https://[::1]x",
            "https://-a.org",
            "https://ex_ample.org",
            "https://exämple.org",
            "data:text/html,x",
            "https://a..b",
            "https://[]",
            "https://[[::1]]",
        ],
    );
    assert_eq!(
        url(&format!("https://example.org/{}", "a".repeat(2000))),
        Err(TextError::TooLong { max: 2000 })
    );
}

#[test]
fn a_host_is_told_without_what_leads_into_the_room() {
    for (address, its) in [
        ("https://room.example/r?pwd=hidden", "room.example"),
        ("http://room.example:8080?pwd=hidden", "room.example"),
        ("https://room.example#hidden", "room.example"),
        ("https://[::1]:8080/r", "[::1]"),
    ] {
        assert_eq!(url(address).as_deref(), Ok(address));
        assert_eq!(host(address), its);
    }
}

#[test]
fn slugs() {
    taken(slug, &["rust-days-2027", "a", "1", "a-1-b"]);
    refused(slug, &["Rust", "-a", "a-", "a--b", "a_b", "a b", "ä", "a/b", "."]);
    assert_eq!(slug(&"a".repeat(61)), Err(TextError::TooLong { max: 60 }));
    assert_eq!(slug(""), Err(TextError::Required));
}

proptest! {
    #[test]
    fn judging_never_panics_and_what_is_taken_is_taken_again(text in prop_oneof![any::<String>(), "[a-zA-Z0-9@.:/?#\\[\\]+_-]{0,40}", "https?://[a-z0-9.:\\[\\]@/-]{0,30}"]) {
        for judge in [email, phone, country, locale, url, slug] {
            if let Ok(cleaned) = judge(&text) {
                prop_assert_eq!(judge(&cleaned), Ok(cleaned.clone()));
                prop_assert!(!cleaned.chars().any(char::is_control));
            }
        }
        for cleaned in [clean_line(&text, 30), clean_text(&text, 30)].into_iter().flatten() {
            prop_assert!(cleaned.chars().count() <= 30 && cleaned == cleaned.trim());
        }
    }
}

#[test]
fn what_is_looked_up_holds_no_sign_that_a_database_refuses() {
    for (given, looked_up) in [
        ("rustdays", "rustdays"),
        ("", ""),
        ("\0", "\u{fffd}"),
        ("rust\0days\0", "rust\u{fffd}days\u{fffd}"),
        ("\u{1b}ü", "\u{1b}ü"),
    ] {
        assert_eq!(sought(given), looked_up, "{given:?}");
    }
}
