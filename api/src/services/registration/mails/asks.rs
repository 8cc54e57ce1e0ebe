//! What partners ask at an event, in words, for mails.

use consentry_domain::Instant;
use consentry_entity::event;
use sea_orm::ConnectionTrait;

use crate::platform::Fault;
use crate::services::mail::about;
use crate::services::mail::facts::PartnerAsk;
use crate::services::sharing::offers;
use crate::services::sharing::questions::Shareable;

/// What the active partners of this event ask for now; the number of statements is the same for every event.
pub(in super::super) async fn asks(
    connection: &impl ConnectionTrait,
    event: &event::Model,
    locale: &str,
    now: Instant,
) -> Result<Vec<PartnerAsk>, Fault> {
    let key = (event.organization_id, event.id);
    let Some(partners) = offers::of_events(connection, &[key]).await?.remove(&key) else {
        return Ok(Vec::new());
    };
    let questions = Shareable::of_event(connection, key.0, key.1).await?;
    let mut asks = Vec::new();
    for partner in partners.iter().filter(|partner| partner.is_active()) {
        for offer in &partner.offers {
            if let Some(version) = offer.in_force().filter(|version| version.is_open(now)) {
                asks.push(PartnerAsk {
                    partner: partner.partner.legal_name.as_str().into(),
                    purpose: offer.row.purpose,
                    fields: about::fields(version.fields(), &questions, event, locale),
                });
            }
        }
    }
    Ok(asks)
}
