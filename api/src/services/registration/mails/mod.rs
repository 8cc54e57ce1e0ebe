//! Mails about orders: what is said to the buyer, to those whom the buyer registered, and to parents.
//!
//! Nobody but the buyer is written to before the order is paid or free, so that nobody can have others written to for
//! nothing. Nothing but the buyer's own words about another attendee stands in the buyer's mail.

mod asks;
mod cancelled;
mod payment;
mod settled;

pub(super) use asks::{Asking, asks};
pub(super) use cancelled::cancelled;
pub use payment::{ToPay, remind_to_pay, tell_how_to_pay};
pub(super) use settled::settled;

use std::collections::HashMap;

use consentry_domain::{Instant, TicketTypeId};
use consentry_entity::{event, guardian_request, order, organization, registration};

use crate::platform::store::Tx;
use crate::platform::{Fault, Refused};
use crate::services::Localized;
use crate::services::mail::facts::{Place, Standing};
use crate::services::mail::line::Line;
use crate::services::mail::{self, Link, LinkPurpose, Message, NewMail};

/// Everything that mails about an order are made from.
pub(super) struct Subject<'a> {
    /// The event.
    pub event: &'a event::Model,
    /// Who runs it.
    pub organization: &'a organization::Model,
    /// The order.
    pub order: &'a order::Model,
    /// Its registrations.
    pub registrations: &'a [registration::Model],
    /// The names of its ticket types.
    pub names: &'a HashMap<TicketTypeId, Localized>,
    /// Guardians who were named for them.
    pub guardians: &'a [guardian_request::Model],
    /// What partners ask at this event.
    pub asks: &'a [Asking],
    /// When.
    pub now: Instant,
}

/// A mail before it is queued.
struct Draft {
    to: String,
    registration: Option<consentry_domain::RegistrationId>,
    locale: String,
    key: String,
    message: Message,
}

impl Subject<'_> {
    fn standing(registration: &registration::Model) -> Standing {
        if registration.pending_payment {
            Standing::AwaitsPayment
        } else if registration.pending_guardian {
            Standing::AwaitsGuardian
        } else if registration.pending_approval {
            Standing::AwaitsApproval
        } else {
            Standing::Confirmed
        }
    }

    /// In which language the buyer reads: that of the buyer's own place, which can be changed, or else that of the order.
    fn buyers_language(&self) -> &str {
        let own = self.registrations.iter().find(|registration| registration.is_buyer);
        own.map_or(&self.order.locale, |own| &own.locale)
    }

    fn name(&self, id: TicketTypeId, locale: &str) -> Line {
        self.names.get(&id).map_or_else(Line::default, |name| {
            name.pick(Some(locale), &self.event.default_locale).into()
        })
    }

    /// A place; its door code only for the reader who may hold it.
    fn place(&self, registration: &registration::Model, locale: &str, reader: Reader) -> Place {
        let holds = reader == Reader::Attendee && Self::standing(registration) == Standing::Confirmed;
        Place {
            ticket_type: self.name(registration.ticket_type_id, locale),
            attendee: registration.ordered_name.as_deref().map(Into::into),
            check_in_code: holds.then(|| registration.check_in_code.as_str().into()),
        }
    }

    fn link(&self, purpose: LinkPurpose, id: uuid::Uuid, generation: i32) -> Link {
        Link::Secret {
            purpose,
            organization: self.organization.id,
            id,
            generation,
        }
    }

    async fn queue(&self, tx: &Tx, drafts: Vec<Draft>) -> Result<(), Refused> {
        let new = drafts.iter().map(|draft| NewMail {
            organization: self.organization.id,
            event: Some(self.event.id),
            order: Some(self.order.id),
            registration: draft.registration,
            locale: &draft.locale,
            to: &draft.to,
            message: draft.message.clone(),
            dedupe_key: &draft.key,
        });
        mail::queue_all(tx, &new.collect::<Vec<_>>()).await?;
        Ok(())
    }

    fn total(&self) -> Result<Option<Line>, Fault> {
        let unknown = || Fault::Corrupt("an order's currency is not of the table".into());
        let currency = consentry_domain::Currency::parse(&self.order.currency).ok_or_else(unknown)?;
        let money = consentry_domain::Money::new(self.order.total_minor, currency);
        Ok((money.minor > 0).then(|| mail::about::amount(money)))
    }
}

/// Who reads about a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Whose place it is.
    Attendee,
    /// Who bought it for another.
    Buyer,
}
