//! Ticket types.

use consentry_domain::{Currency, Instant, Money, QuotaId, TicketTypeId, Visibility};
use consentry_entity::{event, quota, quota_ticket_type, ticket_type};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::{Editor, changed, check_revision, claim, lock, placed};
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Platform, Problems, Refused};
use crate::services::{Localized, input};
use crate::transaction;

/// What a ticket type is, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct TicketTypeTerms {
    /// Its name.
    pub name: Localized,
    /// What it includes.
    pub description: Option<Localized>,
    /// The price of one, a decimal in the event's currency.
    pub price: String,
    /// In percent: `19.0`.
    pub tax_rate: String,
    /// Whether the price holds the tax already.
    pub price_includes_tax: bool,
    /// When its sale begins (RFC 3339).
    pub available_from: Option<String>,
    /// When its sale ends.
    pub available_until: Option<String>,
    /// How few of it an order may hold.
    pub min_per_order: i32,
    /// How many.
    pub max_per_order: i32,
    /// Whether everybody finds it.
    pub visibility: Visibility,
    /// Its place in the list.
    pub position: i32,
    /// The quotas of which its places are taken.
    pub quota_ids: Vec<QuotaId>,
}

/// Creates one.
///
/// # Errors
/// What is wrong with the input, field by field.
pub async fn create_ticket_type(
    platform: &Platform,
    editor: &Editor,
    key: &str,
    terms: &TicketTypeTerms,
) -> Result<TicketTypeId, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let id: TicketTypeId = tx.ordered_id();
        if let Some(made) = claim(platform, tx, editor, "createTicketType", key, terms, id.0).await? {
            return Ok(TicketTypeId(made));
        }
        let event = lock(tx, editor).await?;
        let row = ticket_type::Model {
            id,
            ..judge(&event, terms)?
        };
        ticket_type::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        assign(tx, editor, id, &terms.quota_ids).await?;
        changed(tx, editor, "createTicketType", "ticketType", id.0).await?;
        Ok(id)
    })
}

/// Changes one. What was sold keeps its price; its quotas can change only while nobody holds a place of it; one that
/// is out of sale for good stays so.
///
/// # Errors
/// As [`create_ticket_type`]; stale when it was changed meanwhile.
pub async fn update_ticket_type(
    platform: &Platform,
    editor: &Editor,
    id: TicketTypeId,
    revision: i64,
    terms: &TicketTypeTerms,
) -> Result<(), Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let event = lock(tx, editor).await?;
        let before = find(tx, editor, id).await?;
        check_revision(revision, before.revision)?;
        let row = ticket_type::Model {
            id,
            archived_at: before.archived_at,
            revision: before.revision + 1,
            ..judge(&event, terms)?
        };
        ticket_type::Entity::update(row.into_active_model().reset_all())
            .exec(tx)
            .await?;
        let mut now = assigned(tx, editor, id).await?;
        let mut wished = terms.quota_ids.clone();
        now.sort();
        wished.sort();
        if now != wished {
            known(tx, editor, &terms.quota_ids).await?;
            refuse_if_held(tx, editor, id).await?;
            quota_ticket_type::Entity::delete_many()
                .filter(quota_ticket_type::Column::OrganizationId.eq(editor.organization()))
                .filter(quota_ticket_type::Column::TicketTypeId.eq(id))
                .exec(tx)
                .await?;
            assign(tx, editor, id, &terms.quota_ids).await?;
        }
        changed(tx, editor, "updateTicketType", "ticketType", id.0).await
    })
}

/// Takes one out of sale for good; what was sold stays.
///
/// # Errors
/// Not found; stale when it was changed meanwhile.
pub async fn archive_ticket_type(
    platform: &Platform,
    editor: &Editor,
    id: TicketTypeId,
    revision: i64,
) -> Result<(), Refused> {
    transaction!(platform.store.writer(), async |tx| {
        lock(tx, editor).await?;
        let now = tx.now().await?;
        let before = find(tx, editor, id).await?;
        if before.archived_at.is_some() {
            return Ok(());
        }
        check_revision(revision, before.revision)?;
        let row = ticket_type::Model {
            archived_at: Some(now.0),
            revision: before.revision + 1,
            ..before
        };
        ticket_type::Entity::update(row.into_active_model().reset_all())
            .exec(tx)
            .await?;
        changed(tx, editor, "archiveTicketType", "ticketType", id.0).await
    })
}

