//! `consentry verify`: whether what partners could read is what the rule says.

use std::process::ExitCode;

use clap::Args;

use super::Failure;
use super::program::{self, Schema};
use crate::config::Config;
use crate::services::sharing::verify::verify;

/// How to say it.
#[derive(Args)]
pub(super) struct Verify {
    /// Prints JSON for a script.
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// Rebuilds every lead from the truth and every mark from the disclosures, and fails on a difference.
    pub(super) async fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        let platform = program::open(config, Schema::Demand).await?;
        let report = verify(&platform.store).await?;
        if self.json {
            let facts = serde_json::json!({
                "leads": report.leads, "registrations": report.registrations, "disclosures": report.disclosures,
                "differences": report.differences,
            });
            println!("{facts}");
        } else {
            for difference in &report.differences {
                println!("stream {}: {}", difference.stream, difference.what);
            }
            println!(
                "{} leads of {} registrations and {} disclosures compared: {} differences.",
                report.leads,
                report.registrations,
                report.disclosures,
                report.differences.len()
            );
        }
        platform.store.close().await;
        Ok(if report.differences.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}
