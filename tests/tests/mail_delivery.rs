//! Mail from the outbox to a real server: what arrives, what is tried again, what is given up, and that nothing is said
//! to be sent that was not.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use consentry::config::{Jobs, Mail};
use consentry::services::mail::language::Language;
use consentry::services::mail::list::{self, Filter};
use consentry::services::mail::{Batch, Courier, NewMail, Queued, Smtp, queue, render};
use consentry::services::outbox::{self, Failure, Held};
use consentry::transaction;
use consentry_domain::{MailId, MailStatus, OrganizationId, OutboxKind, OutboxState};
use consentry_entity::{mail, outbox as outbox_row};
use consentry_tests::mail::{Arrived, CalendarReader, MailServer, TestLinks, Texts};
use consentry_tests::{TestApp, on_both_databases};
use sea_orm::{DbErr, EntityTrait};
use serde_json::{Value, json};

const MINUTE: i64 = 60 * 1_000_000;

on_both_databases! {
    async fn every_mail_arrives_as_it_was_written(app: TestApp) {
        let organization = app.db_organization("acme").await.id;
        let server = MailServer::start();
        let courier = courier(&app, server.smtp());
        let mut calendars = CalendarReader::start();
        let mut expected = BTreeMap::new();
        for (name, message) in Texts::default().messages() {
            for language in Language::ALL {
                let to = format!("{name}-{}@example.org", language.tag());
                let mail = new_mail(organization, &to, language.tag(), &message);
                let id = queued(&app, mail).await;
                expected.insert(to, (id, render(&message, language.tag(), &TestLinks).unwrap()));
            }
        }
        assert_eq!(list::waiting(app.store()).await.unwrap(), i64::try_from(expected.len()).unwrap());
        let sent = run_until_idle(&courier).await;
        assert_eq!((sent.sent, sent.later, sent.dead), (expected.len(), 0, 0));
        for _ in 0..expected.len() {
            let arrived = server.next();
            let (id, written) = expected.remove(&arrived.to[0]).expect("a mail that was queued, once");
            let context = format!("{}: {arrived:#?}", arrived.to[0]);
            assert_eq!(arrived.to.len(), 1, "{context}");
            assert_eq!(arrived.from, "tickets@events.example", "{context}");
            assert_eq!(arrived.header("Subject"), Some(written.subject.as_str()), "{context}");
            assert_eq!(arrived.text, written.text, "{context}");
            assert_eq!(arrived.html, written.html.replace("\r\n", "\n"), "{context}");
            let message_id = format!("<{id}@events.example>");
            assert_eq!(arrived.header("Message-ID"), Some(message_id.as_str()), "{context}");
            assert_eq!(arrived.header("From"), Some("Riverton Tickets <tickets@events.example>"), "{context}");
            assert_eq!(arrived.header("Reply-To"), Some("events@rust.example"), "{context}");
            assert_eq!(arrived.header("To"), Some(arrived.to[0].as_str()), "{context}");
            assert_eq!(arrived.header("Auto-Submitted"), Some("auto-generated"), "{context}");
            assert!(arrived.header("Date").is_some(), "{context}");
            assert_eq!(arrived.defects, Vec::<String>::new(), "{context}");
            assert_eq!(arrived.bare_ends, 0, "{context}");
            assert!(arrived.longest_line <= 998, "{context}");
            assert_eq!(arrived.structure, structure(&arrived), "{context}");
            check_files(&arrived, &written, &mut calendars);
            let row = row(&app, id).await;
            assert_eq!((row.status, row.message_id.as_deref()), (MailStatus::Sent, Some(message_id.as_str())));
            assert!(row.sent_at.is_some());
        }
        assert!(outbox_rows(&app).await.iter().all(|work| work.state == OutboxState::Done && work.lease.is_none()));
        assert_eq!(courier.run_once().await.unwrap(), Batch::default(), "nothing is left");
        assert!(server.drain().is_empty());
    }

    async fn a_mail_is_part_of_the_change_that_it_tells_of(app: TestApp) {
        let organization = app.db_organization("acme").await.id;
        let message = sample("test");
        let undone: Result<(), DbErr> = transaction!(app.store().writer(), async |tx| {
            queue(tx, new_mail(organization, "a@example.org", "en", &message)).await?;
            Err(DbErr::Custom("the change failed".into()))
        });
        assert!(undone.is_err());
        assert_eq!(list::waiting(app.store()).await.unwrap(), 0);
        assert!(list::list(app.store(), Filter::default(), 10).await.unwrap().is_empty());
    }

    async fn a_mail_queued_twice_is_sent_once(app: TestApp) {
        let organization = app.db_organization("acme").await.id;
        let server = MailServer::start();
        let message = sample("test");
        let mail = || new_mail(organization, "a@example.org", "en", &message);
        let first = queue_one(&app, mail()).await;
        assert!(matches!(first, Queued::New(_)));
        assert_eq!(queue_one(&app, mail()).await, Queued::Known);
        run_until_idle(&courier(&app, server.smtp())).await;
        assert_eq!(queue_one(&app, mail()).await, Queued::Known, "also when it was sent");
        run_until_idle(&courier(&app, server.smtp())).await;
        assert_eq!(server.drain().len(), 1);
    }

    async fn two_couriers_send_each_mail_once(app: TestApp) {
        let organization = app.db_organization("acme").await.id;
        let server = MailServer::start();
        for number in 0..60 {
            queued(&app, new_mail(organization, &format!("r{number}@example.org"), "en", &sample("test"))).await;
        }
        let (one, two) = (courier(&app, server.smtp()), courier(&app, server.smtp()));
        let (one, two) = tokio::join!(run_until_idle(&one), run_until_idle(&two));
        assert_eq!(one.sent + two.sent, 60, "{one:?} {two:?}");
        let mut receivers: Vec<String> = server.drain().into_iter().flat_map(|mail| mail.to).collect();
        receivers.sort();
        receivers.dedup();
        assert_eq!(receivers.len(), 60, "each receiver once");
        println!("one courier sent {}, the other {}", one.sent, two.sent);
    }

    async fn a_mail_refused_for_good_is_shown_and_can_be_started_anew(app: TestApp) {
        let organization = app.db_organization("acme").await.id;
        let server = MailServer::start();
        let courier = courier(&app, server.smtp());
        let id = queued(&app, new_mail(organization, "once@example.org", "en", &sample("test"))).await;
        let batch = courier.run_once().await.unwrap();
        assert_eq!((batch.taken, batch.dead, batch.sent), (1, 1, 0));
        let shown = list::list(app.store(), Filter { status: Some(MailStatus::Failed), ..Filter::default() }, 10)
            .await
            .unwrap();
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].id, id);
        assert_eq!(shown[0].error.as_deref(), Some("the mail server refused it for good: 550 5.7.1"));
        let delivery = shown[0].delivery.as_ref().unwrap();
        assert_eq!((delivery.state, delivery.attempts), (OutboxState::Dead, 1));
        assert_eq!(delivery.last_error, shown[0].error, "no address in it");
        app.store().clock().advance(24 * 60 * MINUTE);
        assert_eq!(courier.run_once().await.unwrap().taken, 0, "dead stays dead");
        assert_eq!(list::retry(app.store(), id).await.unwrap(), Held::Yes);
        assert_eq!(row(&app, id).await.status, MailStatus::Queued);
        assert_eq!(courier.run_once().await.unwrap().sent, 1);
        assert_eq!(row(&app, id).await.status, MailStatus::Sent);
        assert_eq!(list::retry(app.store(), id).await.unwrap(), Held::No, "what was sent is not sent again");
        assert_eq!(server.drain().len(), 1);
    }

    async fn a_mail_refused_for_now_is_tried_later_and_later_and_then_given_up(app: TestApp) {
        let organization = app.db_organization("acme").await.id;
        let server = MailServer::start();
        let courier = courier(&app, server.smtp());
        let id = queued(&app, new_mail(organization, "later@example.org", "en", &sample("test"))).await;
        let mut pauses = Vec::new();
        for attempt in 1..=4 {
            let before = app.store().now().await.unwrap();
            let batch = courier.run_once().await.unwrap();
            assert_eq!((batch.taken, batch.sent), (1, 0), "attempt {attempt}");
            let work = outbox_rows(&app).await.remove(0);
            assert_eq!(work.attempts, attempt);
            assert_eq!(work.last_error.as_deref(), Some("the mail server did not take it now: 451 4.7.1"));
            if attempt < 4 {
                assert_eq!((work.state, row(&app, id).await.status), (OutboxState::Ready, MailStatus::Queued));
                assert_eq!(courier.run_once().await.unwrap().taken, 0, "not before its time");
                pauses.push((work.next_at - before.0) / 1_000_000);
                app.store().clock().advance(work.next_at - before.0 + 1);
            } else {
                assert_eq!((work.state, row(&app, id).await.status), (OutboxState::Dead, MailStatus::Failed));
            }
        }
        println!("pauses in seconds: {pauses:?}");
        assert!((7..=17).contains(&pauses[0]) && (15..=32).contains(&pauses[1]) && (30..=62).contains(&pauses[2]));
        app.store().clock().advance(24 * 60 * MINUTE);
        assert_eq!(courier.run_once().await.unwrap().taken, 0);
        assert!(server.drain().is_empty());
    }

    async fn a_command_that_the_server_does_not_know_is_no_refusal_of_the_mail(app: TestApp) {
        let organization = app.db_organization("acme").await.id;
        let server = MailServer::start();
        let id = queued(&app, new_mail(organization, "odd@example.org", "en", &sample("test"))).await;
        let batch = courier(&app, server.smtp()).run_once().await.unwrap();
        assert_eq!((batch.later, batch.dead, batch.unreachable), (1, 0, 0));
        assert_eq!(row(&app, id).await.status, MailStatus::Queued);
    }

    async fn while_the_server_is_down_no_mail_is_given_up(app: TestApp) {
        let organization = app.db_organization("acme").await.id;
        let id = queued(&app, new_mail(organization, "a@example.org", "en", &sample("test"))).await;
        let nowhere = courier(&app, MailServer::nowhere());
        for _ in 0..10 {
            let batch = nowhere.run_once().await.unwrap();
            assert_eq!((batch.taken, batch.unreachable, batch.dead), (1, 1, 0));
            let work = outbox_rows(&app).await.remove(0);
            assert_eq!((work.state, work.attempts), (OutboxState::Ready, 0));
            assert_eq!(work.last_error.as_deref(), Some("the mail server cannot be reached: no connection"));
            assert_eq!(row(&app, id).await.status, MailStatus::Queued, "never said to be sent");
            app.store().clock().advance(MINUTE);
        }
        let server = MailServer::start();
        assert_eq!(courier(&app, server.smtp()).run_once().await.unwrap().sent, 1);
        assert_eq!(server.next().to, ["a@example.org"]);
    }

    async fn without_a_mail_server_mail_waits_and_shows(app: TestApp) {
        let organization = app.db_organization("acme").await.id;
        assert!(Smtp::from_config(&Mail::default(), 4).unwrap().is_none(), "there is nothing to send with");
        let id = queued(&app, new_mail(organization, "mina@example.org", "de", &sample("confirmation"))).await;
        let listed = list::list(app.store(), Filter::default(), 10).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!((listed[0].status, listed[0].sent_at), (MailStatus::Queued, None));
        let text = serde_json::to_string(&listed).unwrap();
        assert!(!text.contains("mina@"), "a list shows no address: {text}");
        let shown = list::show(app.store(), &TestLinks, id).await.unwrap().unwrap();
        assert_eq!(shown.to.as_deref(), Some("mina@example.org"));
        assert!(shown.rendered.unwrap().text.contains("https://events.example/registration/42-7"));
    }

    async fn work_of_a_courier_that_died_is_taken_over_when_its_lease_runs_out(app: TestApp) {
        let organization = app.db_organization("acme").await.id;
        let server = MailServer::start();
        queued(&app, new_mail(organization, "a@example.org", "en", &sample("test"))).await;
        let lease = std::time::Duration::from_secs(120);
        let abandoned = outbox::lease(app.store(), OutboxKind::Mail, 10, lease).await.unwrap();
        assert_eq!(abandoned.len(), 1);
        let courier = courier(&app, server.smtp());
        app.store().clock().advance(MINUTE);
        assert_eq!(courier.run_once().await.unwrap().taken, 0, "the lease still holds");
        app.store().clock().advance(2 * MINUTE);
        let taken = outbox::lease(app.store(), OutboxKind::Mail, 10, lease).await.unwrap();
        assert_eq!(taken.len(), 1);
        assert_eq!((taken[0].id, taken[0].attempts), (abandoned[0].id, 2));
        let late: Result<(Held, Held), DbErr> = transaction!(app.store().writer(), async |tx| {
            let done = outbox::done(tx, &abandoned[0]).await?;
            Ok((done, outbox::failed(tx, app.store(), &abandoned[0], Failure::Permanent, "late").await?))
        });
        assert_eq!(late.unwrap(), (Held::No, Held::No), "whoever lost the lease ends nothing");
        app.store().clock().advance(3 * MINUTE);
        assert_eq!(courier.run_once().await.unwrap().sent, 1);
        assert_eq!(server.drain().len(), 1);
    }

    async fn an_erased_mail_is_not_sent(app: TestApp) {
        let organization = app.db_organization("acme").await.id;
        let server = MailServer::start();
        let id = queued(&app, new_mail(organization, "a@example.org", "en", &sample("test"))).await;
        let emptied = mail::ActiveModel {
            organization_id: sea_orm::ActiveValue::Unchanged(organization),
            id: sea_orm::ActiveValue::Unchanged(id),
            to_address: sea_orm::ActiveValue::Set(None),
            data: sea_orm::ActiveValue::Set("{}".into()),
            ..Default::default()
        };
        mail::Entity::update(emptied).exec(app.store().admin()).await.unwrap();
        assert_eq!(courier(&app, server.smtp()).run_once().await.unwrap().dead, 1);
        assert_eq!(row(&app, id).await.error.as_deref(), Some("its address was erased"));
        let shown = list::show(app.store(), &TestLinks, id).await.unwrap().unwrap();
        assert!(shown.to.is_none() && shown.rendered.is_none());
        assert!(server.drain().is_empty());
    }

    async fn a_mail_sent_again_is_a_mail_of_its_own_with_the_same_words(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.anonymous().register(&sharing.event, "1", &[(sharing.ticket, "ada@example.org")]).await;
        let server = MailServer::start();
        let courier = courier(&app, server.smtp());
        run_until_idle(&courier).await;
        app.store().clock().advance(61_000_000);
        let mails = "{ organization(slug: \"acme\") { mails(first: 9) { edges { node { id } } } } }";
        let mails = sharing.staff.data(mails, json!({})).await["organization"]["mails"]["edges"].clone();
        let again = "mutation($input: ResendMailInput!) { resendMail(input: $input) { userErrors { field message code } } }";
        let input = json!({ "idempotencyKey": "1", "mailId": mails[0]["node"]["id"] });
        sharing.staff.done("resendMail", again, json!({ "input": input })).await;
        run_until_idle(&courier).await;
        let (first, second) = (server.next(), server.next());
        assert_eq!((&first.text, &first.to), (&second.text, &second.to));
        assert_ne!(first.header("Message-ID"), second.header("Message-ID"));
    }

    async fn a_courier_told_to_stop_finishes_what_it_has_begun(app: TestApp) {
        let organization = app.db_organization("acme").await.id;
        let server = MailServer::start();
        for number in 0..5 {
            queued(&app, new_mail(organization, &format!("r{number}@example.org"), "en", &sample("test"))).await;
        }
        let courier = courier(&app, server.smtp());
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let arrived = async {
            // The server stays: the courier still has to hear that it accepted the last one.
            let counted = move || ((0..5).map(|_| server.next()).collect::<Vec<_>>().len(), server);
            let counted = tokio::task::spawn_blocking(counted).await.unwrap();
            stop.send(()).unwrap();
            counted
        };
        let stopped = async {
            let _ = stopped.await;
        };
        let ((arrived, _server), ()) = tokio::join!(arrived, courier.run(stopped));
        assert_eq!(arrived, 5);
        let states: Vec<_> = outbox_rows(&app).await.into_iter().map(|work| (work.state, work.last_error)).collect();
        assert_eq!(states, vec![(OutboxState::Done, None); 5]);
    }
}

