//! `consentry demo`: an installation with everything in it, in one command.
//!
//! It is made once, by the documents that any client could send, from a seed: the same contents every time, with days
//! relative to the first start. Each start issues fresh credentials and revokes the last ones.

mod afterwards;
mod client;
mod credentials;
mod events;
mod guide;
mod partners;
mod people;

use std::path::Path;

use clap::Args;

use super::program::{self, Schema};
use super::{Failure, Pages, log, serve};
use crate::config::{Backend, Config, DatabaseUrl};
use crate::graphql;
use crate::platform::Platform;
use crate::platform::store::{Clock, Entropy};
use crate::services::organizations::{self, NewOrganization};
use afterwards::Scene;
use client::Client;

/// The organization's slug.
const SLUG: &str = "demo";
/// The owner's address.
const OWNER: &str = "owner@demo.example";
/// The seed of everything that is random in the demo's contents.
const SEED: u64 = 20_270_301;
/// How long ago the first part was made, in microseconds.
const EARLIER: i64 = 30 * 24 * 3600 * 1_000_000;
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
        if self.fresh {
            start_over(&config)?;
        }
        config.server.public_url = format!("http://{}", config.server.listen);
        let mut platform = program::open(&config, Schema::Migrate).await?;
        platform.access_tokens = platform.access_tokens.lasting(TOKEN_LIFETIME);
        if organizations::by_slug(&platform.store, SLUG).await?.is_none() {
            fill(&config, &platform).await?;
        }
        let facts = credentials::issue(&platform).await?;
        guide::write(&config, &facts)?;
        guide::print(&config, &facts);
        serve::until_asked_to_stop(&config, platform, pages).await
    }
}

fn start_over(config: &Config) -> Result<(), Failure> {
    if config.database.url.backend() != Some(Backend::Sqlite) {
        return Err(Failure::new(
            "--fresh works on SQLite only; give an empty PostgreSQL database instead",
        ));
    }
    let path = config
        .database
        .url
        .expose()
        .trim_start_matches("sqlite:")
        .trim_start_matches("//")
        .to_owned();
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{path}{suffix}");
        if Path::new(&file).exists() {
            std::fs::remove_file(&file)?;
        }
    }
    Ok(())
}

/// Makes the contents, with seeded randomness. What came first happens by a clock that is behind: the time of orders that
/// nobody paid is over when the others register.
async fn fill(config: &Config, platform: &Platform) -> Result<(), Failure> {
    let entropy = Entropy::seeded(SEED);
    let earlier = at(config, platform, &entropy, Clock::behind(EARLIER)).await?;
    let now = at(config, platform, &entropy, Clock::default()).await?;
    let new = NewOrganization {
        slug: SLUG.to_owned(),
        name: "Demo Society".to_owned(),
        legal_name: "Demo Society e.V.".to_owned(),
        country: "DE".to_owned(),
        contact_email: "hello@demo.example".to_owned(),
        data_protection_contact: "privacy@demo.example".to_owned(),
        default_locale: "en".to_owned(),
    };
    let organization = organizations::create(&earlier, &new).await?.id;
    let token = credentials::owner_session(&earlier, organization).await?.access_token;
    let public_id = graphql::ids::encode_global(organization).to_string();
    let schema = graphql::schema(earlier.clone());
    let owner = Client::with_token(&schema, &earlier, &token).await?;
    let anyone = Client::anonymous(&schema);
    let today = now.store.now().await?.day();
    let conference = events::conference(&owner, &public_id, today).await?;
    let webinar = events::webinar(&owner, &public_id, today).await?;
    partners::make(&owner, &public_id, &conference, &webinar).await?;
    events::publish(&owner, &conference).await?;
    events::publish(&owner, &webinar).await?;
    let abandoned = people::register_abandoned(&earlier, &anyone, SLUG, &conference).await?;
    let scene = |platform, schema, owner, anyone| Scene {
        platform,
        schema,
        owner,
        anyone,
        organization,
        public_id: &public_id,
        slug: SLUG,
        conference: &conference,
    };
    if let Some(order) = abandoned.first() {
        scene(&earlier, &schema, &owner, &anyone)
            .chooses_bank_transfer(*order)
            .await?;
    }

    let schema = graphql::schema(now.clone());
    let token = credentials::owner_session(&now, organization).await?.access_token;
    let owner = Client::with_token(&schema, &now, &token).await?;
    let anyone = Client::anonymous(&schema);
    let placed = people::register_all(&now, &anyone, organization, SLUG, [&conference, &webinar]).await?;
    scene(&now, &schema, &owner, &anyone).play(&placed).await?;
    earlier.store.close().await;
    now.store.close().await;
    Ok(())
}

/// The platform by another clock.
async fn at(config: &Config, platform: &Platform, entropy: &Entropy, clock: Clock) -> Result<Platform, Failure> {
    let store = program::store_with(&config.database, entropy.clone(), clock).await?;
    Ok(Platform {
        store,
        ..platform.clone()
    })
}
