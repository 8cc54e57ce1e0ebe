//! Changing an event.

use consentry_domain::{ActorKind, EventKind, EventStatus, Instant};
use consentry_entity::event;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};

use super::Venue;
use super::parts::Editor;
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Platform, Problems, Refused};
use crate::services::organizations::Wish;
use crate::services::sharing::stream_facts;
use crate::services::{Localized, audit, input};
use crate::transaction;

/// What is to be changed; what is absent stays. A text in a language that is not named stays, too; a blank one takes its
/// language away.
#[derive(Clone, Debug, Default)]
pub struct EventChange {
    /// The last part of its address; only while it is a draft.
    pub slug: Option<String>,
    /// Its title; it keeps one in some language.
    pub title: Option<Localized>,
    /// What it is about (CommonMark).
    pub description: Option<Localized>,
    /// The language of its texts when a reader's is not there.
    pub default_locale: Option<String>,
    /// Its zone; the wall times are then read in it.
    pub time_zone: Option<String>,
    /// Wall time of its start.
    pub starts_local: Option<String>,
    /// Wall time of its end.
    pub ends_local: Option<String>,
    /// Where it takes place; only a conference has one.
    pub venue: Option<Venue>,
    /// Where it takes place online; shown to confirmed registrants only.
    pub join_url: Option<String>,
    /// Whom to write to.
    pub contact_email: Option<String>,
    /// How old one must be to come.
    pub minimum_age: Option<i32>,
    /// Below this age a guardian decides what is shared: 13 to 16.
    pub consent_age: Option<i32>,
    /// Whether everybody's date of birth is asked.
    pub asks_date_of_birth: Option<bool>,
    /// Whether the place of somebody under age waits for a parent's permission.
    pub requires_parental_permission: Option<bool>,
    /// Until when attendees can change answers (RFC 3339); without it for as long as nothing else ends it.
    pub answers_editable_until: Wish<String>,
    /// How long an unpaid order holds its places, in minutes.
    pub order_hold_minutes: Option<i32>,
    /// How long one to be paid by transfer does, in days.
    pub transfer_hold_days: Option<i32>,
}

/// Changes it.
///
/// # Errors
/// What is wrong with the input, field by field; stale when it was changed meanwhile.
pub async fn change(
    platform: &Platform,
    editor: &Editor,
    revision: i64,
    change: &EventChange,
) -> Result<event::Model, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let before = lock(tx, editor).await?;
        if before.revision != revision {
            let words = "The event was changed meanwhile. Read it again and repeat the change.";
            return Err(Refused::because("revision", Code::Stale, words));
        }
        refuse_ended(&before)?;
        let after = judge(&before, change)?;
        if after.slug != before.slug {
            free_slug(tx, editor, &after.slug).await?;
        }
        event::Entity::update(after.clone().into_active_model().reset_all())
            .exec(tx)
            .await?;
        stream_facts::rewrite(tx, editor.organization(), editor.event()).await?;
        note(tx, editor, "updateEvent").await?;
        Ok(after)
    })
}

/// The event, locked.
pub(super) async fn lock(tx: &Tx, editor: &Editor) -> Result<event::Model, Refused> {
    let suffix = sql::lock_suffix(tx.engine(), sql::Lock::Exclusive);
    let text = format!("select 1 as one from event where organization_id = $1 and id = $2{suffix}");
    sql::optional(tx, &text, [editor.organization().into(), editor.event().into()]).await?;
    let row = event::Entity::find_by_id((editor.organization(), editor.event()))
        .one(tx)
        .await?;
    row.ok_or_else(|| Refused::not_found("eventId"))
}

/// A cancelled or archived event stays as it is.
pub(super) fn refuse_ended(row: &event::Model) -> Result<(), Refused> {
    if !matches!(row.status, EventStatus::Archived | EventStatus::Cancelled) {
        return Ok(());
    }
    let words = "This event is cancelled or archived and cannot be changed any more.";
    Err(Refused::because("", Code::WrongState, words))
}

/// What was done to the event, for the audit log.
pub(super) async fn note(tx: &Tx, editor: &Editor, action: &str) -> Result<(), Refused> {
    audit::note(
        tx,
        audit::Entry {
            organization: editor.organization(),
            actor: ActorKind::Staff,
            account: Some(editor.actor()),
            action,
            event: Some(editor.event()),
            subject_kind: "event",
            subject: Some(editor.event().0),
            detail: serde_json::json!({}),
        },
    )
    .await?;
    Ok(())
}

async fn free_slug(tx: &Tx, editor: &Editor, slug: &str) -> Result<(), Refused> {
    let taken = event::Entity::find()
        .filter(event::Column::OrganizationId.eq(editor.organization()))
        .filter(event::Column::Slug.eq(slug))
        .count(tx)
        .await?;
    if taken == 0 {
        return Ok(());
    }
    Err(Refused::because(
        "slug",
        Code::Taken,
        "Another event has this address; choose another.",
    ))
}

