//! `[mail]`: how mail leaves. Without a host nothing is sent.

use serde::{Deserialize, Serialize};

use super::error::{Problem, check_range};
use super::secret::Secret;
use super::server::is_loopback_host;

/// The SMTP relay and the sender.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// The relay's host. Absent: mail is kept and not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The relay's port.
    pub port: u16,
    /// How the connection is protected: `starttls` (required, not merely tried), `tls` from the first byte, or `none`, for a
    /// relay on this machine.
    pub tls: MailTls,
    /// The user name, when the relay wants one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The password that goes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// The sender's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The sender's name.
    pub from_name: String,
    /// Seconds that one exchange with the relay may take.
    pub timeout_seconds: u64,
}

/// How the connection to the relay is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// Not at all: for a relay on this machine.
    None,
    /// By STARTTLS, which is required, not merely tried.
    Starttls,
    /// From the first byte.
    Tls,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            host: None,
            port: 587,
            tls: MailTls::Starttls,
            user: None,
            password: None,
            from: None,
            from_name: "Consentry".to_owned(),
            timeout_seconds: 30,
        }
    }
}

impl Mail {
    pub(super) fn check(&self, problems: &mut Vec<Problem>) {
        check_range(problems, "mail.timeout_seconds", self.timeout_seconds, 1..=300);
        if let Some(from) = &self.from
            && from.parse::<lettre::Address>().is_err()
        {
            problems.push(Problem::new(
                "mail.from",
                "expected an address such as events@example.org",
            ));
        }
        if self.from_name.chars().any(char::is_control) {
            problems.push(Problem::new(
                "mail.from_name",
                "expected text without control characters",
            ));
        }
        if self.password.is_some() != self.user.is_some() {
            problems.push(Problem::new(
                "mail.password",
                "expected together with `mail.user`, or neither",
            ));
        }
        let Some(host) = &self.host else { return };
        if host.is_empty() || host.chars().any(|c| c.is_whitespace() || c == '/') {
            problems.push(Problem::new("mail.host", "expected a host name or an address"));
        }
        if self.port == 0 {
            problems.push(Problem::new("mail.port", "expected a number from 1 to 65535, found 0"));
        }
        if self.from.is_none() {
            problems.push(Problem::new(
                "mail.from",
                "expected the sender's address, because `mail.host` is set",
            ));
        }
        if self.tls == MailTls::None && self.password.is_some() && !is_loopback_host(host) {
            let expected = "expected `starttls` or `tls`: a password would cross the network in the clear";
            problems.push(Problem::new("mail.tls", expected));
        }
    }
}
