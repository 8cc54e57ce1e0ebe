//! The statements of a pull, per engine: constant texts with literal page limits, so that the plan is made once.
//!
//! They read `stream` and `lead`, write the marks and the record, and name no other table: a partner's login reaches no
//! other.

use super::wanted::Order;
use crate::platform::store::Engine;

/// The columns of a lead, in the order in which [`row`](super::row) reads them.
macro_rules! lead_columns {
    () => {
        "l.id, l.contact_key, l.state, l.mask, l.offer_version, l.consented_on, l.consent_record_id, l.revision, l.received, \
         l.full_name, l.given_name, l.family_name, l.email, l.phone, l.company, l.job_title, l.city, l.country, \
         l.postal_address, l.social_profile, l.ticket_type_id, l.attended, l.answers, l.consented_version"
    };
}

/// First the stream, then its leads: one statement, so one state of the database, and the facts travel once. The stream
/// travels in the columns of a lead, each value in one of its type, with a state that no lead has: every further column
/// would be paid for a hundred times.
macro_rules! page {
    ($leads:expr) => {
        concat!(
            "select s.id, s.event_partner_id as contact_key, 0 as state, s.field_mask as mask, s.version as offer_version, \
             s.retention_days as consented_on, null as consent_record_id, s.starts_at as revision, s.ends_at as received, \
             s.purpose as full_name, null as given_name, null as family_name, null as email, null as phone, null as company, \
             null as job_title, null as city, null as country, null as postal_address, null as social_profile, \
             null as ticket_type_id, s.active as attended, s.facts as answers, \
             null as consented_version, s.event_ends_at from stream s \
             where s.organization_id = $1 and s.id = $2 union all select l.*, null from (",
            $leads,
            ") l"
        )
    };
}

macro_rules! after {
    (Sqlite, $after:literal, $order:literal, $limit:literal) => {
        page!(concat!(
            "select ",
            lead_columns!(),
            " from stream s join lead l on l.organization_id = s.organization_id and l.stream_id = s.id and ",
            $after,
            " and l.state = 1 and l.offer_version = s.version where s.organization_id = $1 and s.id = $2 order by ",
            $order,
            " limit ",
            $limit
        ))
    };
    (Postgres, $after:literal, $order:literal, $limit:literal) => {
        page!(concat!(
            "select l.* from stream s cross join lateral (select ",
            lead_columns!(),
            " from lead l where l.organization_id = s.organization_id and l.stream_id = s.id and ",
            $after,
            " and l.state = 1 and l.offer_version = s.version order by ",
            $order,
            " limit ",
            $limit,
            ") l where s.organization_id = $1 and s.id = $2"
        ))
    };
}

/// So many leads are looked at for one page, where words are looked for.
pub(super) const LOOKED_AT: usize = 2000;

/// How many leads a statement reads at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// One more than this, for a page.
    Page(u32),
    /// One more than [`LOOKED_AT`].
    ToLookAt,
}

/// The leads after a place in an order (`$3` an id, `$4` a key) of the stream `$2` of `$1`, in no promised order.
pub(super) fn page(engine: Engine, order: Order, reads: Reads) -> &'static str {
    macro_rules! limits {
        ($after:literal, $by:literal, $($most:literal => $limit:literal),*) => {
            match (engine, reads) {
                $((Engine::Sqlite, Reads::Page(..=$most)) => after!(Sqlite, $after, $by, $limit),
                (Engine::Postgres, Reads::Page(..=$most)) => after!(Postgres, $after, $by, $limit),)*
                (Engine::Sqlite, Reads::Page(_)) => after!(Sqlite, $after, $by, "101"),
                (Engine::Postgres, Reads::Page(_)) => after!(Postgres, $after, $by, "101"),
                (Engine::Sqlite, Reads::ToLookAt) => after!(Sqlite, $after, $by, "2001"),
                (Engine::Postgres, Reads::ToLookAt) => after!(Postgres, $after, $by, "2001"),
            }
        };
        ($after:literal, $by:literal) => {
            limits!($after, $by, 1 => "2", 10 => "11", 25 => "26", 50 => "51")
        };
    }
    match order {
        Order::Id => limits!("l.id > $3", "l.id"),
        Order::FullName => limits!("(l.sort_full_name, l.id) > ($4, $3)", "l.sort_full_name, l.id"),
        Order::FamilyName => limits!("(l.sort_family_name, l.id) > ($4, $3)", "l.sort_family_name, l.id"),
        Order::Company => limits!("(l.sort_company, l.id) > ($4, $3)", "l.sort_company, l.id"),
        Order::Newest => limits!("(l.consented_on, l.id) < ($4, $3)", "l.consented_on desc, l.id desc"),
    }
}

/// The stream `$2` of `$1` and its lead `$3`.
pub(super) const NODE: &str = page!(concat!(
    "select ",
    lead_columns!(),
    " from stream s join lead l on l.organization_id = s.organization_id and l.stream_id = s.id and l.id = $3 \
     and l.state = 1 and l.offer_version = s.version where s.organization_id = $1 and s.id = $2"
));

/// Which of the token `$2`'s streams holds the lead `$3`.
pub(super) const STREAM_OF: &str = "select l.stream_id from partner_token_scope c \
     join stream s on s.organization_id = c.organization_id and s.event_partner_id = c.event_partner_id \
     join lead l on l.organization_id = s.organization_id and l.stream_id = s.id and l.id = $3 \
     where c.organization_id = $1 and c.token_id = $2";

/// Marks leads of the stream `$2` of `$1` as received. A mark holds for the state and the revision that were read, never
/// for what was received before: it must not fail because another client marked first.
pub(super) const fn mark(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres => {
            "update lead l set received = l.received | r.bits \
             from unnest($3::uuid[], $4::bigint[], $5::bigint[]) r (id, revision, bits) \
             where l.organization_id = $1 and l.stream_id = $2 and l.id = r.id and l.state = 1 and l.revision = r.revision \
             returning l.id"
        }
        // `$3`: a JSON array of [id in hexadecimal, revision, bits].
        Engine::Sqlite => {
            "update lead set received = lead.received | r.bits \
             from (select unhex(json_extract(value, '$[0]')) as id, json_extract(value, '$[1]') as revision, \
             json_extract(value, '$[2]') as bits from json_each($3)) r \
             where lead.organization_id = $1 and lead.stream_id = $2 and lead.id = r.id and lead.state = 1 \
             and lead.revision = r.revision returning lead.id"
        }
    }
}

/// The record of the answer.
pub(super) const RECORD: &str = "insert into disclosure (organization_id, id, stream_id, at, token_id, capability, request_id, \
     recipient_name, offer_version, lead_ids, masks, revisions, consent_record_ids, salt, expanded_at) \
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, null)";
