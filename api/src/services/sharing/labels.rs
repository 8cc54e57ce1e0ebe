//! What the standard fields are called, in the languages that this program speaks.

use std::collections::BTreeMap;

use consentry_domain::AttendeeField;

use crate::services::Localized;

/// The field's name in English and German.
#[must_use]
pub fn standard(field: AttendeeField) -> Localized {
    let (en, de) = match field {
        AttendeeField::FullName => ("Name", "Name"),
        AttendeeField::GivenName => ("Given name", "Vorname"),
        AttendeeField::FamilyName => ("Family name", "Nachname"),
        AttendeeField::Email => ("E-mail address", "E-Mail-Adresse"),
        AttendeeField::Phone => ("Telephone number", "Telefonnummer"),
        AttendeeField::Company => ("Company", "Firma"),
        AttendeeField::JobTitle => ("Job title", "Berufsbezeichnung"),
        AttendeeField::City => ("Town", "Ort"),
        AttendeeField::Country => ("Country", "Land"),
        AttendeeField::PostalAddress => ("Postal address", "Postanschrift"),
        AttendeeField::SocialProfile => ("Social profile", "Profil in einem sozialen Netz"),
        AttendeeField::TicketType => ("Ticket type", "Ticketart"),
        AttendeeField::Attendance => ("Attendance", "Teilnahme"),
    };
    Localized(BTreeMap::from([
        ("de".to_owned(), de.to_owned()),
        ("en".to_owned(), en.to_owned()),
    ]))
}
