//! `/events/{organization}/{slug}/calendar.ics`: the event for anybody's calendar (RFC 5545).

use icalendar::{Calendar, Component, EventLike, EventStatus};
use poem::Response;
use poem::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};

use super::event::find;
use crate::ask::Ask;
use crate::frame::name_of;
use crate::trouble::Trouble;

/// The file.
pub(crate) async fn calendar(ask: &Ask) -> Result<Response, Trouble> {
    let event = find(ask).await?;
    let written = |at: jiff::Timestamp| at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let stamp = |at: &str| at.parse().map(written).map_err(|_| Trouble::Ours);
    let is_cancelled = name_of(&event.status) == "CANCELLED";
    let page = ask.path().trim_end_matches("/calendar.ics");
    let mut entry = icalendar::Event::new();
    entry
        // The mail that tells of a cancelled event takes the entry of this identity away.
        .uid(&format!("{}@consentry", event.id))
        .status(if is_cancelled {
            EventStatus::Cancelled
        } else {
            EventStatus::Confirmed
        })
        .add_property("SEQUENCE", event.revision.to_string())
        .summary(&event.title)
        .url(&ask.visitor.platform().url(page))
        .add_property("DTSTAMP", written(ask.now()?))
        .add_property("DTSTART", stamp(&event.starts_at)?)
        .add_property("DTEND", stamp(&event.ends_at)?);
    if let Some(venue) = &event.venue {
        let address = venue
            .address
            .as_ref()
            .map(|address| format!(", {}, {}", address.street, address.city));
        entry.location(&format!("{}{}", venue.name, address.unwrap_or_default()));
    }
    let calendar = Calendar::new().name(&event.title).push(entry.done()).done();
    Ok(Response::builder()
        .header(CONTENT_TYPE, "text/calendar; charset=utf-8")
        .header(
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}.ics\"", event.slug),
        )
        .header(CACHE_CONTROL, "public, max-age=300")
        .body(calendar.to_string()))
}
