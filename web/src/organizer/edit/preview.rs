//! `/manage/{organization}/{event}/preview`: the event's page as attendees will see it, before they can; and below it, at
//! `/steps`, the steps of registering.

use poem::Response;

use super::edited;
use crate::ask::Ask;
use crate::trouble::Trouble;
use crate::{events, registration};

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let (_, place) = edited::find(ask).await?;
    events::preview(ask, &place.base).await
}

/// The steps; nothing of what is typed there is kept.
pub(super) async fn steps(ask: &Ask) -> Result<Response, Trouble> {
    let (_, place) = edited::find(ask).await?;
    registration::rehearse(ask, &place.base).await
}
