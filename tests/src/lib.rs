//! What the end-to-end tests share: the program on a database of its own, clients for each audience, real peers.

pub mod app;
pub mod cluster;
pub mod corpus;
pub mod databases;
pub mod demo;
pub mod fair;
pub mod immediate;
pub mod interference;
pub mod latecomers;
pub mod log;
pub mod mail;
pub mod markup;
pub mod naive;
pub mod pictures;
pub mod process;
pub mod program;
pub mod received;
pub mod recording;
pub mod stripe;
pub mod structure;
pub mod workbook;
pub mod world;

pub use app::{Client, TestApp};
pub use consentry::platform::store::Engine;

/// Declares tests that run on both databases, as `sqlite::name` and `postgres::name`.
///
/// Each gets a running program on an empty, migrated database of its own.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)*) => {
        $(async fn $name($app: $crate::TestApp) $body)*

        mod sqlite {
            $($(#[$meta])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::TestApp::start($crate::Engine::Sqlite).await).await;
            })*
        }

        mod postgres {
            $($(#[$meta])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::TestApp::start($crate::Engine::Postgres).await).await;
            })*
        }
    };
}
