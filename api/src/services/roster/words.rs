//! Registrations by words: which of two ways is taken, and what a statement says for it.
//!
//! Few are gathered by an index over pieces of words and then sorted. Where very many have the pieces, the list is walked
//! in its order and each is looked at until the page is full. Both give the same list, so that a page can be reached by
//! one and the next by the other.

use consentry_domain::EventId;
use consentry_domain::words::Sought;
use sea_orm::{ConnectionTrait, Value};

use crate::platform::Fault;
use crate::platform::store::{Engine, sql};

/// So many are gathered at most. It costs as much to sort them as to walk on average where more are found.
const MOST_GATHERED: i64 = 2000;

/// How registrations are found by words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By the index, those with every piece.
    Gather,
    /// One after another, in the order of the list.
    Walk,
}

impl Way {
    /// The way to a page. It costs a look into the index, where there are words that are long enough for it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn to_page(
        connection: &impl ConnectionTrait,
        engine: Engine,
        event: EventId,
        words: Option<&Sought>,
    ) -> Result<Self, Fault> {
        let Some(pieces) = words.and_then(|words| words.pieces(event)) else {
            return Ok(Self::Walk);
        };
        let (table, has) = having(engine, "$1");
        let text = format!(
            "select count(*) as found from (select 1 as one from {table} where {has} limit {}) few",
            MOST_GATHERED + 1
        );
        let row = sql::one(connection, &text, [pieces.into()]).await?;
        match row.try_get::<i64>("", "found")? {
            ..=MOST_GATHERED => Ok(Self::Gather),
            _ => Ok(Self::Walk),
        }
    }

    /// The way to everything that is found: there is nothing to stop at.
    pub(super) fn to_all(event: EventId, words: Option<&Sought>) -> Self {
        match words.and_then(|words| words.pieces(event)) {
            Some(_) => Self::Gather,
            None => Self::Walk,
        }
    }
}

/// The index over pieces, and that a row has all that are bound there.
fn having(engine: Engine, bound: &str) -> (&'static str, String) {
    match engine {
        Engine::Sqlite => ("registration_pieces", format!("registration_pieces match {bound}")),
        Engine::Postgres => (
            "registration_words",
            format!("string_to_array(pieces, ' ') @> string_to_array({bound}, ' ')"),
        ),
    }
}

/// That a registration has every word, to be added to a statement in which `$1` is the organization and `$2` the event.
pub(super) fn condition(
    engine: Engine,
    way: Way,
    event: EventId,
    words: &Sought,
    bind: &mut impl FnMut(Value) -> String,
) -> String {
    let pieces = words.pieces(event).filter(|_| way == Way::Gather);
    let Some(pieces) = pieces else {
        return format!(
            " and (select {} from registration_words w where w.organization_id = registration.organization_id \
             and w.registration_id = registration.id)",
            each_word(engine, words, bind)
        );
    };
    let (_, has) = having(engine, &bind(pieces.into()));
    let each = each_word(engine, words, bind);
    match engine {
        // In this order, whatever the planner thinks of it.
        Engine::Sqlite => format!(
            " and id in (select w.registration_id from registration_pieces cross join registration_words w \
             on w.number = registration_pieces.rowid where {has} and w.organization_id = $1 and w.event_id = $2 and {each})"
        ),
        // An array, so that registrations are looked up by their ids and no index is walked for them.
        Engine::Postgres => format!(
            " and id = any(array(select w.registration_id from registration_words w where {has} \
             and w.organization_id = $1 and w.event_id = $2 and {each}))"
        ),
    }
}

/// That every word stands in the text of `w`.
fn each_word(engine: Engine, words: &Sought, bind: &mut impl FnMut(Value) -> String) -> String {
    let place = match engine {
        Engine::Sqlite => "instr",
        Engine::Postgres => "strpos",
    };
    let words = words.words().iter();
    let each = words.map(|word| format!("{place}(w.words, {}) > 0", bind(word.as_str().into())));
    each.collect::<Vec<_>>().join(" and ")
}
