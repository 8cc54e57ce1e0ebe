//! `consentry mail`: what waits in the outbox and what was sent.

use clap::Subcommand;
use consentry_domain::{MailId, MailStatus};

use super::Failure;
use super::program::{self, Schema};
use crate::config::Config;
use crate::services::mail::list::{self, Filter};
use crate::services::outbox::Held;

/// What can be done with mails.
#[derive(Subcommand)]
pub(super) enum Mail {
    /// Lists the newest mails; to whom they go is not shown here.
    List {
        /// Only mails that are QUEUED, SENT or FAILED.
        #[arg(long, value_name = "STATUS")]
        status: Option<String>,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u64,
        /// Prints JSON for a script.
        #[arg(long)]
        json: bool,
    },
    /// Shows one mail as it was or would be sent, its links included.
    Show {
        /// Its id, from the list.
        id: uuid::Uuid,
    },
    /// Tries a mail again that was given up.
    Retry {
        /// Its id, from the list.
        id: uuid::Uuid,
    },
}

impl Mail {
    /// Does it.
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let platform = program::open(config, Schema::Demand).await?;
        match self {
            Self::List { status, limit, json } => {
                let status = status
                    .map(|text| {
                        MailStatus::parse(&text.to_uppercase())
                            .ok_or_else(|| Failure::new("--status: QUEUED, SENT or FAILED is expected"))
                    })
                    .transpose()?;
                let mails = list::list(
                    &platform.store,
                    Filter {
                        status,
                        ..Filter::default()
                    },
                    limit,
                )
                .await?;
                if json {
                    let text = serde_json::to_string_pretty(&mails).map_err(|error| Failure::new(error.to_string()))?;
                    println!("{text}");
                } else {
                    for mail in &mails {
                        println!(
                            "{}  {:<7} {:<20} {}",
                            mail.id,
                            mail.status.as_str(),
                            mail.kind.as_str(),
                            mail.locale
                        );
                    }
                    println!(
                        "{} of the newest mails; {} wait.",
                        mails.len(),
                        list::waiting(&platform.store).await?
                    );
                }
            }
            Self::Show { id } => {
                let shown = list::show(&platform.store, &platform, MailId(id)).await?;
                let shown = shown.ok_or_else(|| Failure::new("there is no mail of this id"))?;
                println!("To: {}", shown.to.as_deref().unwrap_or("(erased)"));
                println!("Status: {}", shown.summary.status);
                match shown.rendered {
                    Some(mail) => println!("Subject: {}\n\n{}", mail.subject, mail.text),
                    None => println!("(its words were erased)"),
                }
            }
            Self::Retry { id } => match list::retry(&platform.store, MailId(id)).await? {
                Held::Yes => println!("It is tried again."),
                Held::No => return Err(Failure::new("there is no mail of this id that was given up")),
            },
        }
        platform.store.close().await;
        Ok(())
    }
}