/// Sells it before another one in the list, or last; the places of the others are numbered anew.
///
/// # Errors
/// Not found, also where one of both is out of sale.
pub async fn move_ticket_type(
    platform: &Platform,
    editor: &Editor,
    id: TicketTypeId,
    before: Option<TicketTypeId>,
) -> Result<(), Refused> {
    transaction!(platform.store.writer(), async |tx| {
        lock(tx, editor).await?;
        let sold = ticket_type::Entity::find()
            .filter(ticket_type::Column::OrganizationId.eq(editor.organization()))
            .filter(ticket_type::Column::EventId.eq(editor.event()))
            .filter(ticket_type::Column::ArchivedAt.is_null())
            .order_by_asc(ticket_type::Column::Position)
            .order_by_asc(ticket_type::Column::Id)
            .all(tx)
            .await?;
        let placed = placed(sold, |row| row.id, &id, before.as_ref(), ("ticketTypeId", "beforeId"))?;
        let Some(ordered) = placed else { return Ok(()) };
        for (row, position) in ordered.into_iter().zip(0..) {
            if row.position != position {
                let row = ticket_type::Model {
                    position,
                    revision: row.revision + 1,
                    ..row
                };
                ticket_type::Entity::update(row.into_active_model().reset_all())
                    .exec(tx)
                    .await?;
            }
        }
        changed(tx, editor, "moveTicketType", "ticketType", id.0).await
    })
}

async fn find(tx: &Tx, editor: &Editor, id: TicketTypeId) -> Result<ticket_type::Model, Refused> {
    ticket_type::Entity::find_by_id((editor.organization(), id))
        .one(tx)
        .await?
        .filter(|row| row.event_id == editor.event())
        .ok_or_else(|| Refused::not_found("ticketTypeId"))
}

async fn assigned(tx: &Tx, editor: &Editor, id: TicketTypeId) -> Result<Vec<QuotaId>, Refused> {
    let rows = quota_ticket_type::Entity::find()
        .filter(quota_ticket_type::Column::OrganizationId.eq(editor.organization()))
        .filter(quota_ticket_type::Column::TicketTypeId.eq(id))
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.quota_id).collect())
}

async fn refuse_if_held(tx: &Tx, editor: &Editor, id: TicketTypeId) -> Result<(), Refused> {
    let held = sql::optional(
        tx,
        "select 1 as one from registration where organization_id = $1 and event_id = $2 and ticket_type_id = $3 \
         and status in ('PENDING', 'CONFIRMED') limit 1",
        [editor.organization().into(), editor.event().into(), id.into()],
    )
    .await?;
    if held.is_none() {
        return Ok(());
    }
    let words =
        "Places of this ticket type are taken, so its quotas cannot change. Create another ticket type instead.";
    Err(Refused::because("terms.quotaIds", Code::WrongState, words))
}

/// Refuses quotas that the event does not have, and one that is named twice.
async fn known(tx: &Tx, editor: &Editor, quotas: &[QuotaId]) -> Result<(), Refused> {
    if quotas.is_empty() {
        return Ok(());
    }
    let known = quota::Entity::find()
        .filter(quota::Column::OrganizationId.eq(editor.organization()))
        .filter(quota::Column::EventId.eq(editor.event()))
        .all(tx)
        .await?;
    for (index, quota) in quotas.iter().enumerate() {
        if !known.iter().any(|row| row.id == *quota) || quotas[..index].contains(quota) {
            return Err(Refused::not_found(&format!("terms.quotaIds.{index}")));
        }
    }
    Ok(())
}

