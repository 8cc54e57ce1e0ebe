//! `consentry config`.

use super::Failure;
use crate::config::Config;

/// Prints the configuration in force.
pub(super) fn run(config: &Config) -> Result<(), Failure> {
    print!("{}", config.printable());
    Ok(())
}
