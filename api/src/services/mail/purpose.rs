//! Whether a mail still has a purpose: what it is about stands as it did, its links work, and its mailbox is still the
//! reader's. Judged under the locks of what it is about: order, then registration.

use consentry_domain::{
    EventStatus, GuardianRequestId, GuardianRequestStatus, Instant, OrderStatus, PartnerTokenId, PaymentStatus,
    RegistrationStatus,
};
use consentry_entity::{event, guardian_request, mail, order, partner, partner_token, payment, registration};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::facts::{AddressState, Cancelled, Transfer};
use super::{Link, LinkPurpose, Message};
use crate::platform::store::Tx;

/// What a mail is about, locked.
struct About<'a> {
    tx: &'a Tx,
    mail: &'a mail::Model,
    to: &'a str,
    now: Instant,
    order: Option<order::Model>,
    registration: Option<registration::Model>,
}

/// Whether it has. What it is about stays locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub(super) async fn holds(tx: &Tx, mail: &mail::Model, message: &Message, now: Instant) -> Result<bool, DbErr> {
    let Some(to) = mail.to_address.as_deref() else {
        return Ok(false);
    };
    let organization = mail.organization_id;
    let order = match mail.order_id {
        Some(id) => {
            order::Entity::find_by_id((organization, id))
                .lock_exclusive()
                .one(tx)
                .await?
        }
        None => None,
    };
    let registration = match mail.registration_id {
        Some(id) => {
            registration::Entity::find_by_id((organization, id))
                .lock_exclusive()
                .one(tx)
                .await?
        }
        None => None,
    };
    let about = About {
        tx,
        mail,
        to,
        now,
        order,
        registration,
    };
    about.holds(message).await
}

