//! The program that is killed, and started again on what it left.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use consentry::graphql::ids;
use consentry::platform::faults::Planted;
use consentry::platform::store::{Clock, ConnectOptions, Engine, Entropy, Store, connect, sql};
use consentry_domain::{FieldMask, LeadValues, Purpose};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::partners::{Answer, Answers, Partners};
use super::report::Report;
use crate::TestApp;
use crate::app::TokenSeed;
use crate::process::{Home, Program};

/// The moment at which a process is killed.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    /// When it has come to this fail point for the given time.
    At(&'static str, u32),
    /// When a client has so many bytes of the body of an answer.
    InTheBody(usize),
    /// So many microseconds after the first byte of a body came.
    After(u64),
}

/// Somebody's leads, a program beside its database, and partners.
pub struct World {
    app: TestApp,
    /// Where the program runs.
    pub home: Home,
    /// Who pulls.
    pub partners: Partners,
}

impl World {
    /// Two streams, one with short leads and one with long ones, and a token for both.
    pub async fn new(app: TestApp) -> Self {
        let (_, _, stream) = app.db_shared_event("acme").await;
        let mut leads = Vec::new();
        for number in 0..220 {
            let values = LeadValues {
                full_name: Some(format!("Person {number}")),
                email: Some(format!("person{number}@attendee.example")),
                phone: Some(format!("+49 30 {number:07}")),
                company: Some(format!("Company {number} {}", "of many words ".repeat(3))),
                ..Default::default()
            };
            let id = app.db_lead(&stream, values).await;
            leads.push(ids::encode(stream.partner.organization, id).to_string());
        }
        let long = app
            .db_stream(stream.partner, Purpose::RelatedEvents, FieldMask::ALL)
            .await;
        for number in 0..24 {
            let values = LeadValues {
                full_name: Some(format!("Person {number}")),
                company: Some(format!("Company {number} {}", "of many words ".repeat(18_000))),
                ..Default::default()
            };
            app.db_lead(&long, values).await;
        }
        let mut seed = TokenSeed::of(&stream);
        for scope in &mut seed.scopes {
            scope.1 = scope.1.with(Purpose::RelatedEvents);
        }
        let token = app.db_token(&stream, seed).await;
        // The program is to be alone with its database: the file that a killed process leaves must be recovered.
        app.store().clone().close().await;
        let home = Home::of(&app);
        Self {
            partners: Partners {
                address: home.address,
                token,
                leads: Arc::new(leads),
            },
            home,
            app,
        }
    }

    async fn store(&self) -> Store {
        let options = ConnectOptions {
            url: self.app.database_url().to_owned(),
            partner_url: None,
            pool: 1,
            partner_pool: 1,
            acquire_timeout: Duration::from_secs(10),
            clock: Clock::default(),
            entropy: Entropy::seeded(2),
        };
        connect(&options).await.expect("the database opens")
    }

    /// On PostgreSQL a killed program's connections end on their own, a little later.
    async fn alone(&self) {
        if self.app.store().engine() == Engine::Sqlite {
            return;
        }
        let store = self.store().await;
        let others = "select count(*) as others from pg_stat_activity where datname = current_database() \
                      and backend_type = 'client backend' and pid <> pg_backend_pid()";
        loop {
            let row = sql::one(store.read(), others, []).await.expect("an answer");
            if row.try_get::<i64>("", "others").expect("a number") == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        store.close().await;
    }

    /// Starts the program, lets the clients pull, kills it; what the clients have.
    async fn killed(&self, fault: Option<Planted>, moment: Moment, seed: u64, before: Before<'_>) -> Vec<Answer> {
        let stop_at = match moment {
            Moment::At(name, times) => Some((name, times)),
            Moment::InTheBody(_) | Moment::After(_) => None,
        };
        let mut program = self.home.start(fault, stop_at).await;
        // The process before this one has been killed, and this one has recovered the database.
        if let Before::Killed(answers, report) = before {
            self.compare(answers, report).await;
        }
        let over = Arc::new(AtomicBool::new(false));
        let killed = match moment {
            Moment::InTheBody(bytes) => {
                let pieces = StdRng::seed_from_u64(seed).random_range(0..20);
                let (program, begun) = (Arc::new(program), AtomicUsize::new(0));
                let (kill, end) = (program.clone(), over.clone());
                let answers = self.partners.pull(
                    seed,
                    Answers::Long,
                    move |seen| {
                        // And some pieces more.
                        if seen >= bytes && begun.fetch_add(1, Ordering::SeqCst) == pieces {
                            kill.kill();
                            end.store(true, Ordering::SeqCst);
                        }
                    },
                    over,
                );
                let answers = answers.await;
                program.gone().await;
                answers
            }
            Moment::At(..) | Moment::After(_) => {
                let first = Arc::new(tokio::sync::Notify::new());
                let came = first.clone();
                let pulling = self
                    .partners
                    .pull(seed, Answers::Short, move |_| came.notify_one(), over.clone());
                let killing = async {
                    match moment {
                        Moment::After(time) => {
                            first.notified().await;
                            tokio::time::sleep(Duration::from_micros(time)).await;
                        }
                        _ => program.stopped().await,
                    }
                    kill(&program, &over).await;
                };
                tokio::join!(pulling, killing).0
            }
        };
        self.alone().await;
        killed
    }

    /// As [`Report::compare`].
    pub async fn compare(&self, answers: &[Answer], report: &mut Report) {
        let store = self.store().await;
        report.compare(answers, &store).await;
        store.close().await;
    }

    /// Kills it at each of these moments; what was found.
    pub async fn run(&self, fault: Option<Planted>, moments: impl Iterator<Item = Moment>) -> Report {
        let mut report = Report::default();
        let mut answers = None;
        for (round, moment) in moments.enumerate() {
            let before = answers
                .as_deref()
                .map_or(Before::Nothing, |answers| Before::Killed(answers, &mut report));
            answers = Some(self.killed(fault, moment, round as u64, before).await);
        }
        let program = self.home.start(None, None).await;
        self.compare(&answers.expect("a round"), &mut report).await;
        program.kill();
        program.gone().await;
        println!("{report}");
        report
    }
}

/// What came before a round.
enum Before<'a> {
    Nothing,
    Killed(&'a [Answer], &'a mut Report),
}

async fn kill(program: &Program, over: &AtomicBool) {
    program.kill();
    over.store(true, Ordering::SeqCst);
    program.gone().await;
}
