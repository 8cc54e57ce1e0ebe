//! The languages that mails are written in, and how each says days, times, purposes and fields.

use std::fmt::Write as _;

use consentry_domain::{AttendeeField, Purpose, Role};
use jiff::Timestamp;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;

use super::facts::{EventFacts, FieldName, Moment};

/// A language that every message exists in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, also for whoever asked for a language that is not here.
    English,
    /// German.
    German,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The language of a locale (BCP 47); English where it is not here.
    #[must_use]
    pub fn of(locale: &str) -> Self {
        match locale.split(['-', '_']).next() {
            Some(tag) if tag.eq_ignore_ascii_case("de") => Self::German,
            _ => Self::English,
        }
    }

    /// Its tag, for the `lang` of a page.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// A day: "Monday, 1 March 2027".
    fn day(self, at: DateTime) -> String {
        let weekday = match self {
            Self::English => match at.weekday() {
                Weekday::Monday => "Monday",
                Weekday::Tuesday => "Tuesday",
                Weekday::Wednesday => "Wednesday",
                Weekday::Thursday => "Thursday",
                Weekday::Friday => "Friday",
                Weekday::Saturday => "Saturday",
                Weekday::Sunday => "Sunday",
            },
            Self::German => match at.weekday() {
                Weekday::Monday => "Montag",
                Weekday::Tuesday => "Dienstag",
                Weekday::Wednesday => "Mittwoch",
                Weekday::Thursday => "Donnerstag",
                Weekday::Friday => "Freitag",
                Weekday::Saturday => "Samstag",
                Weekday::Sunday => "Sonntag",
            },
        };
        const ENGLISH: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        const GERMAN: [&str; 12] = [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ];
        let month = usize::try_from(at.month() - 1).unwrap_or(0);
        match self {
            Self::English => format!("{weekday}, {} {} {}", at.day(), ENGLISH[month], at.year()),
            Self::German => format!("{weekday}, {}. {} {}", at.day(), GERMAN[month], at.year()),
        }
    }

    fn clock(self, at: DateTime) -> String {
        match self {
            Self::English => format!("{:02}:{:02}", at.hour(), at.minute()),
            Self::German => format!("{:02}:{:02} Uhr", at.hour(), at.minute()),
        }
    }

    /// A moment with its zone and in UTC: "Monday, 1 March 2027, 09:00 (Europe/Berlin; 08:00 UTC)".
    #[must_use]
    pub fn moment(self, moment: &Moment) -> String {
        let local = moment.wall();
        let mut text = format!("{}, {}", self.day(local), self.clock(local));
        let _ = write!(text, " ({}{})", moment.zone, self.in_utc(moment));
        text
    }

    /// ", 08:00 UTC", with the day where it is another; nothing where the zone is UTC already.
    fn in_utc(self, moment: &Moment) -> String {
        let (local, utc) = (moment.wall(), moment.utc_wall());
        let minute = |at: DateTime| (at.date(), at.hour(), at.minute());
        if minute(local) == minute(utc) {
            String::new()
        } else if local.date() == utc.date() {
            format!("; {:02}:{:02} UTC", utc.hour(), utc.minute())
        } else {
            format!("; {} {:02}:{:02} UTC", utc.date(), utc.hour(), utc.minute())
        }
    }

    /// From when till when an event lasts.
    #[must_use]
    pub fn span(self, event: &EventFacts) -> String {
        let (starts, ends) = (event.starts.wall(), event.ends.wall());
        let last = if starts.date() == ends.date() {
            self.clock(ends)
        } else {
            format!("{}, {}", self.day(ends), self.clock(ends))
        };
        let mut text = format!(
            "{}, {} – {last} ({}",
            self.day(starts),
            self.clock(starts),
            event.starts.zone
        );
        let utc = self.in_utc(&event.starts);
        if !utc.is_empty() {
            let begin = match self {
                Self::English => "start",
                Self::German => "Beginn",
            };
            let _ = write!(text, "; {begin} {}", utc.trim_start_matches("; "));
        }
        text.push(')');
        text
    }

    /// A day without a time: when something is due.
    #[must_use]
    pub fn due(self, moment: &Moment) -> String {
        self.day(moment.wall())
    }

    /// A purpose, to be read behind "for": "following up on this event".
    #[must_use]
    pub const fn purpose(self, purpose: Purpose) -> &'static str {
        match (self, purpose) {
            (Self::English, Purpose::EventFollowUp) => "following up on this event",
            (Self::English, Purpose::SubsequentEditions) => "telling you of the next editions of this event",
            (Self::English, Purpose::RelatedEvents) => "telling you of related events",
            (Self::English, Purpose::ProductInformation) => "sending you information on products",
            (Self::German, Purpose::EventFollowUp) => "Nachbereitung dieser Veranstaltung",
            (Self::German, Purpose::SubsequentEditions) => "Hinweise auf die nächsten Ausgaben dieser Veranstaltung",
            (Self::German, Purpose::RelatedEvents) => "Hinweise auf verwandte Veranstaltungen",
            (Self::German, Purpose::ProductInformation) => "Informationen über Produkte",
        }
    }

    /// A purpose as those name it who decide about it.
    #[must_use]
    pub const fn purpose_title(self, purpose: Purpose) -> &'static str {
        match (self, purpose) {
            (Self::English, Purpose::EventFollowUp) => "follow-up of this event",
            (Self::English, Purpose::SubsequentEditions) => "next editions of this event",
            (Self::English, Purpose::RelatedEvents) => "related events",
            (Self::English, Purpose::ProductInformation) => "information on products",
            (Self::German, _) => self.purpose(purpose),
        }
    }

    /// A role in the team, to be read behind "as what".
    #[must_use]
    pub const fn role(self, role: Role) -> &'static str {
        match (self, role) {
            (Self::English, Role::Owner) => "owner",
            (Self::English, Role::Manager) => "manager (events, partners, registrations)",
            (Self::English, Role::Finance) => "finance (orders and payments)",
            (Self::English, Role::CheckIn) => "check-in (lets people in)",
            (Self::English, Role::Viewer) => "viewer (looks)",
            (Self::English, Role::Dpo) => "data protection (proofs, restrictions, the log)",
            (Self::German, Role::Owner) => "Eigentum",
            (Self::German, Role::Manager) => "Leitung (Veranstaltungen, Partner, Anmeldungen)",
            (Self::German, Role::Finance) => "Finanzen (Bestellungen und Zahlungen)",
            (Self::German, Role::CheckIn) => "Einlass (lässt Leute hinein)",
            (Self::German, Role::Viewer) => "Einsicht (sieht zu)",
            (Self::German, Role::Dpo) => "Datenschutz (Nachweise, Einschränkungen, das Protokoll)",
        }
    }

    /// A field in words: "e-mail address", or the question of an event in its own.
    #[must_use]
    pub fn field(self, field: &FieldName) -> String {
        match field {
            FieldName::Question(label) => match self {
                Self::English => format!("“{label}”"),
                Self::German => format!("„{label}“"),
            },
            FieldName::Standard(field) => self.standard_field(*field).to_owned(),
        }
    }

    const fn standard_field(self, field: AttendeeField) -> &'static str {
        match self {
            Self::English => match field {
                AttendeeField::FullName => "name",
                AttendeeField::GivenName => "given name",
                AttendeeField::FamilyName => "family name",
                AttendeeField::Email => "e-mail address",
                AttendeeField::Phone => "phone number",
                AttendeeField::Company => "company",
                AttendeeField::JobTitle => "job title",
                AttendeeField::City => "city",
                AttendeeField::Country => "country",
                AttendeeField::PostalAddress => "postal address",
                AttendeeField::SocialProfile => "social profile",
                AttendeeField::TicketType => "ticket type",
                AttendeeField::Attendance => "attendance",
            },
            Self::German => match field {
                AttendeeField::FullName => "Name",
                AttendeeField::GivenName => "Vorname",
                AttendeeField::FamilyName => "Nachname",
                AttendeeField::Email => "E-Mail-Adresse",
                AttendeeField::Phone => "Telefonnummer",
                AttendeeField::Company => "Firma",
                AttendeeField::JobTitle => "Position",
                AttendeeField::City => "Ort",
                AttendeeField::Country => "Land",
                AttendeeField::PostalAddress => "Postanschrift",
                AttendeeField::SocialProfile => "Profil in einem sozialen Netz",
                AttendeeField::TicketType => "Ticketart",
                AttendeeField::Attendance => "Teilnahme",
            },
        }
    }

    /// Several fields in one line.
    #[must_use]
    pub fn fields(self, fields: &[FieldName]) -> String {
        fields
            .iter()
            .map(|field| self.field(field))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl Moment {
    /// The wall time at the place: as stored, or from the instant where the stored text cannot be read.
    fn wall(&self) -> DateTime {
        self.local.as_str().parse().unwrap_or_else(|_| {
            let zone = TimeZone::get(self.zone.as_str()).unwrap_or(TimeZone::UTC);
            self.timestamp().to_zoned_datetime(zone).datetime()
        })
    }

    fn utc_wall(&self) -> DateTime {
        self.timestamp().to_zoned_datetime(TimeZone::UTC).datetime()
    }

    /// The instant.
    pub(super) fn timestamp(&self) -> Timestamp {
        Timestamp::from_microsecond(self.utc.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use consentry_domain::Instant;

    use super::*;

    fn moment(local: &str, utc: &str, zone: &str) -> Moment {
        let utc: Timestamp = utc.parse().unwrap();
        Moment {
            local: local.into(),
            utc: Instant(utc.as_microsecond()),
            zone: zone.into(),
        }
    }

    #[test]
    fn a_moment_names_wall_time_zone_and_utc() {
        let late = moment("2027-03-01T00:30", "2027-02-28T23:30:00Z", "Europe/Berlin");
        assert_eq!(
            Language::English.moment(&late),
            "Monday, 1 March 2027, 00:30 (Europe/Berlin; 2027-02-28 23:30 UTC)"
        );
        assert_eq!(
            Language::German.moment(&moment("2027-07-01T09:00", "2027-07-01T07:00:00Z", "Europe/Berlin")),
            "Donnerstag, 1. Juli 2027, 09:00 Uhr (Europe/Berlin; 07:00 UTC)"
        );
        assert_eq!(
            Language::English.moment(&moment("2027-07-01T09:00", "2027-07-01T09:00:00Z", "UTC")),
            "Thursday, 1 July 2027, 09:00 (UTC)"
        );
        // The instant has seconds, which nobody reads.
        let exact = moment("2027-01-04T09:00", "2027-01-04T09:00:42.5Z", "Europe/London");
        assert_eq!(
            Language::English.moment(&exact),
            "Monday, 4 January 2027, 09:00 (Europe/London)"
        );
    }

    #[test]
    fn an_unreadable_wall_time_falls_back_to_the_instant() {
        assert_eq!(
            Language::English.moment(&moment("tomorrow", "2027-07-01T07:00:00Z", "Europe/Berlin")),
            "Thursday, 1 July 2027, 09:00 (Europe/Berlin; 07:00 UTC)"
        );
    }

    #[test]
    fn an_unknown_language_is_answered_in_english() {
        for (locale, language) in [
            ("de", Language::German),
            ("de-AT", Language::German),
            ("DE_CH", Language::German),
            ("en-GB", Language::English),
            ("fr", Language::English),
            ("", Language::English),
            ("den", Language::English),
        ] {
            assert_eq!(Language::of(locale), language, "{locale}");
        }
    }
}
