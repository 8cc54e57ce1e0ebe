//! Another address: asking for its proof, and taking it over once it is proved.
//!
//! The address that was in force is told, where it was proved: whoever reads it may not be who changed it. One that was
//! never proved may be a stranger's, and a stranger learns nothing.
//!
//! A link proves the address that it was sent to and no other: naming another one, or giving the wish up, makes every
//! link before it void.

use consentry_domain::{ActorKind, EventId, OrganizationId, RegistrationId, RegistrationStatus, text};
use consentry_entity::{event, organization, registration};
use sea_orm::EntityTrait;

use super::super::proof;
use super::edit;
use crate::platform::keys::LinkKind;
use crate::platform::store::Tx;
use crate::platform::{Fault, Platform, Refused};
use crate::services::audit;
use crate::services::mail::facts::{AddressNews, AddressState};
use crate::services::mail::{self, Link, LinkPurpose, NewMail, about, messages};
use crate::services::sharing::decide::{self, Given};
use crate::services::sharing::leads;
use crate::transaction;

/// Whom a change asks.
pub(super) enum Asks {
    /// Nobody.
    Nothing,
    /// Whoever reads this address.
    Proof(String),
}

/// An event with who runs it.
pub(super) struct AtEvent {
    pub event: event::Model,
    pub organization: organization::Model,
}

/// The event of a registration.
pub(super) async fn at_event(tx: &Tx, organization: OrganizationId, event: EventId) -> Result<AtEvent, Refused> {
    let missing = || Fault::Corrupt("a registration without its event".into());
    let event = event::Entity::find_by_id((organization, event))
        .one(tx)
        .await?
        .ok_or_else(missing)?;
    let organization = organization::Entity::find_by_id(organization)
        .one(tx)
        .await?
        .ok_or_else(missing)?;
    Ok(AtEvent { event, organization })
}

/// Mails the link that proves this address: of the wish, or of the registration where the address holds already.
pub(super) async fn ask(
    tx: &Tx,
    at: &AtEvent,
    row: &registration::Model,
    to: &str,
    state: AddressState,
) -> Result<(), Refused> {
    let (purpose, generation) = match state {
        AddressState::WaitsForProof => (LinkPurpose::AddressChange, row.address_generation),
        AddressState::Replaced => (LinkPurpose::Registration, row.link_generation),
    };
    let message = messages::AddressChange {
        controller: about::controller(&at.organization, &row.locale)?,
        event: about::event(&at.event, &row.locale)?,
        recipient: row.full_name.as_deref().unwrap_or_default().into(),
        state,
        confirm: Link::Secret {
            purpose,
            organization: row.organization_id,
            id: row.id.0,
            generation,
        },
    };
    let mail = NewMail {
        organization: row.organization_id,
        event: Some(row.event_id),
        order: None,
        registration: Some(row.id),
        locale: &row.locale,
        to,
        message: message.into(),
        dedupe_key: &format!("address-change:{}:{}", row.id, row.address_generation),
    };
    mail::queue(tx, mail).await?;
    Ok(())
}

/// Tells the address that was in force of the other one, in the language of the registration. `before` is the row as it
/// was, `row` as it is.
pub(super) async fn tell(
    tx: &Tx,
    at: &AtEvent,
    before: &registration::Model,
    row: &registration::Model,
    other: &str,
    news: AddressNews,
) -> Result<(), Refused> {
    let Some(to) = before.email.as_deref().filter(|_| before.email_proved_at.is_some()) else {
        return Ok(());
    };
    let message = messages::AddressNotice {
        controller: about::controller(&at.organization, &row.locale)?,
        event: about::event(&at.event, &row.locale)?,
        recipient: row.full_name.as_deref().unwrap_or_default().into(),
        news,
        masked: text::masked_email(other).into(),
    };
    let step = match news {
        AddressNews::Wished => "wished",
        AddressNews::TakenOver => "taken-over",
        AddressNews::Replaced => "replaced",
    };
    let mail = NewMail {
        organization: row.organization_id,
        event: Some(row.event_id),
        order: None,
        registration: Some(row.id),
        locale: &row.locale,
        to,
        message: message.into(),
        dedupe_key: &format!("address-notice:{}:{}:{step}", row.id, row.address_generation),
    };
    mail::queue(tx, mail).await?;
    Ok(())
}

/// The reader of the wished address proves it: it replaces the one before, whose links are void from then on, and the
/// registration belongs to whoever signs in with it. Doing it twice is doing it once.
///
/// # Errors
/// Not found, for a secret that opens nothing any more.
pub async fn confirm_address_change(platform: &Platform, secret: &str) -> Result<registration::Model, Refused> {
    let not_found = || Refused::not_found("secret");
    let link = platform
        .keys
        .open_link(LinkKind::AddressChange, secret)
        .ok_or_else(not_found)?;
    let (organization, id) = (link.organization, RegistrationId(link.id));
    let event = registration::Entity::find_by_id((organization, id))
        .one(platform.store.read())
        .await?
        .ok_or_else(not_found)?
        .event_id;
    transaction!(platform.store.writer(), async |tx| {
        let row = edit::lock(tx, organization, event, id).await?;
        let row =
            row.filter(|row| row.address_generation == link.generation && row.status != RegistrationStatus::Cancelled);
        let mut row = row.ok_or_else(not_found)?;
        let Some(email) = row.new_email.take() else {
            // The generation has stayed: this link has proved the address in force.
            return Ok(row);
        };
        let before = row.clone();
        row.email = Some(email.clone());
        row.link_generation += 1;
        if proof::prove(tx, &mut row).await? == Given::Rested {
            decide::resume(tx, &row).await?;
        }
        let at = at_event(tx, organization, event).await?;
        tell(tx, &at, &before, &row, &email, AddressNews::TakenOver).await?;
        leads::rewrite(tx, organization, &[id]).await?;
        let entry = audit::Entry {
            organization,
            actor: ActorKind::Attendee,
            account: None,
            action: "confirmAddressChange",
            event: Some(event),
            subject_kind: "registration",
            subject: Some(id.0),
            detail: serde_json::json!({}),
        };
        audit::note(tx, entry).await?;
        Ok(row)
    })
}
