//! The program: see `consentry --help`. It gives the API its pages.

// As in the crates that it puts together.
#![recursion_limit = "256"]

use std::process::ExitCode;

use consentry_web::{Build, Components};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let pages = match Components::of(Build::THIS, std::env::args_os()) {
        Components::Served => consentry_web::routes_and_components,
        Components::Absent => consentry_web::routes,
    };
    consentry::cli::main(pages)
}
