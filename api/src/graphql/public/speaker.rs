//! Who speaks at an event, as anyone sees it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use consentry_domain::{EventSessionId, SpeakerId};
use consentry_entity::speaker;

use super::{Event, LocalizedText, Picture};
use crate::graphql::scalars::Locale;
use crate::graphql::{errors, ids, platform};
use crate::platform::Fault;
use crate::services::sales;

/// Somebody who speaks at an event.
#[derive(Clone)]
pub struct Speaker {
    event: Event,
    found: Arc<sales::Speaker>,
}

impl Speaker {
    /// Their row, for what only staff see.
    pub(in crate::graphql) fn row(&self) -> &speaker::Model {
        &self.found.row
    }

    fn list(event: &Event, found: Result<Vec<Arc<sales::Speaker>>, Fault>) -> Result<Vec<Self>> {
        let found = found.map_err(|fault| errors::internal(&fault))?;
        let shown = found.into_iter().map(|found| Self {
            event: event.clone(),
            found,
        });
        Ok(shown.collect())
    }
}

/// Somebody who speaks at an event.
#[Object]
impl Speaker {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.found.row.organization_id, self.found.row.id)
    }
    /// Their name.
    async fn name(&self) -> &str {
        &self.found.row.name
    }
    /// What they are, in a line, in the wished language where there is one; empty where nothing is said.
    async fn headline(&self, locale: Option<Locale>) -> &str {
        self.event.pick(&self.found.headline, locale.as_ref())
    }
    /// What they are, in a line, in every language.
    async fn headlines(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.found.headline)
    }
    /// Who they are (CommonMark); empty where nothing is said.
    async fn biography(&self, locale: Option<Locale>) -> &str {
        self.event.pick(&self.found.biography, locale.as_ref())
    }
    /// Who they are, in every language.
    async fn biographies(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.found.biography)
    }
    /// A picture of them, where there is one.
    async fn picture(&self, ctx: &Context<'_>) -> Result<Option<Picture>> {
        let row = &self.found.row;
        Picture::shown(platform(ctx), self.event.organizer(), row.picture.as_deref(), &row.name)
    }
    /// Their page, an http or https address.
    async fn website(&self) -> Option<&str> {
        self.found.row.website.as_deref()
    }
}

/// Who speaks at this event: by their place in the list, within a place by name.
pub(in crate::graphql) async fn speakers(ctx: &Context<'_>, event: &Event) -> Result<Vec<Speaker>> {
    let found = event.batch.speakers(&platform(ctx).store, event.key()).await;
    Speaker::list(event, found.map(<[_]>::to_vec))
}

/// Who speaks in this session of this event, in the same order.
pub(super) async fn speakers_of(ctx: &Context<'_>, event: &Event, session: EventSessionId) -> Result<Vec<Speaker>> {
    let found = event
        .batch
        .speakers_of(&platform(ctx).store, event.key(), session)
        .await;
    Speaker::list(event, found)
}

/// One who speaks at this event.
pub(in crate::graphql) async fn find_speaker(
    ctx: &Context<'_>,
    event: &Event,
    id: SpeakerId,
) -> Result<Option<Speaker>> {
    let all = speakers(ctx, event).await?;
    Ok(all.into_iter().find(|speaker| speaker.row().id == id))
}
