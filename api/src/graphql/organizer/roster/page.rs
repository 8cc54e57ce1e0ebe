//! The page of the roster that is served: the connection's type, written as JSON by a plan made once per request. Where
//! there is no plan, or something that it needs is not there, the derived type answers with the same bytes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use consentry_domain::{Instant, OrganizationId, TicketTypeId};

use super::RosterEntry;
use super::list::RosterConnection;
use super::plan::{CheckInPart, ConnectionPart, EdgePart, EntryPart, RosterPlan, TicketTypePart};
use crate::graphql::connection::{Page, PageInfo};
use crate::graphql::ids;
use crate::graphql::json::{self, JsonPages};
use crate::graphql::public::{Event, OrderStatus, TicketType};
use crate::graphql::scalars::DateTime;
use crate::graphql::selection::Selection;
use crate::platform::Platform;
use crate::platform::keys::Keys;
use crate::platform::store::Store;
use crate::services::roster::{self, Orders, Parts, Passages, Row};

/// A page of the roster.
pub struct RosterPage {
    pub(super) plan: Option<RosterPlan>,
    pub(super) keys: Arc<Keys>,
    pub(super) organization: OrganizationId,
    pub(super) event: Event,
    pub(super) list: String,
    pub(super) page: Page,
    pub(super) found: roster::Page,
    pub(super) parts: Arc<Parts>,
}

impl OutputType for RosterPage {
    fn type_name() -> Cow<'static, str> {
        RosterConnection::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        RosterConnection::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let platform = ctx.data_unchecked::<Platform>();
        if let Some(plan) = &self.plan
            && ctx.data_opt::<JsonPages>().is_some()
            && let Some(beside) = self.beside(&platform.store, plan).await
        {
            return Ok(json::value(self.written(plan, &beside)));
        }
        self.derived(platform).resolve(ctx, field).await
    }
}

/// What a plan shows beside the registrations; nothing of what it does not show.
#[derive(Default)]
struct Beside<'a> {
    ticket_types: HashMap<TicketTypeId, TicketType>,
    orders: Option<&'a Orders>,
    passages: Option<&'a Passages>,
}

impl RosterPage {
    fn derived(&self, platform: &Platform) -> RosterConnection {
        let entry = |row: &Row| {
            let (event, parts) = (self.event.clone(), Arc::clone(&self.parts));
            (
                self.found.place(row),
                RosterEntry::new(self.organization, event, row.clone(), parts),
            )
        };
        let entries = self.found.rows.iter().map(entry).collect();
        RosterConnection::new(platform, self.list.as_bytes(), &self.page, self.found.has_next, entries)
    }

    fn cursor(&self, row: &Row) -> String {
        self.keys.cursor(self.list.as_bytes(), &self.found.place(row))
    }

    fn info(&self) -> PageInfo {
        let rows = &self.found.rows;
        let ends = [rows.first(), rows.last()];
        let cursors: Vec<String> = ends.into_iter().flatten().map(|row| self.cursor(row)).collect();
        self.page.info(self.found.has_next, &cursors)
    }

    /// None where something cannot be read or is not there: the derived types say where and what.
    async fn beside(&self, store: &Store, plan: &RosterPlan) -> Option<Beside<'_>> {
        let mut beside = Beside::default();
        let rows = &self.found.rows;
        if rows.is_empty() {
            return Some(beside);
        }
        if plan.shows(|part| matches!(part, EntryPart::TicketType(_))) {
            let all = self.event.every_ticket_type(store).await.ok()?;
            beside.ticket_types = all
                .into_iter()
                .map(|ticket_type| (ticket_type.key(), ticket_type))
                .collect();
            let known = |row: &Row| beside.ticket_types.contains_key(&row.ticket_type_id);
            rows.iter().all(known).then_some(())?;
        }
        if plan.shows(|part| matches!(part, EntryPart::OrderStatus)) {
            let orders = self.parts.orders().await.ok()?;
            rows.iter()
                .all(|row| orders.contains_key(&row.order_id))
                .then_some(())?;
            beside.orders = Some(orders);
        }
        if plan.shows(|part| matches!(part, EntryPart::CheckIns(_))) {
            beside.passages = Some(self.parts.passages().await.ok()?);
        }
        Some(beside)
    }

    fn written(&self, plan: &RosterPlan, beside: &Beside<'_>) -> Vec<u8> {
        let rows = &self.found.rows;
        let mut out = Vec::with_capacity(256 * (1 + rows.len()));
        plan.0.write(&mut out, |out, part| match part {
            ConnectionPart::TypeName => json::name(out, "RosterConnection"),
            ConnectionPart::Edges(edge) => json::list(out, rows, |out, row| {
                edge.write(out, |out, part| match part {
                    EdgePart::TypeName => json::name(out, "RosterEdge"),
                    EdgePart::Cursor => json::text(out, &self.cursor(row)),
                    EdgePart::Node(parts) => self.entry(out, row, parts, beside),
                });
            }),
            ConnectionPart::PageInfo(parts) => {
                let info = self.info();
                parts.write(out, |out, part| part.write(out, &info));
            }
        });
        out
    }

    fn entry(&self, out: &mut Vec<u8>, row: &Row, parts: &Selection<EntryPart>, beside: &Beside<'_>) {
        parts.write(out, |out, part| match part {
            EntryPart::TypeName => json::name(out, "RosterEntry"),
            EntryPart::Id => ids::write(out, self.organization, row.id),
            EntryPart::FullName => json::text(out, row.full_name.as_deref().unwrap_or_default()),
            EntryPart::Email => json::text(out, row.email.as_deref().unwrap_or_default()),
            EntryPart::Company => json::optional(out, row.company.as_deref()),
            EntryPart::Status => json::name(out, row.status.as_str()),
            EntryPart::TicketType(parts) => match beside.ticket_types.get(&row.ticket_type_id) {
                Some(ticket_type) => parts.write(out, |out, part| match part {
                    TicketTypePart::TypeName => json::name(out, "TicketType"),
                    TicketTypePart::Id => ids::write(out, self.organization, row.ticket_type_id),
                    TicketTypePart::Name(locale) => json::text(out, ticket_type.name_in(locale.as_deref())),
                }),
                None => json::null(out),
            },
            EntryPart::OrderCode => json::text(out, &row.order_code),
            EntryPart::OrderStatus => match beside.orders.and_then(|orders| orders.get(&row.order_id)) {
                Some(status) => json::name(out, OrderStatus::from(*status).word()),
                None => json::null(out),
            },
            EntryPart::CheckIns(parts) => {
                let its = beside.passages.and_then(|passages| passages.get(&row.id));
                json::list(out, its.into_iter().flatten(), |out, passage| {
                    parts.write(out, |out, part| match part {
                        CheckInPart::TypeName => json::name(out, "CheckIn"),
                        CheckInPart::Id => ids::write(out, self.organization, passage.id),
                        CheckInPart::List => json::text(out, &passage.list),
                        CheckInPart::At => json::name(out, &DateTime::from(passage.at).0),
                        CheckInPart::Device => json::optional(out, passage.device.as_deref()),
                        CheckInPart::UndoneAt => match passage.undone_at {
                            Some(at) => json::name(out, &DateTime::from(at).0),
                            None => json::null(out),
                        },
                    });
                });
            }
            EntryPart::CreatedAt => json::name(out, &DateTime::from(Instant(row.created_at)).0),
            EntryPart::Revision => json::integer(out, row.revision),
        });
    }
}
