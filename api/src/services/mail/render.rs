//! Turns a message into what a person reads: subject, text, HTML, and the files that go with them.
//!
//! Nothing in a mail is fetched from anywhere (no remote image, no tracking), and everything that people typed is
//! shown as text.

use super::facts::{CalendarFacts, Place, Standing};
use super::language::Language;
use super::links::Links;
use super::messages::Message;
use super::templates::{self, Context, Written};
use super::{calendar, qr, transfer_code};

/// A file that the reader may keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub file_name: &'static str,
    /// Its media type with parameters.
    pub content_type: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A picture that the HTML shows (`cid:`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    /// Its name in the HTML.
    pub content_id: String,
    /// A PNG picture.
    pub png: Vec<u8>,
}

/// A message as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Plain text, lines ended by `\n`.
    pub text: String,
    /// A whole HTML page.
    pub html: String,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Pictures of the HTML.
    pub inline: Vec<Inline>,
}

/// Why a message cannot be written; trying again does not help.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template refused, for example because of a link that is no web address.
    #[error("the mail's text cannot be written")]
    Template(#[from] askama::Error),
    /// A picture of a code cannot be made.
    #[error("the mail's picture cannot be made")]
    Picture(#[from] qr::QrError),
}

/// Writes a message in the language of `locale` (English where there is no other).
///
/// # Errors
/// [`RenderError`], which no second try heals.
pub fn render(message: &Message, locale: &str, links: &dyn Links) -> Result<Rendered, RenderError> {
    let language = Language::of(locale);
    let context = Context {
        language,
        controller: message.controller(),
        links,
    };
    let Written { text, html } = templates::write(message, &context)?;
    let (subject, text) = tidy(&text);
    Ok(Rendered {
        subject,
        text,
        html,
        attachments: attachments(message, links),
        inline: pictures(message)?,
    })
}

/// Splits off the first line as the subject; no spaces at the end of lines, no two empty lines together.
fn tidy(written: &str) -> (String, String) {
    let mut lines = written.trim_start().lines().map(str::trim_end);
    let subject = lines.next().unwrap_or_default().to_owned();
    let mut text = String::with_capacity(written.len());
    for line in lines {
        if !line.is_empty() || !(text.is_empty() || text.ends_with("\n\n")) {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    (subject, text)
}

fn attachments(message: &Message, links: &dyn Links) -> Vec<Attachment> {
    let (event, entries, join, standing) = match message {
        Message::Confirmation(m) => (
            &m.event,
            [&m.calendar, &None],
            &m.join,
            calendar::Status::of(m.standing),
        ),
        Message::DecideForYourself(m) => (
            &m.event,
            [&m.calendar, &None],
            &m.join,
            calendar::Status::of(m.standing),
        ),
        // A file takes one entry away (RFC 5546, 3.2.5).
        Message::Cancellation(m) => (
            &m.event,
            [&m.calendar, &m.public_calendar],
            &None,
            calendar::Status::Cancelled,
        ),
        _ => return Vec::new(),
    };
    let attachment = |facts: &CalendarFacts| {
        let entry = calendar::Entry {
            event,
            facts,
            status: standing,
            controller: message.controller(),
            join: join.as_ref().and_then(|link| link.resolve(links)),
        };
        Attachment {
            file_name: "event.ics",
            content_type: match standing.method() {
                "CANCEL" => "text/calendar; charset=utf-8; method=CANCEL",
                _ => "text/calendar; charset=utf-8; method=PUBLISH",
            },
            bytes: entry.to_ics().into_bytes(),
        }
    };
    entries.into_iter().flatten().map(attachment).collect()
}

fn pictures(message: &Message) -> Result<Vec<Inline>, RenderError> {
    let transfer = match message {
        Message::Confirmation(m) => return check_in_pictures(&m.places),
        Message::DecideForYourself(m) => return check_in_pictures(std::slice::from_ref(&m.place)),
        Message::PaymentInstructions(m) => m.transfer.as_ref(),
        Message::PaymentReminder(m) => m.transfer.as_ref(),
        _ => None,
    };
    let picture = transfer
        .and_then(transfer_code::payload)
        .map(|payload| qr::png(&payload))
        .transpose()?;
    Ok(picture
        .into_iter()
        .map(|png| Inline {
            content_id: "transfer".to_owned(),
            png,
        })
        .collect())
}

/// A picture per place with a code; its name is the place's position, counted from one as the templates do.
fn check_in_pictures(places: &[Place]) -> Result<Vec<Inline>, RenderError> {
    let mut pictures = Vec::new();
    for (position, place) in places.iter().enumerate() {
        if let Some(code) = &place.check_in_code {
            pictures.push(Inline {
                content_id: format!("check-in-{}", position + 1),
                png: qr::png(code.as_str())?,
            });
        }
    }
    Ok(pictures)
}

impl calendar::Status {
    const fn of(standing: Standing) -> Self {
        match standing {
            Standing::Confirmed => Self::Confirmed,
            Standing::AwaitsPayment | Standing::AwaitsApproval | Standing::AwaitsGuardian => Self::Tentative,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_subject_and_gaps_close() {
        let (subject, text) = tidy("Subject  \n\n\n\nOne  \n\n\n\nTwo\n\n\n");
        assert_eq!(subject, "Subject");
        assert_eq!(text, "One\n\nTwo\n");
    }
}
