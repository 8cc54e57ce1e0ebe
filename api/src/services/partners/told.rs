//! The mails about what partners ask for: that a version waits for a decision, and how it was decided.
//!
//! Each goes to those who are concerned with it, in the transaction of what it tells of, once for each version. Nothing in
//! them is of an attendee.

use consentry_domain::{AccountId, ActorKind, OrganizationId, PartnerMemberId, Purpose, Role};
use consentry_entity::{event, event_partner, organization, partner};
use sea_orm::{EntityTrait, QueryResult};
use uuid::Uuid;

use crate::access::MayAsk;
use crate::access::rights::{ManagePartners, Permission};
use crate::platform::store::{Tx, sql};
use crate::platform::{Fault, public_id};
use crate::services::Localized;
use crate::services::mail::facts::{OfferDecision, PartnerAsk};
use crate::services::mail::line::Line;
use crate::services::mail::messages::{OfferDecided, OfferRequested};
use crate::services::mail::{Link, Message, NewMail, about, queue_all};
use crate::services::sharing::offers::{Offer, Version};
use crate::services::sharing::questions::Shareable;

/// Somebody who is told.
struct Reader {
    account: AccountId,
    email: String,
    locale: String,
    /// What they hold it by.
    seat: Uuid,
}

impl Reader {
    fn read(row: &QueryResult) -> Result<Self, Fault> {
        Ok(Self {
            account: row.try_get("", "account_id")?,
            email: row.try_get("", "email")?,
            locale: row.try_get("", "locale")?,
            seat: row.try_get("", "id")?,
        })
    }

    /// Everybody once, and not who did it.
    fn all(rows: &[QueryResult], by: AccountId) -> Result<Vec<Self>, Fault> {
        let mut readers = rows.iter().map(Self::read).collect::<Result<Vec<_>, _>>()?;
        readers.retain(|reader| reader.account != by);
        readers.dedup_by_key(|reader| reader.account);
        Ok(readers)
    }
}

/// What is told of.
struct About<'a> {
    offer: &'a Offer,
    version: &'a Version,
    organization: organization::Model,
    event: event::Model,
    partner: partner::Model,
    questions: Shareable,
}

/// Tells those who decide at the event that a version waits for it.
pub(super) async fn requested(tx: &Tx, by: &impl MayAsk, offer: &Offer) -> Result<(), Fault> {
    let Some(version) = offer.requested() else {
        return Ok(());
    };
    let about = About::read(tx, offer, version).await?;
    let page = Link::Page(format!(
        "/manage/{}/{}/partners/{}/offers/{}",
        about.organization.slug,
        about.event.slug,
        public_id::of(about.organization.id, offer.row.event_partner_id),
        public_id::of(about.organization.id, offer.row.id),
    ));
    let message = |reader: &Reader| {
        Ok(OfferRequested {
            controller: about::controller(&about.organization, &reader.locale)?,
            event: about.title(&reader.locale)?,
            ask: about.ask(&reader.locale),
            page: page.clone(),
        }
        .into())
    };
    let readers = deciders(tx, by).await?;
    about.send(tx, "requested", &readers, message).await
}

/// Tells the partner's administrators what the organizer decided. What their own side takes back is told to nobody.
pub(super) async fn decided(
    tx: &Tx,
    by: &impl MayAsk,
    offer: &Offer,
    version: &Version,
    decision: OfferDecision,
) -> Result<(), Fault> {
    if by.kind() != ActorKind::Staff {
        return Ok(());
    }
    let about = About::read(tx, offer, version).await?;
    let readers = administrators(tx, by, &about.partner).await?;
    let message = |reader: &Reader| {
        Ok(OfferDecided {
            controller: about::controller(&about.organization, &reader.locale)?,
            event: about.title(&reader.locale)?,
            ask: about.ask(&reader.locale),
            decision,
            remark: version.row.remark.as_deref().map(Into::into),
            page: about.own_page(reader),
        }
        .into())
    };
    let what = match decision {
        OfferDecision::Approved => "approved",
        OfferDecision::SentBack => "sent-back",
        OfferDecision::TakenBack | OfferDecision::Ended => "withdrawn",
    };
    about.send(tx, what, &readers, message).await
}

