//! Badges, as they are printed.

use async_graphql::{Context, ID, InputObject, Object, Result};
use consentry_domain::{OrganizationId, RegistrationId};

use super::list::{sought, ticket_type};
use crate::connection;
use crate::graphql::connection::Page;
use crate::graphql::public::{Event, TicketType};
use crate::graphql::{errors, ids, platform};
use crate::platform::Fault;
use crate::services::roster::Row;
use crate::services::roster::badges::{self, Printed, Printer, Whose};

connection!(BadgeConnection, BadgeEdge, Badge);

/// Whose badges are printed; everything that is named must hold.
#[derive(InputObject, Clone, Debug, Default)]
pub struct BadgeFilter {
    /// What was bought.
    ticket_type_id: Option<ID>,
    /// Words, as in `RosterFilter.words`.
    words: Option<String>,
}

/// What is printed of somebody who comes.
pub struct Badge {
    organization: OrganizationId,
    event: Event,
    row: Row,
    printed: Printed,
}

/// What is printed of somebody who comes.
#[Object]
impl Badge {
    /// The place that it is for.
    async fn registration_id(&self) -> ID {
        ids::encode(self.organization, self.row.id)
    }
    /// The whole name.
    async fn full_name(&self) -> &str {
        self.row.full_name.as_deref().unwrap_or_default()
    }
    /// Company.
    async fn company(&self) -> Option<&str> {
        self.row.company.as_deref()
    }
    /// Job title.
    async fn job_title(&self) -> Option<&str> {
        self.printed.job_title.as_deref()
    }
    /// What was bought.
    async fn ticket_type(&self, ctx: &Context<'_>) -> Result<TicketType> {
        let found = self.event.find_ticket_type(ctx, self.row.ticket_type_id).await?;
        found.ok_or_else(|| errors::internal(&Fault::Corrupt("a registration of an unknown ticket type".into())))
    }
    /// What others may scan. It opens no door.
    async fn code(&self) -> &str {
        &self.printed.code
    }
}

impl BadgeFilter {
    fn judge(self, owner: OrganizationId) -> Result<Whose> {
        Ok(Whose {
            ticket_type: self.ticket_type_id.map(|id| ticket_type(owner, &id)),
            words: sought(self.words.as_deref())?,
        })
    }
}

/// A page of badges.
pub(in crate::graphql::organizer) async fn badges(
    ctx: &Context<'_>,
    printer: Printer,
    event: Event,
    (first, after): (i32, Option<String>),
    filter: BadgeFilter,
) -> Result<BadgeConnection> {
    let platform = platform(ctx);
    let (organization, id) = (printer.organization(), printer.event());
    let whose = filter.judge(organization)?;
    let wish = serde_json::to_string(&whose).map_err(|error| errors::bad_input(error.to_string()))?;
    let list = format!("badges:{organization}:{id}:{wish}");
    let page = Page::parse(platform, list.as_bytes(), first, after)?;
    let found = badges::page(platform, &printer, &whose, page.first, page.after.as_deref()).await;
    let mut found = found.map_err(|fault| errors::internal(&fault))?;
    let mut entries = Vec::with_capacity(found.page.rows.len());
    for row in &found.page.rows {
        let printed = found.printed.remove(&row.id).unwrap_or_default();
        let badge = Badge {
            organization,
            event: event.clone(),
            row: row.clone(),
            printed,
        };
        entries.push((found.page.place(row), badge));
    }
    let (list, has_next) = (list.as_bytes(), found.page.has_next);
    Ok(BadgeConnection::new(platform, list, &page, has_next, entries))
}

/// The badge of one place; absent where it is not confirmed.
pub(super) async fn badge(
    ctx: &Context<'_>,
    printer: &Printer,
    event: Event,
    id: RegistrationId,
) -> Result<Option<Badge>> {
    let found = errors::absent(badges::one(platform(ctx), printer, id).await)?;
    Ok(found.map(|(row, printed)| Badge {
        organization: printer.organization(),
        event,
        row,
        printed,
    }))
}