/// Hostile texts in every field, over the wire: one receiver, the same headers, the same parts, whatever was typed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_texts_add_no_header_receiver_or_part() {
    let server = MailServer::start();
    let smtp = server.smtp();
    let id = MailId(uuid::Uuid::from_u128(9));
    let send = async |message: &consentry::services::mail::Message| {
        let rendered = render(message, "en", &TestLinks).unwrap();
        let reply_to = message.controller().contact_email.as_str();
        let now = consentry_domain::Instant(1_800_000_000_000_000);
        let envelope = smtp
            .sender()
            .envelope(id, now, "mina@example.org", reply_to, rendered)
            .unwrap();
        smtp.send(envelope).await.unwrap();
        server.next()
    };
    // One example per kind; the variants differ in words of ours only.
    let kinds = |texts: &Texts| {
        let mut seen = BTreeSet::new();
        let mut messages = texts.messages();
        messages.retain(|(_, message)| seen.insert(message.kind()));
        messages
    };
    let mut plain = Vec::new();
    for (_, message) in kinds(&Texts {
        contact: "events@rust.example".into(),
        ..Texts::all("harmless")
    }) {
        plain.push(send(&message).await);
    }
    let mut tried = 0;
    for text in consentry_tests::mail::hostile::CORPUS {
        for ((name, attacked), plain) in kinds(&Texts::all(text)).iter().zip(&plain) {
            let attacked = send(attacked).await;
            let context = format!("{name} {text:?}: {attacked:#?}");
            assert_eq!(attacked.to, ["mina@example.org"], "{context}");
            assert_eq!(attacked.defects, Vec::<String>::new(), "{context}");
            assert_eq!(attacked.structure, plain.structure, "{context}");
            // The address for answers is left out where it is none.
            let names = |mail: &Arrived| -> Vec<String> {
                mail.headers
                    .iter()
                    .map(|(name, _)| name.clone())
                    .filter(|name| name != "Reply-To")
                    .collect()
            };
            assert_eq!(names(&attacked), names(plain), "{context}");
            for (attacked, plain) in attacked.files.iter().zip(&plain.files) {
                assert_eq!(attacked.name, plain.name, "{context}");
                let count = |calendar: &Option<Value>| {
                    calendar
                        .as_ref()
                        .map(|calendar| calendar["events"].as_array().map(Vec::len))
                };
                assert_eq!(count(&attacked.calendar), count(&plain.calendar), "{context}");
            }
            tried += 1;
        }
    }
    println!("{tried} mails with hostile texts went over the wire");
    assert_eq!(tried, consentry_tests::mail::hostile::CORPUS.len() * plain.len());
}