impl<'a> About<'a> {
    async fn read(tx: &Tx, offer: &'a Offer, version: &'a Version) -> Result<Self, Fault> {
        let (organization, event) = (offer.row.organization_id, offer.row.event_id);
        let missing = || Fault::Corrupt("an offer without its event, its partner or its organization".into());
        let place = event_partner::Entity::find_by_id((organization, offer.row.event_partner_id));
        let place = place.one(tx).await?.ok_or_else(missing)?;
        let company = partner::Entity::find_by_id((organization, place.partner_id));
        let its_event = event::Entity::find_by_id((organization, event));
        let owner = organization::Entity::find_by_id(organization);
        Ok(Self {
            offer,
            version,
            organization: owner.one(tx).await?.ok_or_else(missing)?,
            event: its_event.one(tx).await?.ok_or_else(missing)?,
            partner: company.one(tx).await?.ok_or_else(missing)?,
            questions: Shareable::of_event(tx, organization, event).await?,
        })
    }

    /// The event's title, in the reader's language where there is one.
    fn title(&self, locale: &str) -> Result<Line, Fault> {
        let title = Localized::parse(&self.event.title)?;
        Ok(title.pick(Some(locale), &self.event.default_locale).into())
    }

    fn ask(&self, locale: &str) -> PartnerAsk {
        PartnerAsk {
            partner: self.partner.legal_name.as_str().into(),
            purpose: self.offer.row.purpose,
            fields: about::fields(self.version.fields(), &self.questions, &self.event, locale),
        }
    }

    /// The page of an administrator on which what is asked for stands.
    fn own_page(&self, reader: &Reader) -> Link {
        let organization: OrganizationId = self.organization.id;
        Link::Page(format!(
            "/partner/{}/-/offers/{}/{}",
            public_id::of(organization, PartnerMemberId(reader.seat)),
            public_id::of(organization, self.offer.row.event_partner_id),
            in_address(self.offer.row.purpose),
        ))
    }

    async fn send(
        &self,
        tx: &Tx,
        what: &str,
        readers: &[Reader],
        message: impl Fn(&Reader) -> Result<Message, Fault>,
    ) -> Result<(), Fault> {
        let key = |reader: &Reader| {
            let version = self.version.row.version;
            format!("offer-{what}:{}:{version}:{}", self.offer.row.id, reader.account)
        };
        let keys: Vec<String> = readers.iter().map(key).collect();
        let mails = readers.iter().zip(&keys).map(|(reader, dedupe_key)| {
            Ok::<_, Fault>(NewMail {
                organization: self.organization.id,
                event: Some(self.event.id),
                order: None,
                registration: None,
                locale: &reader.locale,
                to: &reader.email,
                message: message(reader)?,
                dedupe_key,
            })
        });
        let mails = mails.collect::<Result<Vec<_>, _>>()?;
        if !mails.is_empty() {
            queue_all(tx, &mails).await?;
        }
        Ok(())
    }
}

/// Those who may decide at the event, by a role for it or for the whole organization.
async fn deciders(tx: &Tx, by: &impl MayAsk) -> Result<Vec<Reader>, Fault> {
    let now = tx.now().await?;
    let roles: Vec<String> = ManagePartners::RIGHT.roles().iter().map(quoted).collect();
    let text = format!(
        "select m.id, a.id as account_id, a.email, a.locale from team_member m join account a on a.id = m.account_id \
         where m.organization_id = $1 and (m.event_id is null or m.event_id = $2) and m.role in ({}) \
         and m.removed_at is null and (m.ends_at is null or m.ends_at > $3) and a.erased_at is null order by a.email, a.id, m.id",
        roles.join(", ")
    );
    let values = [by.organization().into(), by.event().into(), now.0.into()];
    Reader::all(&sql::all(tx, &text, values).await?, by.account())
}

fn quoted(role: &Role) -> String {
    format!("'{}'", role.as_str())
}

/// Those who administer the partner now, by the same seats by which `access` knows them.
async fn administrators(tx: &Tx, by: &impl MayAsk, partner: &partner::Model) -> Result<Vec<Reader>, Fault> {
    if !partner.active {
        return Ok(Vec::new());
    }
    let now = tx.now().await?;
    let text = "select t.id, a.id as account_id, a.email, a.locale from partner_token t join account a on a.id = t.account_id \
        where t.organization_id = $1 and t.partner_id = $2 and t.member_role = 'ADMINISTRATOR' and t.revoked_at is null \
        and t.not_before <= $3 and t.expires_at > $3 and a.erased_at is null order by a.email, a.id, t.id";
    let values = [by.organization().into(), partner.id.into(), now.0.into()];
    Reader::all(&sql::all(tx, text, values).await?, by.account())
}

/// A purpose as addresses name it.
fn in_address(purpose: Purpose) -> String {
    purpose.as_str().to_lowercase().replace('_', "-")
}