async fn assign(tx: &Tx, editor: &Editor, id: TicketTypeId, quotas: &[QuotaId]) -> Result<(), Refused> {
    known(tx, editor, quotas).await?;
    if quotas.is_empty() {
        return Ok(());
    }
    let rows = quotas.iter().map(|quota| {
        quota_ticket_type::Model {
            organization_id: editor.organization(),
            quota_id: *quota,
            ticket_type_id: id,
        }
        .into_active_model()
        .reset_all()
    });
    quota_ticket_type::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

fn judge(event: &event::Model, terms: &TicketTypeTerms) -> Result<ticket_type::Model, Refused> {
    let mut problems = Problems::new();
    let name = problems
        .keep("terms.name", input::localized(&terms.name, 200))
        .unwrap_or_default();
    if name.is_empty() {
        problems.add("terms.name", Code::Required, "Give the ticket type a name.");
    }
    let description = terms
        .description
        .as_ref()
        .and_then(|text| problems.keep("terms.description", input::localized_paragraphs(text, 5000)));
    let price_minor = problems
        .keep("terms.price", price(&terms.price, &event.currency))
        .unwrap_or_default();
    let tax_rate = problems
        .keep("terms.taxRate", tax_rate(&terms.tax_rate))
        .unwrap_or_default();
    let from = problems.keep(
        "terms.availableFrom",
        input::optional(terms.available_from.as_deref(), input::instant),
    );
    let until = problems.keep(
        "terms.availableUntil",
        input::optional(terms.available_until.as_deref(), input::instant),
    );
    let (from, until) = (from.flatten(), until.flatten());
    if let (Some(from), Some(until)) = (from, until)
        && from >= until
    {
        problems.add(
            "terms.availableUntil",
            Code::Invalid,
            "The sale must end after it begins.",
        );
    }
    if !(1..=1000).contains(&terms.min_per_order) {
        problems.add(
            "terms.minPerOrder",
            Code::Invalid,
            "A number from 1 to 1000 is expected.",
        );
    }
    if !(terms.min_per_order.max(1)..=1000).contains(&terms.max_per_order) {
        problems.add(
            "terms.maxPerOrder",
            Code::Invalid,
            "A number from minPerOrder to 1000 is expected.",
        );
    }
    problems.none()?;
    Ok(ticket_type::Model {
        organization_id: event.organization_id,
        id: uuid::Uuid::nil().into(),
        event_id: event.id,
        name: name.to_column(),
        description: description.map(|text| text.to_column()),
        price_minor,
        tax_rate,
        price_includes_tax: terms.price_includes_tax,
        available_from: from.map(|at: Instant| at.0),
        available_until: until.map(|at: Instant| at.0),
        min_per_order: terms.min_per_order,
        max_per_order: terms.max_per_order,
        visibility: terms.visibility,
        requires_approval: false,
        position: terms.position,
        archived_at: None,
        revision: 1,
    })
}

/// Not negative, in the event's currency, at most ten million of its major unit.
fn price(text: &str, currency: &str) -> input::Judged<i64> {
    let expected = || {
        (
            Code::Invalid,
            format!("A price of 0 or more in {currency} is expected, as a decimal: 49.00."),
        )
    };
    let currency = Currency::parse(currency).ok_or_else(expected)?;
    let money = Money::parse(text.trim(), currency).map_err(|_| expected())?;
    if (0..=1_000_000_000).contains(&money.minor) {
        Ok(money.minor)
    } else {
        Err(expected())
    }
}

/// Percent to thousandths of a percent.
fn tax_rate(text: &str) -> input::Judged<i32> {
    let expected = || {
        (
            Code::Invalid,
            "A rate from 0 to 100 percent is expected: 19.0.".to_owned(),
        )
    };
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let digits = |part: &str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return Err(expected());
    }
    let thousandths: i32 = format!("{whole}{fraction:0<3}").parse().map_err(|_| expected())?;
    if thousandths <= 100_000 {
        Ok(thousandths)
    } else {
        Err(expected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tax_rate_is_read_exactly() {
        assert_eq!(tax_rate("19.0"), Ok(19_000));
        assert_eq!(tax_rate("7"), Ok(7_000));
        assert_eq!(tax_rate("8.125"), Ok(8_125));
        assert_eq!(tax_rate("100"), Ok(100_000));
        for wrong in ["", "-1", "100.001", "1.2345", "a", "1e2", "19,0"] {
            assert!(tax_rate(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_price_is_never_negative_nor_of_another_shape() {
        assert_eq!(price("49.00", "EUR"), Ok(4900));
        assert_eq!(price("0", "EUR"), Ok(0));
        for wrong in ["-1", "1.234", "", "49 EUR", "99999999999"] {
            assert!(price(wrong, "EUR").is_err(), "{wrong}");
        }
    }
}