fn check_files(arrived: &Arrived, written: &consentry::services::mail::Rendered, calendars: &mut CalendarReader) {
    let sent: Vec<Vec<u8>> = written
        .inline
        .iter()
        .map(|picture| picture.png.clone())
        .chain(written.attachments.iter().map(|file| file.bytes.clone()))
        .collect();
    assert_eq!(
        arrived
            .files
            .iter()
            .map(consentry_tests::mail::File::bytes)
            .collect::<Vec<_>>(),
        sent
    );
    for file in &arrived.files {
        let Some(calendar) = &file.calendar else {
            assert_eq!(
                (file.kind.as_str(), file.disposition.as_deref()),
                ("image/png", Some("inline"))
            );
            let id = file.id.as_deref().unwrap().trim_matches(&['<', '>'][..]);
            assert!(arrived.html.contains(&format!("src=\"cid:{id}\"")), "{id}");
            continue;
        };
        let is_gone = calendar["events"][0]["status"] == "CANCELLED";
        let method = json!(if is_gone { "CANCEL" } else { "PUBLISH" });
        assert_eq!(
            (file.parameters.get("method"), &calendar["method"]),
            (Some(&method), &method)
        );
        assert_eq!(file.name.as_deref(), Some("event.ics"));
        assert_eq!(calendar["errors"], json!([]));
        // Two readers that know nothing of each other read the same.
        let mut other = calendars.read(&file.bytes());
        assert_eq!(calendar["method"], other["method"]);
        let (ours, theirs) = (&calendar["events"][0], &mut other["events"][0]);
        for key in ["start", "end", "stamp"] {
            let text = theirs[key].as_str().unwrap().replace(".000Z", "+00:00");
            theirs[key] = json!(text);
        }
        assert_eq!(ours, theirs);
        assert_eq!(ours["summary"], json!("Rust Days 2027"));
        assert_eq!(ours["start"], json!("2027-03-01T08:00:00+00:00"));
        let cancelled = written.subject.contains("Rust Days") && ours["status"] == json!("CANCELLED");
        assert_eq!(ours["sequence"], json!(if cancelled { 4 } else { 3 }));
        assert_eq!(calendar["events"].as_array().unwrap().len(), 1);
        let properties = ours["properties"].as_array().unwrap();
        assert!(!properties.contains(&json!("ATTENDEE")));
        assert!(properties.contains(&json!("ORGANIZER")));
    }
}

