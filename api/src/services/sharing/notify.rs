//! Mails about sharing: what changed, and what a guardian is asked.

use consentry_domain::consent::Choice;
use consentry_domain::{ConsentAction, Field, FieldMask, Instant};
use consentry_entity::{event, guardian_request};

use super::desk::{Change, Desk};
use crate::platform::{Fault, Refused};
use crate::services::Localized;
use crate::services::mail::facts::{self, ConsentChange, EventFacts, FieldName, Moment, PartnerAsk, Standing};
use crate::services::mail::{self, Link, LinkPurpose, Message, NewMail, about, messages};

/// Tells the attendee what changed, where the address is proved.
pub(super) async fn changed(desk: &Desk<'_>) -> Result<(), Refused> {
    let registration = desk.registration;
    let (Some(first), Some(to)) = (desk.changes.first(), registration.email.as_deref()) else {
        return Ok(());
    };
    if registration.email_proved_at.is_none() {
        return Ok(());
    }
    let changes: Vec<ConsentChange> = desk.changes.iter().filter_map(|change| told(desk, change)).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let message = messages::ConsentChanged {
        controller: about::controller(&desk.organization, &registration.locale)?,
        event: event_facts(&desk.event, &registration.locale)?,
        recipient: registration.full_name.as_deref().unwrap_or_default().into(),
        changes,
        manage: link(
            desk,
            LinkPurpose::Registration,
            registration.id.0,
            registration.link_generation,
        ),
    };
    queue(
        desk,
        to,
        message.into(),
        &format!("consent-changed:{}", first.record_id),
    )
    .await
}

/// Asks the guardian about everything that waits.
pub(super) async fn ask_guardian(desk: &Desk<'_>, request: &guardian_request::Model) -> Result<(), Refused> {
    let Some(to) = request.guardian_email.as_deref() else {
        return Ok(());
    };
    // Where nothing changed but who is asked, it is asked once.
    let first = desk.changes.first();
    let about = first.map_or_else(|| request.id.to_string(), |change| change.record_id.to_string());
    let asked = desk.decided().into_iter().filter_map(|offer| {
        let Choice::AwaitingGuardian(asked) = desk.choice(offer) else {
            return None;
        };
        let (partner, its) = desk.find(offer)?;
        Some(PartnerAsk {
            partner: partner.partner.legal_name.as_str().into(),
            purpose: its.row.purpose,
            fields: names(desk, asked.fields),
        })
    });
    let message = messages::GuardianRequest {
        controller: about::controller(&desk.organization, &desk.registration.locale)?,
        event: event_facts(&desk.event, &desk.registration.locale)?,
        guardian: request.guardian_name.as_deref().unwrap_or_default().into(),
        child: desk.registration.full_name.as_deref().unwrap_or_default().into(),
        standing: if desk.registration.pending_guardian {
            Standing::AwaitsGuardian
        } else {
            Standing::Confirmed
        },
        partners: asked.collect(),
        decide: link(desk, LinkPurpose::Guardian, request.id.0, request.generation),
    };
    queue(desk, to, message.into(), &format!("guardian-request:{about}")).await
}

async fn queue(desk: &Desk<'_>, to: &str, message: Message, dedupe_key: &str) -> Result<(), Refused> {
    let mail = NewMail {
        organization: desk.registration.organization_id,
        event: Some(desk.event.id),
        order: None,
        registration: Some(desk.registration.id),
        locale: &desk.registration.locale,
        to,
        message,
        dedupe_key,
    };
    mail::queue(desk.tx, mail).await?;
    Ok(())
}

fn told(desk: &Desk<'_>, change: &Change) -> Option<ConsentChange> {
    let fields = |choice: Choice| choice.stored().map_or(FieldMask::EMPTY, |stored| stored.granted);
    let (before, after) = (fields(change.before), fields(change.after));
    let (kind, mask) = match change.action {
        ConsentAction::Granted => (facts::Change::Given, after),
        ConsentAction::Refused => (facts::Change::Refused, FieldMask::EMPTY),
        ConsentAction::Withdrawn => (facts::Change::Withdrawn, before.minus(after)),
        ConsentAction::Lapsed => (facts::Change::Lapsed, before),
        ConsentAction::Suspended => (facts::Change::Suspended, after),
        ConsentAction::Resumed => (facts::Change::Resumed, after),
        // Whoever only asked is told when it is given.
        ConsentAction::Requested => return None,
    };
    let (partner, offer) = desk.find(change.offer)?;
    Some(ConsentChange {
        partner: partner.partner.legal_name.as_str().into(),
        purpose: offer.row.purpose,
        change: kind,
        fields: names(desk, mask),
    })
}

fn names(desk: &Desk<'_>, mask: FieldMask) -> Vec<FieldName> {
    let name = |field| match field {
        Field::Standard(standard) => FieldName::Standard(standard),
        Field::Question(_) => {
            let label = desk.questions.label(field);
            FieldName::Question(
                label
                    .pick(Some(&desk.registration.locale), &desk.event.default_locale)
                    .into(),
            )
        }
    };
    mask.iter().map(name).collect()
}

fn link(desk: &Desk<'_>, purpose: LinkPurpose, id: uuid::Uuid, generation: i32) -> Link {
    Link::Secret {
        purpose,
        organization: desk.registration.organization_id,
        id,
        generation,
    }
}

fn event_facts(row: &event::Model, locale: &str) -> Result<EventFacts, Fault> {
    let moment = |local: &str, at: i64| Moment {
        local: local.into(),
        utc: Instant(at),
        zone: row.time_zone.as_str().into(),
    };
    Ok(EventFacts {
        title: Localized::parse(&row.title)?
            .pick(Some(locale), &row.default_locale)
            .into(),
        kind: row.kind,
        starts: moment(&row.starts_local, row.starts_at),
        ends: moment(&row.ends_local, row.ends_at),
        venue: None,
    })
}
