//! The configuration as TOML, secrets left out.

use super::Config;

/// Secrets serialize as nothing; a line says that there is one.
pub(super) fn to_toml(config: &Config) -> String {
    let mut hidden = Vec::new();
    if config.server.metrics_token.is_some() {
        hidden.push("server.metrics_token");
    }
    if config.database.url.holds_password() {
        hidden.push("the password in database.url");
    }
    if config
        .database
        .partner_url
        .as_ref()
        .is_some_and(super::DatabaseUrl::holds_password)
    {
        hidden.push("the password in database.partner_url");
    }
    if config.mail.password.is_some() {
        hidden.push("mail.password");
    }
    // Every type in `Config` is plain data with string keys, which TOML can always say.
    let body = toml::to_string(config).unwrap_or_else(|error| format!("# not printable: {error}\n"));
    if hidden.is_empty() {
        body
    } else {
        format!("# Set, and not shown: {}.\n\n{body}", hidden.join(", "))
    }
}
