//! Badges: what is printed of who comes, with the code that others may scan, which opens no door.

use std::collections::HashMap;

use consentry_domain::words::Sought;
use consentry_domain::{OrganizationId, RegistrationId, RegistrationStatus, TicketTypeId};
use sea_orm::Value;

use super::list::{self, Filter, Page, Row, Sort, Wanted};
use super::seen::{self, entry};
use crate::access::rights::{ManageRegistrations, ViewRoster};
use crate::access::{Authorized, EventScope};
use crate::platform::store::{Store, sql};
use crate::platform::{Fault, Platform, Refused};
use crate::services::audit;

/// The right to print badges.
pub type Printer = Authorized<EventScope, ManageRegistrations>;

/// Whose badges.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Whose {
    /// Of those with this ticket.
    pub ticket_type: Option<TicketTypeId>,
    /// Of those who have each of the words somewhere.
    pub words: Option<Sought>,
}

/// What is printed of somebody beside what the roster shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// What others may scan.
    pub code: String,
    /// The job title.
    pub job_title: Option<String>,
}

/// A page of badges, by name.
pub struct Badges {
    /// The places.
    pub page: Page,
    /// What is printed of them beside.
    pub printed: HashMap<RegistrationId, Printed>,
}

/// Badges of those who come, by name: whose place is confirmed. That they were printed is in the audit log before anybody
/// sees them.
///
/// # Errors
/// When the database fails.
pub async fn page(
    platform: &Platform,
    printer: &Printer,
    whose: &Whose,
    first: u32,
    after: Option<&[u8]>,
) -> Result<Badges, Fault> {
    let wanted = Wanted {
        sort: Sort::Name,
        filter: Filter {
            status: Some(RegistrationStatus::Confirmed),
            ticket_type: whose.ticket_type,
            words: whose.words.clone(),
            ..Filter::default()
        },
    };
    let page = list::read(platform, printer, &wanted, first, after).await?;
    let ids: Vec<RegistrationId> = page.rows.iter().map(|row| row.id).collect();
    let printed = printed(&platform.store, printer.organization(), &ids).await?;
    let noted = entry(printer, "printBadges", None, serde_json::json!({ "badges": ids.len() }));
    audit::note_read(&platform.store, noted).await?;
    Ok(Badges { page, printed })
}

/// The badge of one who comes. That it was printed is in the audit log before anybody sees it.
///
/// # Errors
/// Not found, where the event has no such place, or it is not confirmed.
pub async fn one(platform: &Platform, printer: &Printer, id: RegistrationId) -> Result<(Row, Printed), Refused> {
    let missing = || Refused::not_found("registrationId");
    let view: Authorized<EventScope, ViewRoster> = printer.also().ok_or_else(missing)?;
    let row = seen::one(platform, &view, id).await?;
    if row.status != RegistrationStatus::Confirmed {
        return Err(missing());
    }
    let mut printed = printed(&platform.store, printer.organization(), &[id]).await?;
    let subject = Some(("registration", id.0));
    let noted = entry(printer, "printBadges", subject, serde_json::json!({ "badges": 1 }));
    audit::note_read(&platform.store, noted).await?;
    Ok((row, printed.remove(&id).ok_or_else(missing)?))
}

async fn printed(
    store: &Store,
    organization: OrganizationId,
    ids: &[RegistrationId],
) -> Result<HashMap<RegistrationId, Printed>, Fault> {
    let mut found = HashMap::with_capacity(ids.len());
    if ids.is_empty() {
        return Ok(found);
    }
    let text = format!(
        "select id, badge_code, job_title from registration where organization_id = $1 and id in ({})",
        sql::list(2, ids.len())
    );
    let values = std::iter::once(Value::from(organization)).chain(ids.iter().map(|id| Value::from(*id)));
    for row in sql::all(store.read(), &text, values).await? {
        let printed = Printed {
            code: row.try_get("", "badge_code")?,
            job_title: row.try_get("", "job_title")?,
        };
        found.insert(row.try_get("", "id")?, printed);
    }
    Ok(found)
}
