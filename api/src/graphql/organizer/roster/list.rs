//! A page of the roster.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Result};
use consentry_domain::words::Sought;
use consentry_domain::{OrganizationId, TicketTypeId};

use super::RosterEntry;
use super::page::RosterPage;
use super::plan::RosterPlan;
use crate::access::rights::ViewRoster;
use crate::access::{Authorized, EventScope};
use crate::connection;
use crate::graphql::connection::Page;
use crate::graphql::public::{Event, RegistrationStatus};
use crate::graphql::{errors, ids, platform};
use crate::services::roster::{self, Filter, Parts, Sort, Wanted};

connection!(RosterConnection, RosterEdge, RosterEntry);

/// How the roster is sorted.
#[derive(Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RosterSort {
    /// By name.
    #[default]
    Name,
    /// By the time of registering.
    Time,
    /// By order code.
    OrderCode,
}

/// Who is listed; everything that is named must hold. A list by the beginning of something is in the order of that,
/// whatever `sort` says.
#[derive(InputObject, Clone, Debug, Default)]
pub struct RosterFilter {
    /// Where the registration stands.
    status: Option<RegistrationStatus>,
    /// What was bought.
    ticket_type_id: Option<ID>,
    /// How the mail address begins.
    mail_prefix: Option<String>,
    /// How the order's code begins.
    order_code_prefix: Option<String>,
    /// What the name contains.
    name: Option<String>,
    /// Words, with spaces between them: each stands somewhere in the name, the mail address, the company or the order's
    /// code. Case and accents make no difference. At most 8 words of together 100 characters.
    words: Option<String>,
}

/// The longest text that is looked for, in characters.
const LONGEST: usize = 200;

/// Whether this can be a filter's words.
#[must_use]
pub fn words_fit(text: &str) -> bool {
    Sought::parse(text).is_ok()
}

/// A filter's words.
pub(super) fn sought(words: Option<&str>) -> Result<Option<Sought>> {
    let words = words.map(Sought::parse).transpose();
    let words = words.map_err(|problem| errors::bad_input(format!("filter.words: {problem}.")))?;
    Ok(words.flatten())
}

/// A filter's ticket type: what is not there is nobody's.
pub(super) fn ticket_type(owner: OrganizationId, id: &ID) -> TicketTypeId {
    ids::own(owner, id).unwrap_or(TicketTypeId(uuid::Uuid::nil()))
}

impl RosterFilter {
    pub(in crate::graphql::organizer) fn judge(self, owner: OrganizationId) -> Result<Filter> {
        for (field, text) in [
            ("mailPrefix", &self.mail_prefix),
            ("orderCodePrefix", &self.order_code_prefix),
            ("name", &self.name),
        ] {
            let fits = |text: &String| text.chars().count() <= LONGEST && !text.contains('\0');
            if !text.as_ref().is_none_or(fits) {
                return Err(errors::bad_input(format!(
                    "filter.{field}: at most {LONGEST} characters are expected."
                )));
            }
        }
        let words = sought(self.words.as_deref())?;
        let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Ok(Filter {
            status: self.status.map(Into::into),
            ticket_type: self.ticket_type_id.map(|id| ticket_type(owner, &id)),
            mail_prefix: said(self.mail_prefix),
            order_code_prefix: said(self.order_code_prefix),
            name: said(self.name),
            words,
        })
    }
}

pub(in crate::graphql::organizer) async fn page(
    ctx: &Context<'_>,
    view: Authorized<EventScope, ViewRoster>,
    event: Event,
    (first, after): (i32, Option<String>),
    filter: RosterFilter,
    sort: RosterSort,
) -> Result<RosterPage> {
    let platform = platform(ctx);
    let (organization, id) = (view.organization(), view.event());
    let sort = match sort {
        RosterSort::Name => Sort::Name,
        RosterSort::Time => Sort::Time,
        RosterSort::OrderCode => Sort::OrderCode,
    };
    let wanted = Wanted {
        sort,
        filter: filter.judge(organization)?,
    };
    let wish = serde_json::to_string(&wanted).map_err(|error| errors::bad_input(error.to_string()))?;
    let list = format!("roster:{organization}:{id}:{wish}");
    let page = Page::parse(platform, list.as_bytes(), first, after)?;
    let found = roster::page(platform, &view, &wanted, page.first, page.after.as_deref()).await;
    let found = found.map_err(|fault| errors::internal(&fault))?;
    #[cfg(feature = "planted-leaks")]
    let found = spoil(ctx, organization, found).await?;
    let parts = Parts::of(&platform.store, organization, id, &found.rows);
    Ok(RosterPage {
        plan: RosterPlan::of(ctx.field()),
        keys: platform.keys.clone(),
        organization,
        event,
        list,
        page,
        found,
        parts: Arc::new(parts),
    })
}

/// Spoils a page with the planted leak, if one is active.
#[cfg(feature = "planted-leaks")]
async fn spoil(
    ctx: &Context<'_>,
    organization: consentry_domain::OrganizationId,
    mut found: roster::Page,
) -> Result<roster::Page> {
    use crate::platform::leaks::{self, Leak};
    let platform = platform(ctx);
    match platform.leak {
        Leak::RosterCountsLeads => {
            let count = leaks::leads(&platform.store, organization).await;
            let count = count.map_err(|error| errors::internal(&error.into()))?;
            ctx.append_http_header("x-leads", count.to_string());
        }
        Leak::RevisionOfDecisions => {
            let decisions = leaks::decisions(&platform.store, organization).await;
            let decisions = decisions.map_err(|error| errors::internal(&error.into()))?;
            for row in &mut found.rows {
                row.revision += decisions.get(&row.id).copied().unwrap_or_default();
            }
        }
        _ => {}
    }
    Ok(found)
}
