//! `consentry demo`: an installation with everything in it, in one command.
//!
//! It is made once, by the documents that any client could send, from a seed: the same contents every time, with days
//! relative to the first start. It answers when what it says to try is there; most of the registrations come in the
//! seconds after. Each start issues fresh credentials and revokes the last ones.

mod afterwards;
mod client;
mod complaints;
mod credentials;
mod crowd;
mod devices;
mod events;
mod fill;
mod guide;
mod partners;
mod people;
mod pictures;
mod readers;
mod scene;
mod unfinished;

use std::path::Path;

use clap::Args;
use consentry_domain::Role;

use super::program::{self, Schema};
use super::serve::{self, Listening};
use super::{Failure, Pages, log};
use crate::config::{Config, DatabaseUrl};
use crate::platform::Platform;
use crate::services::organizations;
use fill::Filling;
use guide::Progress;

/// The organization's slug.
const SLUG: &str = "demo";
/// The owner's address.
const OWNER: &str = "owner@demo.example";
/// The rest of the team: one of each role.
const TEAM: [(Role, &str); 5] = [
    (Role::Manager, "manager@demo.example"),
    (Role::Finance, "finance@demo.example"),
    (Role::CheckIn, "door@demo.example"),
    (Role::Viewer, "viewer@demo.example"),
    (Role::Dpo, "dpo@demo.example"),
];
/// The seed of everything that is random in the demo's contents.
const SEED: u64 = 20_270_301;
/// How long the demo's access tokens work, in seconds: a week, and only here.
const TOKEN_LIFETIME: i64 = 7 * 24 * 3600;

/// Which demo.
#[derive(Args)]
pub(super) struct Demo {
    /// Starts over: what was in the demo's SQLite database is gone.
    #[arg(long)]
    fresh: bool,
}

impl Demo {
    /// Makes the demo when it is not there, issues credentials, says what to try, and serves.
    pub(super) async fn run(self, mut config: Config, pages: Pages) -> Result<(), Failure> {
        log::start(&config.log)?;
        if config.database == crate::config::Database::default() {
            config.database.url = DatabaseUrl::new("sqlite:data/demo.db");
        }
        // Before anything is touched: a demo that runs here already keeps what it has.
        let listening = Listening::open(&config).await?;
        if self.fresh {
            start_over(&config)?;
        }
        if unfinished::clear(&config.database).await? {
            println!("The last start was interrupted before the demo was complete: it is made anew.");
        }
        config.server.public_url = config.server.own_address();
        let mut platform = program::open(&config, Schema::Migrate).await?;
        platform.access_tokens = platform.access_tokens.lasting(TOKEN_LIFETIME);
        let filling = match organizations::by_slug(&platform.store, SLUG).await? {
            Some(_) => None,
            None => Some(Filling::begin(&platform).await?),
        };
        let facts = credentials::issue(&platform).await?;
        guide::write(&config, &facts)?;
        let progress = match filling {
            Some(_) => Progress::Filling,
            None => Progress::Complete,
        };
        guide::print(&config, &facts, progress);
        let outcome = serve_while_filling(&config, &platform, listening, filling, pages).await;
        platform.store.close().await;
        outcome
    }
}

/// Serves; whoever is not registered yet registers meanwhile.
async fn serve_while_filling(
    config: &Config,
    platform: &Platform,
    listening: Listening,
    filling: Option<Filling>,
    pages: Pages,
) -> Result<(), Failure> {
    let filling = tokio::spawn(async {
        let Some(filling) = filling else { return };
        match filling.finish().await {
            Ok(()) => guide::print_complete(),
            Err(failure) => eprintln!("consentry: the demo stays incomplete, the next start makes it anew: {failure}"),
        }
    });
    let outcome = serve::until_asked_to_stop(config, platform, listening, pages).await;
    // What is not committed then is rolled back, and the mark stays.
    filling.abort();
    match filling.await {
        Err(stopped) if stopped.is_cancelled() => guide::print_interrupted(),
        Err(failed) => return Err(Failure::new(format!("filling the demo: {failed}"))),
        Ok(()) => {}
    }
    outcome
}

fn start_over(config: &Config) -> Result<(), Failure> {
    let Some(path) = config.database.url.file() else {
        return Err(Failure::new(
            "--fresh works on SQLite only; give an empty PostgreSQL database instead",
        ));
    };
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{}{suffix}", path.display());
        if Path::new(&file).exists() {
            std::fs::remove_file(&file)?;
        }
    }
    Ok(())
}
