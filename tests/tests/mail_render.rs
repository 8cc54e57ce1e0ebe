//! What mails say, and that nothing typed into a form becomes anything but text in them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;

use consentry::services::mail::facts::Transfer;
use consentry::services::mail::language::Language;
use consentry::services::mail::line::Line;
use consentry::services::mail::messages::{SignInLink, Test};
use consentry::services::mail::{Link, Message, Rendered, render, transfer_code};
use consentry_domain::MailKind;
use consentry_tests::mail::{TestLinks, Texts, hostile};
use consentry_tests::pictures::read_code;

fn written(message: &Message, language: Language) -> Rendered {
    render(message, language.tag(), &TestLinks).unwrap()
}

#[test]
fn every_kind_of_mail_has_an_example() {
    let shown: BTreeSet<MailKind> = Texts::default()
        .messages()
        .iter()
        .map(|(_, message)| message.kind())
        .collect();
    assert_eq!(shown, MailKind::ALL.iter().copied().collect());
}

#[test]
fn each_mail_says_this() {
    for (name, message) in Texts::default().messages() {
        for language in Language::ALL {
            let mail = written(&message, language);
            insta::assert_snapshot!(
                format!("{name}_{}", language.tag()),
                format!("{}\n\n{}", mail.subject, mail.text)
            );
        }
    }
}

#[test]
fn what_an_organization_says_at_the_foot_ends_every_mail() {
    let texts = Texts {
        footer: "Run by volunteers since 2015.".into(),
        ..Texts::default()
    };
    for (name, message) in texts.messages() {
        for language in Language::ALL {
            let mail = written(&message, language);
            assert!(mail.text.trim_end().ends_with(&texts.footer), "{name}: {}", mail.text);
            let html = without_tags(&mail.html);
            assert!(html.trim_end().ends_with(&texts.footer), "{name}: {html}");
        }
    }
}

#[test]
fn html_and_text_state_the_same_facts() {
    let texts = Texts::default();
    for (name, message) in texts.messages() {
        for language in Language::ALL {
            let mail = written(&message, language);
            let html = without_tags(&mail.html);
            let body = html.split_once(&mail.subject).map_or(html.as_str(), |(_, rest)| rest);
            for fact in [
                &texts.title,
                &texts.venue,
                &texts.person,
                &texts.other,
                &texts.ticket,
                &texts.organization,
                &texts.partner,
                &texts.question,
                &texts.token,
                &texts.code,
                &texts.holder,
                "238.00 EUR",
                "Q1W2E3",
                "2027",
                "Europe/Berlin",
                "DE89 3704 0044 0532 0130 00",
                "COBADEFF",
            ] {
                assert_eq!(
                    body.contains(fact),
                    mail.text.contains(fact),
                    "{name} {language:?}: {fact}"
                );
            }
            let links = |text: &str| text.matches("https://events.example/").count();
            assert_eq!(links(&mail.html), links(&mail.text), "{name} {language:?}: links");
        }
    }
}

#[test]
fn what_is_stored_is_read_back() {
    for (name, message) in Texts::default().messages() {
        let data = message.to_data().unwrap();
        assert_eq!(Message::from_data(message.kind(), &data).unwrap(), message, "{name}");
        assert!(
            !data.contains("https://"),
            "{name} stores an address that may hold a secret: {data}"
        );
    }
    assert!(
        Message::from_data(MailKind::Confirmation, "{}").is_err(),
        "an emptied row is not a message"
    );
}

#[test]
fn a_mail_fetches_nothing_and_links_only_to_us() {
    for (name, message) in Texts::default().messages() {
        for language in Language::ALL {
            let mail = written(&message, language);
            for address in attribute(&mail.html, "href=\"") {
                assert!(address.starts_with("https://events.example/"), "{name}: {address}");
            }
            let shown: BTreeSet<String> = attribute(&mail.html, "src=\"").collect();
            let sent = mail
                .inline
                .iter()
                .map(|picture| format!("cid:{}", picture.content_id))
                .collect();
            assert_eq!(shown, sent, "{name}: pictures shown and sent");
            for forbidden in [
                "<script", "<style", "<iframe", "<link", "<object", "url(", "srcset", "@import", "<form",
            ] {
                assert!(!mail.html.contains(forbidden), "{name}: {forbidden}");
            }
        }
    }
}

#[test]
fn every_mail_names_who_is_responsible_and_how_to_reach_them() {
    for (name, message) in Texts::default().messages() {
        for language in Language::ALL {
            let mail = written(&message, language);
            for body in [&mail.text, &mail.html] {
                for needed in [
                    "Riverton Rust Association e.V.",
                    "events@rust.example",
                    "privacy@rust.example",
                ] {
                    assert!(body.contains(needed), "{name} {language:?} lacks {needed}");
                }
            }
        }
    }
}

