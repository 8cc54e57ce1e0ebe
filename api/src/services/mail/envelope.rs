//! A rendered message as the Internet's mail format (RFC 5322, MIME), built by lettre's typed interface only: no header
//! is ever written as text.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use consentry_domain::{Instant, MailId};
use lettre::Message;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};

use super::Rendered;

/// Who sends: the configured address, whose domain also ends every Message-ID.
#[derive(Clone, Debug)]
pub struct Sender {
    from: Mailbox,
}

/// Why no message can be made; trying again does not help.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// Not an address.
    #[error("the receiver's address is none")]
    Address(#[from] lettre::address::AddressError),
    /// A media type of ours is wrong.
    #[error("a media type is none")]
    ContentType(#[from] lettre::message::header::ContentTypeErr),
    /// A header is missing.
    #[error("the message lacks a header")]
    Message(#[from] lettre::error::Error),
}

/// RFC 3834: written by a program, so that no program answers.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Sender {
    /// The sender with this address and name.
    ///
    /// # Errors
    /// Where the address is none.
    pub fn new(address: &str, name: &str) -> Result<Self, EnvelopeError> {
        let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        Ok(Self {
            from: Mailbox::new(name, address.parse()?),
        })
    }

    /// The Message-ID of a mail: the same at each attempt, so that a mail delivered twice can be told to be one.
    #[must_use]
    pub fn message_id(&self, id: MailId) -> String {
        format!("<{id}@{}>", self.from.email.domain())
    }

    /// Puts a message together.
    ///
    /// # Errors
    /// [`EnvelopeError`], which no second try heals.
    pub fn envelope(
        &self,
        id: MailId,
        now: Instant,
        to: &str,
        reply_to: &str,
        mail: Rendered,
    ) -> Result<Message, EnvelopeError> {
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.parse()?))
            .subject(mail.subject)
            .date(system_time(now))
            .message_id(Some(self.message_id(id)))
            .header(AutoSubmitted);
        // Answers go to whoever is responsible. An unusable address there must not stop a mail to somebody else.
        if let Ok(address) = reply_to.parse() {
            builder = builder.reply_to(Mailbox::new(None, address));
        }
        let mut related = MultiPart::related().multipart(MultiPart::alternative_plain_html(mail.text, mail.html));
        for picture in mail.inline {
            let type_ = ContentType::parse("image/png")?;
            related = related.singlepart(Attachment::new_inline(picture.content_id).body(picture.png, type_));
        }
        let mut mixed = MultiPart::mixed().multipart(related);
        for file in mail.attachments {
            let type_ = ContentType::parse(file.content_type)?;
            let part: SinglePart = Attachment::new(file.file_name.to_owned()).body(file.bytes, type_);
            mixed = mixed.singlepart(part);
        }
        Ok(builder.multipart(mixed)?)
    }
}

fn system_time(at: Instant) -> SystemTime {
    UNIX_EPOCH + Duration::from_micros(u64::try_from(at.0).unwrap_or(0))
}
