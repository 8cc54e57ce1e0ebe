//! Mails as their receivers' programs read them.

use std::collections::BTreeMap;
use std::sync::Arc;

use consentry::config::Jobs;
use consentry::services::mail::Courier;
use consentry_entity::mail;
use consentry_tests::app::TestApp;
use consentry_tests::log::Log;
use consentry_tests::mail::{Arrived, MailServer};
use consentry_tests::markup::shape;
use sea_orm::EntityTrait;
use tracing::instrument::WithSubscriber;

use super::is_clean;
use super::outlets::Seen;

/// The headers of every mail, each once.
const HEADERS: [&str; 9] = [
    "auto-submitted",
    "content-type",
    "date",
    "from",
    "message-id",
    "mime-version",
    "reply-to",
    "subject",
    "to",
];

/// Sends what waits, and reads it.
pub async fn read(seen: &mut Seen, app: &TestApp) {
    let rows = mail::Entity::find().all(app.store().read()).await.expect("mails");
    // The address of whoever is erased is gone once it was used.
    let known: BTreeMap<String, (String, Option<String>)> = rows
        .iter()
        .map(|row| {
            (
                row.id.to_string(),
                (row.kind.as_str().to_owned(), row.to_address.clone()),
            )
        })
        .collect();
    let (server, log) = (MailServer::start(), Log::default());
    let jobs = Jobs {
        workers: 4,
        ..Jobs::default()
    };
    let courier = Courier::new(app.store().clone(), Arc::new(app.platform.clone()), server.smtp(), jobs);
    let mut sent = 0;
    loop {
        let batch = courier
            .run_once()
            .with_subscriber(log.written_as_json())
            .await
            .expect("a batch");
        if batch.taken == 0 {
            break;
        }
        assert_eq!(
            batch.sent,
            batch.taken,
            "every mail is accepted: {batch:?} {}",
            log.text()
        );
        sent += batch.sent;
    }
    if !is_clean(&log.text(), "") {
        seen.blame(format!("mails and the log: {}", log.text()));
    }
    for _ in 0..sent {
        let arrived = server.next();
        let id = arrived.header("message-id").unwrap_or_default().trim_start_matches('<');
        let id = id.split('@').next().unwrap_or_default();
        match known.get(id) {
            Some((kind, to)) => judge(seen, &arrived, kind, to.as_deref()),
            None => seen.blame(format!("a mail that was not queued: {arrived:?}")),
        }
    }
    assert!(server.drain().is_empty(), "no other mail");
}

fn judge(seen: &mut Seen, arrived: &Arrived, kind: &str, to: Option<&str>) {
    seen.count("mails");
    let mut names: Vec<String> = arrived.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
    names.sort();
    let (mut wrong, mut made_of) = (Vec::new(), shape(&arrived.html));
    let mut blame = |what: String| wrong.push(format!("the mail {kind}: {what}"));
    if names != HEADERS {
        blame(format!("other headers: {names:?}"));
    }
    let receivers: Vec<&str> = arrived.to.iter().map(String::as_str).collect();
    if to.is_some_and(|to| receivers != [to] || arrived.header("to") != Some(to)) {
        blame(format!("other receivers: {receivers:?}, {:?}", arrived.header("to")));
    }
    if arrived.from != "tickets@events.example"
        || arrived.header("from") != Some("Riverton Tickets <tickets@events.example>")
    {
        blame(format!("another sender: {:?}", arrived.header("from")));
    }
    if !arrived.defects.is_empty() || arrived.bare_ends > 0 || arrived.longest_line > 998 {
        blame(format!(
            "{:?}, {} bare ends, {} bytes in a line",
            arrived.defects, arrived.bare_ends, arrived.longest_line
        ));
    }
    let subject = arrived.header("subject").unwrap_or_default();
    let breaks = |sign: char| sign.is_control() || "\u{2028}\u{2029}\u{202e}\u{feff}".contains(sign);
    if subject.contains(breaks) || arrived.text.contains(|sign| sign != '\n' && breaks(sign)) {
        blame(format!("signs that break or turn: {subject:?}"));
    }
    for file in &arrived.files {
        let Some(calendar) = &file.calendar else {
            continue;
        };
        let events = calendar["events"].as_array().map_or(0, Vec::len);
        if events != 1 || calendar["errors"].as_array().is_none_or(|errors| !errors.is_empty()) {
            blame(format!("its calendar: {calendar}"));
        }
        made_of.insert(format!("its calendar's {}", calendar["events"][0]["properties"]));
    }
    made_of.insert(format!("parts: {}", arrived.structure));
    seen.shapes
        .entry(format!("the mail {kind}"))
        .or_default()
        .extend(made_of);
    seen.wrong.extend(wrong);
}
