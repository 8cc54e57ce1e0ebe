//! Partners that are active, the questions that are asked, and what partners asked for, as requests.

use std::collections::BTreeMap;

use consentry_domain::{EventPartnerId, Field, OfferVersionState, QuestionId};
use consentry_entity::{event_partner, offer_version, question, question_choice, question_ticket_type, sharing_offer};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::Pair;
use super::tickets::Tickets;
use crate::platform::Refused;
use crate::platform::store::Tx;
use crate::services::sharing::offers::{self, Offer, PartnerAtEvent, Version};
use crate::services::sharing::questions::{self, NamedField, Shareable};
use crate::services::tokens;

/// Which came from which.
type Partners = BTreeMap<EventPartnerId, EventPartnerId>;
type Questions = BTreeMap<QuestionId, QuestionId>;

pub(super) async fn copy(tx: &Tx, pair: &Pair<'_>, tickets: &Tickets) -> Result<(), Refused> {
    let key = (pair.from.organization_id, pair.from.id);
    let of_event = offers::of_events(tx, &[key]).await?.remove(&key).unwrap_or_default();
    let active: Vec<PartnerAtEvent> = of_event.into_iter().filter(PartnerAtEvent::is_active).collect();
    let partners = roles(tx, pair, &active).await?;
    let questions = form(tx, pair, tickets, &partners).await?;
    let shareable = Shareable::of_event(tx, key.0, key.1).await?;
    for partner in &active {
        let Some(id) = partners.get(&partner.row.id) else {
            continue;
        };
        for offer in &partner.offers {
            ask(tx, pair, (partner, *id), offer, &|field| match field {
                Field::Standard(field) => Some(NamedField::Standard(field)),
                Field::Question(bit) => {
                    let earlier = shareable.of_bit(bit)?.row.id;
                    Some(NamedField::Question(*questions.get(&earlier)?))
                }
            })
            .await?;
        }
    }
    Ok(())
}

async fn roles(tx: &Tx, pair: &Pair<'_>, active: &[PartnerAtEvent]) -> Result<Partners, Refused> {
    let mut partners = Partners::new();
    let copies = active.iter().map(|partner| {
        let id = tx.ordered_id();
        partners.insert(partner.row.id, id);
        event_partner::Model {
            id,
            event_id: pair.to.id,
            created_at: pair.to.created_at,
            revision: 1,
            ..partner.row.clone()
        }
    });
    let copies: Vec<_> = copies.collect();
    insert_all!(tx, event_partner, copies);
    for partner in active {
        let id = partners.get(&partner.row.id).copied().unwrap_or(partner.row.id);
        tokens::cover_one_more(tx, pair.to.organization_id, partner.partner.id, id).await?;
    }
    Ok(partners)
}

/// The questions with their choices. One that nobody would be asked any more does not come along: that of a partner who
/// does not, and that of ticket types of which none does.
async fn form(tx: &Tx, pair: &Pair<'_>, tickets: &Tickets, partners: &Partners) -> Result<Questions, Refused> {
    let organization = pair.from.organization_id;
    let asked = question::Entity::find()
        .filter(question::Column::OrganizationId.eq(organization))
        .filter(question::Column::EventId.eq(pair.from.id))
        .filter(question::Column::ArchivedAt.is_null())
        .order_by_asc(question::Column::Id)
        .all(tx)
        .await?;
    let links = question_ticket_type::Entity::find()
        .filter(question_ticket_type::Column::OrganizationId.eq(organization))
        .filter(question_ticket_type::Column::QuestionId.is_in(asked.iter().map(|row| row.id)))
        .all(tx)
        .await?;
    let mut questions = Questions::new();
    let mut copies = Vec::with_capacity(asked.len());
    for row in asked {
        let mut of = links.iter().filter(|link| link.question_id == row.id).peekable();
        let is_for_everybody = of.peek().is_none();
        if !is_for_everybody && !of.any(|link| tickets.contains_key(&link.ticket_type_id)) {
            continue;
        }
        let event_partner_id = match row.event_partner_id {
            None => None,
            Some(partner) => match partners.get(&partner) {
                None => continue,
                partner => partner.copied(),
            },
        };
        let id = tx.ordered_id();
        questions.insert(row.id, id);
        copies.push(question::Model {
            id,
            event_id: pair.to.id,
            bit: None,
            event_partner_id,
            revision: 1,
            ..row
        });
    }
    insert_all!(tx, question, copies);

    let links = links.into_iter().filter_map(|row| {
        Some(question_ticket_type::Model {
            question_id: *questions.get(&row.question_id)?,
            ticket_type_id: *tickets.get(&row.ticket_type_id)?,
            ..row
        })
    });
    let links: Vec<_> = links.collect();
    insert_all!(tx, question_ticket_type, links);

    let choices = question_choice::Entity::find()
        .filter(question_choice::Column::OrganizationId.eq(organization))
        .filter(question_choice::Column::QuestionId.is_in(questions.keys().copied()))
        .filter(question_choice::Column::ArchivedAt.is_null())
        .order_by_asc(question_choice::Column::Id)
        .all(tx)
        .await?;
    let choices = choices.into_iter().filter_map(|row| {
        Some(question_choice::Model {
            id: tx.ordered_id(),
            question_id: *questions.get(&row.question_id)?,
            ..row
        })
    });
    let choices: Vec<_> = choices.collect();
    insert_all!(tx, question_choice, choices);
    Ok(questions)
}

/// Asks again for what is in force or waits for a decision, as far as it can still be asked for. Nobody sees it before
/// it is approved.
async fn ask(
    tx: &Tx,
    pair: &Pair<'_>,
    (partner, id): (&PartnerAtEvent, EventPartnerId),
    offer: &Offer,
    renamed: &(dyn Fn(Field) -> Option<NamedField> + Sync),
) -> Result<(), Refused> {
    let newest: Option<&Version> = offer.requested().or_else(|| offer.in_force());
    let (Some(version), Some(notice_hash)) = (newest, partner.row.notice_hash.clone()) else {
        return Ok(());
    };
    let fields: Vec<NamedField> = version.fields().iter().filter_map(renamed).collect();
    if fields.is_empty() {
        return Ok(());
    }
    let (organization, event) = (pair.to.organization_id, pair.to.id);
    let row = sharing_offer::Model {
        id: tx.ordered_id(),
        event_id: event,
        event_partner_id: id,
        created_at: pair.to.created_at,
        revision: 1,
        ..offer.row.clone()
    };
    let mask = questions::offered(tx, organization, event, id, &fields).await?;
    let version = offer_version::Model {
        offer_id: row.id,
        version: 1,
        state: OfferVersionState::Requested,
        field_mask: mask.to_db(),
        notice_url: partner.row.notice_url.clone(),
        notice_hash,
        starts_at: pair.days.perhaps(version.row.starts_at)?,
        ends_at: pair.days.perhaps(version.row.ends_at)?,
        editorial: false,
        covers_from: None,
        requested_at: pair.to.created_at,
        decided_at: None,
        decided_by: None,
        remark: None,
        ..version.row.clone()
    };
    insert_all!(tx, sharing_offer, vec![row]);
    insert_all!(tx, offer_version, vec![version]);
    Ok(())
}
