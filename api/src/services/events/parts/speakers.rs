//! Who speaks at an event.

use consentry_domain::{EventSessionId, PictureId, SpeakerId};
use consentry_entity::{event, session_speaker, speaker};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, PaginatorTrait, QueryFilter};

use super::{Editor, changed, check_revision, claim, lock};
use crate::platform::store::Tx;
use crate::platform::{Code, Platform, Problems, Refused};
use crate::services::{Localized, input, pictures};
use crate::transaction;

/// How many speak at one event at most.
const MOST: u64 = 500;

/// Who speaks, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct SpeakerTerms {
    /// Their name.
    pub name: String,
    /// What they are, in a line: "Professor of Logic, University of X".
    pub headline: Option<Localized>,
    /// Who they are.
    pub biography: Option<Localized>,
    /// Their page.
    pub website: Option<String>,
    /// A picture of them.
    pub picture: Option<PictureId>,
    /// Their place in the list; within a place they stand by name.
    pub position: i32,
}

/// Adds one.
///
/// # Errors
/// What is wrong with the input, field by field.
pub async fn create_speaker(
    platform: &Platform,
    editor: &Editor,
    key: &str,
    terms: &SpeakerTerms,
) -> Result<SpeakerId, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let id: SpeakerId = tx.ordered_id();
        if let Some(made) = claim(platform, tx, editor, "createSpeaker", key, terms, id.0).await? {
            return Ok(SpeakerId(made));
        }
        let event = lock(tx, editor).await?;
        let row = speaker::Model {
            id,
            picture: picture(tx, editor, terms).await?,
            ..judge(&event, terms)?
        };
        let there = speaker::Entity::find()
            .filter(speaker::Column::OrganizationId.eq(editor.organization()))
            .filter(speaker::Column::EventId.eq(editor.event()));
        if there.count(tx).await? >= MOST {
            let words = format!("An event has {MOST} speakers at most. Remove one first.");
            return Err(Refused::because("eventId", Code::LimitExceeded, words));
        }
        speaker::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        changed(tx, editor, "createSpeaker", "speaker", id.0).await?;
        Ok(id)
    })
}

/// Changes one.
///
/// # Errors
/// As [`create_speaker`]; stale when it was changed meanwhile.
pub async fn update_speaker(
    platform: &Platform,
    editor: &Editor,
    id: SpeakerId,
    revision: i64,
    terms: &SpeakerTerms,
) -> Result<(), Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let event = lock(tx, editor).await?;
        let before = find(tx, editor, id)
            .await?
            .ok_or_else(|| Refused::not_found("speakerId"))?;
        check_revision(revision, before.revision)?;
        let row = speaker::Model {
            id,
            revision: before.revision + 1,
            picture: picture(tx, editor, terms).await?,
            ..judge(&event, terms)?
        };
        let after = row.picture.clone();
        speaker::Entity::update(row.into_active_model().reset_all())
            .exec(tx)
            .await?;
        if after != before.picture {
            pictures::release(tx, editor.organization(), before.picture.as_deref()).await?;
        }
        changed(tx, editor, "updateSpeaker", "speaker", id.0).await
    })
}

/// Removes one, also from the sessions in which they speak; when they are gone already, that is fine.
///
/// # Errors
/// When the database fails.
pub async fn remove_speaker(platform: &Platform, editor: &Editor, id: SpeakerId) -> Result<(), Refused> {
    transaction!(platform.store.writer(), async |tx| {
        lock(tx, editor).await?;
        if let Some(row) = find(tx, editor, id).await? {
            session_speaker::Entity::delete_many()
                .filter(session_speaker::Column::OrganizationId.eq(editor.organization()))
                .filter(session_speaker::Column::SpeakerId.eq(id))
                .exec(tx)
                .await?;
            let shown = row.picture.clone();
            row.delete(tx).await?;
            pictures::release(tx, editor.organization(), shown.as_deref()).await?;
            changed(tx, editor, "removeSpeaker", "speaker", id.0).await?;
        }
        Ok::<_, Refused>(())
    })
}

/// Lets these speak in a session, and nobody else.
pub(super) async fn assign(
    tx: &Tx,
    editor: &Editor,
    session: EventSessionId,
    speakers: &[SpeakerId],
) -> Result<(), Refused> {
    dismiss(tx, editor, session).await?;
    if speakers.is_empty() {
        return Ok(());
    }
    let known = speaker::Entity::find()
        .filter(speaker::Column::OrganizationId.eq(editor.organization()))
        .filter(speaker::Column::EventId.eq(editor.event()))
        .all(tx)
        .await?;
    for (index, speaker) in speakers.iter().enumerate() {
        if !known.iter().any(|row| row.id == *speaker) || speakers[..index].contains(speaker) {
            return Err(Refused::not_found(&format!("terms.speakerIds.{index}")));
        }
    }
    let rows = speakers.iter().map(|speaker| {
        session_speaker::Model {
            organization_id: editor.organization(),
            session_id: session,
            speaker_id: *speaker,
            event_id: editor.event(),
        }
        .into_active_model()
        .reset_all()
    });
    session_speaker::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Nobody speaks in a session any more.
pub(super) async fn dismiss(tx: &Tx, editor: &Editor, session: EventSessionId) -> Result<(), Refused> {
    session_speaker::Entity::delete_many()
        .filter(session_speaker::Column::OrganizationId.eq(editor.organization()))
        .filter(session_speaker::Column::SessionId.eq(session))
        .exec(tx)
        .await?;
    Ok(())
}

/// What the column of the picture holds.
async fn picture(tx: &Tx, editor: &Editor, terms: &SpeakerTerms) -> Result<Option<String>, Refused> {
    Ok(match terms.picture {
        None => None,
        Some(id) => Some(pictures::hold(tx, editor.organization(), "terms.pictureId", id).await?),
    })
}

async fn find(tx: &Tx, editor: &Editor, id: SpeakerId) -> Result<Option<speaker::Model>, Refused> {
    let row = speaker::Entity::find_by_id((editor.organization(), id)).one(tx).await?;
    Ok(row.filter(|row| row.event_id == editor.event()))
}

fn judge(event: &event::Model, terms: &SpeakerTerms) -> Result<speaker::Model, Refused> {
    let mut problems = Problems::new();
    let name = problems
        .keep("terms.name", input::line(&terms.name, 200))
        .unwrap_or_default();
    let headline = terms
        .headline
        .as_ref()
        .and_then(|text| problems.keep("terms.headline", input::localized(text, 200)))
        .unwrap_or_default();
    let biography = terms
        .biography
        .as_ref()
        .and_then(|text| problems.keep("terms.biography", input::localized_paragraphs(text, 3000)))
        .unwrap_or_default();
    let website = problems
        .keep("terms.website", input::optional(terms.website.as_deref(), input::url))
        .flatten();
    problems.none()?;
    Ok(speaker::Model {
        organization_id: event.organization_id,
        id: uuid::Uuid::nil().into(),
        event_id: event.id,
        name,
        headline: headline.to_column(),
        biography: biography.to_column(),
        website,
        position: terms.position,
        revision: 1,
        picture: None,
    })
}