impl About<'_> {
    async fn holds(&self, message: &Message) -> Result<bool, DbErr> {
        Ok(match message {
            Message::Confirmation(m) => {
                let own = self.registration.is_some() || self.mail.registration_id.is_none();
                own && self.is_buyers(&m.manage)
                    && self.order.as_ref().is_some_and(is_alive)
                    && self.has_place_or_none()
                    && m.confirm.as_ref().is_none_or(|link| self.opens_registration(link))
                    && self.is_ahead().await?
            }
            Message::DecideForYourself(m) => {
                self.is_attendees()
                    && self.has_place()
                    && self.opens_registration(&m.confirm)
                    && self.is_ahead().await?
            }
            Message::PaymentInstructions(m) => {
                self.is_to_be_paid(&m.order) && self.is_asked(m.transfer.as_ref()).await? && self.is_ahead().await?
            }
            Message::PaymentReminder(m) => {
                self.is_to_be_paid(&m.order) && self.is_asked(m.transfer.as_ref()).await? && self.is_ahead().await?
            }
            Message::Cancellation(m) => self.is_gone(m.what),
            Message::GuardianRequest(m) => {
                self.has_place() && self.waits_for_guardian(&m.decide).await? && self.is_ahead().await?
            }
            Message::TokenClaim(m) => self.is_unclaimed(&m.claim).await?,
            Message::AddressChange(m) => self.has_place() && self.is_unproved(m.state, &m.confirm),
            // It told what happened then.
            Message::AddressNotice(_) => false,
            // What staff do not see they cannot send.
            Message::ConsentChanged(_) | Message::SignInLink(_) | Message::Test(_) | Message::Erasure(_) => false,
            Message::ComplaintReceived(_) | Message::ComplaintAnswered(_) | Message::ComplaintFiled(_) => false,
            Message::SignInChanged(_) => false,
            Message::OfferRequested(_) | Message::OfferDecided(_) => false,
        })
    }

    /// Whether it goes to the buyer, whose link still opens the order.
    fn is_buyers(&self, link: &Link) -> bool {
        self.order.as_ref().is_some_and(|order| {
            order.buyer_email.as_deref() == Some(self.to)
                && is(link, LinkPurpose::Order, order.id.0, order.secret_generation)
        })
    }

    /// Whether it goes to the attendee.
    fn is_attendees(&self) -> bool {
        self.registration
            .as_ref()
            .is_some_and(|row| row.email.as_deref() == Some(self.to))
    }

    fn has_place(&self) -> bool {
        self.registration.as_ref().is_some_and(has_place)
    }

    fn has_place_or_none(&self) -> bool {
        self.registration.as_ref().is_none_or(has_place)
    }

    fn opens_registration(&self, link: &Link) -> bool {
        self.registration
            .as_ref()
            .is_some_and(|row| is(link, LinkPurpose::Registration, row.id.0, row.link_generation))
    }

    /// Whether the order still waits for its money.
    fn is_to_be_paid(&self, link: &Link) -> bool {
        let waits = |order: &order::Model| {
            order.status == OrderStatus::Pending && order.expires_at.is_some_and(|at| Instant(at) > self.now)
        };
        self.is_buyers(link) && self.order.as_ref().is_some_and(waits)
    }

    /// Whether the transfer that it asks for is still the way to pay.
    async fn is_asked(&self, transfer: Option<&Transfer>) -> Result<bool, DbErr> {
        let (Some(transfer), Some(order)) = (transfer, &self.order) else {
            return Ok(true);
        };
        let open = payment::Entity::find()
            .filter(payment::Column::OrganizationId.eq(order.organization_id))
            .filter(payment::Column::OrderId.eq(order.id))
            .filter(payment::Column::Status.eq(PaymentStatus::Created))
            .filter(payment::Column::Reference.eq(transfer.reference.as_str()));
        Ok(open.count(self.tx).await? > 0)
    }

    /// Whether what was called off still is, and its reader is still known.
    fn is_gone(&self, what: Cancelled) -> bool {
        let Some(order) = &self.order else { return false };
        let reads = order.buyer_email.as_deref() == Some(self.to) || self.is_attendees();
        reads
            && match what {
                Cancelled::Place => self
                    .registration
                    .as_ref()
                    .is_some_and(|row| row.status == RegistrationStatus::Cancelled),
                Cancelled::Order | Cancelled::Event | Cancelled::UnpaidOrder => {
                    matches!(order.status, OrderStatus::Cancelled | OrderStatus::Expired)
                }
            }
    }

    async fn waits_for_guardian(&self, link: &Link) -> Result<bool, DbErr> {
        let Link::Secret { id, .. } = link else {
            return Ok(false);
        };
        let key = (self.mail.organization_id, GuardianRequestId(*id));
        let found = guardian_request::Entity::find_by_id(key).one(self.tx).await?;
        Ok(found.is_some_and(|row| {
            row.status == GuardianRequestStatus::Waiting
                && row.guardian_email.as_deref() == Some(self.to)
                && is(link, LinkPurpose::Guardian, row.id.0, row.generation)
        }))
    }

    async fn is_unclaimed(&self, link: &Link) -> Result<bool, DbErr> {
        let Link::Secret { id, .. } = link else {
            return Ok(false);
        };
        let key = (self.mail.organization_id, PartnerTokenId(*id));
        let found = partner_token::Entity::find_by_id(key)
            .lock_exclusive()
            .one(self.tx)
            .await?;
        let Some(token) = found else { return Ok(false) };
        let partner = partner::Entity::find_by_id((token.organization_id, token.partner_id))
            .one(self.tx)
            .await?;
        Ok(token.claimed_at.is_none()
            && token.revoked_at.is_none()
            && Instant(token.expires_at) > self.now
            && partner.is_some_and(|partner| partner.contact_email == self.to)
            && is(link, LinkPurpose::TokenClaim, token.id.0, token.claim_generation))
    }

    /// Whether its address still waits to be proved, by this link.
    fn is_unproved(&self, state: AddressState, link: &Link) -> bool {
        self.registration.as_ref().is_some_and(|row| match state {
            AddressState::WaitsForProof => {
                row.new_email.as_deref() == Some(self.to)
                    && is(link, LinkPurpose::AddressChange, row.id.0, row.address_generation)
            }
            AddressState::Replaced => {
                row.email.as_deref() == Some(self.to)
                    && row.email_proved_at.is_none()
                    && is(link, LinkPurpose::Registration, row.id.0, row.link_generation)
            }
        })
    }

    /// Whether its event is still to come, or under way.
    async fn is_ahead(&self) -> Result<bool, DbErr> {
        let Some(id) = self.mail.event_id else { return Ok(false) };
        let found = event::Entity::find_by_id((self.mail.organization_id, id))
            .one(self.tx)
            .await?;
        Ok(found.is_some_and(|event| {
            let is_on = matches!(event.status, EventStatus::Published | EventStatus::Closed);
            is_on && Instant(event.ends_at) > self.now
        }))
    }
}

fn is_alive(order: &order::Model) -> bool {
    matches!(
        order.status,
        OrderStatus::Pending | OrderStatus::Expiring | OrderStatus::Paid
    )
}

fn has_place(row: &registration::Model) -> bool {
    matches!(row.status, RegistrationStatus::Pending | RegistrationStatus::Confirmed)
}

/// Whether a mail's link is the one that works now.
fn is(link: &Link, purpose: LinkPurpose, id: Uuid, generation: i32) -> bool {
    match link {
        Link::Plain(_) | Link::Page(_) => true,
        Link::Secret {
            purpose: its,
            id: its_id,
            generation: its_generation,
            ..
        } => (*its, *its_id, *its_generation) == (purpose, id, generation),
    }
}
