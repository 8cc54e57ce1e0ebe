//! Age: whether somebody may come, and whether a parent is asked first (requirement S35).
//!
//! A date of birth is taken only where the event asks for one. The age to come is that on the event's first day; the
//! age to decide for oneself is that of today.

use consentry_domain::age::{self, AgeJudgement, AgeStatement, ConsentAge};
use consentry_domain::registration::PendingReasons;
use consentry_domain::{Day, text};

use crate::platform::{Code, Problems};
use crate::services::input;
use crate::services::registration::Attendee;
use crate::services::sales::Form;
use crate::services::sharing::Guardian;

/// What is known of somebody's age, and what follows from it.
pub(super) struct Age {
    pub date_of_birth: Option<Day>,
    pub guardian: Option<Guardian>,
    pub pending: PendingReasons,
}

/// Judges it; none where something is wrong.
pub(super) fn judge(form: &Form, path: &str, attendee: &Attendee, problems: &mut Problems) -> Option<Age> {
    let given = attendee.date_of_birth.as_deref().unwrap_or_default();
    let born = date_of_birth(form, &format!("{path}.dateOfBirth"), given, problems);
    let guardian = guardian(path, attendee, problems);
    let (born, guardian) = (born?, guardian?);
    let limit = ConsentAge::new(form.event.consent_age).unwrap_or_default();
    let statement = attendee.of_age.map(|of_age| {
        if of_age {
            AgeStatement::OfAge
        } else {
            AgeStatement::UnderAge
        }
    });
    // An impossible date was refused above.
    let judgement = age::judge(limit, born, statement, form.now.day()).unwrap_or(AgeJudgement::Unknown);
    old_enough(form, path, born, judgement, problems)?;
    let mut pending = PendingReasons::NONE;
    if form.event.requires_parental_permission {
        let (field, message) = match judgement {
            AgeJudgement::OfAgeByStatement | AgeJudgement::OfAgeByBirth => ("", ""),
            AgeJudgement::Unknown => (
                "ofAge",
                "Say whether this attendee is of age; else a parent has to permit it.",
            ),
            AgeJudgement::UnderAge => {
                pending.parental_permission = true;
                if guardian.is_some() {
                    ("", "")
                } else {
                    ("guardian", "Name the parent who is to permit it.")
                }
            }
        };
        if !problems.expect(field.is_empty(), format!("{path}.{field}"), Code::Required, message) {
            return None;
        }
    }
    // Nobody is asked for somebody who decides alone, and then nothing is kept of them.
    let guardian = guardian.filter(|_| judgement == AgeJudgement::UnderAge);
    Some(Age {
        date_of_birth: born,
        guardian,
        pending,
    })
}

/// Reads a date of birth, blank where none is given; none where something is wrong.
pub fn date_of_birth(form: &Form, field: &str, given: &str, problems: &mut Problems) -> Option<Option<Day>> {
    let given = given.trim();
    if given.is_empty() {
        let missing = form.event.asks_date_of_birth;
        return problems
            .expect(!missing, field, Code::Required, "This event needs the date of birth.")
            .then_some(None);
    }
    let asked = form.event.asks_date_of_birth || form.event.minimum_age.is_some();
    if !problems.expect(
        asked,
        field,
        Code::Invalid,
        "This event does not ask for a date of birth; leave it out.",
    ) {
        return None;
    }
    let Some(born) = Day::parse(given) else {
        problems.add(field, Code::Invalid, "A day is expected: 1990-12-31.");
        return None;
    };
    match age::age_on(born, form.now.day()) {
        Ok(_) => Some(Some(born)),
        Err(error) => {
            problems.add(field, Code::Invalid, format!("This cannot be: {error}."));
            None
        }
    }
}

/// Whether somebody of this date of birth is so old on the event's first day.
pub fn is_old_enough(form: &Form, born: Day, minimum: i32) -> bool {
    let first_day = form.event.starts_local.get(..10).and_then(Day::parse);
    age::age_on(born, first_day.unwrap_or(form.now.day())).is_ok_and(|age| age >= minimum)
}

/// Whether somebody is old enough to come.
fn old_enough(
    form: &Form,
    path: &str,
    born: Option<Day>,
    judgement: AgeJudgement,
    problems: &mut Problems,
) -> Option<()> {
    let Some(minimum) = form.event.minimum_age else {
        return Some(());
    };
    let too_young = || format!("Attendees are at least {minimum} years old on the first day.");
    match born {
        Some(born) => problems
            .expect(
                is_old_enough(form, born, minimum),
                format!("{path}.dateOfBirth"),
                Code::TooYoung,
                too_young(),
            )
            .then_some(()),
        // Being of age says enough where nobody has to be older than that.
        None if judgement == AgeJudgement::OfAgeByStatement && minimum <= form.event.consent_age => Some(()),
        None => {
            let message = format!("{} State the date of birth.", too_young());
            problems.add(format!("{path}.dateOfBirth"), Code::Required, message);
            None
        }
    }
}

fn guardian(path: &str, attendee: &Attendee, problems: &mut Problems) -> Option<Option<Guardian>> {
    match &attendee.guardian {
        None => Some(None),
        Some(given) => judge_guardian(&format!("{path}.guardian"), given, &attendee.email, problems).map(Some),
    }
}

/// Judges who is to be asked for the reader of this address; none where something is wrong.
pub fn judge_guardian(path: &str, given: &Guardian, attendee: &str, problems: &mut Problems) -> Option<Guardian> {
    let full_name = problems.keep(format!("{path}.fullName"), input::line(&given.full_name, 200));
    let email = problems.keep(format!("{path}.email"), input::email(&given.email));
    let guardian = Guardian {
        full_name: full_name?,
        email: email?,
    };
    let another = text::email_key(&guardian.email) != text::email_key(attendee.trim());
    let message = "A guardian has an address of their own.";
    problems
        .expect(another, format!("{path}.email"), Code::Invalid, message)
        .then_some(guardian)
}
