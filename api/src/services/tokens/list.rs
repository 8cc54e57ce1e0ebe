//! Tokens as people see them: everything but what opens anything.

use std::collections::BTreeMap;

use consentry_domain::token::PartnerToken;
use consentry_domain::{
    AttendeeField, Capability, EventPartnerId, Field, FieldMask, Instant, OrganizationId, PartnerId, PartnerTokenId,
    Purpose, PurposeSet, TokenStatus,
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};

use crate::access::partner::capabilities_of_column;
use crate::access::rights::ViewOrganization;
use crate::access::{AdministeredPartner, Authorized, EventScope, OrganizationScope, PartnerReader};
use crate::platform::store::{Store, Tx, sql};
use crate::platform::{Fault, Refused};
use crate::services::disclosure::facts::{QuestionFacts, StreamFacts};

/// A token without its secret.
#[derive(Clone, Debug)]
pub struct TokenView {
    /// The tenant.
    pub organization: OrganizationId,
    /// Which one.
    pub id: PartnerTokenId,
    /// Whose.
    pub partner: PartnerId,
    /// For whom or for what.
    pub name: String,
    /// What everybody may see of its text.
    pub shown: String,
    /// What it may do.
    pub capabilities: Vec<Capability>,
    /// From where; from anywhere where there is none.
    pub networks: Vec<String>,
    /// Where it stands.
    pub status: TokenStatus,
    /// From when.
    pub not_before: Instant,
    /// Until when.
    pub expires_at: Instant,
    /// The minute of its last use, as a moment.
    pub last_used_at: Option<Instant>,
    /// What it reads.
    pub scopes: Vec<TokenScope>,
}

/// What a token reads of one event partner.
#[derive(Clone, Debug)]
pub struct TokenScope {
    /// Whose.
    pub event_partner: EventPartnerId,
    /// For which purposes.
    pub purposes: PurposeSet,
    /// Which fields.
    pub fields: Vec<FieldFacts>,
}

/// A field with what is known of it.
#[derive(Clone, Debug)]
pub struct FieldFacts {
    /// The field.
    pub field: Named,
    /// The language of its texts when a reader's is not there.
    pub default_locale: String,
}

/// A field by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// One that every event has.
    Standard(AttendeeField),
    /// A question of an event; none where nothing is known of it.
    Question(Option<QuestionFacts>),
}

impl FieldFacts {
    /// The fields of a mask, with the facts of their stream.
    #[must_use]
    pub fn of(mask: FieldMask, facts: &StreamFacts) -> Vec<Self> {
        let fact = |field| Self {
            field: match field {
                Field::Standard(field) => Named::Standard(field),
                Field::Question(bit) => Named::Question(facts.questions.get(&bit).cloned()),
            },
            default_locale: facts.event.default_locale.clone(),
        };
        mask.iter().map(fact).collect()
    }
}

/// What a list of tokens needs of a stream.
pub(super) struct StreamRow {
    pub purpose: Purpose,
    pub version: Option<i32>,
    pub fields: FieldMask,
    pub facts: StreamFacts,
}

/// The streams of an event partner.
pub(super) async fn streams_of(
    tx: &Tx,
    organization: OrganizationId,
    event_partner: EventPartnerId,
) -> Result<Vec<StreamRow>, Refused> {
    let values: [Value; 2] = [organization.into(), event_partner.into()];
    let text =
        "select purpose, version, field_mask, facts from stream where organization_id = $1 and event_partner_id = $2";
    let row = |row: &QueryResult| {
        Ok(StreamRow {
            purpose: row.try_get("", "purpose")?,
            version: row.try_get("", "version")?,
            fields: FieldMask::from_db(row.try_get("", "field_mask")?),
            facts: StreamFacts::parse(&row.try_get::<String>("", "facts")?)?,
        })
    };
    sql::all(tx, text, values).await?.iter().map(row).collect()
}

macro_rules! select {
    ($which:literal) => {
        concat!(
            "select t.organization_id, t.id, t.partner_id, t.kid, t.name, t.capabilities, t.networks, t.claimed_at, t.revoked_at, \
             t.not_before, t.expires_at, t.last_used_minute, c.event_partner_id, c.purposes, c.field_mask, s.facts \
             from partner_token t \
             join partner_token_scope c on c.organization_id = t.organization_id and c.token_id = t.id \
             left join stream s on s.organization_id = c.organization_id and s.event_partner_id = c.event_partner_id \
             and s.id = (select o.id from stream o where o.organization_id = c.organization_id \
             and o.event_partner_id = c.event_partner_id order by o.id limit 1) where t.organization_id = $1 and ",
            $which,
            " order by t.id, c.event_partner_id"
        )
    };
}

