//! Somebody's place, as it is looked at: from their own browser, and by a webinar's personal link.

use consentry::platform::keys::{Link, LinkKind};
use consentry_domain::EventKind;
use consentry_entity::{event, registration};

use super::{Browser, DbEvent, SeededAttendee, SeededOrganization, Sharing, TestApp};

/// An attendee of an event that partners share, signed in.
pub struct OwnPlace {
    /// The event and its partners.
    pub sharing: Sharing,
    /// The attendee.
    pub ada: SeededAttendee,
    /// Where the attendee is signed in.
    pub browser: Browser,
    /// The path of the place's page.
    pub place: String,
}

/// A place in a webinar.
pub struct WebinarSeat {
    /// Who runs it.
    pub organization: SeededOrganization,
    /// The webinar.
    pub event: DbEvent,
    /// The place.
    pub row: registration::Model,
    /// The secret of the personal link.
    pub secret: String,
}

impl WebinarSeat {
    /// The path of the personal link's page.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/join/{}", self.secret)
    }
}

impl TestApp {
    /// Somebody with a place at a shared event of "acme", and the browser.
    pub async fn own_place(&self) -> OwnPlace {
        let sharing = self.sharing("acme").await;
        let ada = self.db_attendee(&sharing, "ada@people.example", |_| ()).await;
        OwnPlace {
            browser: self.browser_of(&ada.client).await,
            place: format!("/me/registrations/{}", ada.public_id),
            sharing,
            ada,
        }
    }

    /// Somebody with a place in a webinar of "acme", whose room has an address that nobody is to see before it is open.
    ///
    /// # Panics
    /// When the place was refused.
    pub async fn webinar_seat(&self, change: impl FnOnce(&mut event::Model)) -> WebinarSeat {
        let organization = self.db_organization("acme").await;
        let event = self
            .db_event(&organization, "online", |row| {
                (row.kind, row.venue) = (EventKind::Webinar, None);
                row.join_url = Some("https://room.example/r?pwd=hidden".into());
                change(row);
            })
            .await;
        let ticket = self.db_ticket_type(&event, "Seat", |_| {}).await;
        let payload = self
            .anonymous()
            .register(&event, "1", &[(ticket, "ada@example.org")])
            .await;
        let row = self.db_registrations(&event, &payload["order"]["code"]).await.remove(0);
        let link = Link {
            organization: event.organization,
            id: row.id.0,
            generation: row.link_generation,
        };
        WebinarSeat {
            secret: self.platform.keys.link(LinkKind::Join, link),
            organization,
            event,
            row,
        }
    }
}
