//! The two lists: leads for a partner, the roster for an organizer.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::api::Api;
use crate::load::{Target, run};
use crate::report::Report;
use crate::shop::Shop;
use crate::{Arguments, Failure, Part, replay};

const LEADS: &str = "query($after: String) { partner { leads(purpose: EVENT_FOLLOW_UP, first: 100, after: $after) { \
    nodes { id contactKey fullName givenName familyName email phone company jobTitle city consentedOn deleteBy } \
    pageInfo { endCursor hasNextPage } } } }";

const ROSTER: &str = "query($after: String) { organization(slug: \"bench\") { event(slug: \"fair\") { \
    roster(first: 100, after: $after) { edges { node { id fullName email company status orderCode \
    ticketType { name } } } pageInfo { endCursor hasNextPage } } } } }";

/// Measures both, at the start and at depth.
pub(crate) async fn measure(arguments: &Arguments, shop: &Shop, size: u32, report: &mut Report) -> Result<(), Failure> {
    let target = Target {
        arguments,
        pid: shop.program.pid,
        database: &shop.program.database,
    };
    let organizer = shop.organizer().await?;
    for (part, name, api, document, path) in [
        (
            Part::Leads,
            "lead page of 100",
            &shop.partner,
            LEADS,
            "/data/partner/leads",
        ),
        (
            Part::Roster,
            "roster page of 100",
            &organizer,
            ROSTER,
            "/data/organization/event/roster",
        ),
    ] {
        if !arguments.wants(part) {
            continue;
        }
        let cursors = walk(api, document, path).await?;
        let pgbench = match target.database.is_sqlite() {
            true => None,
            false => {
                let two = [cursors[cursors.len() / 3].clone(), cursors[cursors.len() / 2].clone()];
                let send = async |which: usize| api.data(document, json!({ "after": two[which] })).await.map(drop);
                Some(replay::run(arguments, &shop.program.database, send).await?)
            }
        };
        for &connections in &arguments.connections {
            // Pages all over the list, each connection in a place of its own.
            let page = |connection: usize, number: u64| {
                let place = (connection as u64 * 37 + number * 11) % cursors.len() as u64;
                page(api, document, &cursors[usize::try_from(place).unwrap_or_default()])
            };
            let figures = run(target, connections, page).await?;
            report.line(
                name,
                target.database.engine(),
                size,
                connections,
                &figures,
                pgbench.as_ref(),
            );
        }
        if cursors.len() >= 100 {
            depth(name, api, document, &cursors, target, size, report).await?;
        }
    }
    Ok(())
}

async fn page(api: &Api, document: &str, after: &Value) -> Result<(), Failure> {
    let answer = api.send(document, &json!({ "after": after })).await?;
    // A page of a hundred is long; an error is short.
    match answer.len() {
        ..1000 => Err(String::from_utf8_lossy(&answer).into_owned().into()),
        _ => Ok(()),
    }
}

/// Reads the whole list once, so that every mark is set; the cursors of its pages but the last.
async fn walk(api: &Api, document: &str, path: &str) -> Result<Vec<Value>, Failure> {
    let mut cursors = vec![Value::Null];
    loop {
        let after = cursors.last().cloned().unwrap_or_default();
        let answer: Value = serde_json::from_slice(&api.send(document, &json!({ "after": after })).await?)?;
        let info = answer
            .pointer(path)
            .map(|list| &list["pageInfo"])
            .ok_or_else(|| answer.to_string())?;
        if info["hasNextPage"] != true {
            // The last page may be a short one.
            cursors.pop();
            return Ok(cursors);
        }
        cursors.push(info["endCursor"].clone());
    }
}

/// Compares the first tenth of the list with the last, alternating.
async fn depth(
    name: &str,
    api: &Api,
    document: &str,
    cursors: &[Value],
    target: Target<'_>,
    size: u32,
    report: &mut Report,
) -> Result<(), Failure> {
    let tenth = cursors.len() / 10;
    let took = RefCell::new([Duration::ZERO; 2]);
    for round in 0..600_usize {
        let side = round % 2;
        let place = if side == 0 {
            round % tenth
        } else {
            cursors.len() - 1 - round % tenth
        };
        let begun = Instant::now();
        page(api, document, &cursors[place]).await?;
        took.borrow_mut()[side] += begun.elapsed();
    }
    let [start, end] = took.into_inner();
    report.depth(
        name,
        target.database.engine(),
        size,
        end.as_secs_f64() / start.as_secs_f64(),
    );
    Ok(())
}
