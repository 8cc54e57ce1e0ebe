//! The command line: one executable for every role. A command reads the configuration, opens what it needs, does one
//! thing and says what it did; `--json` where a script would want it.

mod admin;
mod config;
mod demo;
mod doctor;
mod gate;
mod init;
mod instance_key;
mod log;
mod mail;
mod migrate;
mod program;
mod serve;
mod verify;
pub mod webhooks;

pub use serve::edge;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use poem::Route;

use crate::config::{Config, Sources};
use crate::graphql::ApiSchema;
use crate::platform::Platform;

/// Event registration and consent-controlled sharing with co-sponsors and exhibitors.
///
/// Try it: `consentry demo`. Run it for real: `consentry init`, then `consentry serve`.
#[derive(Parser)]
#[command(name = "consentry", version, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Args)]
struct Common {
    /// The configuration file (TOML). Environment variables CONSENTRY_SECTION__KEY and --set go over it.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One setting, for example `--set mail.host=127.0.0.1`. May be given several times.
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// Where to listen, for example 127.0.0.1:8080 (server.listen).
    #[arg(long, global = true, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME (database.url).
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the program.
    Serve,
    /// Runs a complete example: an organization, two events, partners, 500 registrations.
    Demo(demo::Demo),
    /// Makes the key files, migrates the database, and prints a one-time link for the first owner.
    Init(init::Init),
    /// Brings the database's schema up to date, and on PostgreSQL grants the partner login its rights anew.
    Migrate,
    /// Prints the GraphQL schema.
    Schema,
    /// Prints the configuration in force, without secrets.
    Config,
    /// Looks whether everything that the program needs is there and right.
    Doctor(doctor::Doctor),
    /// Compares the lead table with what the rule says of the truth, and its marks with the disclosures.
    Verify(verify::Verify),
    /// Mails, sent and waiting.
    #[command(subcommand)]
    Mail(mail::Mail),
    /// What only the operator of the machine may do.
    #[command(subcommand)]
    Admin(admin::Admin),
}

/// Something that ends a command, in words for the person at the terminal.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Failure(String);

impl Failure {
    fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

macro_rules! failure_from {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self(error.to_string())
            }
        }
    )*};
}

failure_from!(
    crate::config::ConfigError,
    crate::config::SecretFileError,
    crate::platform::Fault,
    crate::platform::Refused,
    sea_orm::DbErr,
    std::io::Error,
);

fn setting(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Bytes of stack of a worker thread; only what is used is ever resident.
const WORKER_STACK: usize = 8 * 1024 * 1024;

/// Makes the routes of the pages for people. They are the API's first client, built on top of this crate, so whoever puts
/// the program together hands them in.
pub type Pages = fn(&Platform, &ApiSchema) -> Route;

/// Runs the command that the process was started with.
#[must_use]
pub fn main(pages: Pages) -> ExitCode {
    let cli = Cli::parse();
    crate::http::log_panics_without_payload();
    // The executor's futures nest deeply; a worker's default of 2 MiB is too little for them without optimization.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(WORKER_STACK)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("consentry: the runtime does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli, pages)) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("consentry: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli, pages: Pages) -> Result<ExitCode, Failure> {
    if let Command::Schema = cli.command {
        print!("{}", crate::graphql::sdl());
        return Ok(ExitCode::SUCCESS);
    }
    let config = load(cli.common)?;
    match cli.command {
        Command::Serve => serve::run(&config, pages).await.map(|()| ExitCode::SUCCESS),
        Command::Demo(demo) => demo.run(config, pages).await.map(|()| ExitCode::SUCCESS),
        Command::Init(init) => init.run(&config).await.map(|()| ExitCode::SUCCESS),
        Command::Migrate => migrate::run(&config).await.map(|()| ExitCode::SUCCESS),
        Command::Schema => Ok(ExitCode::SUCCESS),
        Command::Config => config::run(&config).map(|()| ExitCode::SUCCESS),
        Command::Doctor(doctor) => doctor.run(&config).await,
        Command::Verify(verify) => verify.run(&config).await,
        Command::Mail(mail) => mail.run(&config).await.map(|()| ExitCode::SUCCESS),
        Command::Admin(admin) => admin.run(&config).await.map(|()| ExitCode::SUCCESS),
    }
}

fn load(common: Common) -> Result<Config, Failure> {
    let mut flags = common.set;
    flags.extend(common.listen.map(|listen| ("server.listen".to_owned(), listen)));
    flags.extend(common.database_url.map(|url| ("database.url".to_owned(), url)));
    Ok(Config::load(&Sources::of_process(common.config, flags))?)
}
