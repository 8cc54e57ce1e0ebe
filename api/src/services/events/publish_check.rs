//! What an event lacks before it can be published (S1, S12a, S56).

use consentry_domain::{DocumentKind, EventKind};
use consentry_entity::{event, event_partner, legal_document, organization, question, ticket_type};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::platform::store::sql;
use crate::platform::{Fault, Platform};
use crate::services::Localized;
use crate::services::payments::accounts;

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nothing is sold.
    TicketType,
    /// Something costs money, and there is no way of paying.
    Payment,
    /// A conference without a venue.
    Venue,
    /// A webinar without the address of its room.
    JoinUrl,
    /// Terms.
    Terms,
    /// The privacy notice.
    PrivacyNotice,
    /// The data-protection contact of the organization.
    DataProtectionContact,
    /// A question does not say what its answers are for.
    QuestionPurpose,
    /// A question does not say how long its answers are kept.
    QuestionRetention,
    /// A partner with offers has no privacy notice or contact.
    PartnerNotice,
}

/// One thing to do before publishing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishProblem {
    /// What.
    pub missing: Missing,
    /// Of what, where it is a part of the event.
    pub subject: Option<Uuid>,
    /// Its name, for a reader.
    pub name: Option<String>,
    /// What to do.
    pub message: String,
}

/// Looks.
///
/// # Errors
/// When the database fails.
pub async fn check(
    platform: &Platform,
    connection: &impl ConnectionTrait,
    event: &event::Model,
) -> Result<Vec<PublishProblem>, Fault> {
    let mut found = Vec::new();
    let mut add = |missing, message: &str| {
        found.push(PublishProblem {
            missing,
            subject: None,
            name: None,
            message: message.to_owned(),
        });
    };
    let organization = organization::Entity::find_by_id(event.organization_id)
        .one(connection)
        .await?;
    if organization.is_none_or(|organization| organization.data_protection_contact.trim().is_empty()) {
        add(
            Missing::DataProtectionContact,
            "Name whom people write to about data protection.",
        );
    }
    let dearest = ticket_type::Entity::find()
        .filter(ticket_type::Column::OrganizationId.eq(event.organization_id))
        .filter(ticket_type::Column::EventId.eq(event.id))
        .filter(ticket_type::Column::ArchivedAt.is_null())
        .order_by_desc(ticket_type::Column::PriceMinor)
        .one(connection)
        .await?;
    if dearest.is_none() {
        add(Missing::TicketType, "Create at least one ticket type.");
    }
    if dearest.is_some_and(|dearest| dearest.price_minor > 0)
        && !accounts::is_one_ready(platform, connection, event.organization_id).await?
    {
        add(
            Missing::Payment,
            "A ticket costs money, but nobody can pay yet: somebody with the role of owner or finance sets a way of paying.",
        );
    }
    match event.kind {
        EventKind::Conference if event.venue.is_none() => add(Missing::Venue, "Say where it takes place."),
        EventKind::Webinar if event.join_url.is_none() => add(Missing::JoinUrl, "Give the address of the room."),
        EventKind::Conference | EventKind::Webinar => {}
    }
    let documents = legal_document::Entity::find()
        .filter(legal_document::Column::OrganizationId.eq(event.organization_id))
        .filter(legal_document::Column::EventId.eq(event.id))
        .filter(legal_document::Column::SupersededAt.is_null())
        .all(connection)
        .await?;
    let has = |kind| documents.iter().any(|document| document.kind == kind);
    if !has(DocumentKind::Terms) {
        add(Missing::Terms, "Add the terms.");
    }
    if !has(DocumentKind::PrivacyNotice) {
        add(Missing::PrivacyNotice, "Add the privacy notice.");
    }
    questions(connection, event, &mut found).await?;
    partners(connection, event, &mut found).await?;
    Ok(found)
}

async fn questions(
    connection: &impl ConnectionTrait,
    event: &event::Model,
    found: &mut Vec<PublishProblem>,
) -> Result<(), Fault> {
    let questions = question::Entity::find()
        .filter(question::Column::OrganizationId.eq(event.organization_id))
        .filter(question::Column::EventId.eq(event.id))
        .filter(question::Column::ArchivedAt.is_null())
        .all(connection)
        .await?;
    for question in questions {
        let name = Localized::parse(&question.label)?
            .pick(None, &event.default_locale)
            .to_owned();
        let mut add = |missing, message: &str| {
            found.push(PublishProblem {
                missing,
                subject: Some(question.id.0),
                name: Some(name.clone()),
                message: message.to_owned(),
            });
        };
        if Localized::parse(&question.purpose)?.is_empty() {
            add(Missing::QuestionPurpose, "Say what the answers are for.");
        }
        if question.retention_days.is_none() {
            add(
                Missing::QuestionRetention,
                "Say how many days after the event the answers are kept.",
            );
        }
    }
    Ok(())
}

async fn partners(
    connection: &impl ConnectionTrait,
    event: &event::Model,
    found: &mut Vec<PublishProblem>,
) -> Result<(), Fault> {
    let partners = event_partner::Entity::find()
        .filter(event_partner::Column::OrganizationId.eq(event.organization_id))
        .filter(event_partner::Column::EventId.eq(event.id))
        .filter(event_partner::Column::Active.eq(true))
        .all(connection)
        .await?;
    let offering: Vec<Uuid> = sql::all(
        connection,
        "select distinct o.event_partner_id from sharing_offer o join offer_version v \
         on v.organization_id = o.organization_id and v.offer_id = o.id \
         where o.organization_id = $1 and o.event_id = $2 and v.state in ('REQUESTED', 'APPROVED')",
        [event.organization_id.into(), event.id.into()],
    )
    .await?
    .iter()
    .map(|row| row.try_get("", "event_partner_id"))
    .collect::<Result<_, _>>()?;
    for partner in partners {
        let incomplete =
            partner.notice_url.trim().is_empty() || partner.notice_hash.is_none() || partner.contact_email.is_empty();
        if incomplete && offering.contains(&partner.id.0) {
            found.push(PublishProblem {
                missing: Missing::PartnerNotice,
                subject: Some(partner.id.0),
                name: None,
                message: "Attendees must be told this partner's privacy notice (address and content hash) and contact."
                    .to_owned(),
            });
        }
    }
    Ok(())
}
