//! The program: see `consentry --help`. It gives the API its pages.

// As in the crates that it puts together.
#![recursion_limit = "256"]

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    consentry::cli::main(consentry_web::routes)
}
