//! What `consentry doctor` asks of others: the mail relay, and Stripe.

use consentry_domain::{Instant, MailId};

use super::{Findings, State};
use crate::cli::program::{self, Schema};
use crate::config::Config;
use crate::platform::store::{Clock, Entropy};
use crate::services::mail::render::Rendered;
use crate::services::mail::smtp::Smtp;
use crate::services::payments;

/// Says where mail leaves and whether the relay lets us in; sends a message to `to` where one is asked for.
pub(super) async fn mail(config: &Config, to: Option<&str>, findings: &mut Findings) {
    let smtp = match Smtp::from_config(&config.mail, 1) {
        Ok(Some(smtp)) => smtp,
        Ok(None) if to.is_some() => {
            findings.add("mail", State::Bad, "mail.host is not set: no test message can be sent");
            return;
        }
        Ok(None) => {
            let words = "mail.host is not set: mails wait in the outbox (`consentry mail list`)";
            findings.add("mail", State::Note, words);
            return;
        }
        Err(error) => {
            findings.add("mail", State::Bad, error.to_string());
            return;
        }
    };
    let relay = format!(
        "{}:{}",
        config.mail.host.as_deref().unwrap_or_default(),
        config.mail.port
    );
    let Some(to) = to else {
        match smtp.check().await {
            Ok(()) => findings.add("mail", State::Good, format!("mail leaves by {relay}, which lets us in")),
            Err(error) => findings.add("mail", State::Bad, format!("{relay}: {error}")),
        }
        return;
    };
    match send(&smtp, to).await {
        Ok(()) => findings.add(
            "mail",
            State::Good,
            format!("{relay} accepted the test message: look whether it arrives"),
        ),
        Err(words) => findings.add("mail", State::Bad, format!("the test message by {relay}: {words}")),
    }
}

async fn send(smtp: &Smtp, to: &str) -> Result<(), String> {
    let words = "This is the test message that `consentry doctor` was asked for. Mail from Consentry reaches you.";
    let rendered = Rendered {
        subject: "Consentry: test message".to_owned(),
        text: format!("{words}\n"),
        html: format!("<!doctype html><html lang=\"en\"><body><p>{words}</p></body></html>"),
        attachments: Vec::new(),
        inline: Vec::new(),
    };
    let now: Instant = Clock::default().local();
    let message = smtp
        .sender()
        .envelope(Entropy::System.random_id::<MailId>(), now, to, "", rendered)
        .map_err(|error| error.to_string())?;
    smtp.send(message).await.map_err(|error| error.to_string())
}

/// Asks Stripe whether it still knows each organization's keys. Nothing is changed there.
pub(super) async fn stripe(config: &Config, findings: &mut Findings) {
    let platform = match program::open(config, Schema::Demand).await {
        Ok(platform) => platform,
        Err(failure) => {
            findings.add("payments", State::Bad, failure.to_string());
            return;
        }
    };
    match payments::check_all(&platform).await {
        Ok(checked) if checked.is_empty() => {
            findings.add("payments", State::Note, "no organization has credentials of Stripe");
        }
        Ok(checked) => {
            for account in checked {
                match account.problem {
                    None => findings.add(
                        "payments",
                        State::Good,
                        format!("Stripe knows the keys of {}", account.organization),
                    ),
                    Some(problem) => {
                        findings.add("payments", State::Bad, format!("{}: {problem}", account.organization))
                    }
                }
            }
        }
        Err(fault) => findings.add("payments", State::Bad, fault.to_string()),
    }
    platform.store.close().await;
}
