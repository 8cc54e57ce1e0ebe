//! What search engines and calendars of other programs read of an event: schema.org's `Event`, as JSON-LD.

use serde_json::json;

use super::event::Event;
use crate::frame::name_of;

/// As JSON that can stand inside a script element.
pub(super) fn event(event: &Event, address: &str) -> String {
    let is_online = name_of(&event.kind) == "WEBINAR";
    let place = event.venue.as_ref().map(|venue| {
        let address = venue.address.as_ref().map(|address| {
            json!({
                "@type": "PostalAddress", "streetAddress": address.street, "postalCode": address.postal_code,
                "addressLocality": address.city, "addressRegion": address.region, "addressCountry": address.country,
            })
        });
        json!({ "@type": "Place", "name": venue.name, "address": address })
    });
    let kind = if is_online {
        "OnlineEventAttendanceMode"
    } else {
        "OfflineEventAttendanceMode"
    };
    let status = if name_of(&event.status) == "CANCELLED" {
        "EventCancelled"
    } else {
        "EventScheduled"
    };
    let value = json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.title,
        "startDate": event.starts_at,
        "endDate": event.ends_at,
        "eventAttendanceMode": format!("https://schema.org/{kind}"),
        "eventStatus": format!("https://schema.org/{status}"),
        "location": place.unwrap_or_else(|| json!({ "@type": "VirtualLocation", "url": address })),
        "performer": event.speakers.iter().map(|speaker| json!({ "@type": "Person", "name": speaker.name })).collect::<Vec<_>>(),
        "organizer": { "@type": "Organization", "name": event.organization.name },
        "url": address,
    });
    // Nothing in it can end the element that it stands in.
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}
