//! An order is paid or free: the buyer is told, those whom the buyer registered are asked to decide for themselves, and
//! parents whether they permit it.

use std::collections::HashSet;

use consentry_domain::{EventKind, MailKind, RegistrationId};
use consentry_entity::{guardian_request, mail as mail_row, order, registration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Draft, Reader, Subject, asks};
use crate::platform::Refused;
use crate::platform::store::{Tx, sql};
use crate::services::mail::facts::Standing;
use crate::services::mail::line::Line;
use crate::services::mail::{LinkPurpose, about, messages};

/// Queues the mails; the number of statements does not depend on the number of places.
pub(in super::super) async fn settled(tx: &Tx, subject: &Subject<'_>) -> Result<(), Refused> {
    let mut drafts = Vec::new();
    if let Some(to) = &subject.order.buyer_email {
        let earlier = earlier_order(tx, subject.order).await?;
        let own = subject.registrations.iter().find(|registration| registration.is_buyer);
        let undecided = match own.filter(|own| own.email_proved_at.is_none()) {
            Some(own) => asks::is_any_undecided(tx, own, subject.asks).await?,
            None => false,
        };
        drafts.push(confirmation(subject, to, earlier, undecided)?);
    }
    let waits = subject
        .registrations
        .iter()
        .any(|registration| registration.pending_guardian);
    let asked = if waits {
        asked_already(tx, subject).await?
    } else {
        HashSet::new()
    };
    for registration in subject.registrations {
        if let (false, Some(to)) = (registration.is_buyer, &registration.email) {
            drafts.push(decide_for_yourself(subject, registration, to)?);
        }
        let guardian = subject
            .guardians
            .iter()
            .find(|guardian| guardian.registration_id == registration.id);
        if let (Some(guardian), true, false) = (
            guardian,
            registration.pending_guardian,
            asked.contains(&registration.id),
        ) {
            drafts.extend(guardian_request(subject, registration, guardian)?);
        }
    }
    subject.queue(tx, drafts).await
}

/// The code of the latest order before this one with the same address at the same event.
async fn earlier_order(tx: &Tx, order: &order::Model) -> Result<Option<Line>, Refused> {
    let row = sql::optional(
        tx,
        "select code from \"order\" where organization_id = $1 and event_id = $2 and buyer_email_key = $3 and id < $4 \
         and status in ('PENDING', 'EXPIRING', 'PAID') order by id desc limit 1",
        [
            order.organization_id.into(),
            order.event_id.into(),
            order.buyer_email_key.clone().into(),
            order.id.into(),
        ],
    )
    .await?;
    Ok(row
        .map(|row| row.try_get::<String>("", "code"))
        .transpose()?
        .map(Line::from))
}

/// The registrations whose guardians have a mail already, because something was to be shared.
async fn asked_already(tx: &Tx, subject: &Subject<'_>) -> Result<HashSet<RegistrationId>, Refused> {
    let ids = subject.registrations.iter().map(|registration| registration.id);
    let rows: Vec<RegistrationId> = mail_row::Entity::find()
        .select_only()
        .column(mail_row::Column::RegistrationId)
        .filter(mail_row::Column::OrganizationId.eq(subject.organization.id))
        .filter(mail_row::Column::RegistrationId.is_in(ids))
        .filter(mail_row::Column::Kind.eq(MailKind::GuardianRequest))
        .order_by_asc(mail_row::Column::Id)
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().collect())
}

