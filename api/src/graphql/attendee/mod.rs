//! What a signed-in person sees and does.

mod consent;
mod consents;
mod guardian;
mod set_consents;
mod withdraw_consent;

pub use consent::{Consent, ConsentState, Decider};
pub use consents::RegistrationConsents;
pub use guardian::{DecideAsGuardianUserError, GuardianRequest};
pub use set_consents::SetConsentsUserError;
pub use withdraw_consent::{WithdrawAllConsentsUserError, WithdrawConsentUserError};

use async_graphql::{Context, ID, MergedObject, Object, SimpleObject};

use crate::graphql::{caller, ids};

/// Queries of a signed-in person, and of a guardian.
#[derive(MergedObject, Default)]
pub struct AttendeeQuery(AccountQuery, guardian::GuardianQuery);

/// The query `me`.
#[derive(Default)]
struct AccountQuery;

/// Somebody who can sign in to this installation.
#[derive(SimpleObject)]
pub struct Account {
    /// Opaque.
    id: ID,
}

#[Object]
impl AccountQuery {
    /// The signed-in account; absent when nobody is signed in.
    async fn me(&self, ctx: &Context<'_>) -> Option<Account> {
        caller(ctx).signed_in().map(|signed_in| Account {
            id: ids::encode_global(signed_in.account()),
        })
    }
}

/// Mutations of a signed-in person, and of a guardian.
#[derive(MergedObject, Default)]
pub struct AttendeeMutation(
    set_consents::SetConsents,
    withdraw_consent::WithdrawConsents,
    guardian::DecideAsGuardian,
);
