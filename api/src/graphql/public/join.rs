//! A webinar's room, by the personal link.

use async_graphql::{Context, InputObject, Object, Result};

use super::Event;
use crate::graphql::scalars::URL;
use crate::graphql::{errors, platform};
use crate::mutation;
use crate::platform::Refused;
use crate::services::registration;

/// The query.
#[derive(Default)]
pub struct JoinQuery;

#[Object]
impl JoinQuery {
    /// The webinar whose room a personal link opens; absent unless its place is confirmed.
    async fn linked_webinar(&self, ctx: &Context<'_>, secret: String) -> Result<Option<Event>> {
        let found = registration::room(platform(ctx), &secret).await;
        let room = found.map_err(|fault| errors::internal(&fault))?;
        room.map(|room| Event::new(room.event, room.organization))
            .transpose()
            .map_err(|fault| errors::internal(&fault))
    }
}

/// A personal link to a webinar.
#[derive(InputObject)]
pub struct JoinWebinarInput {
    /// The last part of its address.
    secret: String,
}

mutation! {
    /// Opens the room of a webinar for somebody with a confirmed place. That somebody joined is not kept.
    JoinWebinar::join_webinar(JoinWebinarInput) => run;
    JoinWebinarPayload {
        /// Where the room is; absent when it was refused.
        room_url: URL
    }
    JoinWebinarUserError, JoinWebinarErrorCode { NotFound }
}

async fn run(ctx: &Context<'_>, input: JoinWebinarInput) -> Result<URL, Refused> {
    let room = registration::room(platform(ctx), &input.secret).await?;
    room.map(|room| URL(room.address))
        .ok_or_else(|| Refused::not_found("secret"))
}
