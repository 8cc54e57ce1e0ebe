//! `/events/{organization}/{slug}/calendar.ics`: the event for anybody's calendar (RFC 5545).

use icalendar::{Calendar, Component, EventLike};
use poem::Response;
use poem::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};

use super::event::find;
use crate::ask::Ask;
use crate::trouble::Trouble;

/// The file.
pub(crate) async fn calendar(ask: &Ask) -> Result<Response, Trouble> {
    let event = find(ask).await?;
    let stamp = |at: &str| -> Result<String, Trouble> {
        let at: jiff::Timestamp = at.parse().map_err(|_| Trouble::Ours)?;
        Ok(at.strftime("%Y%m%dT%H%M%SZ").to_string())
    };
    let page = ask.path().trim_end_matches("/calendar.ics");
    let mut entry = icalendar::Event::new();
    entry
        .uid(&format!("{}@consentry", event.id))
        .summary(&event.title)
        .url(&ask.visitor.platform().url(page))
        .add_property("DTSTAMP", &stamp(&event.starts_at)?)
        .add_property("DTSTART", &stamp(&event.starts_at)?)
        .add_property("DTEND", &stamp(&event.ends_at)?);
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
