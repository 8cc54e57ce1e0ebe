//! What a token reaches, by its id. A lead is a pull like any other, marked and recorded, and the request's only one.

use std::sync::Arc;

use async_graphql::parser::types::{Selection, SelectionSet};
use async_graphql::{Context, ID, Result};
use consentry_domain::{EventPartnerId, FieldMask, LeadId, OrganizationId};

use super::PartnerEvent;
use super::access::{first_pull, refusal};
use super::lead::Lead;
use super::plan::shown_by_name;
use crate::access::Caller;
use crate::graphql::{caller, ids, platform};
use crate::platform::Refused;
use crate::services::disclosure::node::{self, NodeRequest};
use crate::services::disclosure::view;

/// The lead of this id, for `node(id:)`. Whoever holds no token that covers it is told that there is nothing.
///
/// # Errors
/// When it is the request's second pull, or the database fails.
pub async fn lead(ctx: &Context<'_>, organization: OrganizationId, id: LeadId) -> Result<Option<Lead>> {
    let Caller::Partner(credential) = caller(ctx) else {
        return Ok(None);
    };
    first_pull(credential)?;
    let mut selected = FieldMask::EMPTY;
    shown(ctx, &ctx.item.node.selection_set.node, &mut selected);
    let asked = NodeRequest {
        organization,
        id,
        selected,
    };
    match node::one(platform(ctx), credential, asked).await {
        Ok(pulled) => Ok(pulled.and_then(|pulled| Lead::all(&Arc::new(pulled)).pop())),
        Err(Refused::Unauthenticated) => Ok(None),
        Err(refused) => Err(refusal(refused)),
    }
}

/// The place at an event of this id, where the token covers it.
///
/// # Errors
/// When the database fails.
pub async fn event(ctx: &Context<'_>, id: &ID) -> Result<Option<PartnerEvent>> {
    let (Caller::Partner(credential), Some((organization, id))) = (caller(ctx), ids::decode::<EventPartnerId>(id))
    else {
        return Ok(None);
    };
    match view::covered_one(platform(ctx), credential, id).await {
        Ok(found) => Ok(found
            .filter(|one| one.organization == organization)
            .map(PartnerEvent::from)),
        Err(Refused::Unauthenticated) => Ok(None),
        Err(refused) => Err(refusal(refused)),
    }
}

/// The fields of a lead that are shown: what is selected of it directly, and not of the other types that a node can be.
fn shown(ctx: &Context<'_>, selection: &SelectionSet, mask: &mut FieldMask) {
    for item in &selection.items {
        match &item.node {
            Selection::Field(field) => *mask = mask.union(shown_by_name(&field.node.name.node)),
            Selection::InlineFragment(fragment) => {
                let of = fragment
                    .node
                    .type_condition
                    .as_ref()
                    .map(|condition| condition.node.on.node.as_str());
                if of.is_none_or(is_of_leads) {
                    shown(ctx, &fragment.node.selection_set.node, mask);
                }
            }
            Selection::FragmentSpread(spread) => {
                let fragment = ctx.query_env.fragments.get(&spread.node.fragment_name.node);
                if let Some(fragment) =
                    fragment.filter(|fragment| is_of_leads(&fragment.node.type_condition.node.on.node))
                {
                    shown(ctx, &fragment.node.selection_set.node, mask);
                }
            }
        }
    }
}

fn is_of_leads(type_name: &str) -> bool {
    matches!(type_name, "Lead" | "Node")
}
