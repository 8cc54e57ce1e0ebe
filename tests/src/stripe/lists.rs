//! `GET /v1/events`: newest first, by cursors.

use serde_json::{Value, json};

use super::{api::Refusal, form::Params, render, state::State};

const THIRTY_DAYS: i64 = 30 * 24 * 60 * 60;

/// A page of events.
pub(super) fn events(state: &State, params: &Params, now: i64) -> Result<Value, Refusal> {
    let limit: usize = match params.get("limit") {
        None => 10,
        Some(text) => text
            .parse()
            .ok()
            .filter(|n| (1..=100).contains(n))
            .ok_or_else(|| Refusal::invalid("limit", "Invalid limit: must be between 1 and 100"))?,
    };
    let types = {
        let mut types = params.list("types");
        types.extend(params.get("type"));
        types
    };
    if types.len() > 20 {
        return Err(Refusal::invalid("types", "You can pass at most 20 types"));
    }
    let bound = |name: &str| -> Result<Option<i64>, Refusal> {
        params
            .get(name)
            .map(|text| text.parse().map_err(|_| Refusal::invalid(name, "Invalid integer")))
            .transpose()
    };
    let (at, gte, gt, lte, lt) = (
        bound("created")?,
        bound("created[gte]")?,
        bound("created[gt]")?,
        bound("created[lte]")?,
        bound("created[lt]")?,
    );
    let fits = |created: i64| {
        at.is_none_or(|b| created == b)
            && gte.is_none_or(|b| created >= b)
            && gt.is_none_or(|b| created > b)
            && lte.is_none_or(|b| created <= b)
            && lt.is_none_or(|b| created < b)
    };
    // Position in the whole list, newest first, so that a cursor may be an event that the filters leave out.
    let position = |name: &str| -> Result<Option<usize>, Refusal> {
        let Some(id) = params.get(name) else { return Ok(None) };
        state
            .events
            .iter()
            .rev()
            .position(|e| e.id == id)
            .map(Some)
            .ok_or_else(|| Refusal::missing("event", name, id))
    };
    let (after, before) = (position("starting_after")?, position("ending_before")?);
    let mut found: Vec<_> = state
        .events
        .iter()
        .rev()
        .enumerate()
        .filter(|(at, _)| after.is_none_or(|after| *at > after) && before.is_none_or(|before| *at < before))
        .map(|(_, event)| event)
        .filter(|event| {
            now - event.created <= THIRTY_DAYS
                && fits(event.created)
                && (types.is_empty() || types.contains(&event.kind))
        })
        .collect();
    let has_more = found.len() > limit;
    if before.is_some() {
        // The page that ends before the cursor: its nearest neighbours.
        found.drain(..found.len().saturating_sub(limit));
    } else {
        found.truncate(limit);
    }
    Ok(json!({
        "object": "list",
        "url": "/v1/events",
        "has_more": has_more,
        "data": found.into_iter().map(render::event).collect::<Vec<_>>(),
    }))
}
