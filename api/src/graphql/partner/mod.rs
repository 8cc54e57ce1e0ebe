//! What a partner sees: types of its own, made only from what the disclosure rule returns.

use async_graphql::MergedObject;

/// Queries of a partner.
#[derive(MergedObject, Default)]
pub struct PartnerQuery();
