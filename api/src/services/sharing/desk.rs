//! Where one registration's consents are decided: everything that the decision needs, read once, and everything that
//! follows from it, written at the end. The rules themselves are in [`consentry_domain::consent`].
//!
//! The caller's transaction holds the event's offers shared ([`super::offers::share`]) and the registration's row.

mod write;

use std::collections::BTreeMap;

use consentry_domain::age::{AgeJudgement, AgeStatement, ConsentAge, judge};
use consentry_domain::consent::{Act, Choice, ConsentIssue, Decision, Mailbox, Who};
use consentry_domain::{ConsentAction, ConsentRecordId, Day, FieldMask, Instant, OfferId, RegistrationStatus};
use consentry_entity::{consent, event, guardian_request, organization, registration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::offers::{self, Offer, PartnerAtEvent};
use super::questions::Shareable;
use super::row;
use super::wish::{Issue, IssueReason};
use crate::platform::store::Tx;
use crate::platform::{Fault, Refused};

/// Whether an attendee decides alone today: by the date of birth, else by a statement.
///
/// # Errors
/// When what is stored is no date of birth.
pub fn age(
    registration: &registration::Model,
    event: &event::Model,
    statement: Option<AgeStatement>,
    today: Day,
) -> Result<AgeJudgement, Fault> {
    let born = match registration.date_of_birth.as_deref() {
        Some(text) => Some(Day::parse(text).ok_or_else(|| Fault::Corrupt("a date of birth".into()))?),
        None => None,
    };
    let limit = ConsentAge::new(event.consent_age).unwrap_or_default();
    judge(limit, born, statement, today).map_err(|error| Fault::Corrupt(error.to_string()))
}

/// One registration with everything that decides about its consents.
pub(super) struct Desk<'a> {
    pub tx: &'a Tx,
    pub registration: &'a registration::Model,
    pub event: event::Model,
    pub organization: organization::Model,
    pub partners: Vec<PartnerAtEvent>,
    pub questions: Shareable,
    pub now: Instant,
    choices: BTreeMap<OfferId, Choice>,
    /// Whether a guardian was asked about this registration before.
    pub guardian_asked: bool,
    /// What was decided so far.
    pub changes: Vec<Change>,
    /// What somebody under age asked for, and a guardian has to give.
    pub waiting: Vec<OfferId>,
    /// Whether a grant rests on a statement made now.
    stated_now: bool,
}

/// One change of one consent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub offer: OfferId,
    pub before: Choice,
    pub after: Choice,
    pub action: ConsentAction,
    pub record_id: ConsentRecordId,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What could not be given; the rest was done.
    pub issues: Vec<Issue>,
    /// How many consents changed.
    pub changed: usize,
}

impl<'a> Desk<'a> {
    /// Reads everything; the number of statements is the same for every registration.
    pub async fn open(tx: &'a Tx, registration: &'a registration::Model) -> Result<Self, Refused> {
        let (organization, event) = (registration.organization_id, registration.event_id);
        let key = (organization, event);
        let row = event::Entity::find_by_id(key).one(tx).await?;
        let missing = || Fault::Corrupt("a registration without its event".into());
        let event = row.ok_or_else(missing)?;
        let organization = organization::Entity::find_by_id(organization)
            .one(tx)
            .await?
            .ok_or_else(missing)?;
        let partners = offers::of_events(tx, &[key]).await?.remove(&key).unwrap_or_default();
        let questions = Shareable::of_event(tx, key.0, key.1).await?;
        let rows = consent::Entity::find()
            .filter(consent::Column::OrganizationId.eq(key.0))
            .filter(consent::Column::RegistrationId.eq(registration.id))
            .all(tx)
            .await?;
        let choices = rows
            .iter()
            .map(|consent| {
                let choice = Choice::from_stored(&row::consent(consent));
                Ok((
                    consent.offer_id,
                    choice.ok_or_else(|| Fault::Corrupt("a consent without a giver".into()))?,
                ))
            })
            .collect::<Result<_, Fault>>()?;
        let guardian_asked = guardian_request::Entity::find()
            .filter(guardian_request::Column::OrganizationId.eq(key.0))
            .filter(guardian_request::Column::RegistrationId.eq(registration.id))
            .one(tx)
            .await?
            .is_some();
        Ok(Self {
            tx,
            registration,
            event,
            organization,
            partners,
            questions,
            now: tx.now().await?,
            choices,
            guardian_asked,
            changes: Vec::new(),
            waiting: Vec::new(),
            stated_now: false,
        })
    }

    /// The attendee as a giver. Age is judged from the date of birth; else from what is said now or was said before,
    /// unless a guardian was asked about this registration already: who is under age cannot say otherwise later.
    pub fn attendee(&mut self, mailbox: Mailbox, said: Option<AgeStatement>) -> Result<Who, Fault> {
        let registration = self.registration;
        let before = registration.of_age_stated_at.map(|_| AgeStatement::OfAge);
        let statement = if self.guardian_asked {
            Some(AgeStatement::UnderAge)
        } else {
            said.or(before)
        };
        let age = age(registration, &self.event, statement, self.now.day())?;
        self.stated_now = age == AgeJudgement::OfAgeByStatement && before.is_none();
        Ok(Who::Attendee(mailbox, age))
    }