/// A partner's tokens, without the seats of its staff.
const OF_PARTNER: &str = select!("t.partner_id = $2 and t.account_id is null");

/// The token of this id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(
    store: &Store,
    organization: OrganizationId,
    id: PartnerTokenId,
) -> Result<Option<TokenView>, Fault> {
    let values: [Value; 2] = [organization.into(), id.into()];
    Ok(views(store.read(), select!("t.id = $2"), values).await?.pop())
}

/// The tokens of a partner.
///
/// # Errors
/// When the database fails.
pub async fn of_partner(
    store: &Store,
    authorized: &Authorized<OrganizationScope, ViewOrganization>,
    partner: PartnerId,
) -> Result<Vec<TokenView>, Fault> {
    let values: [Value; 2] = [authorized.organization().into(), partner.into()];
    views(store.read(), OF_PARTNER, values).await
}

/// The tokens of a partner, for its administrator.
///
/// # Errors
/// When the database fails.
pub async fn of_administered(store: &Store, own: &AdministeredPartner) -> Result<Vec<TokenView>, Fault> {
    let values: [Value; 2] = [own.organization().into(), own.partner().into()];
    views(store.read(), OF_PARTNER, values).await
}

/// The tokens that read of this event, each as far as it does: what it reads of other events is another staff's business.
/// One statement for all of the event's partners.
///
/// # Errors
/// When the database fails.
pub async fn of_event(
    store: &Store,
    authorized: &Authorized<EventScope, ViewOrganization>,
) -> Result<Vec<TokenView>, Fault> {
    let values: [Value; 2] = [authorized.organization().into(), authorized.event().into()];
    let text = select!(
        "c.event_partner_id in (select p.id from event_partner p where p.organization_id = $1 and p.event_id = $2) \
         and t.account_id is null"
    );
    views(store.read(), text, values).await
}

/// The token that reads, within its own transaction.
///
/// # Errors
/// When the database fails.
pub async fn of_reader(tx: &Tx, reader: &PartnerReader) -> Result<Option<TokenView>, Fault> {
    let values: [Value; 2] = [reader.organization().into(), reader.token().into()];
    Ok(views(tx, select!("t.id = $2"), values).await?.pop())
}

async fn views(
    connection: &impl ConnectionTrait,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<TokenView>, Fault> {
    let mut views: BTreeMap<PartnerTokenId, TokenView> = BTreeMap::new();
    for row in &sql::all(connection, text, values).await? {
        let id = row.try_get("", "id")?;
        let scope = scope(row)?;
        match views.get_mut(&id) {
            Some(view) => view.scopes.push(scope),
            None => {
                views.insert(id, view(row, id, scope)?);
            }
        }
    }
    Ok(views.into_values().collect())
}

fn scope(row: &QueryResult) -> Result<TokenScope, Fault> {
    let mask = FieldMask::from_db(row.try_get("", "field_mask")?);
    let facts: Option<String> = row.try_get("", "facts")?;
    Ok(TokenScope {
        event_partner: row.try_get("", "event_partner_id")?,
        purposes: PurposeSet::from_db(row.try_get("", "purposes")?),
        fields: match facts {
            Some(facts) => FieldFacts::of(mask, &StreamFacts::parse(&facts)?),
            None => Vec::new(),
        },
    })
}

fn view(row: &QueryResult, id: PartnerTokenId, scope: TokenScope) -> Result<TokenView, DbErr> {
    let at = |column| Ok::<_, DbErr>(row.try_get::<Option<i64>>("", column)?.map(Instant));
    Ok(TokenView {
        organization: row.try_get("", "organization_id")?,
        id,
        partner: row.try_get("", "partner_id")?,
        name: row.try_get("", "name")?,
        shown: super::shown(&row.try_get::<String>("", "kid")?),
        capabilities: capabilities_of_column(&row.try_get::<String>("", "capabilities")?),
        networks: row
            .try_get::<Option<String>>("", "networks")?
            .unwrap_or_default()
            .split_ascii_whitespace()
            .map(str::to_owned)
            .collect(),
        status: PartnerToken::from_stored(at("claimed_at")?, at("revoked_at")?).status(),
        not_before: Instant(row.try_get("", "not_before")?),
        expires_at: Instant(row.try_get("", "expires_at")?),
        last_used_at: row
            .try_get::<Option<i64>>("", "last_used_minute")?
            .map(|minute| Instant(0).plus_minutes(minute)),
        scopes: vec![scope],
    })
}
