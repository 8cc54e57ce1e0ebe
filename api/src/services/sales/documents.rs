//! The texts of events that are to be acknowledged: the versions in force.

use std::collections::HashMap;

use consentry_entity::{event, legal_document};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::batch::{EventKey, by_event, of_events};
use crate::platform::Fault;
use crate::services::Localized;

/// The version in force of a text that is to be acknowledged.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its row.
    pub row: legal_document::Model,
    /// Its title per language.
    pub title: Localized,
    /// Its text per language.
    pub content: Localized,
}

/// The documents of these events, in one statement.
pub(super) async fn load(
    connection: &impl ConnectionTrait,
    events: &[event::Model],
) -> Result<HashMap<EventKey, Vec<Document>>, Fault> {
    use legal_document::Column;
    let rows = legal_document::Entity::find()
        .filter(of_events(Column::OrganizationId, Column::EventId, events))
        .filter(Column::SupersededAt.is_null())
        .order_by_asc(Column::Kind)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    let documents = rows.into_iter().map(|row| {
        let document = Document {
            title: Localized::parse(&row.title)?,
            content: Localized::parse(&row.content)?,
            row,
        };
        Ok(((document.row.organization_id, document.row.event_id), document))
    });
    Ok(by_event(documents.collect::<Result<Vec<_>, Fault>>()?))
}
