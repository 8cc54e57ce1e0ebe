//! Partners: from the text of a token to what it may read, in one statement of the transaction that reads.
//!
//! The checksum is judged without asking anybody; then the token is looked up by its key id, whose first characters say
//! which organization it belongs to, and its keyed hash is compared in constant time. Nothing is kept from one request
//! to the next, so a revoked token is refused by every request that begins after the commit, on every node.
//!
//! A seat of a member of the partner's staff is a token without a secret: the session that asks was checked, and
//! [`seat`](super::seat) has found the seat to be that account's; here it is looked up by its id, and all else is the same.
//!
//! Unknown, unclaimed, expired, not yet valid, revoked, from elsewhere, of another event partner or purpose: each is
//! [`Refused::Unauthenticated`], and nothing says which.

use consentry_domain::disclosure::{Reader, Scope};
use consentry_domain::token::{PartnerToken, TokenText};
use consentry_domain::{
    Capability, EventPartnerId, FieldMask, Instant, OfferId, OrganizationId, PartnerId, PartnerTokenId, Purpose,
    PurposeSet,
};
use sea_orm::{DbErr, QueryResult, Value};
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

use super::PartnerCredential;
use super::caller::PartnerKey;
use crate::platform::keys::Keys;
use crate::platform::store::{Engine, Store, Tx, sql};
use crate::platform::{Fault, Refused};

/// What a request wants to reach with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The leads of one event partner (where none is named: of the only one that the token covers) for one purpose.
    Stream {
        /// Whose.
        event_partner: Option<EventPartnerId>,
        /// For what.
        purpose: Purpose,
    },
    /// Every stream that the token covers.
    All,
}

/// A partner's token that works now, and what of it the request reaches. Only this module makes one.
#[derive(Debug)]
pub struct PartnerReader {
    organization: OrganizationId,
    token: PartnerTokenId,
    partner: PartnerId,
    reader: Reader,
    now: Instant,
    streams: Vec<Reached>,
    last_used_minute: Option<i64>,
}

/// A stream that the request reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The stream.
    pub stream: OfferId,
    /// Whose.
    pub event_partner: EventPartnerId,
}

impl PartnerReader {
    /// The tenant.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> PartnerTokenId {
        self.token
    }

    /// Whose token it is.
    #[must_use]
    pub fn partner(&self) -> PartnerId {
        self.partner
    }

    /// The database's time, when the token was looked up.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The streams that the request reaches.
    #[must_use]
    pub fn streams(&self) -> &[Reached] {
        &self.streams
    }

    /// The reader, as the rule knows it, who sees no field that was not asked for.
    #[must_use]
    pub fn reader(&self, selected: FieldMask) -> Reader {
        let mut reader = self.reader.clone();
        for scope in &mut reader.scopes {
            scope.fields = scope.fields.intersect(selected);
        }
        reader
    }

    /// The only stream that the request reaches.
    ///
    /// # Errors
    /// Unauthenticated where there is none; where the token covers several event partners and none was named, a problem.
    pub fn only_stream(&self) -> Result<Reached, Refused> {
        match self.streams.as_slice() {
            [only] => Ok(*only),
            [] => Err(Refused::Unauthenticated),
            _ => Err(Refused::because(
                "eventPartnerId",
                crate::platform::Code::Required,
                "This token covers several event partners: say which one is meant.",
            )),
        }
    }
}