/// The parts in the order that RFC 2046 and 2387 want: alternatives within what belongs together, files beside it.
fn structure(arrived: &Arrived) -> Value {
    let mut related = vec![json!({ "multipart/alternative": ["text/plain", "text/html"] })];
    let mut mixed = Vec::new();
    for file in &arrived.files {
        if file.disposition.as_deref() == Some("inline") {
            &mut related
        } else {
            &mut mixed
        }
        .push(json!(file.kind));
    }
    mixed.insert(0, json!({ "multipart/related": related }));
    json!({ "multipart/mixed": mixed })
}

fn sample(name: &str) -> consentry::services::mail::Message {
    let mut samples = Texts::default().messages().into_iter();
    samples.find(|(known, _)| *known == name).expect("an example").1
}

fn new_mail<'a>(
    organization: OrganizationId,
    to: &'a str,
    locale: &'a str,
    message: &consentry::services::mail::Message,
) -> NewMail<'a> {
    NewMail {
        organization,
        event: None,
        order: None,
        registration: None,
        locale,
        to,
        message: message.clone(),
        dedupe_key: to,
    }
}

async fn queue_one(app: &TestApp, mail: NewMail<'_>) -> Queued {
    let queued: Result<Queued, DbErr> =
        transaction!(app.store().writer(), async |tx| { queue(tx, mail.clone()).await });
    queued.unwrap()
}

