//! The fields of a person.

use crate::platform::Problems;
use crate::services::input::{self, Judged};
use crate::services::registration::Attendee;
use crate::services::registration::draft::DraftPerson;

/// Judges them; none where something is wrong.
pub(in super::super) fn judge(path: &str, attendee: &Attendee, problems: &mut Problems) -> Option<DraftPerson> {
    let full_name = problems.keep(format!("{path}.fullName"), input::line(&attendee.full_name, 200));
    let email = problems.keep(format!("{path}.email"), input::email(&attendee.email));
    let mut optional = |name: &str, value: Option<&str>, judge: &dyn Fn(&str) -> Judged<String>| {
        problems.keep(format!("{path}.{name}"), input::optional(value, judge))
    };
    let line = |max: usize| move |value: &str| input::line(value, max);
    let given_name = optional("givenName", attendee.given_name.as_deref(), &line(100));
    let family_name = optional("familyName", attendee.family_name.as_deref(), &line(100));
    let phone = optional("phone", attendee.phone.as_deref(), &input::phone);
    let company = optional("company", attendee.company.as_deref(), &line(200));
    let job_title = optional("jobTitle", attendee.job_title.as_deref(), &line(200));
    let city = optional("city", attendee.city.as_deref(), &line(100));
    let country = optional("country", attendee.country.as_deref(), &input::country);
    let social_profile = optional("socialProfile", attendee.social_profile.as_deref(), &input::url);
    let postal_address = match &attendee.postal_address {
        Some(given) if !given.is_blank() => {
            Some(Some(input::address(&format!("{path}.postalAddress"), given, problems)?))
        }
        _ => Some(None),
    };
    Some(DraftPerson {
        full_name: full_name?,
        given_name: given_name?,
        family_name: family_name?,
        email: email?,
        phone: phone?,
        company: company?,
        job_title: job_title?,
        city: city?,
        country: country?,
        postal_address: postal_address?,
        social_profile: social_profile?,
    })
}