fn judge(before: &event::Model, change: &EventChange) -> Result<event::Model, Refused> {
    let mut problems = Problems::new();
    let mut row = event::Model {
        revision: before.revision + 1,
        ..before.clone()
    };
    if let Some(slug) = &change.slug
        && let Some(slug) = problems.keep("slug", input::slug(slug))
    {
        if slug != before.slug && before.status != EventStatus::Draft {
            problems.add(
                "slug",
                Code::WrongState,
                "The address of a published event is in use and cannot change.",
            );
        }
        row.slug = slug;
    }
    texts(&mut problems, &mut row, change)?;
    times(&mut problems, &mut row, change);
    if let Some(venue) = &change.venue {
        if row.kind == EventKind::Webinar {
            problems.add("venue", Code::Invalid, "A webinar has no venue; it has a joinUrl.");
        }
        let name = problems.keep("venue.name", input::line(&venue.name, 200));
        let address = venue
            .address
            .as_ref()
            .map(|given| input::address("venue.address", given, &mut problems));
        if let Some(name) = name {
            let address = address.flatten();
            row.venue = Some(Venue { name, address }.to_column());
        }
    }
    if let Some(url) = &change.join_url {
        row.join_url = problems.keep("joinUrl", input::url(url));
    }
    if let Some(email) = &change.contact_email {
        row.contact_email = problems.keep("contactEmail", input::email(email));
    }
    ages(&mut problems, &mut row, change);
    let mut within = |field: &str, value: Option<i32>, range: std::ops::RangeInclusive<i32>, column: &mut i32| {
        if let Some(value) = value {
            if range.contains(&value) {
                *column = value;
            } else {
                let words = format!("A number from {} to {} is expected.", range.start(), range.end());
                problems.add(field, Code::Invalid, words);
            }
        }
    };
    within(
        "orderHoldMinutes",
        change.order_hold_minutes,
        30..=1440,
        &mut row.order_hold_minutes,
    );
    within(
        "transferHoldDays",
        change.transfer_hold_days,
        1..=60,
        &mut row.transfer_hold_days,
    );
    problems.none()?;
    Ok(row)
}

fn texts(problems: &mut Problems, row: &mut event::Model, change: &EventChange) -> Result<(), Refused> {
    if let Some(title) = &change.title {
        let title = merged(problems, "title", (&row.title, title), |title| {
            input::localized(title, 200)
        })?;
        if title.is_empty() {
            let words = "An event has a title in at least one language; give it another one first.";
            problems.add("title", Code::Required, words);
        }
        row.title = title.to_column();
    }
    if let Some(description) = &change.description {
        let description = merged(
            problems,
            "description",
            (&row.description, description),
            |description| input::localized_paragraphs(description, 20_000),
        )?;
        row.description = description.to_column();
    }
    if let Some(locale) = &change.default_locale {
        row.default_locale = problems
            .keep("defaultLocale", input::locale(locale))
            .unwrap_or_default();
    }
    Ok(())
}

/// What a column holds, with what is new: a blank text takes its language away.
fn merged(
    problems: &mut Problems,
    field: &str,
    (column, new): (&str, &Localized),
    judge: impl Fn(&Localized) -> input::Judged<Localized>,
) -> Result<Localized, Refused> {
    let mut all = Localized::parse(column)?;
    if let Some(new) = problems.keep(field, input::amended(new, judge)) {
        all.amend(&new);
    }
    Ok(all)
}

fn times(problems: &mut Problems, row: &mut event::Model, change: &EventChange) {
    if let Some(zone) = &change.time_zone {
        row.time_zone.clone_from(zone);
    }
    let starts = change.starts_local.as_ref().unwrap_or(&row.starts_local);
    let ends = change.ends_local.as_ref().unwrap_or(&row.ends_local);
    let starts = problems.keep("startsLocal", input::wall_time(starts, &row.time_zone));
    let ends = problems.keep("endsLocal", input::wall_time(ends, &row.time_zone));
    if let (Some(starts), Some(ends)) = (starts, ends) {
        if starts.instant >= ends.instant {
            problems.add("endsLocal", Code::Invalid, "The end must come after the start.");
        }
        (row.starts_local, row.starts_at) = (starts.wall, starts.instant.0);
        (row.ends_local, row.ends_at) = (ends.wall, ends.instant.0);
    }
    match &change.answers_editable_until {
        Wish::Stays => {}
        Wish::Nothing => row.answers_editable_until = None,
        Wish::Is(until) => {
            row.answers_editable_until = problems
                .keep("answersEditableUntil", input::instant(until))
                .map(|until: Instant| until.0);
        }
    }
}

fn ages(problems: &mut Problems, row: &mut event::Model, change: &EventChange) {
    if let Some(age) = change.minimum_age {
        if (0..=99).contains(&age) {
            row.minimum_age = (age > 0).then_some(age);
        } else {
            problems.add("minimumAge", Code::Invalid, "An age from 0 (none) to 99 is expected.");
        }
    }
    if let Some(age) = change.consent_age {
        if (13..=16).contains(&age) {
            row.consent_age = age;
        } else {
            problems.add(
                "consentAge",
                Code::Invalid,
                "An age from 13 to 16 is expected (Art. 8 GDPR).",
            );
        }
    }
    if let Some(asks) = change.asks_date_of_birth {
        row.asks_date_of_birth = asks;
    }
    if let Some(requires) = change.requires_parental_permission {
        row.requires_parental_permission = requires;
    }
}