fn confirmation(
    subject: &Subject<'_>,
    to: &str,
    earlier_order: Option<Line>,
    undecided: bool,
) -> Result<Draft, Refused> {
    let order = subject.order;
    let locale = subject.buyers_language();
    let own = subject.registrations.iter().find(|registration| registration.is_buyer);
    let standing = match own {
        Some(own) => Subject::standing(own),
        // What any of the places waits for, the buyer may still have to see to.
        None => subject
            .registrations
            .iter()
            .map(Subject::standing)
            .find(|standing| *standing != Standing::Confirmed)
            .unwrap_or(Standing::Confirmed),
    };
    let reader = |registration: &registration::Model| {
        if registration.is_buyer {
            Reader::Attendee
        } else {
            Reader::Buyer
        }
    };
    let message = messages::Confirmation {
        controller: about::controller(subject.organization, locale)?,
        event: about::event(subject.event, locale)?,
        recipient: order.buyer_name.as_deref().unwrap_or_default().into(),
        order_code: order.code.as_str().into(),
        total: subject.total()?,
        standing,
        places: subject
            .registrations
            .iter()
            .map(|registration| subject.place(registration, locale, reader(registration)))
            .collect(),
        confirm: own
            .filter(|own| own.email_proved_at.is_none())
            .map(|own| subject.link(LinkPurpose::Registration, own.id.0, own.link_generation)),
        undecided,
        manage: subject.link(LinkPurpose::Order, order.id.0, order.secret_generation),
        join: own.and_then(|own| join(subject, own)),
        earlier_order,
        calendar: own.map(|own| about::calendar(subject.event, own.id, subject.now)),
    };
    Ok(Draft {
        to: to.to_owned(),
        registration: own.map(|own| own.id),
        locale: locale.to_owned(),
        // An order that is paid after it had expired is confirmed once more.
        key: format!("confirmation:{}:{}", order.id, order.revision),
        message: message.into(),
    })
}

/// The webinar's room, for whoever has a place in it.
fn join(subject: &Subject<'_>, registration: &registration::Model) -> Option<crate::services::mail::Link> {
    let open = subject.event.kind == EventKind::Webinar && Subject::standing(registration) == Standing::Confirmed;
    open.then(|| subject.link(LinkPurpose::Join, registration.id.0, registration.link_generation))
}

fn decide_for_yourself(subject: &Subject<'_>, registration: &registration::Model, to: &str) -> Result<Draft, Refused> {
    let locale = registration.locale.as_str();
    let message = messages::DecideForYourself {
        controller: about::controller(subject.organization, locale)?,
        event: about::event(subject.event, locale)?,
        recipient: registration.full_name.as_deref().unwrap_or_default().into(),
        buyer: subject.order.buyer_name.as_deref().unwrap_or_default().into(),
        standing: Subject::standing(registration),
        place: subject.place(registration, locale, Reader::Attendee),
        confirm: subject.link(
            LinkPurpose::Registration,
            registration.id.0,
            registration.link_generation,
        ),
        join: join(subject, registration),
        calendar: Some(about::calendar(subject.event, registration.id, subject.now)),
        partners: subject.asks.iter().map(|asking| asking.ask.clone()).collect(),
    };
    Ok(Draft {
        to: to.to_owned(),
        registration: Some(registration.id),
        locale: locale.to_owned(),
        key: format!("decide:{}:{}", registration.id, subject.order.revision),
        message: message.into(),
    })
}

fn guardian_request(
    subject: &Subject<'_>,
    registration: &registration::Model,
    guardian: &guardian_request::Model,
) -> Result<Option<Draft>, Refused> {
    let Some(to) = &guardian.guardian_email else {
        return Ok(None);
    };
    let locale = registration.locale.as_str();
    let message = messages::GuardianRequest {
        controller: about::controller(subject.organization, locale)?,
        event: about::event(subject.event, locale)?,
        guardian: guardian.guardian_name.as_deref().unwrap_or_default().into(),
        child: registration.full_name.as_deref().unwrap_or_default().into(),
        standing: Standing::AwaitsGuardian,
        // Nothing is shared unless the attendee wishes it; then the guardian is asked about that.
        partners: Vec::new(),
        decide: subject.link(LinkPurpose::Guardian, guardian.id.0, guardian.generation),
    };
    Ok(Some(Draft {
        to: to.clone(),
        registration: Some(registration.id),
        locale: locale.to_owned(),
        key: format!("guardian:{}", guardian.id),
        message: message.into(),
    }))
}
