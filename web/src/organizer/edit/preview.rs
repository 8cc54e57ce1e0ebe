//! `/manage/{organization}/{event}/preview`: the event's page as attendees will see it, before they can.

use poem::Response;

use super::edited;
use crate::ask::Ask;
use crate::events;
use crate::trouble::Trouble;

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let (_, place) = edited::find(ask).await?;
    events::preview(ask, &place.base).await
}
