//! Access tokens of people: short JWTs (EdDSA, RFC 9068 `at+jwt`) over a session row that is checked as well.
//!
//! `jsonwebtoken`'s defaults accept 60 seconds of expiry, any `typ` and a missing `aud`; here everything is demanded, and
//! the time is a parameter. Keys are rows of `signing_key`, sealed; an unknown key id makes this node look again.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use consentry_domain::{AccountId, Instant, SessionId, SigningKeyId};
use consentry_entity::signing_key;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::keys::Keys;
use super::store::Store;
use super::{Fault, Refused};
use crate::transaction;

/// How long an access token works unless said otherwise, in seconds.
pub const LIFETIME: i64 = 600;

/// Tokens longer than this are not looked at.
const MAX_LENGTH: usize = 4096;

/// The type that the header must name.
const TYPE: &str = "at+jwt";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    client_id: String,
    sub: String,
    sid: String,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// What a token says, its signature and its times checked; the session row is checked after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The account.
    pub account: AccountId,
    /// The session.
    pub session: SessionId,
}

struct Ring {
    current: (String, EncodingKey),
    known: HashMap<String, DecodingKey>,
}

/// Signs and verifies access tokens.
#[derive(Clone)]
pub struct AccessTokens {
    issuer: Arc<str>,
    lifetime: i64,
    ring: Arc<RwLock<Arc<Ring>>>,
}

impl AccessTokens {
    /// Loads the keys, making the first one when there is none.
    ///
    /// # Errors
    /// When the database fails, or a key cannot be opened with this instance key.
    pub async fn load(store: &Store, keys: &Keys, issuer: &str) -> Result<Self, Fault> {
        let ring = load(store, keys).await?;
        Ok(Self {
            issuer: issuer.into(),
            lifetime: LIFETIME,
            ring: Arc::new(RwLock::new(Arc::new(ring))),
        })
    }

    /// The same, with another lifetime in seconds (a demo's tokens outlast a coffee).
    #[must_use]
    pub fn lasting(self, lifetime: i64) -> Self {
        Self { lifetime, ..self }
    }

    /// Reads the keys again, after another node or an operator has changed them.
    ///
    /// # Errors
    /// As [`AccessTokens::load`].
    pub async fn reload(&self, store: &Store, keys: &Keys) -> Result<(), Fault> {
        let ring = load(store, keys).await?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(())
    }

    fn ring(&self) -> Arc<Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A token for this session, and when it ends.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn issue(
        &self,
        account: AccountId,
        session: SessionId,
        token_id: uuid::Uuid,
        now: Instant,
    ) -> Result<(String, Instant), Fault> {
        let ring = self.ring();
        let seconds = now.0.div_euclid(1_000_000);
        let claims = Claims {
            iss: self.issuer.to_string(),
            aud: self.issuer.to_string(),
            client_id: "consentry".to_owned(),
            sub: account.to_string(),
            sid: session.to_string(),
            jti: token_id.to_string(),
            iat: seconds,
            nbf: seconds,
            exp: seconds + self.lifetime,
        };
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(ring.current.0.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        let token = jsonwebtoken::encode(&header, &claims, &ring.current.1)
            .map_err(|error| Fault::Outside(format!("signing an access token: {error}")))?;
        Ok((token, Instant((seconds + self.lifetime) * 1_000_000)))
    }

    /// Whether this token was signed with a key that this node has not seen.
    #[must_use]
    pub fn has_unknown_key(&self, token: &str) -> bool {
        token.len() <= MAX_LENGTH
            && jsonwebtoken::decode_header(token)
                .ok()
                .and_then(|header| header.kid)
                .is_some_and(|kid| kid.len() <= 64 && !self.ring().known.contains_key(&kid))
    }

    /// What this token says, if it is one of ours and in its time.
    #[must_use]
    pub fn verify(&self, token: &str, now: Instant) -> Option<Verified> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let header = jsonwebtoken::decode_header(token).ok()?;
        let plain = header.alg == Algorithm::EdDSA
            && header.typ.as_deref() == Some(TYPE)
            && header.jku.is_none()
            && header.jwk.is_none()
            && header.x5u.is_none()
            && header.x5c.is_none();
        if !plain {
            return None;
        }
        let ring = self.ring();
        let key = ring.known.get(header.kid.as_deref()?)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        validation.set_audience(&[&*self.issuer]);
        validation.set_issuer(&[&*self.issuer]);
        validation.leeway = 0;
        // The library asks the machine's clock; ours decides, below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &validation).ok()?.claims;
        let seconds = now.0.div_euclid(1_000_000);
        let in_time = claims.nbf <= seconds && claims.iat <= seconds && seconds < claims.exp;
        if !in_time || claims.client_id != "consentry" {
            return None;
        }
        Some(Verified {
            account: AccountId(claims.sub.parse().ok()?),
            session: SessionId(claims.sid.parse().ok()?),
        })
    }
}

async fn load(store: &Store, keys: &Keys) -> Result<Ring, Fault> {
    let rows = rows(store).await?;
    let rows = if rows.is_empty() {
        create(store, keys).await.map_err(|refused| match refused {
            Refused::Fault(fault) => fault,
            other => Fault::Outside(other.to_string()),
        })?;
        self::rows(store).await?
    } else {
        rows
    };
    let mut known = HashMap::new();
    let mut current = None;
    for row in rows {
        let sealed = keys.unseal(row.id.0.as_bytes(), &row.private_key);
        let pkcs8 = sealed.ok_or_else(|| Fault::Corrupt("a signing key is sealed with another instance key".into()))?;
        let pair =
            Ed25519KeyPair::from_pkcs8(&pkcs8).map_err(|error| Fault::Corrupt(format!("a signing key: {error}")))?;
        let kid = row.id.to_string();
        known.insert(kid.clone(), DecodingKey::from_ed_der(pair.public_key().as_ref()));
        current.get_or_insert_with(|| (kid, EncodingKey::from_ed_der(&pkcs8)));
    }
    let current = current.ok_or_else(|| Fault::Corrupt("there is no signing key".into()))?;
    Ok(Ring { current, known })
}

/// The live keys, the newest first.
async fn rows(store: &Store) -> Result<Vec<signing_key::Model>, Fault> {
    Ok(signing_key::Entity::find()
        .filter(signing_key::Column::RetiredAt.is_null())
        .order_by_desc(signing_key::Column::Id)
        .all(store.read())
        .await?)
}

/// Makes a key; of two nodes that start at once both may, and both keys are good.
async fn create(store: &Store, keys: &Keys) -> Result<(), Refused> {
    let seed: [u8; 32] = store.entropy().bytes();
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed)
        .map_err(|error| Fault::Outside(format!("making a signing key: {error}")))?;
    let pkcs8 = pair
        .to_pkcs8()
        .map_err(|error| Fault::Outside(format!("making a signing key: {error}")))?;
    transaction!(store.writer(), async |tx| {
        let id: SigningKeyId = tx.ordered_id();
        let row = signing_key::Model {
            id,
            private_key: keys.seal(id.0.as_bytes(), pkcs8.as_ref(), tx.random()),
            created_at: tx.now().await?.0,
            retired_at: None,
        };
        signing_key::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        Ok(())
    })
}
