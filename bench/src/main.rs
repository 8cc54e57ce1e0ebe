//! What the main job costs, as ratios: the lead page with its record, the roster page, and a registration, in the release
//! program over HTTP, beside the same SQL statements sent by pgbench to the same PostgreSQL in the same run.
//!
//! It measures a machine and proves nothing about correctness; nothing here is a test. It is started by `bench/run`,
//! which builds the program and starts a throw-away PostgreSQL.

mod accounts;
mod api;
mod database;
mod fill;
mod hostile;
mod load;
mod pages;
mod program;
mod ratios;
mod registrations;
mod replay;
mod report;
mod shop;
mod statements;

use std::path::PathBuf;

use clap::Parser;

use crate::database::Database;
use crate::report::Report;

/// What goes wrong is said, and ends the run.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What to measure.
#[derive(Parser)]
struct Arguments {
    /// The release program.
    #[arg(long)]
    program: PathBuf,
    /// The throw-away PostgreSQL's administrator.
    #[arg(long)]
    postgres: String,
    /// The process id of its first process.
    #[arg(long)]
    postgres_pid: u32,
    /// Its log, from which the statements are read.
    #[arg(long)]
    postgres_log: PathBuf,
    /// The folder of its programs, for pgbench.
    #[arg(long)]
    postgres_programs: PathBuf,
    /// Registrations of the event.
    #[arg(long, value_delimiter = ',', default_value = "1000,100000")]
    sizes: Vec<u32>,
    /// Connections at a time.
    #[arg(long, value_delimiter = ',', default_value = "8")]
    connections: Vec<usize>,
    /// What is measured; everything where nothing is named.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Seconds for each figure.
    #[arg(long, default_value_t = 6)]
    seconds: u64,
}

/// A part of a run.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The partner's list.
    Leads,
    /// The organizer's list.
    Roster,
    /// A free place for one person with one consent.
    Registration,
    /// Documents made to cost much.
    Hostile,
    /// One ticket type beside twenty.
    Rush,
    /// Pages beside the documents that they run.
    Pages,
}

impl Arguments {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    // One thread for the load: the machine's other core stays with what is measured.
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(run(&arguments))
}

async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut report = Report::begin(arguments.seconds);
    for &size in &arguments.sizes {
        for database in [Database::sqlite()?, Database::postgres(arguments, size).await?] {
            let shop = shop::open(&arguments.program, database, 1).await?;
            fill::fill(&shop, size).await?;
            pages::measure(arguments, &shop, size, &mut report).await?;
            if arguments.wants(Part::Pages) {
                ratios::measure(arguments, &shop, size, &mut report).await?;
            }
            if arguments.wants(Part::Registration) {
                registrations::measure(arguments, &shop, size, &mut report).await?;
            }
            if arguments.wants(Part::Hostile) && size == arguments.sizes[0] && shop.program.database.is_sqlite() {
                hostile::measure(&shop, &mut report).await?;
            }
            shop.program.stop().await?;
        }
    }
    if arguments.wants(Part::Rush) {
        registrations::rush(arguments, &mut report).await?;
    }
    report.end(&arguments.sizes);
    Ok(())
}
