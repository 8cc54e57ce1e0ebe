//! Decisions about sharing, as parts of a transaction: requested while registering, affirmed from the mailbox, set,
//! withdrawn, given by a guardian, suspended and resumed.
//!
//! Every function here expects, in this order: [`super::offers::share`] as the transaction's first lock, then the
//! registration's row locked and passed as it is now, the change that led here included. Each rewrites the leads that
//! follow from it. Nobody decides here for somebody else: who calls has asked `access`, or opened a link's secret.

use consentry_domain::consent::{Mailbox, Who};
use consentry_domain::evidence::Identification;
use consentry_domain::{ActorKind, ConsentAction, Day, OfferId};
use consentry_entity::registration;

use super::desk::Desk;
pub use super::desk::Outcome;
use super::offers::Version;
use super::questions::NamedField;
use super::wish::{Answer, Issue, IssueReason, Said, Wish};
use super::{guardians, notify};
use crate::platform::store::Tx;
use crate::platform::{Code, Problems, Refused};

/// While registering: the buyer's own wishes for the buyer's own place. The address was only typed, so nothing is
/// given yet: it is requested until it is affirmed from the mailbox, or asked of a guardian.
///
/// # Errors
/// `CONSENT_NOT_YOURS` where somebody wishes for another, and not found where the event never offered it.
pub async fn request(
    tx: &Tx,
    registration: &registration::Model,
    said: Said<'_>,
    wishes: &[Wish],
) -> Result<Outcome, Refused> {
    if wishes.is_empty() {
        return Ok(Outcome::default());
    }
    if !registration.is_buyer {
        let message = "Only attendees themselves decide about sharing. They are asked by mail.";
        return Err(Refused::because("consents", Code::ConsentNotYours, message));
    }
    let mut desk = Desk::open(tx, registration).await?;
    let who = desk.attendee(Mailbox::Unproved, said.age)?;
    let issues = fulfil(&mut desk, who, wishes)?;
    close(desk, issues, said, Identification::TypedAddress).await
}

/// What was given before an address was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// It held, as far as there was any.
    Held,
    /// It rested, because somebody else had entered the address.
    Rested,
}

/// From the mailbox that was just proved: what rested holds again, what is named is given, what was requested and is not
/// named becomes undecided. Whoever typed the address decides nothing. It is one sitting, so that a lead that comes of it
/// is written once.
///
/// # Errors
/// Not found, where the event never offered it.
pub async fn affirm(
    tx: &Tx,
    registration: &registration::Model,
    given: Given,
    said: Said<'_>,
    wishes: &[Wish],
) -> Result<Outcome, Refused> {
    let mut desk = Desk::open(tx, registration).await?;
    if given == Given::Rested {
        desk.note(ConsentAction::Resumed);
    }
    let who = desk.attendee(Mailbox::Proved, said.age)?;
    let issues = fulfil(&mut desk, who, wishes)?;
    for offer in desk.decided() {
        desk.lapse(offer);
    }
    close(desk, issues, said, Identification::MailLink).await
}

/// By the signed-in attendee, who saw the consents as of `revision`.
///
/// # Errors
/// `STALE`, with nothing written, if they have changed since and the outcome does not hold already; not found, where the
/// event never offered it.
pub async fn decide(
    tx: &Tx,
    registration: &registration::Model,
    said: Said<'_>,
    revision: i64,
    wishes: &[Wish],
) -> Result<Outcome, Refused> {
    let mut desk = Desk::open(tx, registration).await?;
    let who = desk.attendee(desk.mailbox(), said.age)?;
    let issues = fulfil(&mut desk, who, wishes)?;
    if revision != registration.consent_revision && !desk.changes.is_empty() {
        let message = "Your decisions have changed since this page was opened. Look at them again and decide anew.";
        return Err(Refused::because("revision", Code::Stale, message));
    }
    close(desk, issues, said, Identification::Session).await
}

/// Takes a consent back, wholly or in these fields. It needs no revision, no age and no version, and always wins.
///
/// # Errors
/// Not found, where the event has no such offer or field.
pub async fn withdraw(
    tx: &Tx,
    registration: &registration::Model,
    offer: OfferId,
    fields: Option<&[NamedField]>,
) -> Result<Outcome, Refused> {
    let mut desk = Desk::open(tx, registration).await?;
    if desk.find(offer).is_none() {
        return Err(Refused::not_found("offerId"));
    }
    let mask = match fields {
        Some(fields) => Some(
            desk.questions
                .mask(fields)
                .ok_or_else(|| Refused::not_found("fields"))?,
        ),
        None => None,
    };
    let who = desk.attendee(desk.mailbox(), None)?;
    desk.withdraw(offer, mask, who);
    close(desk, Vec::new(), Said::default(), Identification::Session).await
}

