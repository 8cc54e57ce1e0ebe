//! Where one registration's consents are decided: everything that the decision needs, read once, and everything that
//! follows from it, written at the end. The rules themselves are in [`consentry_domain::consent`].
//!
//! The caller's transaction holds the event's offers shared ([`super::offers::share`]) and the registration's row.

use std::collections::{BTreeMap, BTreeSet};

use consentry_domain::age::{AgeJudgement, AgeStatement, ConsentAge, judge};
use consentry_domain::consent::{Act, Choice, ConsentIssue, Decision, Mailbox, Who};
use consentry_domain::evidence::Identification;
use consentry_domain::{
    ActorKind, ConsentAction, ConsentRecordId, Day, FieldMask, Instant, OfferId, RegistrationStatus,
};
use consentry_entity::{consent, consent_record, event, guardian_request, opening, organization, registration};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::offers::{self, Offer, PartnerAtEvent};
use super::questions::Shareable;
use super::wish::{Issue, IssueReason};
use super::{leads, record, row};
use crate::platform::store::{Tx, sql};
use crate::platform::{Fault, Refused};

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
    guardian_asked: bool,
    /// What was decided so far.
    pub changes: Vec<Change>,
    /// Whether somebody under age asked for something that a guardian has to give.
    pub ask_guardian: bool,
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
            ask_guardian: false,
            stated_now: false,
        })
    }

    /// The attendee as a giver. Age is judged from the date of birth; else from what is said now or was said before,
    /// unless a guardian was asked about this registration already: who is under age cannot say otherwise later.
    pub fn attendee(&mut self, mailbox: Mailbox, said: Option<AgeStatement>) -> Result<Who, Fault> {
        let registration = self.registration;
        let born = match registration.date_of_birth.as_deref() {
            Some(text) => Some(Day::parse(text).ok_or_else(|| Fault::Corrupt("a date of birth".into()))?),
            None => None,
        };
        let before = registration.of_age_stated_at.map(|_| AgeStatement::OfAge);
        let statement = if self.guardian_asked {
            Some(AgeStatement::UnderAge)
        } else {
            said.or(before)
        };
        let limit = ConsentAge::new(self.event.consent_age).unwrap_or_default();
        let age = judge(limit, born, statement, self.now.day()).map_err(|error| Fault::Corrupt(error.to_string()))?;
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
        self.ask_guardian |= !decision.ask_guardian.is_empty();
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

    /// Writes what changed: the consents, a record of each change with its opening, the consents' revision, and the
    /// leads that follow. Nothing is written where nothing changed.
    pub async fn close(&self, identified_by: Identification, actor: ActorKind) -> Result<(), Refused> {
        if self.changes.is_empty() {
            return Ok(());
        }
        let mut records = Vec::with_capacity(self.changes.len());
        let mut openings = Vec::with_capacity(self.changes.len());
        for change in &self.changes {
            let (record, opening) = record::write(self, change, identified_by, actor)?;
            records.push(record.into_active_model().reset_all());
            openings.push(opening.into_active_model().reset_all());
        }
        consent_record::Entity::insert_many(records)
            .exec_without_returning(self.tx)
            .await?;
        opening::Entity::insert_many(openings)
            .exec_without_returning(self.tx)
            .await?;
        self.write_choices().await?;
        let stated = self.stated_now.then_some(self.now.0);
        sql::execute(
            self.tx,
            "update registration set consent_revision = consent_revision + 1, \
             of_age_stated_at = coalesce(of_age_stated_at, $3) where organization_id = $1 and id = $2",
            [
                self.registration.organization_id.into(),
                self.registration.id.into(),
                stated.into(),
            ],
        )
        .await?;
        // What was never given has no leads.
        let given = |choice: Choice| matches!(choice, Choice::Granted(_));
        if self
            .changes
            .iter()
            .any(|change| given(change.before) || given(change.after))
        {
            leads::rewrite(self.tx, self.registration.organization_id, &[self.registration.id]).await?;
        }
        Ok(())
    }

    async fn write_choices(&self) -> Result<(), Refused> {
        use consent::Column as C;
        let (organization, registration) = (self.registration.organization_id, self.registration.id);
        let changed: BTreeSet<OfferId> = self.changes.iter().map(|change| change.offer).collect();
        let (mut rows, mut undecided) = (Vec::new(), Vec::new());
        for offer in changed {
            let Some(stored) = self.choice(offer).stored() else {
                undecided.push(offer);
                continue;
            };
            rows.push(consent::Model {
                organization_id: organization,
                registration_id: registration,
                offer_id: offer,
                event_id: self.registration.event_id,
                state: stored.state,
                version: stored.version,
                granted_mask: stored.granted.to_db(),
                decided_at: stored.given_at.0,
                decider: stored.decider,
                age_basis: stored.age_basis,
                locale: self.language(offer, stored.version),
                consent_record_id: stored.record_id,
            });
        }
        if !rows.is_empty() {
            let replaced = [
                C::State,
                C::Version,
                C::GrantedMask,
                C::DecidedAt,
                C::Decider,
                C::AgeBasis,
                C::Locale,
                C::ConsentRecordId,
            ];
            let conflict = OnConflict::columns([C::OrganizationId, C::RegistrationId, C::OfferId])
                .update_columns(replaced)
                .to_owned();
            consent::Entity::insert_many(rows.into_iter().map(|row| row.into_active_model().reset_all()))
                .on_conflict(conflict)
                .exec_without_returning(self.tx)
                .await?;
        }
        if !undecided.is_empty() {
            consent::Entity::delete_many()
                .filter(C::OrganizationId.eq(organization))
                .filter(C::RegistrationId.eq(registration))
                .filter(C::OfferId.is_in(undecided))
                .exec(self.tx)
                .await?;
        }
        Ok(())
    }

    /// The language of the text that was shown.
    fn language(&self, offer: OfferId, version: i32) -> String {
        let text = self
            .find(offer)
            .and_then(|(_, offer)| offer.approved(version))
            .map(|version| &version.text);
        let (wished, default) = (
            Some(self.registration.locale.as_str()),
            self.event.default_locale.as_str(),
        );
        text.map_or(default, |text| text.version(wished, default).0).to_owned()
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
