//! The buyer's own wishes about sharing while registering: handed on to `sharing`, which decides.

use consentry_domain::{ConsentState, OfferId};
use consentry_entity::{consent, order, registration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::NewOrder;
use super::draft::DraftPlace;
use crate::platform::Refused;
use crate::platform::store::Tx;
use crate::services::sharing::{Issue, IssueReason, Said, Wish, decide, offers};

/// Requests what the buyer wishes for the own place.
pub(super) async fn request(
    tx: &Tx,
    registration: &registration::Model,
    place: &DraftPlace,
) -> Result<Vec<Issue>, Refused> {
    let said = Said::new(place.of_age, place.guardian.as_ref());
    Ok(decide::request(tx, registration, said, &place.wishes).await?.issues)
}

/// What of an order that was made before could not be taken: told anew from what stands, because an answer is not kept.
pub(super) async fn unfulfilled(tx: &Tx, new: &NewOrder, order: &order::Model) -> Result<Vec<Issue>, Refused> {
    let Some(buyer) = new
        .attendees
        .iter()
        .find(|attendee| attendee.is_buyer && !attendee.wishes.is_empty())
    else {
        return Ok(Vec::new());
    };
    let own = registration::Entity::find()
        .filter(registration::Column::OrganizationId.eq(order.organization_id))
        .filter(registration::Column::OrderId.eq(order.id))
        .filter(registration::Column::IsBuyer.eq(true))
        .one(tx)
        .await?;
    let Some(own) = own else {
        return Ok(Vec::new());
    };
    let stored = consent::Entity::find()
        .filter(consent::Column::OrganizationId.eq(order.organization_id))
        .filter(consent::Column::RegistrationId.eq(own.id))
        .all(tx)
        .await?;
    let key = (order.organization_id, order.event_id);
    let partners = offers::of_events(tx, &[key]).await?.remove(&key).unwrap_or_default();
    let in_force = |id: OfferId| {
        let mut all = partners.iter().flat_map(|partner| &partner.offers);
        all.find(|offer| offer.row.id == id)?
            .in_force()
            .map(|version| version.row.version)
    };
    let issue = |wish: &Wish| {
        let stands = stored.iter().find(|consent| consent.offer_id == wish.offer);
        let reason = match (stands, in_force(wish.offer)) {
            (Some(consent), _) if consent.state == ConsentState::AwaitingGuardian && buyer.guardian.is_none() => {
                IssueReason::GuardianNotNamed
            }
            (Some(_), _) => return None,
            (None, Some(version)) if version != wish.version => IssueReason::StaleVersion,
            (None, Some(_)) if buyer.of_age.is_none() && own.date_of_birth.is_none() => IssueReason::AgeNotStated,
            (None, _) => IssueReason::NotOffered,
        };
        Some(Issue {
            offer: wish.offer,
            reason,
        })
    };
    Ok(buyer.wishes.iter().filter_map(issue).collect())
}