/// Takes everything back, what was only wished included.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_all(tx: &Tx, registration: &registration::Model) -> Result<Outcome, Refused> {
    let mut desk = Desk::open(tx, registration).await?;
    let who = desk.attendee(desk.mailbox(), None)?;
    for offer in desk.decided() {
        desk.withdraw(offer, None, who);
    }
    close(desk, Vec::new(), Said::default(), Identification::Session).await
}

/// By the guardian of somebody under age, who alone gives or widens.
///
/// # Errors
/// Not found, where the event never offered it.
pub async fn as_guardian(tx: &Tx, registration: &registration::Model, wishes: &[Wish]) -> Result<Outcome, Refused> {
    let mut desk = Desk::open(tx, registration).await?;
    let issues = fulfil(&mut desk, Who::Guardian, wishes)?;
    desk.close(Identification::GuardianLink, ActorKind::Guardian).await?;
    notify::changed(&desk).await?;
    Ok(Outcome {
        issues,
        changed: desk.changes.len(),
    })
}

/// After the address was replaced (`consents_suspended` is set on the row already): what is given rests until the new
/// one is proved.
///
/// # Errors
/// When the database fails.
pub async fn suspend(tx: &Tx, registration: &registration::Model) -> Result<(), Refused> {
    rest(tx, registration, ConsentAction::Suspended).await
}

/// After the new address was proved (`consents_suspended` is lifted on the row already): what was given holds again.
///
/// # Errors
/// When the database fails.
pub async fn resume(tx: &Tx, registration: &registration::Model) -> Result<(), Refused> {
    rest(tx, registration, ConsentAction::Resumed).await
}

async fn rest(tx: &Tx, registration: &registration::Model, action: ConsentAction) -> Result<(), Refused> {
    let mut desk = Desk::open(tx, registration).await?;
    desk.note(action);
    desk.close(Identification::System, ActorKind::System).await?;
    notify::changed(&desk).await
}

/// After a date of birth was corrected: what was given by somebody who, by it, was under age becomes undecided, for
/// nobody could give it. A later date ends nothing and gives nothing.
///
/// # Errors
/// When the database fails.
pub async fn too_young(tx: &Tx, registration: &registration::Model, born: Day) -> Result<(), Refused> {
    let mut desk = Desk::open(tx, registration).await?;
    desk.correct_age(born);
    desk.close(Identification::System, ActorKind::System).await?;
    notify::changed(&desk).await
}

/// Refuses wishes about what this event has never offered, and about questions that it does not have: no page that
/// was ever shown leads there. What was offered and is no more is an issue, and blocks nothing.
fn known(desk: &Desk<'_>, wishes: &[Wish]) -> Result<(), Refused> {
    let mut problems = Problems::new();
    for (index, wish) in wishes.iter().enumerate() {
        let offered = desk
            .find(wish.offer)
            .is_some_and(|(_, offer)| offer.versions.iter().any(Version::was_approved));
        let here = "This event has no such offer.";
        problems.expect(offered, format!("consents.{index}.offerId"), Code::NotFound, here);
        let asked = desk.questions.mask(&wish.fields).is_some();
        let words = "This event has no such shareable question.";
        problems.expect(asked, format!("consents.{index}.fields"), Code::NotFound, words);
    }
    problems.none()
}

/// Fulfils each wish as far as it can be; what cannot be fulfilled blocks nothing else.
fn fulfil(desk: &mut Desk<'_>, who: Who, wishes: &[Wish]) -> Result<Vec<Issue>, Refused> {
    known(desk, wishes)?;
    let mut issues = Vec::new();
    for wish in wishes {
        let done = match wish.decision {
            Answer::Refuse => desk.refuse(wish.offer, wish.version, who),
            Answer::Grant => match desk.questions.mask(&wish.fields) {
                Some(fields) => desk.grant(wish.offer, wish.version, fields, who),
                None => Err(IssueReason::NotOffered),
            },
        };
        if let Err(reason) = done {
            issues.push(Issue {
                offer: wish.offer,
                reason,
            });
        }
    }
    Ok(issues)
}

/// Writes what the attendee decided, and asks the guardian where one is needed.
async fn close(
    desk: Desk<'_>,
    mut issues: Vec<Issue>,
    said: Said<'_>,
    identified_by: Identification,
) -> Result<Outcome, Refused> {
    desk.close(identified_by, ActorKind::Attendee).await?;
    if !desk.waiting.is_empty() && guardians::ask_about_sharing(&desk, said.guardian).await? == guardians::Asked::Nobody
    {
        issues.extend(desk.waiting.iter().map(|offer| Issue {
            offer: *offer,
            reason: IssueReason::GuardianNotNamed,
        }));
    }
    if identified_by != Identification::TypedAddress {
        notify::changed(&desk).await?;
    }
    Ok(Outcome {
        issues,
        changed: desk.changes.len(),
    })
}
