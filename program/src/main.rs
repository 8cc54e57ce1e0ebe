//! The program: see `consentry --help`. It gives the API its pages.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    consentry::cli::main(consentry_web::routes)
}
