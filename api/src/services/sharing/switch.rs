//! What switching the version in force of an offer, or the partner's being active, does to the stream's leads: a
//! constant number of statements, however many leads there are.
//!
//! The caller holds the offer exclusively. No registration is locked: whoever is changing one rewrites its leads
//! afterwards, under the offer's shared lock, and so sees the switch.

use consentry_domain::disclosure::Offer;
use consentry_domain::lead::{LeadState, NO_KEY};
use consentry_domain::{AttendeeField, FieldMask, OfferId, OrganizationId, RegistrationId};
use consentry_entity::lead;
use sea_orm::{Iden, Value};

use super::{leads, row};
use crate::platform::Fault;
use crate::platform::store::{Engine, Tx, sql};

/// Brings the stream's leads into line with the version that is in force now, if one is. Consents that cover it keep
/// their rows, without what is no longer asked for; every other row goes, or stays as a tombstone where the partner has
/// received it.
pub(crate) async fn version(
    tx: &Tx,
    organization: OrganizationId,
    stream: OfferId,
    in_force: Option<Offer>,
) -> Result<(), Fault> {
    lock(tx, organization, stream).await?;
    let Some(offer) = in_force else {
        return take_away(tx, organization, stream, "", vec![]).await;
    };
    // What is restricted keeps no values, so whether anything would be left is asked of the truth.
    let restricted = restricted(tx, organization, stream).await?;
    let uncovered = " and (state = 1 and mask & $3 = 0 or not exists (select 1 from consent c \
        where c.organization_id = lead.organization_id and c.registration_id = lead.registration_id \
        and c.offer_id = lead.stream_id and c.state = 'GRANTED' and c.version between $4 and $5))";
    let covering = || {
        vec![
            offer.fields.to_db().into(),
            offer.covers_from.into(),
            offer.version.into(),
        ]
    };
    take_away(tx, organization, stream, uncovered, covering()).await?;
    let text = format!(
        "update lead set offer_version = $4, mask = mask & $3, {}, {}, {}, revision = revision + 1, pos = null \
         where organization_id = $1 and stream_id = $2 and state = 1",
        standard_columns(),
        sort_columns(),
        answers(tx.engine())
    );
    let values = [
        organization.into(),
        stream.into(),
        offer.fields.to_db().into(),
        offer.version.into(),
    ];
    sql::execute(tx, &text, values).await?;
    if !restricted.is_empty() {
        leads::rewrite_of(tx, organization, stream, &restricted).await?;
    }
    Ok(())
}

/// Takes the places of all leads away, because the partner became active or inactive: the feed tells it.
pub(crate) async fn shown(tx: &Tx, organization: OrganizationId, stream: OfferId) -> Result<(), Fault> {
    lock(tx, organization, stream).await?;
    let text = "update lead set revision = revision + 1, pos = null \
                where organization_id = $1 and stream_id = $2 and state <> 3";
    sql::execute(tx, text, [organization.into(), stream.into()]).await?;
    Ok(())
}

/// Locks the stream's leads in the order in which pulls mark them.
async fn lock(tx: &Tx, organization: OrganizationId, stream: OfferId) -> Result<(), Fault> {
    if tx.engine() == Engine::Postgres {
        let text = "select count(*) as locked from (select 1 from lead where organization_id = $1 and stream_id = $2 \
                    and state <> 3 order by id for update) locked";
        sql::one(tx, text, [organization.into(), stream.into()]).await?;
    }
    Ok(())
}

async fn restricted(tx: &Tx, organization: OrganizationId, stream: OfferId) -> Result<Vec<RegistrationId>, Fault> {
    let text = "select registration_id from lead where organization_id = $1 and stream_id = $2 and state = 2";
    let rows = sql::all(tx, text, [organization.into(), stream.into()]).await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get("", "registration_id"))
        .collect::<Result<_, _>>()?)
}

/// Deletes those rows that were never received, and empties the others.
async fn take_away(
    tx: &Tx,
    organization: OrganizationId,
    stream: OfferId,
    which: &str,
    values: Vec<Value>,
) -> Result<(), Fault> {
    let bound = || [organization.into(), stream.into()].into_iter().chain(values.clone());
    let of_stream = "where organization_id = $1 and stream_id = $2 and state <> 3";
    sql::execute(
        tx,
        &format!("delete from lead {of_stream} and received = 0{which}"),
        bound(),
    )
    .await?;
    let emptied = leads::EMPTIED;
    let removed = LeadState::Removed.to_db();
    sql::execute(
        tx,
        &format!("update lead set {emptied}, state = {removed} {of_stream}{which}"),
        bound(),
    )
    .await?;
    Ok(())
}

/// Each standard field's column keeps its value only where `$3` holds its bit.
fn standard_columns() -> String {
    let keep = |field: &AttendeeField| {
        let column: String = Iden::unquoted(&row::column(*field)).into();
        format!(
            "{column} = case when $3 & {} <> 0 then {column} end",
            FieldMask::standard(*field).to_db()
        )
    };
    AttendeeField::ALL.iter().map(keep).collect::<Vec<_>>().join(", ")
}

/// A lead is no longer sorted by what is no longer asked for.
fn sort_columns() -> String {
    let keep = |(field, column): (AttendeeField, lead::Column)| {
        let column: String = Iden::unquoted(&column).into();
        format!(
            "{column} = case when $3 & {} <> 0 then {column} else '{NO_KEY}' end",
            FieldMask::standard(field).to_db()
        )
    };
    row::SORTED.map(keep).join(", ")
}

/// Answers keep only those whose bits `$3` holds.
const fn answers(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "answers = nullif((select json_group_object(key, json(value)) from json_each(lead.answers) \
             where ($3 >> cast(key as integer)) & 1 = 1), '{}')"
        }
        Engine::Postgres => {
            "answers = (select jsonb_object_agg(key, value)::text from jsonb_each(lead.answers::jsonb) \
             where ($3::bigint >> key::integer) & 1 = 1)"
        }
    }
}
