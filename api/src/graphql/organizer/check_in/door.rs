//! `ManagedEvent.expected`, `ManagedEvent.doorSnapshot` and `Door.snapshot`: what the door is told beside the holder of
//! a code.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Result, SimpleObject};
use consentry_domain::words::Sought;
use data_encoding::BASE64URL_NOPAD;

use super::super::roster::CheckIn;
use crate::access::rights::ViewOrganization;
use crate::access::{Authorized, EventScope};
use crate::graphql::connection::{Page, PageInfo};
use crate::graphql::public::{Event, TicketType};
use crate::graphql::scalars::Locale;
use crate::graphql::{errors, ids, platform};
use crate::platform::Fault;
use crate::services::roster::check_in::Doorkeeper;
use crate::services::roster::door as service;

/// The largest page of a snapshot.
const LARGEST: u32 = 1000;

/// Somebody who is expected at the door.
#[derive(SimpleObject)]
pub struct ExpectedAttendee {
    /// Opaque; of the registration.
    id: ID,
    /// Whole name.
    full_name: String,
    /// What was bought.
    ticket_type: TicketType,
    /// The passage by which they are in; absent while they are not.
    check_in: Option<CheckIn>,
}

/// One who is expected, sealed: only the check-in code opens the line.
#[derive(SimpleObject)]
pub struct DoorLine {
    /// What the line is found by, base64url: 16 bytes of HKDF-SHA-256 of the code with the snapshot's salt and the info
    /// `consentry/door/1 line`.
    key: String,
    /// `{"name","ticketType"}` with spaces behind it, under AES-256-GCM, base64url: nonce of 12 bytes, ciphertext, tag. The
    /// key is 32 bytes of HKDF-SHA-256 as above with the info `consentry/door/1 seal`.
    sealed: String,
    /// Whether they are in.
    is_in: bool,
}

/// Some of those who are expected, for a device without a network. Without a code it tells of nobody.
#[derive(SimpleObject)]
pub struct DoorSnapshot {
    /// The salt of its lines, base64url; the same on all pages of one snapshot, another one for each snapshot.
    salt: String,
    /// The lines.
    lines: Vec<DoorLine>,
    /// Where the page stands.
    page_info: PageInfo,
}

/// What is asked for, judged.
pub(super) fn list(keeper: &Doorkeeper, list: Option<&str>) -> Result<String> {
    service::list_named(keeper, list).map_err(|(_, message)| errors::bad_input(format!("list: {message}")))
}

pub(in crate::graphql::organizer) async fn expected(
    ctx: &Context<'_>,
    authorized: &Arc<Authorized<EventScope, ViewOrganization>>,
    event: Event,
    words: &str,
    door: Option<&str>,
) -> Result<Option<Vec<ExpectedAttendee>>> {
    let Some(keeper) = authorized.also() else {
        return Ok(None);
    };
    let list = list(&keeper, door)?;
    let words = Sought::parse(words).map_err(|problem| errors::bad_input(format!("words: {problem}.")))?;
    let Some(words) = words else {
        return Ok(Some(Vec::new()));
    };
    let found = service::expected(platform(ctx), &keeper, words, &list).await;
    let mut all = Vec::new();
    for (row, passage) in found.map_err(|fault| errors::internal(&fault))? {
        let missing = || errors::internal(&Fault::Corrupt("a registration of an unknown ticket type".into()));
        all.push(ExpectedAttendee {
            id: ids::encode(keeper.organization(), row.id),
            full_name: row.full_name.unwrap_or_default(),
            ticket_type: event
                .find_ticket_type(ctx, row.ticket_type_id)
                .await?
                .ok_or_else(missing)?,
            check_in: passage.map(|passage| CheckIn::of(keeper.organization(), &passage)),
        });
    }
    Ok(Some(all))
}

/// A page of the list, for whoever stands at the door.
pub(in crate::graphql::organizer) async fn snapshot(
    ctx: &Context<'_>,
    keeper: &Doorkeeper,
    event: Event,
    page: (i32, Option<String>),
    (door, locale): (Option<String>, Option<Locale>),
) -> Result<DoorSnapshot> {
    let platform = platform(ctx);
    let list = list(keeper, door.as_deref())?;
    let name = format!("door:{}:{}:{list}", keeper.organization(), keeper.event());
    let page = Page::parse_up_to(LARGEST, platform, name.as_bytes(), page)?;
    let locale = locale.as_ref().map(|locale| locale.0.as_str());
    let names: HashMap<_, _> = event
        .all_ticket_types(ctx)
        .await?
        .into_iter()
        .map(|ticket_type| (ticket_type.key(), ticket_type.name_in(locale).to_owned()))
        .collect();
    let found = service::snapshot(platform, keeper, &list, (page.first, page.after.as_deref()), &names).await;
    let found = found.map_err(|fault| errors::internal(&fault))?;
    let next = found.next.map(|place| platform.keys.cursor(name.as_bytes(), &place));
    let lines = found.lines.into_iter().map(|line| DoorLine {
        key: line.sealed.key,
        sealed: line.sealed.sealed,
        is_in: line.is_in,
    });
    Ok(DoorSnapshot {
        salt: BASE64URL_NOPAD.encode(&found.salt),
        lines: lines.collect(),
        page_info: PageInfo {
            has_next_page: next.is_some(),
            has_previous_page: page.after.is_some(),
            start_cursor: None,
            end_cursor: next,
        },
    })
}
