//! The way out: an SMTP relay, over pooled connections.

use std::error::Error as _;
use std::time::Duration;

use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::response::Code;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::envelope::{EnvelopeError, Sender};
use crate::config::{Mail, MailTls};

/// The relay and who sends through it.
#[derive(Clone, Debug)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Sender,
}

/// Why the relay cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// `mail.from` is missing.
    #[error("`mail.from`: expected the sender's address, because `mail.host` is set")]
    NoSender,
    /// `mail.from` is no address.
    #[error("`mail.from`: expected an address")]
    Sender(#[from] EnvelopeError),
    /// TLS cannot be set up.
    #[error("`mail.tls`: cannot be set up for this host")]
    Tls(#[from] lettre::transport::smtp::Error),
}

/// Why a mail was not accepted. The texts hold no address: servers repeat the receiver's in theirs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The relay does not take this mail, now or later.
    #[error("the mail server refused it for good: {0}")]
    Permanent(String),
    /// It may take it later.
    #[error("the mail server did not take it now: {0}")]
    Temporary(String),
    /// The relay cannot be reached or does not let us in; that is no matter of this mail.
    #[error("the mail server cannot be reached: {0}")]
    Unreachable(String),
}

impl Smtp {
    /// The relay of the configuration; none where no host is configured: then nothing is sent.
    ///
    /// # Errors
    /// Where the configuration cannot be used.
    pub fn from_config(config: &Mail, connections: u32) -> Result<Option<Self>, SetUpError> {
        let Some(host) = &config.host else { return Ok(None) };
        let from = config.from.as_deref().ok_or(SetUpError::NoSender)?;
        let sender = Sender::new(from, &config.from_name)?;
        let tls = match config.tls {
            MailTls::None => Tls::None,
            MailTls::Starttls => Tls::Required(TlsParameters::new(host.clone())?),
            MailTls::Tls => Tls::Wrapper(TlsParameters::new(host.clone())?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host.clone())
            .port(config.port)
            .tls(tls)
            .timeout(Some(Duration::from_secs(config.timeout_seconds)))
            .pool_config(
                PoolConfig::new()
                    .max_size(connections.max(1))
                    .idle_timeout(Duration::from_secs(30)),
            );
        if let (Some(user), Some(password)) = (&config.user, &config.password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        Ok(Some(Self {
            transport: builder.build(),
            sender,
        }))
    }

    /// Who sends.
    #[must_use]
    pub const fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Hands a message to the relay; done when the relay has accepted it.
    ///
    /// # Errors
    /// [`SendError`], which says whether another attempt can help.
    pub async fn send(&self, message: Message) -> Result<(), SendError> {
        let Err(error) = self.transport.send(message).await else {
            return Ok(());
        };
        let why = reason(&error);
        if error.status().is_some_and(is_final) {
            return Err(SendError::Permanent(why));
        }
        // Whether it was this mail or any mail tells one connection more, signed in and asked for a sign of life.
        match self.transport.test_connection().await {
            Ok(true) => Err(SendError::Temporary(why)),
            Ok(false) | Err(_) => Err(SendError::Unreachable(why)),
        }
    }

    /// Whether the relay can be reached and lets us in.
    ///
    /// # Errors
    /// Why not, without personal data.
    pub async fn check(&self) -> Result<(), SendError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(SendError::Unreachable("it ended the conversation".to_owned())),
            Err(error) => Err(SendError::Unreachable(reason(&error))),
        }
    }
}

/// Whether a code refuses the mail itself for good (x5x: the mail system, with mailbox, policy, transaction). That we may
/// not sign in, or that a command is unknown, is a matter of set-up.
fn is_final(code: Code) -> bool {
    (550..=559).contains(&u16::from(code))
}

/// What happened, without personal data.
fn reason(error: &lettre::transport::smtp::Error) -> String {
    let Some(code) = error.status().map(u16::from) else {
        let why = if error.is_timeout() {
            "it took too long"
        } else if error.is_tls() {
            "no protected connection could be made"
        } else if error.is_response() {
            "its answer was not understood"
        } else if error.is_client() {
            "it lacks something that this needs"
        } else {
            "no connection"
        };
        return why.to_owned();
    };
    match error.source().and_then(|source| enhanced_status(&source.to_string())) {
        Some(said) => format!("{code} {said}"),
        None => code.to_string(),
    }
}

/// The code of RFC 3463 ("5.1.1") at the beginning of what the server said.
fn enhanced_status(said: &str) -> Option<String> {
    let first = said.split_whitespace().next()?;
    let parts: Vec<&str> = first.split('.').collect();
    let plain = parts.len() == 3
        && parts
            .iter()
            .all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
    plain.then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_code_is_kept_of_what_a_server_says() {
        assert_eq!(
            enhanced_status("5.1.1 <bob@example.org>: unknown").as_deref(),
            Some("5.1.1")
        );
        for said in [
            "<bob@example.org>: unknown",
            "",
            "5.1",
            "5.1.1.1 x",
            "a.b.c",
            "5.1.<bob@example.org>",
        ] {
            assert_eq!(enhanced_status(said), None, "{said}");
        }
    }

    #[test]
    fn without_a_host_there_is_no_way_out() {
        assert!(Smtp::from_config(&Mail::default(), 1).unwrap().is_none());
    }
}
