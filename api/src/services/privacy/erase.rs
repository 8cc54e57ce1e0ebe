//! One person's erasure within one organization.
//!
//! Locks: the person, then their orders with their registrations, offers shared and leads, the account, and quotas last. A
//! mailbox that is proved meanwhile for another registration waits at the person; where the two wait for each other the
//! database gives one of them up and it is run again.

use std::collections::{BTreeMap, BTreeSet};

use consentry_domain::{Instant, MailId, OrderId, QuotaId, RegistrationId, RegistrationStatus};
use consentry_entity::{account, organization, registration};
use sea_orm::{EntityTrait, QuerySelect, Value};

use super::empty::{self, Whose};
use super::request::{Request, Whom};
use super::words::Words;
use super::{Subject, complaints, mails, views};
use crate::platform::store::{Tx, sql};
use crate::platform::{Fault, Platform, Refused};
use crate::services::mail::{self, NewMail, about, messages};
use crate::services::registration::{InHand, give_back, give_up};
use crate::transaction;

/// What was erased.
#[derive(Clone, Debug)]
pub struct Erased {
    /// By whom it had been held.
    pub organization: organization::Model,
    /// When.
    pub at: Instant,
    /// How many registrations were emptied.
    pub registrations: usize,
    /// Whether a mail tells whoever it was.
    pub is_told: bool,
    /// Whether the account went, too, because nothing else was left of it.
    pub account: AccountFate,
}

/// What became of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountFate {
    /// It is gone with its sessions.
    Erased,
    /// It stays: another organization, or a team, knows it.
    Kept,
}

/// Erases a person within the organization, or whoever holds a place there of which nobody has proved the address. Held
/// places are given up; everything personal goes, except what the law demands, and an open complaint until it is answered; a
/// last mail says so to whoever is known by a proved address, and is emptied when it is sent. Doing it twice is doing it once.
///
/// # Errors
/// Not found, where the person is not there any more; `PAYMENT_PROCESSING` while money is on its way for an order that
/// would end with it.
pub async fn erase(platform: &Platform, request: Request<'_>) -> Result<Erased, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let whom = request.whom(tx).await?;
        let now = tx.now().await?;
        let organization = request.holder(tx).await?;
        let mut words = Words::default();
        let mut whose = Whose::nothing(organization.id);
        let mut freed = BTreeMap::<QuotaId, i64>::new();
        let orders = whom.orders(tx, &mut words).await?;
        for id in &orders {
            let held = InHand::take(tx, whose.organization, *id).await?;
            let mut held = held.ok_or_else(|| Fault::Corrupt("a registration without its order".into()))?;
            let mine = whom.registrations(&held.registrations, &mut words);
            if whom.bought(&held, &mine) {
                whose.bought.push(*id);
                words.name(held.order.buyer_name.as_deref());
                words.address(held.order.buyer_email.as_deref());
            }
            for (quota, count) in give_up(&mut held, &mine).await? {
                *freed.entry(quota).or_default() += count;
            }
            whose.registrations.extend(mine);
        }
        whose.mails = whom.mails(tx, &whose, &orders, &words).await?;
        let orders: Vec<OrderId> = orders.into_iter().collect();
        mails::strike(tx, whose.organization, &orders, &whose.mails, &words).await?;
        unneeded_billing(tx, &whose).await?;
        searches(tx, &whose).await?;
        views::strike(tx, &whose).await?;
        let mut open = 0;
        if let Whom::Person(subject) = &whom {
            let person = subject.person.id;
            whose.person = Some(person);
            whose.complaints = complaints::answered(tx, whose.organization, person).await?;
            open = complaints::keep_open(tx, whose.organization, person).await?;
            whose.account = subject.account_that_goes(tx).await?;
            // First, as the person refers to the account.
            let text = "update person set account_id = null, erased_at = $3 where organization_id = $1 and id = $2";
            let values = [whose.organization.into(), person.into(), now.0.into()];
            sql::execute(tx, text, values).await?;
        }
        empty::all(tx, &whose).await?;
        let detail = serde_json::json!({ "registrations": whose.registrations.len(), "orders": whose.bought.len() });
        match (&whom, request) {
            (Whom::Nobody, _) => {}
            (_, Request::Own(_)) => request.note(tx, "requestErasure", detail).await?,
            (_, Request::Officer(..)) => request.note(tx, "erasePerson", detail).await?,
        }
        if let Whom::Person(subject) = &whom {
            subject.tell(tx, open).await?;
        }
        give_back(tx, whose.organization, &freed).await?;
        Ok::<_, Refused>(Erased {
            organization,
            at: now,
            registrations: whose.registrations.len(),
            is_told: matches!(whom, Whom::Person(_)),
            account: whose.account.map_or(AccountFate::Kept, |_| AccountFate::Erased),
        })
    })
}

impl Whom {
    /// The orders with a place of theirs, and those that they bought for others, by id.
    async fn orders(&self, tx: &Tx, words: &mut Words) -> Result<BTreeSet<OrderId>, Fault> {
        match self {
            Self::Person(subject) => {
                words.address(Some(&subject.account.email));
                words.address(subject.person.email.as_deref());
                subject.orders(tx).await
            }
            Self::Place(row) => Ok(BTreeSet::from([row.order_id])),
            Self::Nobody => Ok(BTreeSet::new()),
        }
    }

    fn holds(&self, row: &registration::Model) -> bool {
        match self {
            Self::Person(subject) => row.person_id == Some(subject.person.id),
            Self::Place(place) => row.id == place.id,
            Self::Nobody => false,
        }
    }

