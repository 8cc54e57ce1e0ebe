//! Something was cancelled: whoever had it is told.

use consentry_entity::registration;

use super::{Draft, Subject};
use crate::platform::Refused;
use crate::platform::store::Tx;
use crate::services::mail::facts::{Cancelled, CancelledBy, Refund};
use crate::services::mail::{about, messages};

/// Queues the mails: to the buyer where the whole order ended, to the attendees of the places that were given up.
///
/// An attendee is told only where the order was paid or free before: nobody has heard of the others' places yet.
pub(in super::super) async fn cancelled(
    tx: &Tx,
    subject: &Subject<'_>,
    what: Cancelled,
    by: CancelledBy,
    refund: Refund,
) -> Result<(), Refused> {
    let mut drafts = Vec::new();
    let whole = matches!(what, Cancelled::Order | Cancelled::UnpaidOrder | Cancelled::Event);
    let own = subject.registrations.iter().find(|registration| registration.is_buyer);
    let attendees = by == CancelledBy::Attendee;
    if let (true, Some(to)) = (whole, &subject.order.buyer_email) {
        let key = format!("cancelled:{}:{}", subject.order.id, subject.order.revision);
        let name = subject.order.buyer_name.as_deref();
        drafts.push(draft(
            subject,
            own,
            to,
            name,
            subject.buyers_language(),
            key,
            (
                what,
                if attendees && own.is_some() {
                    CancelledBy::Reader
                } else {
                    by
                },
                refund,
            ),
        )?);
    }
    let known = subject.order.paid_at.is_some();
    for registration in subject
        .registrations
        .iter()
        .filter(|registration| known && !(whole && registration.is_buyer))
    {
        if let Some(to) = &registration.email {
            let key = format!("cancelled:{}:{}", registration.id, registration.revision);
            let name = registration.full_name.as_deref();
            // What was paid is between the organizer and the buyer.
            let refund = if registration.is_buyer {
                refund
            } else {
                Refund::NothingPaid
            };
            // Who did not buy has one place, whatever became of the order with it.
            let theirs = attendees || by == CancelledBy::Guardian;
            let what = if whole && !theirs { what } else { Cancelled::Place };
            let by = if attendees { CancelledBy::Reader } else { by };
            drafts.push(draft(
                subject,
                Some(registration),
                to,
                name,
                &registration.locale,
                key,
                (what, by, refund),
            )?);
        }
    }
    subject.queue(tx, drafts).await
}

fn draft(
    subject: &Subject<'_>,
    registration: Option<&registration::Model>,
    to: &str,
    name: Option<&str>,
    locale: &str,
    key: String,
    (what, by, refund): (Cancelled, CancelledBy, Refund),
) -> Result<Draft, Refused> {
    let message = messages::Cancellation {
        controller: about::controller(subject.organization, locale)?,
        event: about::event(subject.event, locale)?,
        recipient: name.unwrap_or_default().into(),
        order_code: subject.order.code.as_str().into(),
        what,
        by,
        refund,
        calendar: registration.map(|registration| {
            let mut entry = about::calendar(subject.event, registration.id, subject.now);
            // Later than every version that was sent before.
            entry.sequence = entry.sequence.saturating_add(1);
            entry
        }),
        public_calendar: (what == Cancelled::Event).then(|| about::public_calendar(subject.event, subject.now)),
    };
    Ok(Draft {
        to: to.to_owned(),
        registration: registration.map(|registration| registration.id),
        locale: locale.to_owned(),
        key,
        message: message.into(),
    })
}
