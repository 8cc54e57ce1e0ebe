//! The fields of a person.

use consentry_domain::PostalAddress;

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
        Some(given) if !given.is_blank() => Some(Some(address(&format!("{path}.postalAddress"), given, problems)?)),
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

/// Judges a postal address; none where something is wrong.
pub(super) fn address(path: &str, given: &PostalAddress, problems: &mut Problems) -> Option<PostalAddress> {
    let street = problems.keep(format!("{path}.street"), input::paragraphs(&given.street, 300));
    let city = problems.keep(format!("{path}.city"), input::line(&given.city, 100));
    let country = problems.keep(format!("{path}.country"), input::country(&given.country));
    let mut optional = |name: &str, value: Option<&str>, max| {
        let judged = input::optional(value, |value| input::line(value, max));
        problems.keep(format!("{path}.{name}"), judged)
    };
    let postal_code = optional("postalCode", given.postal_code.as_deref(), 20);
    let region = optional("region", given.region.as_deref(), 100);
    Some(PostalAddress {
        street: street?,
        postal_code: postal_code?,
        city: city?,
        region: region?,
        country: country?,
    })
}
