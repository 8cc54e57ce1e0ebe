//! Mutations of quotas.

use async_graphql::{Context, ID, InputObject};
use consentry_domain::QuotaId;

use super::{editor, editor_of_part, managed};
use crate::graphql::organizer::ManagedEvent;
use crate::graphql::platform;
use crate::mutation;
use crate::platform::Refused;
use crate::services::events::parts::{self, QuotaTerms};

/// What a quota is.
#[derive(InputObject)]
pub struct QuotaTermsInput {
    /// Its name, for staff.
    name: String,
    /// How many places there are in all.
    size: i32,
}

/// A new quota.
#[derive(InputObject)]
pub struct CreateQuotaInput {
    /// New for each one, the same when it is sent again.
    idempotency_key: String,
    /// The event.
    event_id: ID,
    /// What it is.
    terms: QuotaTermsInput,
}

/// A quota as it shall be.
#[derive(InputObject)]
pub struct UpdateQuotaInput {
    /// The quota.
    quota_id: ID,
    /// Its revision as it was read.
    revision: i64,
    /// What it shall be; never smaller than what is taken of it.
    terms: QuotaTermsInput,
}

mutation! {
    /// Adds a quota to an event; ticket types name it in their terms.
    CreateQuota::create_quota(CreateQuotaInput) => create;
    CreateQuotaPayload {
        /// The event with it; absent when it was refused.
        event: ManagedEvent
    }
    CreateQuotaUserError, CreateQuotaErrorCode { Invalid, Required, TooLong, NotFound, WrongState, IdempotencyMismatch }
}

mutation! {
    /// Changes a quota.
    UpdateQuota::update_quota(UpdateQuotaInput) => update;
    UpdateQuotaPayload {
        /// The event with it; absent when it was refused.
        event: ManagedEvent
    }
    UpdateQuotaUserError, UpdateQuotaErrorCode {
        Invalid, Required, TooLong, NotFound, WrongState, Stale, LimitExceeded
    }
}

fn terms(input: QuotaTermsInput) -> QuotaTerms {
    QuotaTerms {
        name: input.name,
        size: input.size,
    }
}

async fn create(ctx: &Context<'_>, input: CreateQuotaInput) -> Result<ManagedEvent, Refused> {
    let editor = editor(ctx, &input.event_id).await?;
    parts::create_quota(platform(ctx), &editor, &input.idempotency_key, &terms(input.terms)).await?;
    managed(ctx, &editor).await
}

async fn update(ctx: &Context<'_>, input: UpdateQuotaInput) -> Result<ManagedEvent, Refused> {
    let (editor, id) = editor_of_part::<QuotaId>(ctx, "quotaId", &input.quota_id).await?;
    parts::update_quota(platform(ctx), &editor, id, input.revision, &terms(input.terms)).await?;
    managed(ctx, &editor).await
}