    /// The mailbox of this registration.
    pub fn mailbox(&self) -> Mailbox {
        let proved = self.registration.email_proved_at.is_some() && !self.registration.consents_suspended;
        if proved { Mailbox::Proved } else { Mailbox::Unproved }
    }

    /// The offer with its partner, if this event has it.
    pub fn find(&self, offer: OfferId) -> Option<(&PartnerAtEvent, &Offer)> {
        self.partners.iter().find_map(|partner| {
            partner
                .offers
                .iter()
                .find(|its| its.row.id == offer)
                .map(|offer| (partner, offer))
        })
    }

    /// Where the registration stands with an offer.
    pub fn choice(&self, offer: OfferId) -> Choice {
        self.choices.get(&offer).copied().unwrap_or(Choice::Undecided)
    }

    /// Every offer that something is decided about.
    pub fn decided(&self) -> Vec<OfferId> {
        self.choices.keys().copied().collect()
    }

    /// Gives fields of a version.
    pub fn grant(&mut self, offer: OfferId, version: i32, fields: FieldMask, who: Who) -> Result<(), IssueReason> {
        let (partner, its) = self.find(offer).ok_or(IssueReason::NotOffered)?;
        let held = matches!(
            self.registration.status,
            RegistrationStatus::Pending | RegistrationStatus::Confirmed
        );
        let in_force = its
            .in_force()
            .filter(|version| held && partner.is_active() && version.is_open(self.now));
        let rule = in_force.ok_or(IssueReason::NotOffered)?.rule();
        let (choice, act) = (self.choice(offer), self.act());
        let decision = choice
            .grant(version, fields, &rule, who, act)
            .map_err(IssueReason::from)?;
        // The same wish again is no change; but whoever was not named the first time may be now.
        let is_asked = self.guardian_asked || !matches!(decision.choice, Choice::AwaitingGuardian(_));
        if !decision.ask_guardian.is_empty() || !is_asked {
            self.waiting.push(offer);
        }
        self.take(offer, choice, decision, act);
        Ok(())
    }

    /// Says no to a version; what was given is withdrawn.
    pub fn refuse(&mut self, offer: OfferId, version: i32, who: Who) -> Result<(), IssueReason> {
        let (_, its) = self.find(offer).ok_or(IssueReason::NotOffered)?;
        let (choice, act) = (self.choice(offer), self.act());
        let known = its.approved(version).is_some();
        if !known && choice == Choice::Undecided {
            return Err(IssueReason::StaleVersion);
        }
        let version = if known {
            version
        } else {
            choice.stored().map_or(version, |stored| stored.version)
        };
        let decision = choice.refuse(version, decider(who), act);
        self.take(offer, choice, decision, act);
        Ok(())
    }

    /// Takes fields back, or all of it.
    pub fn withdraw(&mut self, offer: OfferId, fields: Option<FieldMask>, who: Who) {
        let (choice, act) = (self.choice(offer), self.act());
        let decision = choice.withdraw(fields, decider(who), act);
        self.take(offer, choice, decision, act);
    }

    /// Lets what nobody affirmed become undecided.
    pub fn lapse(&mut self, offer: OfferId) {
        let (choice, act) = (self.choice(offer), self.act());
        self.take(offer, choice, choice.lapse(), act);
    }

    /// Ends what somebody under age gave, by a corrected date of birth.
    pub fn correct_age(&mut self, born: Day) {
        let limit = ConsentAge::new(self.event.consent_age).unwrap_or_default();
        for (offer, choice) in self.choices.clone() {
            let act = self.act();
            self.take(offer, choice, choice.corrected_age(born, limit), act);
        }
    }

    /// Notes that what is given rests, or is in force again; the choice itself stays.
    pub fn note(&mut self, action: ConsentAction) {
        for (offer, choice) in self.choices.clone() {
            if let Choice::Granted(_) = choice {
                let record_id = self.act().record_id;
                self.changes.push(Change {
                    offer,
                    before: choice,
                    after: choice,
                    action,
                    record_id,
                });
            }
        }
    }

    fn act(&self) -> Act {
        Act {
            at: self.now,
            record_id: self.tx.ordered_id(),
        }
    }

    fn take(&mut self, offer: OfferId, before: Choice, decision: Decision, act: Act) {
        if let Some(action) = decision.action {
            self.choices.insert(offer, decision.choice);
            self.changes.push(Change {
                offer,
                before,
                after: decision.choice,
                action,
                record_id: act.record_id,
            });
        }
    }
}

const fn decider(who: Who) -> consentry_domain::Decider {
    match who {
        Who::Attendee(..) => consentry_domain::Decider::Attendee,
        Who::Guardian => consentry_domain::Decider::Guardian,
    }
}

impl From<ConsentIssue> for IssueReason {
    fn from(issue: ConsentIssue) -> Self {
        match issue {
            ConsentIssue::StaleVersion => Self::StaleVersion,
            ConsentIssue::AgeNotStated => Self::AgeNotStated,
            ConsentIssue::NotOffered => Self::NotOffered,
            ConsentIssue::NotTheGuardians => Self::AttendeeHasDecided,
        }
    }
}
