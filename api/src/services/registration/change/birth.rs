//! Another date of birth: what it may change, and what it ends.
//!
//! Age is judged once, when something is decided, and stored with the consent. So a date that makes somebody older widens
//! nothing: what waits for a guardian goes on waiting. A date that makes somebody younger ends every consent that, by it,
//! was given under age (Art. 8 GDPR): it becomes undecided, and a guardian can give it. Where staff enter it, the place at
//! the event stays as it is, for they can cancel it; attendees cannot make themselves too young for their event.
//!
//! Attendees cannot grow up by typing, either: who is under age by what is known changes to of age only through the
//! organizer. That somebody lied when registering is not made worse.

use consentry_domain::Day;
use consentry_domain::age::{self, ConsentAge};
use consentry_entity::registration;

use super::super::judge;
use crate::platform::store::Tx;
use crate::platform::{Code, Fault, Problems, Refused};
use crate::services::sales::Form;
use crate::services::sharing::guardians;

/// A date of birth that differs from what is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewBirth {
    /// As it was.
    pub from: Option<Day>,
    /// As it is to be; none: it is taken away.
    pub to: Option<Day>,
}

/// Reads the date as the registration form would; none where it is what is kept.
pub(super) fn judge(
    form: &Form,
    before: &registration::Model,
    text: &str,
    problems: &mut Problems,
) -> Result<Option<NewBirth>, Fault> {
    let from = match before.date_of_birth.as_deref() {
        Some(text) => Some(Day::parse(text).ok_or_else(|| Fault::Corrupt("a date of birth".into()))?),
        None => None,
    };
    let Some(to) = judge::date_of_birth(form, "dateOfBirth", text, problems) else {
        return Ok(None);
    };
    let needed = to.is_none() && from.is_some() && form.event.minimum_age.is_some();
    let message = "This event needs the date of birth.";
    problems.expect(!needed, "dateOfBirth", Code::Required, message);
    Ok((from != to).then_some(NewBirth { from, to }))
}

/// Refuses what only the organizer can change.
///
/// # Errors
/// `WRONG_STATE` where somebody under age would be of age, or where a parent would have to be asked; `TOO_YOUNG` where
/// the event is not for them.
pub(super) async fn by_attendee(
    tx: &Tx,
    form: &Form,
    before: &registration::Model,
    born: NewBirth,
) -> Result<(), Refused> {
    let limit = ConsentAge::new(form.event.consent_age).unwrap_or_default();
    let under_age = |born: Day| age::age_on(born, form.now.day()).is_ok_and(|age| age < limit.years());
    let guardian = guardians::of(tx, before).await?.is_some();
    let was_under_age = born.from.map_or(guardian, under_age);
    let is_under_age = born.to.is_some_and(under_age);
    let refused = |code, message: &str| Err(Refused::because("dateOfBirth", code, message));
    if was_under_age && !is_under_age {
        return refused(
            Code::WrongState,
            "Only the organizer can correct this. Write to the organizer.",
        );
    }
    if is_under_age && form.event.requires_parental_permission && !guardian {
        let message = "Somebody of this age needs a parent's permission. Write to the organizer.";
        return refused(Code::WrongState, message);
    }
    match (born.to, form.event.minimum_age) {
        (Some(born), Some(minimum)) if !judge::is_old_enough(form, born, minimum) => {
            let message =
                format!("Attendees are at least {minimum} years old on the first day. Write to the organizer.");
            refused(Code::TooYoung, &message)
        }
        _ => Ok(()),
    }
}