async fn queued(app: &TestApp, mail: NewMail<'_>) -> MailId {
    match queue_one(app, mail).await {
        Queued::New(id) => id,
        Queued::Known => panic!("queued before"),
    }
}

fn courier(app: &TestApp, smtp: Smtp) -> Courier {
    let jobs = Jobs {
        workers: 4,
        poll_interval_seconds: 1,
        lease_seconds: 120,
        max_attempts: 4,
        ..Jobs::default()
    };
    Courier::new(app.store().clone(), Arc::new(TestLinks), smtp, jobs)
}

async fn run_until_idle(courier: &Courier) -> Batch {
    let mut sum = Batch::default();
    loop {
        let batch = courier.run_once().await.unwrap();
        if batch.taken == 0 {
            return sum;
        }
        sum.taken += batch.taken;
        sum.sent += batch.sent;
        sum.later += batch.later;
        sum.unreachable += batch.unreachable;
        sum.dead += batch.dead;
    }
}

async fn row(app: &TestApp, id: MailId) -> mail::Model {
    let rows = mail::Entity::find().all(app.store().read()).await.unwrap();
    rows.into_iter().find(|row| row.id == id).expect("the mail's row")
}

async fn outbox_rows(app: &TestApp) -> Vec<outbox_row::Model> {
    outbox_row::Entity::find().all(app.store().read()).await.unwrap()
}
