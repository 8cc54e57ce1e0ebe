//! Counting. A step of the worker: several nodes may count the same event at once, and the later count stands.

use std::collections::BTreeMap;

use consentry_domain::{Day, EventId, Instant, OrganizationId};
use consentry_entity::event;
use jiff::{Timestamp, tz::TimeZone};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryResult};

use super::{Counts, LetIn, Money, OnDay, Orders, Payments, People, Registrations, consents, written};
use crate::platform::store::sql;
use crate::platform::{Fault, Platform};
use crate::services::mail::staff;
use crate::transaction;

/// So old may the counts of an event be that is to come, under way or just over.
const FRESH_SECONDS: i64 = 60;
/// For so many days after its end an event is counted as often as before.
const WATCHED_DAYS: i64 = 7;
/// After so many days it is counted no more, once its consents are.
const SETTLED_DAYS: i64 = 90;
/// How many events one step counts.
const BATCH: i64 = 100;
/// Time zones are apart by whole quarters of an hour; microseconds.
const QUARTER: i64 = 15 * 60 * 1_000_000;

/// Counts the events whose counts are old, the oldest first; how many.
///
/// # Errors
/// When the database fails. What was counted until then stays.
pub async fn count_due(platform: &Platform) -> Result<usize, Fault> {
    let now = platform.store.now().await?;
    let rows = sql::all(
        platform.store.read(),
        "select e.organization_id, e.id from event e left join event_statistics s \
         on s.organization_id = e.organization_id and s.event_id = e.id \
         where s.counted_at is null or (s.counted_at <= $1 and e.ends_at > $2) \
         or (s.counted_at <= $3 and (e.ends_at > $4 or s.consents is null)) \
         order by coalesce(s.counted_at, 0), e.id limit $5",
        [
            now.plus_seconds(-FRESH_SECONDS).0.into(),
            now.plus_days(-WATCHED_DAYS).0.into(),
            now.plus_days(-1).0.into(),
            now.plus_days(-SETTLED_DAYS).0.into(),
            BATCH.into(),
        ],
    )
    .await?;
    for row in &rows {
        recount(platform, row.try_get("", "organization_id")?, row.try_get("", "id")?).await?;
    }
    Ok(rows.len())
}

/// Counts one event now.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn recount(platform: &Platform, organization: OrganizationId, id: EventId) -> Result<(), Fault> {
    let read = platform.store.read();
    let Some(event) = event::Entity::find_by_id((organization, id)).one(read).await? else {
        return Ok(());
    };
    let now = platform.store.now().await?;
    let counts = written(&Counts {
        people: people(read, &event).await?,
        money: money(read, &event).await?,
        failed_mails: staff::failed(read, (organization, id)).await?,
    })?;
    transaction!(platform.store.writer(), async |tx| {
        sql::execute(
            tx,
            "insert into event_statistics (organization_id, event_id, counted_at, counts) values ($1, $2, $3, $4) \
             on conflict (organization_id, event_id) do update set counted_at = excluded.counted_at, \
             counts = excluded.counts where excluded.counted_at >= event_statistics.counted_at",
            [organization.into(), id.into(), now.0.into(), counts.clone().into()],
        )
        .await?;
        consents::count_once(tx, &event).await
    })
}

async fn grouped(
    connection: &impl ConnectionTrait,
    event: &event::Model,
    text: &str,
) -> Result<Vec<QueryResult>, DbErr> {
    sql::all(connection, text, [event.organization_id.into(), event.id.into()]).await
}

/// The one number that a statement counts as `n`.
async fn number(connection: &impl ConnectionTrait, event: &event::Model, text: &str) -> Result<i64, DbErr> {
    let values = [event.organization_id.into(), event.id.into()];
    sql::one(connection, text, values).await?.try_get("", "n")
}

async fn people(connection: &impl ConnectionTrait, event: &event::Model) -> Result<People, Fault> {
    let registrations = grouped(
        connection,
        event,
        "select status, ticket_type_id, count(*) as n from registration where organization_id = $1 and event_id = $2 \
         group by status, ticket_type_id order by ticket_type_id, status",
    )
    .await?;
    let registrations = registrations.iter().map(|row| {
        Ok(Registrations {
            status: row.try_get("", "status")?,
            ticket_type: row.try_get("", "ticket_type_id")?,
            count: row.try_get("", "n")?,
        })
    });
    // Whoever was let in and has no place any more is expected no more either.
    let passages = "from check_in c join registration r on r.organization_id = c.organization_id and r.id = c.registration_id \
                    where c.organization_id = $1 and c.event_id = $2 and c.undone_at is null and r.status = 'CONFIRMED'";
    let by_list = format!("select c.list, count(*) as n {passages} group by c.list order by c.list");
    let let_in = grouped(connection, event, &by_list).await?;
    let let_in = let_in.iter().map(|row| {
        Ok(LetIn {
            list: row.try_get("", "list")?,
            count: row.try_get("", "n")?,
        })
    });
    let inside = format!("select count(distinct c.registration_id) as n {passages}");
    Ok(People {
        registrations: registrations.collect::<Result<_, DbErr>>()?,
        days: days(connection, event).await?,
        let_in: let_in.collect::<Result<_, DbErr>>()?,
        inside: number(connection, event, &inside).await?,
    })
}