/// Looks the token up and opens its streams to this transaction.
///
/// # Errors
/// [`Refused::Unauthenticated`] for every reason; a fault when the database fails.
pub async fn partner_reader(
    tx: &Tx,
    store: &Store,
    keys: &Keys,
    credential: &PartnerCredential,
    reach: Reach,
) -> Result<PartnerReader, Refused> {
    let (by, mut values): (_, Vec<Value>) = match credential.key() {
        PartnerKey::Text(text) => {
            let text = TokenText::parse(text.expose_secret()).map_err(|_| Refused::Unauthenticated)?;
            (By::Text, vec![text.organization_key().into(), text.key_id().into()])
        }
        PartnerKey::Seat(organization, seat) => (By::Seat, vec![(*organization).into(), (*seat).into()]),
    };
    values.push(sql::now_value(store));
    match reach {
        Reach::Stream { event_partner, purpose } => {
            values.push(purpose.as_str().into());
            values.extend(event_partner.map(Value::from));
        }
        Reach::All => {}
    }
    let rows = sql::all(tx, lookup(tx.engine(), reach, by), values).await?;
    let Some(first) = rows.first() else {
        return Err(Refused::Unauthenticated);
    };
    if let PartnerKey::Text(text) = credential.key() {
        let stored: Option<Vec<u8>> = first.try_get("", "hash")?;
        let presented = keys.token_hash(text.expose_secret());
        if !stored.is_some_and(|stored| bool::from(stored.ct_eq(&presented))) {
            return Err(Refused::Unauthenticated);
        }
    }
    let now = Instant(first.try_get("", "now")?);
    let reader = read(first, &rows, credential)?;
    #[cfg(feature = "planted-faults")]
    let reader =
        crate::platform::faults::up_to_a_second_old(&first.try_get::<PartnerTokenId>("", "id")?.to_string(), reader);
    if !reader.is_valid(now) {
        return Err(Refused::Unauthenticated);
    }
    Ok(PartnerReader {
        organization: first.try_get("", "organization_id")?,
        token: first.try_get("", "id")?,
        partner: first.try_get("", "partner_id")?,
        streams: rows
            .iter()
            .map(reached)
            .filter_map(Result::transpose)
            .collect::<Result<_, DbErr>>()?,
        last_used_minute: first.try_get("", "last_used_minute")?,
        reader,
        now,
    })
}

/// Notes that the token was used, at most once a minute: this is no place where requests should wait for each other, so
/// it comes last in its transaction.
///
/// # Errors
/// When the database fails.
pub async fn note_use(tx: &Tx, reader: &PartnerReader) -> Result<(), DbErr> {
    let minute = reader.now.minute();
    if reader.last_used_minute.is_some_and(|last| minute <= last) {
        return Ok(());
    }
    sql::execute(
        tx,
        "update partner_token set last_used_minute = $3 where organization_id = $1 and id = $2 \
         and (last_used_minute is null or last_used_minute < $3)",
        [reader.organization.into(), reader.token.into(), minute.into()],
    )
    .await
    .map(drop)
}

/// What stands in the column `capabilities`.
#[must_use]
pub fn capabilities_to_column(capabilities: &[Capability]) -> String {
    let words: Vec<&str> = capabilities.iter().map(|capability| capability.as_str()).collect();
    words.join(" ")
}

/// What the column `capabilities` says; a word that is not known allows nothing.
#[must_use]
pub fn capabilities_of_column(column: &str) -> Vec<Capability> {
    column.split_ascii_whitespace().filter_map(Capability::parse).collect()
}

fn read(first: &QueryResult, rows: &[QueryResult], credential: &PartnerCredential) -> Result<Reader, Refused> {
    let instant = |column| Ok::<_, DbErr>(first.try_get::<Option<i64>>("", column)?.map(Instant));
    let networks: Option<String> = first.try_get("", "networks")?;
    let address_in_range = match networks {
        None => true,
        Some(networks) => in_range(&networks, credential.address())?,
    };
    let mut scopes: Vec<Scope> = Vec::new();
    for row in rows {
        let Some(event_partner_id) = row.try_get::<Option<EventPartnerId>>("", "event_partner_id")? else {
            continue;
        };
        if scopes.iter().all(|scope| scope.event_partner_id != event_partner_id) {
            scopes.push(Scope {
                event_partner_id,
                purposes: PurposeSet::from_db(row.try_get("", "purposes")?),
                fields: FieldMask::from_db(row.try_get("", "field_mask")?),
            });
        }
    }
    Ok(Reader {
        status: PartnerToken::from_stored(instant("claimed_at")?, instant("revoked_at")?).status(),
        not_before: Instant(first.try_get("", "not_before")?),
        expires_at: Instant(first.try_get("", "expires_at")?),
        address_in_range,
        capabilities: capabilities_of_column(&first.try_get::<String>("", "capabilities")?),
        scopes,
    })
}

fn in_range(networks: &str, address: Option<std::net::IpAddr>) -> Result<bool, Fault> {
    let Some(address) = address.map(|address| address.to_canonical()) else {
        return Ok(false);
    };
    let mut inside = false;
    for network in networks.split_ascii_whitespace() {
        let network: ipnet::IpNet = network
            .parse()
            .map_err(|_| Fault::Corrupt("a token's networks".into()))?;
        inside |= network.contains(&address);
    }
    Ok(inside)
}

