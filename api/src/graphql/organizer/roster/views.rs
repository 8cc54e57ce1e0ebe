//! `saveRosterView` and `removeRosterView`: what somebody keeps for themselves.

use async_graphql::{Context, ID, InputObject, MergedObject, Result, SimpleObject};
use consentry_domain::Instant;
use consentry_entity::roster_view;

use super::scope::of_event;
use crate::graphql::platform;
use crate::graphql::scalars::DateTime;
use crate::mutation;
use crate::platform::Refused;
use crate::services::roster::views::{self, NewView, Viewer};

/// A view of the roster that you keep for yourself; nobody else sees it.
#[derive(SimpleObject)]
pub struct RosterView {
    /// What it is called; you have no other one of this name at this event.
    name: String,
    /// The words that are looked for.
    words: Option<String>,
    /// Everything else, as the parameters of an address.
    query: String,
    /// When it was kept.
    made_at: DateTime,
}

impl From<roster_view::Model> for RosterView {
    fn from(row: roster_view::Model) -> Self {
        Self {
            name: row.name,
            words: row.words,
            query: row.query,
            made_at: Instant(row.made_at).into(),
        }
    }
}

/// A view to be kept.
#[derive(InputObject)]
pub struct SaveRosterViewInput {
    /// The event.
    event_id: ID,
    /// What it is called, at most 60 characters. One of yours of the same name is replaced.
    name: String,
    /// The words that are looked for, as `RosterFilter.words` takes them.
    words: Option<String>,
    /// Everything else, as the parameters of an address; kept as it is. At most 2000 characters, and no `words` or `name`
    /// among them.
    query: String,
}

/// A view to be removed.
#[derive(InputObject)]
pub struct RemoveRosterViewInput {
    /// The event.
    event_id: ID,
    /// What it is called.
    name: String,
}

mutation! {
    /// Keeps a view of the roster for yourself, at most 20 of an event.
    SaveRosterView::save_roster_view(SaveRosterViewInput) => save;
    SaveRosterViewPayload {
        /// All your views of this event's roster, by name; absent when it was refused.
        roster_views: Vec<RosterView>
    }
    SaveRosterViewUserError, SaveRosterViewErrorCode { Invalid, Required, TooLong, NotFound, LimitExceeded }
}

mutation! {
    /// Removes a view that you kept. Removing one that is gone succeeds.
    RemoveRosterView::remove_roster_view(RemoveRosterViewInput) => remove;
    RemoveRosterViewPayload {
        /// Your views of this event's roster that are left, by name; absent when it was refused.
        roster_views: Vec<RosterView>
    }
    RemoveRosterViewUserError, RemoveRosterViewErrorCode { NotFound }
}

/// Both.
#[derive(MergedObject, Default)]
pub struct RosterViewMutation(SaveRosterView, RemoveRosterView);

async fn save(ctx: &Context<'_>, input: SaveRosterViewInput) -> Result<Vec<RosterView>, Refused> {
    let viewer: Viewer = of_event(ctx, "eventId", &input.event_id).await?;
    let new = NewView {
        name: input.name,
        words: input.words,
        query: input.query,
    };
    Ok(shown(views::save(platform(ctx), &viewer, &new).await?))
}

async fn remove(ctx: &Context<'_>, input: RemoveRosterViewInput) -> Result<Vec<RosterView>, Refused> {
    let viewer: Viewer = of_event(ctx, "eventId", &input.event_id).await?;
    Ok(shown(views::remove(platform(ctx), &viewer, &input.name).await?))
}

pub(in crate::graphql::organizer) fn shown(rows: Vec<roster_view::Model>) -> Vec<RosterView> {
    rows.into_iter().map(RosterView::from).collect()
}
