//! What partners ask at an event, in words, for mails; and whether anything of it is left to decide.

use consentry_domain::{ConsentState, Instant, OfferId};
use consentry_entity::{consent, event, registration};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::platform::Fault;
use crate::platform::store::Tx;
use crate::services::mail::about;
use crate::services::mail::facts::PartnerAsk;
use crate::services::sharing::questions::Shareable;
use crate::services::sharing::{guardians, offers};

/// What a partner asks for one purpose.
pub(in super::super) struct Asking {
    offer: OfferId,
    version: i32,
    /// In words.
    pub ask: PartnerAsk,
}

/// What the active partners of this event ask for now; the number of statements is the same for every event.
pub(in super::super) async fn asks(
    connection: &impl ConnectionTrait,
    event: &event::Model,
    locale: &str,
    now: Instant,
) -> Result<Vec<Asking>, Fault> {
    let key = (event.organization_id, event.id);
    let Some(partners) = offers::of_events(connection, &[key]).await?.remove(&key) else {
        return Ok(Vec::new());
    };
    let questions = Shareable::of_event(connection, key.0, key.1).await?;
    let mut asks = Vec::new();
    for partner in partners.iter().filter(|partner| partner.is_active()) {
        for offer in &partner.offers {
            if let Some(version) = offer.in_force().filter(|version| version.is_open(now)) {
                asks.push(Asking {
                    offer: offer.row.id,
                    version: version.row.version,
                    ask: PartnerAsk {
                        partner: partner.partner.legal_name.as_str().into(),
                        purpose: offer.row.purpose,
                        fields: about::fields(version.fields(), &questions, event, locale),
                    },
                });
            }
        }
    }
    Ok(asks)
}

/// Whether the buyer has still to decide about any of this: neither wished nor refused, or wished of nobody who could
/// give it.
pub(super) async fn is_any_undecided(tx: &Tx, own: &registration::Model, asks: &[Asking]) -> Result<bool, Fault> {
    if asks.is_empty() {
        return Ok(false);
    }
    let said = consent::Entity::find()
        .filter(consent::Column::OrganizationId.eq(own.organization_id))
        .filter(consent::Column::RegistrationId.eq(own.id))
        .all(tx)
        .await?;
    let waits = said.iter().any(|row| row.state == ConsentState::AwaitingGuardian);
    let is_named = waits && guardians::is_named(tx, own).await?;
    Ok(asks.iter().any(|asking| {
        let said = said.iter().find(|row| row.offer_id == asking.offer);
        said.is_none_or(|row| match row.state {
            ConsentState::Undecided => true,
            ConsentState::Requested => row.version != asking.version,
            ConsentState::AwaitingGuardian => row.version != asking.version || !is_named,
            ConsentState::Granted | ConsentState::Refused | ConsentState::Withdrawn => false,
        })
    }))
}
