//! What a signed-in person sees and does.

use async_graphql::{Context, ID, MergedObject, Object, SimpleObject};

use crate::graphql::{caller, ids};

/// Queries of a signed-in person.
#[derive(Default)]
pub struct AttendeeQuery;

/// Somebody who can sign in to this installation.
#[derive(SimpleObject)]
pub struct Account {
    /// Opaque.
    id: ID,
}

#[Object]
impl AttendeeQuery {
    /// The signed-in account; absent when nobody is signed in.
    async fn me(&self, ctx: &Context<'_>) -> Option<Account> {
        caller(ctx).signed_in().map(|signed_in| Account {
            id: ids::encode_global(signed_in.account()),
        })
    }
}

/// Mutations of a signed-in person.
#[derive(MergedObject, Default)]
pub struct AttendeeMutation();
