//! The iCalendar file of a place (RFC 5545, RFC 5546): published to one reader, naming no other person.
//!
//! Times are instants in UTC: every program shows them in the reader's zone, and no zone's rules need to be sent.

use consentry_domain::Instant;
use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus, Property};
use jiff::tz::TimeZone;

use super::facts::{CalendarFacts, Controller, EventFacts, Moment};

/// The longest line, in bytes, without its end.
const LINE_LIMIT: usize = 75;

/// Whether the reader attends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The place is theirs.
    Confirmed,
    /// It waits for something.
    Tentative,
    /// It is gone; programs take the entry away.
    Cancelled,
}

impl Status {
    /// What a program does with the file (RFC 5546, 3.2): it keeps the entry, or takes it away.
    #[must_use]
    pub const fn method(self) -> &'static str {
        match self {
            Self::Confirmed | Self::Tentative => "PUBLISH",
            Self::Cancelled => "CANCEL",
        }
    }
}

/// One entry, to be written.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The event.
    pub event: &'a EventFacts,
    /// Identity and version of the entry.
    pub facts: &'a CalendarFacts,
    /// Whether the reader attends.
    pub status: Status,
    /// Who publishes it.
    pub controller: &'a Controller,
    /// The reader's own address of a webinar's room.
    pub join: Option<String>,
}

impl Entry<'_> {
    /// The file's text.
    #[must_use]
    pub fn to_ics(&self) -> String {
        let mut event = Event::new();
        event
            .uid(self.facts.uid.as_str())
            .add_property("DTSTAMP", instant(self.facts.stamp))
            .add_property("DTSTART", moment(&self.event.starts))
            .add_property("DTEND", moment(&self.event.ends))
            .add_property("SEQUENCE", self.facts.sequence.to_string())
            .summary(self.event.title.as_str())
            .status(match self.status {
                Status::Confirmed => EventStatus::Confirmed,
                Status::Tentative => EventStatus::Tentative,
                Status::Cancelled => EventStatus::Cancelled,
            });
        if let Some(venue) = &self.event.venue {
            event.location(venue.as_str());
        }
        if let Some(join) = &self.join {
            event.add_property("URL", join).description(join);
            if self.event.venue.is_none() {
                event.location(join);
            }
        }
        if let Some(organizer) = self.organizer() {
            event.append_property(organizer);
        }
        let mut calendar = Calendar::empty();
        for (key, value) in [
            ("VERSION", "2.0"),
            ("PRODID", "-//Consentry//Registration//EN"),
            ("CALSCALE", "GREGORIAN"),
            ("METHOD", self.status.method()),
        ] {
            calendar.append_property(Property::new(key, value));
        }
        calendar.push(event.done());
        fold(&calendar.to_string())
    }

    /// RFC 5546 wants one where an entry is published; only an address of plain form can stand in a line unescaped.
    fn organizer(&self) -> Option<Property> {
        let address = self.controller.contact_email.as_str();
        let plain = address
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"@.-_+".contains(&byte));
        (plain && address.contains('@')).then(|| {
            let name = self.controller.name.as_str().replace(['"', '^', '\\'], "'");
            Property::new("ORGANIZER", format!("mailto:{address}"))
                .add_parameter("CN", &format!("\"{name}\""))
                .done()
        })
    }
}

fn moment(moment: &Moment) -> String {
    instant(moment.utc)
}

fn instant(at: Instant) -> String {
    let at = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.to_zoned_datetime(TimeZone::UTC)
        .strftime("%Y%m%dT%H%M%SZ")
        .to_string()
}

/// Folds every line at 75 bytes, the space that begins a continuation counted (the crate's own folding does not
/// count it in the last part of a line).
fn fold(text: &str) -> String {
    let unfolded = text.replace("\r\n ", "");
    let mut folded = String::with_capacity(unfolded.len() + unfolded.len() / 32);
    for line in unfolded.split_terminator("\r\n") {
        let mut length = 0;
        for character in line.chars() {
            if length + character.len_utf8() > LINE_LIMIT {
                folded.push_str("\r\n ");
                length = 1;
            }
            folded.push(character);
            length += character.len_utf8();
        }
        folded.push_str("\r\n");
    }
    folded
}
