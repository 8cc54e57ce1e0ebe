//! A webinar's room, by the personal link.

use async_graphql::{Context, Enum, InputObject, Object, Result};
use consentry_domain::{Instant, room as rules, text};

use super::Event;
use crate::graphql::scalars::{DateTime, URL};
use crate::graphql::{errors, platform};
use crate::mutation;
use crate::platform::{Fault, Refused};
use crate::services::registration;

/// The query.
#[derive(Default)]
pub struct JoinQuery;

#[Object]
impl JoinQuery {
    /// The webinar whose room a personal link opens; absent unless its place is confirmed, or the webinar was called off.
    async fn linked_webinar(&self, ctx: &Context<'_>, secret: String) -> Result<Option<LinkedWebinar>> {
        let found = registration::room(platform(ctx), &secret).await;
        let room = found.map_err(|fault| errors::internal(&fault))?;
        room.map(LinkedWebinar::new)
            .transpose()
            .map_err(|fault| errors::internal(&fault))
    }
}

/// Where a webinar's room stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "rules::Room")]
pub enum RoomState {
    /// It opens later.
    NotYetOpen,
    /// It can be entered.
    Open,
    /// The webinar is over.
    Over,
    /// The webinar was called off.
    CalledOff,
}

/// A webinar, for whoever has a place in its room.
pub struct LinkedWebinar {
    event: Event,
    state: RoomState,
    opens_at: Instant,
    host: String,
}

impl LinkedWebinar {
    fn new(room: registration::Room) -> Result<Self, Fault> {
        Ok(Self {
            state: room.standing.into(),
            opens_at: rules::opens_at(Instant(room.event.starts_at)),
            host: text::host(&room.address).to_owned(),
            event: Event::new(room.event, room.organization)?,
        })
    }
}

/// A webinar, for whoever has a place in its room.
#[Object]
impl LinkedWebinar {
    /// The webinar.
    async fn event(&self) -> Event {
        self.event.clone()
    }
    /// Whether its room can be entered now.
    async fn state(&self) -> RoomState {
        self.state
    }
    /// From when on it can be entered; until the webinar ends.
    async fn opens_at(&self) -> DateTime {
        self.opens_at.into()
    }
    /// The host on which the room is. Whoever runs that is told nothing before `joinWebinar` leads there.
    async fn room_host(&self) -> &str {
        &self.host
    }
}

/// A personal link to a webinar.
#[derive(InputObject)]
pub struct JoinWebinarInput {
    /// The last part of its address.
    secret: String,
}

mutation! {
    /// Opens the room of a webinar for somebody with a confirmed place, while it is open. That somebody joined is not kept.
    JoinWebinar::join_webinar(JoinWebinarInput) => run;
    JoinWebinarPayload {
        /// Where the room is; absent when it was refused.
        room_url: URL
    }
    JoinWebinarUserError, JoinWebinarErrorCode { NotFound, TooEarly, TooLate, Cancelled }
}

async fn run(ctx: &Context<'_>, input: JoinWebinarInput) -> Result<URL, Refused> {
    registration::enter(platform(ctx), &input.secret).await.map(URL)
}
