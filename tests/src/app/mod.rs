//! The program on a database of its own, and clients for each audience.

mod browser;
mod client;
mod places;
mod seed;
mod seed_disclosure;
mod seed_door;
mod seed_erasure;
mod seed_leads;
mod seed_payment;
mod seed_person;
mod seed_registration;
mod seed_roster;
mod seed_sharing;
mod shop;
mod site;
mod wire;

pub use browser::Browser;
pub use client::{Client, Pages};
pub use places::{OwnPlace, WebinarSeat};
pub use seed::{SeededEvent, SeededOrganization};
pub use seed_disclosure::{SeededPartner, SeededStream, TokenSeed};
pub use seed_door::{ADD_DEVICE, DeviceLink, REDEEM_DEVICE};
pub use seed_registration::{DbEvent, DbMail, REGISTER, text};
pub use seed_sharing::{SeededAttendee, SeededOffer, Sharing, decision};
pub use shop::{Ordered, Shop, WEBHOOK_SECRET, bank_account};
pub use site::{Answer, Site};
pub use wire::{Heard, Wire, request};

use consentry::graphql::{self, ApiSchema};
use consentry::platform::Platform;
use consentry::platform::store::{Engine, Entropy, Store};

use crate::databases::TestDatabase;
use crate::log;

/// The instance key of every test.
pub const INSTANCE_KEY: [u8; 32] = [42; 32];

/// The program under test.
pub struct TestApp {
    /// Its parts.
    pub platform: Platform,
    schema: ApiSchema,
    database: TestDatabase,
}

impl TestApp {
    /// Starts it on an empty database.
    pub async fn start(engine: Engine) -> Self {
        log::begin();
        Self::start_with(TestDatabase::create(engine, Entropy::seeded(1)).await).await
    }

    /// Starts it on an empty database of the PostgreSQL server of this administrator's address.
    pub async fn start_on(server: &str) -> Self {
        log::begin();
        Self::start_with(TestDatabase::create_on(server, Engine::Postgres, Entropy::seeded(1)).await).await
    }

    async fn start_with(database: TestDatabase) -> Self {
        let platform = Platform::assemble(database.store.clone(), &INSTANCE_KEY, "http://consentry.test")
            .await
            .expect("the platform stands");
        let schema = graphql::schema(platform.clone());
        Self {
            platform,
            schema,
            database,
        }
    }

    /// Beside a program that runs on this file with this key: for what its tests start from.
    pub async fn beside(file: &std::path::Path, key: &[u8; 32], public_url: &str) -> Self {
        let database = TestDatabase::existing(file, Entropy::System).await;
        let platform = Platform::assemble(database.store.clone(), key, public_url).await;
        let platform = platform.expect("the platform stands");
        let schema = graphql::schema(platform.clone());
        Self {
            platform,
            schema,
            database,
        }
    }

    /// The same database's address with the partner's login, where there is one.
    #[must_use]
    pub fn partner_database_url(&self) -> Option<&str> {
        self.database.partner_url.as_deref()
    }

    /// The same program, reaching payment providers in this way.
    #[must_use]
    pub fn with_payments(mut self, payments: consentry::config::Payments) -> Self {
        self.platform = self.platform.with_payments(payments);
        self.schema = graphql::schema(self.platform.clone());
        self
    }

    /// The same program, showing what it must not show.
    #[must_use]
    pub fn with_leak(mut self, leak: consentry::platform::leaks::Leak) -> Self {
        self.platform.leak = leak;
        self.schema = graphql::schema(self.platform.clone());
        self
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.platform.store
    }

    /// The database's address.
    #[must_use]
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// A client that is not signed in.
    #[must_use]
    pub fn anonymous(&self) -> Client {
        Client::new(self.schema.clone(), consentry::access::Caller::Anonymous)
    }

    /// A client that sends this access token or partner token; it must be a good one.
    pub async fn with_bearer(&self, bearer: &str) -> Client {
        let caller = consentry::access::authenticate(&self.platform, Some(bearer), None)
            .await
            .expect("the database answers")
            .expect("a good credential");
        Client::new(self.schema.clone(), caller)
    }
}
