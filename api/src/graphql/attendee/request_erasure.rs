//! `requestErasure`: being forgotten by an organization.

use async_graphql::{Context, ID, InputObject, SimpleObject};

use super::person;
use crate::graphql::platform;
use crate::graphql::public::Organization;
use crate::graphql::scalars::DateTime;
use crate::mutation;
use crate::platform::Refused;
use crate::services::privacy::{self, AccountFate, Request};

/// Who is to be forgotten, by whom.
#[derive(InputObject)]
pub struct RequestErasureInput {
    /// Oneself within one organization: one of `me { people { id } }`.
    person_id: ID,
}

/// What was erased.
#[derive(SimpleObject)]
pub struct Erasure {
    /// By whom it had been held.
    organization: Organization,
    /// When.
    at: DateTime,
    /// How many registrations were emptied.
    registrations: i32,
    /// Whether the account is gone with its sessions. It stays where another organization knows it.
    account_erased: bool,
}

mutation! {
    /// Erases everything that one organization holds of oneself, at once: places are given up, registrations emptied,
    /// consents and what partners could read of them are gone. What the law demands of paid orders is kept, and an open
    /// complaint until it is answered. A mail says that it is done. Nothing of it can be taken back.
    RequestErasure::request_erasure(RequestErasureInput) => run;
    RequestErasurePayload {
        /// What was erased; absent when it was refused.
        erasure: Erasure
    }
    RequestErasureUserError, RequestErasureErrorCode { NotFound, PaymentProcessing, WrongState }
}

async fn run(ctx: &Context<'_>, input: RequestErasureInput) -> Result<Erasure, Refused> {
    let platform = platform(ctx);
    let own = person::own(ctx, &input.person_id).await?;
    let erased = privacy::erase(platform, Request::Own(&own)).await?;
    Ok(Erasure {
        organization: erased.organization.into(),
        at: erased.at.into(),
        registrations: i32::try_from(erased.registrations).unwrap_or(i32::MAX),
        account_erased: erased.account == AccountFate::Erased,
    })
}