    /// Their registrations of a locked order.
    fn registrations(&self, all: &[registration::Model], words: &mut Words) -> Vec<RegistrationId> {
        let theirs = |row: &&registration::Model| self.holds(row) && row.status != RegistrationStatus::Erased;
        let mut ids = Vec::new();
        for row in all.iter().filter(theirs) {
            ids.push(row.id);
            for name in [&row.full_name, &row.ordered_name] {
                words.name(name.as_deref());
            }
            for address in [&row.email, &row.ordered_email, &row.new_email] {
                words.address(address.as_deref());
            }
        }
        ids
    }

    /// Whether it was they who bought it: with a place of their own in it, or by their proved address.
    fn bought(&self, held: &InHand<'_>, mine: &[RegistrationId]) -> bool {
        let own = |row: &registration::Model| row.is_buyer && mine.contains(&row.id);
        let by_address = match self {
            Self::Person(subject) => held.order.buyer_email_key.as_deref() == Some(subject.account.email_key.as_str()),
            Self::Place(_) | Self::Nobody => false,
        };
        by_address || held.registrations.iter().any(own)
    }

    /// Their mails. What went to an address that nobody has proved may be somebody else's, but for what is about their order.
    async fn mails(
        &self,
        tx: &Tx,
        whose: &Whose,
        orders: &BTreeSet<OrderId>,
        words: &Words,
    ) -> Result<Vec<MailId>, Fault> {
        match self {
            Self::Person(_) => mails::own(tx, whose.organization, &whose.registrations, words).await,
            Self::Place(_) => {
                let about = mails::own(tx, whose.organization, &whose.registrations, &Words::default()).await?;
                let mut all: BTreeSet<MailId> = about.into_iter().collect();
                for order in orders {
                    all.extend(mails::of_order(tx, whose.organization, *order, words).await?);
                }
                Ok(all.into_iter().collect())
            }
            Self::Nobody => Ok(Vec::new()),
        }
    }
}

impl Subject {
    /// The orders with a place of theirs, and those that they bought for others, by id.
    async fn orders(&self, tx: &Tx) -> Result<BTreeSet<OrderId>, Fault> {
        let with_place = "select distinct order_id as id from registration \
            where organization_id = $1 and person_id = $2 and status <> 'ERASED'";
        let bought = "select o.id from event e join \"order\" o on o.organization_id = e.organization_id \
            and o.event_id = e.id where e.organization_id = $1 and o.buyer_email_key = $2";
        let organization = Value::from(self.organization.id);
        let mut rows = sql::all(tx, with_place, [organization.clone(), self.person.id.into()]).await?;
        rows.extend(sql::all(tx, bought, [organization, self.account.email_key.as_str().into()]).await?);
        rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
    }

    /// The account, locked, where nobody else knows it.
    async fn account_that_goes(&self, tx: &Tx) -> Result<Option<consentry_domain::AccountId>, Fault> {
        let id = self.account.id;
        account::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
        let text = "select 1 as one from person where account_id = $1 and (organization_id <> $2 or id <> $3) \
            union all select 1 from team_member where account_id = $1 \
            union all select 1 from partner_token where account_id = $1 limit 1";
        let values = [id.into(), self.organization.id.into(), self.person.id.into()];
        let other = sql::optional(tx, text, values).await?;
        Ok(other.is_none().then_some(id))
    }

    /// Queues the last mail, which says whether a complaint is still open.
    async fn tell(&self, tx: &Tx, open_complaints: u64) -> Result<(), Fault> {
        let new = NewMail {
            organization: self.organization.id,
            event: None,
            order: None,
            registration: None,
            locale: &self.account.locale,
            to: &self.account.email,
            message: messages::Erasure {
                controller: about::controller(&self.organization, &self.account.locale)?,
                complaint_is_open: open_complaints > 0,
            }
            .into(),
            dedupe_key: &format!("erasure:{}", self.person.id),
        };
        mail::queue(tx, new).await?;
        Ok(())
    }
}

/// Who was billed is kept by law where there is something to account for, and goes where there is not.
async fn unneeded_billing(tx: &Tx, whose: &Whose) -> Result<(), Fault> {
    for order in &whose.bought {
        let text = "delete from billing_party where organization_id = $1 and order_id = $2 and exists (select 1 \
            from \"order\" o where o.organization_id = $1 and o.id = $2 \
            and (o.total_minor = 0 or (o.paid_at is null and o.status in ('EXPIRED', 'CANCELLED'))))";
        sql::execute(tx, text, [whose.organization.into(), (*order).into()]).await?;
    }
    Ok(())
}

/// What staff searched for when they took a list with this person away may be the person's name or address.
async fn searches(tx: &Tx, whose: &Whose) -> Result<(), Fault> {
    for registration in &whose.registrations {
        let text = "select e.id, e.filter from roster_export_item i join roster_export e \
            on e.organization_id = i.organization_id and e.id = i.export_id \
            where i.organization_id = $1 and i.registration_id = $2";
        for row in sql::all(tx, text, [whose.organization.into(), (*registration).into()]).await? {
            let odd = |error: serde_json::Error| Fault::Corrupt(format!("the filter of a list: {error}"));
            let mut filter: serde_json::Value =
                serde_json::from_str(&row.try_get::<String>("", "filter")?).map_err(odd)?;
            let mut struck = false;
            for words in ["name", "mail_prefix", "words"] {
                if let Some(value) = filter.get_mut(words).filter(|value| !value.is_null()) {
                    *value = serde_json::Value::Null;
                    struck = true;
                }
            }
            if struck {
                let id: consentry_domain::RosterExportId = row.try_get("", "id")?;
                let text = "update roster_export set filter = $3 where organization_id = $1 and id = $2";
                let values = [whose.organization.into(), id.into(), filter.to_string().into()];
                sql::execute(tx, text, values).await?;
            }
        }
    }
    Ok(())
}
