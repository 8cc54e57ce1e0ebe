//! Public ids: opaque and typed (Relay `node`). Each carries its type and, where it belongs to a tenant, the tenant, so
//! that nothing is looked up without saying whose.

use async_graphql::ID;
use consentry_domain::OrganizationId;
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

pub use crate::platform::public_id::PublicId;
use crate::platform::public_id::{self, text};

/// The tag of a consent, whose id is made of a registration and an offer (see [`encode_pair`]).
pub const CONSENT_TAG: u8 = 31;

/// The tag of what an attendee sees of a disclosure, whose id is made of its record and a registration.
pub const RECEIVED_TAG: u8 = 40;

/// The id of a tenant's thing.
#[must_use]
pub fn encode<T: PublicId>(organization: OrganizationId, id: T) -> ID {
    ID(public_id::of(organization, id))
}

/// Writes the id of a tenant's thing as JSON.
pub fn write<T: PublicId>(out: &mut Vec<u8>, organization: OrganizationId, id: T) {
    let mut bytes = [T::TAG; 33];
    bytes[1..17].copy_from_slice(organization.0.as_bytes());
    bytes[17..].copy_from_slice(id.into().as_bytes());
    let mut text = [b'"'; 46];
    BASE64URL_NOPAD.encode_mut(&bytes, &mut text[1..45]);
    out.extend_from_slice(&text);
}

/// The id of a global thing (organization, account, session).
#[must_use]
pub fn encode_global<T: PublicId>(id: T) -> ID {
    ID(text(T::TAG, &[id.into()]))
}

/// The id of something that two ids name.
#[must_use]
pub fn encode_pair(tag: u8, organization: OrganizationId, first: Uuid, second: Uuid) -> ID {
    ID(text(tag, &[organization.0, first, second]))
}

/// The tenant and the id, if it is one of this type.
#[must_use]
pub fn decode<T: PublicId>(id: &ID) -> Option<(OrganizationId, T)> {
    match unpack(id)? {
        (tag, ids) if tag == T::TAG && ids.len() == 2 => Some((OrganizationId(ids[0]), ids[1].into())),
        _ => None,
    }
}

/// The id of this tenant's thing, if it is one of this type.
#[must_use]
pub fn own<T: PublicId>(organization: OrganizationId, id: &ID) -> Option<T> {
    decode(id).filter(|(its, _)| *its == organization).map(|(_, id)| id)
}

/// The global id, if it is one of this type.
#[must_use]
pub fn decode_global<T: PublicId>(id: &ID) -> Option<T> {
    match unpack(id)? {
        (tag, ids) if tag == T::TAG && ids.len() == 1 => Some(ids[0].into()),
        _ => None,
    }
}

/// The type and the ids of any public id.
#[must_use]
pub fn unpack(id: &ID) -> Option<(u8, Vec<Uuid>)> {
    let bytes = BASE64URL_NOPAD.decode(id.as_bytes()).ok()?;
    let (tag, rest) = bytes.split_first()?;
    if rest.is_empty() || rest.len() % 16 != 0 || rest.len() > 48 {
        return None;
    }
    let ids = rest
        .chunks_exact(16)
        .map(Uuid::from_slice)
        .collect::<Result<_, _>>()
        .ok()?;
    Some((*tag, ids))
}

#[cfg(test)]
mod tests {
    use super::*;
    use consentry_domain::{EventId, OrderId};

    #[test]
    fn an_id_opens_as_its_own_type_only() {
        let id = encode(OrganizationId(Uuid::from_u128(1)), EventId(Uuid::from_u128(2)));
        let mut written = Vec::new();
        write(
            &mut written,
            OrganizationId(Uuid::from_u128(1)),
            EventId(Uuid::from_u128(2)),
        );
        assert_eq!(written, format!("\"{}\"", id.0).into_bytes());
        assert_eq!(
            decode::<EventId>(&id),
            Some((OrganizationId(Uuid::from_u128(1)), EventId(Uuid::from_u128(2))))
        );
        assert_eq!(decode::<OrderId>(&id), None);
        assert_eq!(decode_global::<EventId>(&id), None);
        for wrong in ["", "x", "AA", "é", "Bw", "not an id at all"] {
            assert_eq!(decode::<EventId>(&ID(wrong.into())), None);
        }
    }
}