/// By day on the event's clock: the database counts by quarters of an hour, for it knows no zones on both engines.
async fn days(connection: &impl ConnectionTrait, event: &event::Model) -> Result<Vec<OnDay>, Fault> {
    let text = format!(
        "select created_at / {QUARTER} as quarter, count(*) as n from registration \
         where organization_id = $1 and event_id = $2 group by created_at / {QUARTER}"
    );
    let zone = TimeZone::get(&event.time_zone).map_err(|_| Fault::Corrupt("an event's time zone".into()))?;
    let mut days: BTreeMap<Day, i64> = BTreeMap::new();
    for row in grouped(connection, event, &text).await? {
        let (quarter, count): (i64, i64) = (row.try_get("", "quarter")?, row.try_get("", "n")?);
        *days.entry(day_in(&zone, Instant(quarter * QUARTER))).or_default() += count;
    }
    Ok(days.into_iter().map(|(day, count)| OnDay { day, count }).collect())
}

/// The day at this moment on the clock of a zone.
fn day_in(zone: &TimeZone, at: Instant) -> Day {
    let time = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::MAX);
    let offset = zone.to_offset(time).seconds();
    at.plus_seconds(i64::from(offset)).day()
}

async fn money(connection: &impl ConnectionTrait, event: &event::Model) -> Result<Money, Fault> {
    let orders = grouped(
        connection,
        event,
        "select standing, currency, count(*) as n, cast(sum(total_minor) as bigint) as minor from \
         (select case status when 'EXPIRING' then 'PENDING' else status end as standing, currency, total_minor \
         from \"order\" where organization_id = $1 and event_id = $2) each_order \
         group by standing, currency order by standing, currency",
    )
    .await?;
    let orders = orders.iter().map(|row| {
        Ok(Orders {
            status: row.try_get("", "standing")?,
            currency: row.try_get("", "currency")?,
            count: row.try_get("", "n")?,
            total_minor: row.try_get("", "minor")?,
        })
    });
    let payments = grouped(
        connection,
        event,
        "select p.status, p.refund_due, p.refund_settled_at is not null as settled, p.currency, count(*) as n, \
         cast(sum(p.amount_minor) as bigint) as minor \
         from \"order\" o join payment p on p.organization_id = o.organization_id and p.order_id = o.id \
         where o.organization_id = $1 and o.event_id = $2 group by p.status, p.refund_due, settled, p.currency \
         order by p.status, coalesce(p.refund_due, ''), settled, p.currency",
    )
    .await?;
    let payments = payments.iter().map(|row| {
        Ok(Payments {
            status: row.try_get("", "status")?,
            refund_due: row.try_get("", "refund_due")?,
            refund_settled: row.try_get("", "settled")?,
            currency: row.try_get("", "currency")?,
            count: row.try_get("", "n")?,
            amount_minor: row.try_get("", "minor")?,
        })
    });
    let due = "select count(distinct o.id) as n from \"order\" o \
               join payment p on p.organization_id = o.organization_id and p.order_id = o.id \
               where o.organization_id = $1 and o.event_id = $2 and p.refund_due is not null and p.refund_settled_at is null";
    Ok(Money {
        orders: orders.collect::<Result<_, DbErr>>()?,
        payments: payments.collect::<Result<_, DbErr>>()?,
        refunds_due: number(connection, event, due).await?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_that_of_the_events_clock_also_when_the_clocks_change() {
        for (zone, at, day) in [
            ("UTC", "2027-03-01T23:45:00Z", "2027-03-01"),
            ("Europe/Berlin", "2027-03-01T22:45:00Z", "2027-03-01"),
            ("Europe/Berlin", "2027-03-01T23:00:00Z", "2027-03-02"),
            ("Europe/Berlin", "2027-07-01T22:00:00Z", "2027-07-02"),
            ("Asia/Kathmandu", "2027-03-01T18:15:00Z", "2027-03-02"),
            ("America/New_York", "2027-03-02T04:45:00Z", "2027-03-01"),
        ] {
            let zone = TimeZone::get(zone).expect("a zone");
            let at: Timestamp = at.parse().expect("a time");
            assert_eq!(day_in(&zone, Instant(at.as_microsecond())).to_string(), day, "{at}");
        }
    }
}
