//! Mails in a table, wherever it stands, and the button that sends one of them again.

use super::documents::{SendAgain, send_again};
use super::found::Mail;
use crate::ask::Ask;
use crate::form::Form;
use crate::frame::Frame;
use crate::trouble::Trouble;

/// A mail in a table.
pub(in crate::organizer) struct Listed {
    pub(in crate::organizer) id: String,
    pub(in crate::organizer) kind: String,
    pub(in crate::organizer) to: Option<String>,
    /// The page of whom it was sent to, where there is one.
    pub(in crate::organizer) person: Option<String>,
    pub(in crate::organizer) status: String,
    pub(in crate::organizer) tone: &'static str,
    pub(in crate::organizer) failure: Option<String>,
    pub(in crate::organizer) asked: String,
    pub(in crate::organizer) accepted: Option<String>,
    /// The key and the accessible name of its button, where it can be sent again.
    pub(in crate::organizer) again: Option<(String, String)>,
}

/// Sends the chosen mail once more; what is wrong with that, if anything is.
pub(in crate::organizer) async fn send(ask: &Ask, form: &Form) -> Result<Option<String>, Trouble> {
    if !ask.is_genuine() {
        return Ok(Some(ask.language.say("press-again")));
    }
    let input = send_again::ResendMailInput {
        idempotency_key: form.text("key").to_owned(),
        mail_id: form.text("mail").to_owned(),
    };
    let payload = ask.visitor.ask::<SendAgain>(send_again::Variables { input }).await?;
    let errors = payload.resend_mail.ok_or(Trouble::Ours)?.user_errors;
    Ok(errors.into_iter().next().map(|error| error.message))
}

/// As it stands in a table: at the event whose pages begin so, where there is one, and on the clock of this zone.
pub(in crate::organizer) fn listed(ask: &Ask, frame: &Frame, (base, zone): (Option<&str>, &str), mail: Mail) -> Listed {
    let kind = frame.of("mail-kind", &mail.kind);
    // One that waits goes out anyway, and one without an address to nobody.
    let address = mail.to.as_ref().filter(|_| mail.status != "QUEUED");
    let again = address.map(|to| {
        let name = frame.say2("mail-again-to", "address", to, "kind", &kind);
        (ask.new_key(), name)
    });
    let person = base.zip(mail.registration);
    Listed {
        id: mail.id,
        person: person.map(|(base, registration)| format!("{base}/people/{registration}")),
        status: frame.of("mail-status", &mail.status),
        tone: tone(&mail.status),
        failure: mail.failure,
        asked: frame.moment(&mail.created_at, zone),
        accepted: mail.sent_at.map(|at| frame.moment(&at, zone)),
        again,
        to: mail.to,
        kind,
    }
}

/// The colour of a mail's status; its word says the same.
fn tone(status: &str) -> &'static str {
    match status {
        "SENT" => "good",
        "FAILED" => "bad",
        _ => "warn",
    }
}
