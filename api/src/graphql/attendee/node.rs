//! What is one's own, by its id.

use async_graphql::{Context, ID, Result};
use consentry_domain::{AccountId, OrganizationId, PersonId, RegistrationId};

use super::{Account, Complaint, Consent, Person, Registration};
use crate::access::{OwnRegistration, attendee_of};
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::Refused;
use crate::services::people;
use crate::services::sharing::own;

/// Oneself.
pub(in crate::graphql) async fn account(ctx: &Context<'_>, id: &ID) -> Result<Option<Account>> {
    let own = caller(ctx).signed_in().map(|signed_in| signed_in.account());
    let Some(id) = ids::decode_global::<AccountId>(id).filter(|id| Some(*id) == own) else {
        return Ok(None);
    };
    let found = people::account(&platform(ctx).store, id).await;
    Ok(found
        .map_err(|error| errors::internal(&error.into()))?
        .map(Account::new))
}

/// Oneself within an organization.
pub(in crate::graphql) async fn person(ctx: &Context<'_>, id: &ID) -> Result<Option<Person>> {
    let (Some((organization, id)), Some(signed_in)) = (ids::decode::<PersonId>(id), caller(ctx).signed_in()) else {
        return Ok(None);
    };
    let all = people::people(&platform(ctx).store, signed_in.account()).await;
    let all = all.map_err(|fault| errors::internal(&fault))?;
    let mut own = all
        .into_iter()
        .filter(|(row, _)| (row.organization_id, row.id) == (organization, id));
    Ok(own.next().map(|(row, organization)| Person::new(row, organization)))
}

/// One's own place.
pub(in crate::graphql) async fn registration(ctx: &Context<'_>, id: &ID) -> Result<Option<Registration>> {
    let Some((organization, id)) = ids::decode::<RegistrationId>(id) else {
        return Ok(None);
    };
    let Some(own) = mine(ctx, organization, id).await? else {
        return Ok(None);
    };
    let Some(listed) = absent(people::own(&platform(ctx).store, &own).await)? else {
        return Ok(None);
    };
    Registration::one(listed)
        .map(Some)
        .map_err(|fault| errors::internal(&fault))
}

/// What one complained of.
pub(in crate::graphql) async fn complaint(ctx: &Context<'_>, id: &ID) -> Result<Option<Complaint>> {
    absent(super::complaint::own(ctx, id).await)
}

/// One's own decision.
pub(in crate::graphql) async fn consent(ctx: &Context<'_>, id: &ID) -> Result<Option<Consent>> {
    let Some((ids::CONSENT_TAG, parts)) = ids::unpack(id) else {
        return Ok(None);
    };
    let [organization, registration, offer] = parts[..] else {
        return Ok(None);
    };
    let own = mine(ctx, OrganizationId(organization), RegistrationId(registration)).await?;
    let Some(own) = own else { return Ok(None) };
    let Some(found) = absent(own::look(platform(ctx), &own).await)? else {
        return Ok(None);
    };
    let all = Consent::all(found.consents, found.event, found.organization);
    let all = all.map_err(|fault| errors::internal(&fault))?;
    Ok(all
        .into_iter()
        .find(|consent| consent.is_of(consentry_domain::OfferId(offer))))
}

async fn mine(ctx: &Context<'_>, organization: OrganizationId, id: RegistrationId) -> Result<Option<OwnRegistration>> {
    absent(attendee_of(platform(ctx), caller(ctx), organization, id).await)
}

/// Nobody is told to sign in: what they may not see is not there.
fn absent<T>(outcome: Result<T, Refused>) -> Result<Option<T>> {
    match outcome {
        Err(Refused::Unauthenticated) => Ok(None),
        other => errors::absent(other),
    }
}