#[test]
fn no_mail_advertises() {
    for (name, message) in Texts::default().messages() {
        for language in Language::ALL {
            let text = written(&message, language).text.to_lowercase();
            for word in [
                "offer ends",
                "discount",
                "newsletter",
                "follow us",
                "don't miss",
                "upgrade",
                "rabatt",
                "folgen sie uns",
                "jetzt sichern",
                "unsubscribe",
                "abbestellen",
                "sponsored",
                "powered by",
                "!!",
            ] {
                assert!(!text.contains(word), "{name} {language:?} says {word:?}");
            }
        }
    }
}

#[test]
fn hostile_texts_stay_text_in_every_field_of_every_mail() {
    let mut tried = 0;
    for text in hostile::CORPUS {
        let (plain, attacked) = (Texts::all("harmless").messages(), Texts::all(text).messages());
        for ((name, plain), (_, attacked)) in plain.iter().zip(&attacked) {
            for language in Language::ALL {
                let (plain, attacked) = (written(plain, language), written(attacked, language));
                let context = format!("{name} {language:?} {text:?}");
                assert!(
                    !attacked.subject.chars().any(char::is_control),
                    "{context}: {:?}",
                    attacked.subject
                );
                for mark in ['<', '>', '"'] {
                    let count = |html: &str| html.matches(mark).count();
                    assert_eq!(
                        count(&attacked.html),
                        count(&plain.html),
                        "{context}: {mark}\n{}",
                        attacked.html
                    );
                }
                assert_eq!(
                    attacked.text.lines().count(),
                    plain.text.lines().count(),
                    "{context}: lines of text"
                );
                assert!(
                    !attacked
                        .text
                        .chars()
                        .any(|character| character != '\n' && character.is_control()),
                    "{context}: {:?}",
                    attacked.text
                );
                let count = |mail: &Rendered| (mail.attachments.len(), mail.html.matches("cid:check-in").count());
                assert_eq!(count(&attacked), count(&plain), "{context}: files");
                for (attacked, plain) in attacked.attachments.iter().zip(&plain.attachments) {
                    let (attacked, plain) = (text_of(&attacked.bytes), text_of(&plain.bytes));
                    assert_eq!(properties(&attacked), properties(&plain), "{context}\n{attacked}");
                    assert_eq!(summary(&attacked), Line::from(*text).as_str(), "{context}\n{attacked}");
                }
                tried += 1;
            }
        }
    }
    println!("{tried} mails written with hostile texts");
    assert!(tried > 900);
}

#[test]
fn names_and_titles_with_addresses_in_names_make_no_link() {
    let texts = Texts {
        person: "Win now https://evil.example/prize".into(),
        ..Texts::default()
    };
    for (name, message) in texts.messages() {
        for language in Language::ALL {
            let mail = written(&message, language);
            assert!(!mail.text.contains("evil.example"), "{name}: {}", mail.text);
            assert!(!mail.html.contains("evil.example"), "{name}: {}", mail.html);
        }
    }
}

#[test]
fn a_link_that_is_no_web_address_stops_the_mail() {
    let Some((_, Message::SignInLink(mail))) = Texts::default()
        .messages()
        .into_iter()
        .find(|(name, _)| *name == "sign_in_link")
    else {
        panic!("no example");
    };
    for bad in [
        "javascript:alert(1)",
        "https://x\r\nBcc: y",
        "",
        "https://x\"onclick=",
        "data:text/html,x",
    ] {
        let message: Message = SignInLink {
            link: Link::Plain(bad.into()),
            ..mail.clone()
        }
        .into();
        assert!(render(&message, "en", &TestLinks).is_err(), "{bad:?}");
    }
}

#[test]
fn another_language_is_answered_in_english() {
    let (_, message) = Texts::default().messages().remove(0);
    assert_eq!(
        render(&message, "fr-CA", &TestLinks).unwrap(),
        render(&message, "en", &TestLinks).unwrap()
    );
    assert_ne!(
        render(&message, "de-CH", &TestLinks).unwrap(),
        render(&message, "en", &TestLinks).unwrap()
    );
}

#[test]
fn the_calendar_file_is_exactly_this() {
    for (name, message) in Texts::default().messages() {
        for (index, file) in written(&message, Language::English).attachments.iter().enumerate() {
            let which = if index == 0 { "" } else { "_of_the_page" };
            insta::assert_snapshot!(format!("{name}_ics{which}"), text_of(&file.bytes).replace("\r\n", "\n"));
        }
    }
}

