//! What is tested of the sources, the documents and the dependencies. Run one file's with `cargo test -p consentry-tests --test
//! sources structure::`.

mod catalogue;
mod countries;
mod dependencies;
mod docs;
mod planted;
mod structure;
