//! Sessions of the agenda.

use consentry_domain::{EventSessionId, SpeakerId};
use consentry_entity::{event, event_session};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, ModelTrait};

use super::speakers::{assign, dismiss};
use super::{Editor, changed, check_revision, claim, lock};
use crate::platform::store::Tx;
use crate::platform::{Code, Platform, Problems, Refused};
use crate::services::{Localized, input};
use crate::transaction;

/// What a session is, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct SessionTerms {
    /// Its title.
    pub title: Localized,
    /// What it is about.
    pub description: Option<Localized>,
    /// Wall time of its start in the event's zone.
    pub starts_local: String,
    /// Wall time of its end.
    pub ends_local: String,
    /// The room.
    pub place: Option<String>,
    /// Who speaks; where it is absent, whoever did.
    pub speaker_ids: Option<Vec<SpeakerId>>,
}

/// Creates one.
///
/// # Errors
/// What is wrong with the input, field by field.
pub async fn create_session(
    platform: &Platform,
    editor: &Editor,
    key: &str,
    terms: &SessionTerms,
) -> Result<EventSessionId, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let id: EventSessionId = tx.ordered_id();
        if let Some(made) = claim(platform, tx, editor, "createEventSession", key, terms, id.0).await? {
            return Ok(EventSessionId(made));
        }
        let event = lock(tx, editor).await?;
        let row = event_session::Model {
            id,
            ..judge(&event, terms)?
        };
        event_session::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        assign(tx, editor, id, terms.speaker_ids.as_deref().unwrap_or_default()).await?;
        changed(tx, editor, "createEventSession", "eventSession", id.0).await?;
        Ok(id)
    })
}

/// Changes one.
///
/// # Errors
/// As [`create_session`]; stale when it was changed meanwhile.
pub async fn update_session(
    platform: &Platform,
    editor: &Editor,
    id: EventSessionId,
    revision: i64,
    terms: &SessionTerms,
) -> Result<(), Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let event = lock(tx, editor).await?;
        let before = find(tx, editor, id)
            .await?
            .ok_or_else(|| Refused::not_found("eventSessionId"))?;
        check_revision(revision, before.revision)?;
        let row = event_session::Model {
            id,
            revision: before.revision + 1,
            ..judge(&event, terms)?
        };
        event_session::Entity::update(row.into_active_model().reset_all())
            .exec(tx)
            .await?;
        if let Some(speakers) = &terms.speaker_ids {
            assign(tx, editor, id, speakers).await?;
        }
        changed(tx, editor, "updateEventSession", "eventSession", id.0).await
    })
}

/// Removes one; when it is gone already, that is fine.
///
/// # Errors
/// When the database fails.
pub async fn remove_session(platform: &Platform, editor: &Editor, id: EventSessionId) -> Result<(), Refused> {
    transaction!(platform.store.writer(), async |tx| {
        lock(tx, editor).await?;
        if let Some(row) = find(tx, editor, id).await? {
            dismiss(tx, editor, id).await?;
            row.delete(tx).await?;
            changed(tx, editor, "removeEventSession", "eventSession", id.0).await?;
        }
        Ok::<_, Refused>(())
    })
}

async fn find(tx: &Tx, editor: &Editor, id: EventSessionId) -> Result<Option<event_session::Model>, Refused> {
    let row = event_session::Entity::find_by_id((editor.organization(), id))
        .one(tx)
        .await?;
    Ok(row.filter(|row| row.event_id == editor.event()))
}

fn judge(event: &event::Model, terms: &SessionTerms) -> Result<event_session::Model, Refused> {
    let mut problems = Problems::new();
    let title = problems
        .keep("terms.title", input::localized(&terms.title, 200))
        .unwrap_or_default();
    if title.is_empty() {
        problems.add("terms.title", Code::Required, "Give the session a title.");
    }
    let description = terms
        .description
        .as_ref()
        .and_then(|text| problems.keep("terms.description", input::localized_paragraphs(text, 5000)))
        .unwrap_or_default();
    let place = problems
        .keep(
            "terms.place",
            input::optional(terms.place.as_deref(), |place| input::line(place, 200)),
        )
        .flatten();
    let starts = problems.keep(
        "terms.startsLocal",
        input::wall_time(&terms.starts_local, &event.time_zone),
    );
    let ends = problems.keep("terms.endsLocal", input::wall_time(&terms.ends_local, &event.time_zone));
    let (starts, ends) = (
        starts.map_or(0, |time| time.instant.0),
        ends.map_or(0, |time| time.instant.0),
    );
    if problems.is_empty() && starts >= ends {
        problems.add("terms.endsLocal", Code::Invalid, "The end must come after the start.");
    }
    problems.none()?;
    Ok(event_session::Model {
        organization_id: event.organization_id,
        id: uuid::Uuid::nil().into(),
        event_id: event.id,
        title: title.to_column(),
        description: description.to_column(),
        starts_at: starts,
        ends_at: ends,
        place,
        revision: 1,
    })
}
