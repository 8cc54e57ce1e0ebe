//! Who speaks at events, and in which sessions.

use std::collections::HashMap;
use std::sync::Arc;

use consentry_domain::{EventSessionId, SpeakerId};
use consentry_entity::{event, session_speaker, speaker};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::batch::{EventKey, by_event, of_events};
use crate::platform::Fault;
use crate::services::Localized;

/// Somebody who speaks at an event.
#[derive(Clone, Debug)]
pub struct Speaker {
    /// Their row.
    pub row: speaker::Model,
    /// What they are, per language.
    pub headline: Localized,
    /// Who they are, per language.
    pub biography: Localized,
}

impl Speaker {
    fn new(row: speaker::Model) -> Result<Self, Fault> {
        Ok(Self {
            headline: Localized::parse(&row.headline)?,
            biography: Localized::parse(&row.biography)?,
            row,
        })
    }
}

/// The speakers of these events, in one statement: by their place in the list, within a place by name.
pub(super) async fn load(
    connection: &impl ConnectionTrait,
    events: &[event::Model],
) -> Result<HashMap<EventKey, Vec<Arc<Speaker>>>, Fault> {
    use speaker::Column;
    let mut rows = speaker::Entity::find()
        .filter(of_events(Column::OrganizationId, Column::EventId, events))
        .all(connection)
        .await?;
    // Here, because the engines order letters differently.
    rows.sort_by_cached_key(|row| (row.position, row.name.to_lowercase(), row.id));
    let speakers = rows.into_iter().map(|row| {
        let key = (row.organization_id, row.event_id);
        Ok((key, Arc::new(Speaker::new(row)?)))
    });
    Ok(by_event(speakers.collect::<Result<Vec<_>, Fault>>()?))
}

/// Who speaks in which session of these events, in one statement.
pub(super) async fn of_sessions(
    connection: &impl ConnectionTrait,
    events: &[event::Model],
) -> Result<HashMap<EventKey, Vec<(EventSessionId, SpeakerId)>>, DbErr> {
    use session_speaker::Column;
    let rows = session_speaker::Entity::find()
        .filter(of_events(Column::OrganizationId, Column::EventId, events))
        .all(connection)
        .await?;
    let pairs = rows
        .into_iter()
        .map(|row| ((row.organization_id, row.event_id), (row.session_id, row.speaker_id)));
    Ok(by_event(pairs))
}