#[test]
fn the_calendar_files_times_are_instants_so_that_no_zone_has_to_be_sent() {
    let mut read = 0;
    for (name, message) in Texts::default().messages() {
        let event = match &message {
            Message::Confirmation(mail) => mail.event.clone(),
            Message::DecideForYourself(mail) => mail.event.clone(),
            Message::Cancellation(mail) => mail.event.clone(),
            _ => continue,
        };
        for file in written(&message, Language::German).attachments {
            let text = text_of(&file.bytes);
            assert!(!text.contains("TZID") && !text.contains("VTIMEZONE"), "{name}: {text}");
            let at = |property: &str| {
                let line = text.lines().find_map(|line| line.strip_prefix(property));
                let local = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", line.expect("a time")).expect("in UTC");
                let instant = jiff::tz::TimeZone::UTC.to_timestamp(local).expect("an instant");
                instant.as_microsecond()
            };
            assert_eq!(
                (at("DTSTART:"), at("DTEND:")),
                (event.starts.utc.0, event.ends.utc.0),
                "{name}"
            );
            read += 1;
        }
    }
    assert!(read >= 5, "{read}");
}

#[test]
fn the_calendar_file_is_folded_and_names_nobody_else() {
    let texts = Texts {
        title: "老虎 Ünïcode, title; with: everything ".repeat(9),
        ..Texts::default()
    };
    for (name, message) in texts.messages() {
        for file in written(&message, Language::English).attachments {
            let text = text_of(&file.bytes);
            assert!(text.ends_with("\r\n"));
            for line in text.trim_end().split("\r\n") {
                assert!(line.len() <= 75, "{name}: {} bytes in {line:?}", line.len());
                assert!(!line.contains(['\r', '\n']), "{name}: a bare end of line in {line:?}");
            }
            assert!(!text.contains("ATTENDEE"), "{name}");
            assert!(!text.contains("Jonas"), "{name}: {text}");
            assert_eq!(summary(&text), Line::from(texts.title.as_str()).as_str());
        }
    }
}

#[test]
fn the_calendar_file_is_folded_whatever_the_length() {
    for character in ["x", "ü", "虎", "🎉"] {
        for length in 1..=300 {
            let texts = Texts {
                title: character.repeat(length),
                ..Texts::default()
            };
            let (_, message) = texts
                .messages()
                .into_iter()
                .find(|(name, _)| *name == "cancellation")
                .expect("an example");
            let file = text_of(&written(&message, Language::English).attachments[0].bytes);
            let longest = file.split("\r\n").map(str::len).max();
            assert!(longest <= Some(75), "{length} times {character}: {longest:?} bytes");
            assert_eq!(summary(&file), texts.title, "{length} times {character}");
        }
    }
}

#[test]
fn the_pictures_hold_the_check_in_code_and_the_transfer() {
    let mut seen = 0;
    for (name, message) in Texts::default().messages() {
        for picture in written(&message, Language::German).inline {
            let expected = match &message {
                Message::PaymentInstructions(mail) => mail.transfer.as_ref().and_then(transfer_code::payload).unwrap(),
                Message::PaymentReminder(mail) => mail.transfer.as_ref().and_then(transfer_code::payload).unwrap(),
                _ => "R7K2QM".to_owned(),
            };
            assert_eq!(read_code(&picture.png), expected, "{name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 4);
    // The longest that the guideline allows can be read, too.
    let longest = Transfer {
        holder: "x".repeat(70).into(),
        iban: "MT84MALT011000012345MTLCAST001S".into(),
        bic: Some("MALTMTMT001".into()),
        reference: "y".repeat(140).into(),
        amount_minor: 99_999_999_999,
        currency: "EUR".into(),
    };
    let payload = transfer_code::payload(&longest).unwrap();
    assert_eq!(
        read_code(&consentry::services::mail::qr::png(&payload).unwrap()),
        payload
    );
}

#[test]
fn a_test_mail_names_the_installation() {
    let Some((_, Message::Test(test))) = Texts::default().messages().pop() else {
        panic!("no example")
    };
    let message: Message = Test {
        installation: "https://events.example".into(),
        ..test
    }
    .into();
    assert!(
        written(&message, Language::English)
            .subject
            .contains("https://events.example")
    );
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The names of the properties of a calendar file, by a reading of our own; the organizer is there only for an address
/// of plain form.
fn properties(file: &str) -> Vec<String> {
    file.replace("\r\n ", "")
        .split_terminator("\r\n")
        .map(|line| line.split([':', ';']).next().unwrap_or_default().to_owned())
        .filter(|name| name != "ORGANIZER")
        .collect()
}

/// The title, as the crate's own parser reads it.
fn summary(file: &str) -> String {
    let calendar: icalendar::Calendar = file.parse().unwrap();
    let events: Vec<&icalendar::Event> = calendar.iter().filter_map(|part| part.as_event()).collect();
    assert_eq!(events.len(), 1, "{file}");
    icalendar::Component::get_summary(events[0])
        .unwrap_or_default()
        .to_owned()
}

fn attribute<'a>(html: &'a str, start: &'a str) -> impl Iterator<Item = String> + 'a {
    html.split(start)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
}

fn without_tags(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, rest)| rest));
        text.push(' ');
    }
    text.replace("&#39;", "'").replace("&#34;", "\"").replace("&amp;", "&")
}