fn reached(row: &QueryResult) -> Result<Option<Reached>, DbErr> {
    let stream: Option<OfferId> = row.try_get("", "stream_id")?;
    let event_partner: Option<EventPartnerId> = row.try_get("", "event_partner_id")?;
    Ok(stream
        .zip(event_partner)
        .map(|(stream, event_partner)| Reached { stream, event_partner }))
}

/// By what a token is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// By the organization's public key and the token's key id.
    Text,
    /// By the organization and the token's id.
    Seat,
}

/// The statement: the token, its scopes, the streams that are reached, and (PostgreSQL) the time; there it also opens
/// these streams to row security for the rest of the transaction, before anything of them can be read.
fn lookup(engine: Engine, reach: Reach, by: By) -> &'static str {
    macro_rules! lookup {
        ($streams:literal, $now:literal, $token:literal, $where:literal, $scope:literal, $stream:literal) => {
            concat!(
                "select t.organization_id, t.id, t.partner_id, t.hash, t.capabilities, t.networks, t.not_before, t.expires_at, \
                 t.claimed_at, t.revoked_at, t.last_used_minute, c.event_partner_id, c.purposes, c.field_mask, s.id as stream_id, ",
                $now,
                " from ",
                $token,
                "left join partner_token_scope c on c.organization_id = t.organization_id and c.token_id = t.id ",
                $scope,
                "left join ",
                $streams,
                " s on s.organization_id = c.organization_id and s.event_partner_id = c.event_partner_id \
                 and (c.purposes & case s.purpose when 'EVENT_FOLLOW_UP' then 1 when 'SUBSEQUENT_EDITIONS' then 2 \
                 when 'RELATED_EVENTS' then 4 when 'PRODUCT_INFORMATION' then 8 else 0 end) <> 0 ",
                $stream,
                $where
            )
        };
    }
    macro_rules! on_reach {
        ($streams:literal, $now:literal, $token:literal, $where:literal) => {
            match reach {
                Reach::Stream {
                    event_partner: Some(_),
                    ..
                } => {
                    lookup!(
                        $streams,
                        $now,
                        $token,
                        $where,
                        "and c.event_partner_id = $5 ",
                        "and s.purpose = $4 "
                    )
                }
                Reach::Stream {
                    event_partner: None, ..
                } => lookup!($streams, $now, $token, $where, "", "and s.purpose = $4 "),
                Reach::All => lookup!($streams, $now, $token, $where, "", ""),
            }
        };
    }
    macro_rules! on_engine {
        ($streams:literal, $now:literal) => {
            match by {
                By::Text => on_reach!(
                    $streams,
                    $now,
                    "organization_key k join partner_token t on t.organization_id = k.organization_id and t.kid = $2 ",
                    "where k.key = $1"
                ),
                By::Seat => on_reach!(
                    $streams,
                    $now,
                    "partner_token t ",
                    "where t.organization_id = $1 and t.id = $2"
                ),
            }
        };
    }
    match engine {
        Engine::Sqlite => on_engine!("stream", "$3 as now"),
        Engine::Postgres => on_engine!(
            "stream_key",
            "(extract(epoch from clock_timestamp()) * 1000000)::bigint + $3 as now, \
             set_config('consentry.streams', coalesce(string_agg(s.id::text, ',') over (), ''), true) as opened"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_knows_each_purposes_bit() {
        let text = lookup(Engine::Postgres, Reach::All, By::Text);
        for purpose in Purpose::ALL {
            let bit = PurposeSet::EMPTY.with(*purpose).to_db();
            assert!(text.contains(&format!("when '{purpose}' then {bit} ")), "{purpose}");
        }
    }

    #[test]
    fn an_address_counts_by_what_it_is_and_an_unknown_one_is_outside() {
        let networks = "192.0.2.0/24 2001:db8::/32";
        let inside = |address: &str| in_range(networks, Some(address.parse().unwrap())).unwrap();
        assert!(inside("192.0.2.7") && inside("::ffff:192.0.2.7") && inside("2001:db8::1"));
        assert!(!inside("192.0.3.7") && !inside("2001:db9::1"));
        assert!(!in_range(networks, None).unwrap());
        assert!(in_range("nonsense", Some("192.0.2.7".parse().unwrap())).is_err());
    }

    #[test]
    fn capabilities_are_read_back_and_unknown_words_allow_nothing() {
        assert_eq!(
            capabilities_of_column(&capabilities_to_column(&[Capability::Pull])),
            [Capability::Pull]
        );
        assert_eq!(capabilities_of_column("EXPORT  pull"), []);
    }
}
