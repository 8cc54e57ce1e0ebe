//! Mails as the API has them, of an event or of the whole organization.

use super::documents::{MailsOfEvent, MailsOfOrganization, mails_of_event, mails_of_organization};
use crate::ask::Ask;
use crate::frame::named;
use crate::organizer::{Part, Place};
use crate::trouble::Trouble;

/// A mail without what it says.
pub(in crate::organizer) struct Mail {
    pub(in crate::organizer) id: String,
    /// The name of its kind in the schema.
    pub(in crate::organizer) kind: String,
    /// The name of its status in the schema.
    pub(in crate::organizer) status: String,
    /// To whom; absent once it is erased.
    pub(in crate::organizer) to: Option<String>,
    pub(in crate::organizer) created_at: String,
    /// When the mail server accepted it.
    pub(in crate::organizer) sent_at: Option<String>,
    /// Why it was refused for good.
    pub(in crate::organizer) failure: Option<String>,
    /// The registration that it is about.
    pub(in crate::organizer) registration: Option<String>,
}

/// A page of mails, and whose they are.
pub(super) struct Found {
    pub(super) slug: String,
    pub(super) organization: String,
    /// Where one is, at an event.
    pub(super) place: Option<Place>,
    /// On whose clock times are told.
    pub(super) zone: String,
    pub(super) mails: Vec<Mail>,
    /// Where the next page begins, where there is one.
    pub(super) next: Option<String>,
}

/// The mails of a document's connection, and where the next page begins.
macro_rules! mails {
    ($connection:expr) => {{
        let connection = $connection;
        let info = connection.page_info;
        let next = info.end_cursor.filter(|_| info.has_next_page);
        let mails = connection.edges.into_iter().map(|edge| $crate::organizer::mails::Mail {
            kind: $crate::frame::name_of(&edge.node.kind),
            status: $crate::frame::name_of(&edge.node.status),
            id: edge.node.id,
            to: edge.node.to,
            created_at: edge.node.created_at,
            sent_at: edge.node.sent_at,
            failure: edge.node.failure,
            registration: edge.node.registration_id,
        });
        (mails.collect::<Vec<_>>(), next)
    }};
}
pub(in crate::organizer) use mails;

/// A page of an event's mails, of this status where one is named; not there for whoever may not see them.
pub(super) async fn of_event(ask: &Ask, status: &str) -> Result<Found, Trouble> {
    let filter = mails_of_event::MailFilter {
        status: (!status.is_empty()).then(|| named!(mails_of_event::MailStatus, status.to_owned())),
        order_code: None,
    };
    let variables = mails_of_event::Variables {
        filter: Some(filter),
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        after: ask.query("after"),
    };
    let found = ask.visitor.ask::<MailsOfEvent>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let (mails, next) = mails!(event.mails.ok_or(Trouble::NotFound)?);
    let whose = organization.organization;
    let place = Place::find(ask, &whose.name, (&event.id, &event.event.title), Part::Mails).await?;
    Ok(Found {
        slug: whose.slug,
        organization: whose.name,
        place: Some(place),
        zone: event.event.time_zone,
        mails,
        next,
    })
}

/// A page of the mails of all events and of the organization itself; not there for whoever may not see them.
pub(super) async fn of_organization(ask: &Ask) -> Result<Found, Trouble> {
    let variables = mails_of_organization::Variables {
        organization: ask.param("organization").to_owned(),
        after: ask.query("after"),
    };
    let found = ask.visitor.ask::<MailsOfOrganization>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let (mails, next) = mails!(organization.mails.ok_or(Trouble::NotFound)?);
    let whose = organization.organization;
    Ok(Found {
        slug: whose.slug,
        organization: whose.name,
        place: None,
        zone: "UTC".to_owned(),
        mails,
        next,
    })
}
