//! An account within one organization.

use async_graphql::{Context, ID, Object, Result};
use consentry_domain::RegistrationId;
use consentry_entity::{organization, person};
use uuid::Uuid;

use super::complaint::{self, ComplaintConnection};
use super::disclosure::{self, DisclosureConnection};
use super::registration::Registration;
use crate::access::{OwnPerson, person_of};
use crate::connection;
use crate::graphql::connection::Page;
use crate::graphql::public::Organization;
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::Refused;
use crate::services::people;

connection!(RegistrationConnection, RegistrationEdge, Registration);

/// The person of this id, which has to be the caller.
pub(super) async fn own(ctx: &Context<'_>, id: &ID) -> std::result::Result<OwnPerson, Refused> {
    let Some((organization, person)) = ids::decode(id) else {
        // As for an id that is well-formed and unknown.
        caller(ctx).signed_in().ok_or(Refused::Unauthenticated)?;
        return Err(Refused::not_found("personId"));
    };
    person_of(platform(ctx), caller(ctx), organization, person).await
}

/// This account within one organization.
pub struct Person {
    row: person::Model,
    organization: organization::Model,
}

impl Person {
    pub(super) fn new(row: person::Model, organization: organization::Model) -> Self {
        Self { row, organization }
    }
}

/// This account within one organization.
#[Object]
impl Person {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.row.organization_id, self.row.id)
    }
    /// The organization.
    async fn organization(&self) -> Organization {
        self.organization.clone().into()
    }
    /// The address that the organization knows.
    async fn email(&self) -> Option<&str> {
        self.row.email.as_deref()
    }
    /// One's places at this organization's events, the newest first.
    async fn registrations(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
    ) -> Result<RegistrationConnection> {
        let platform = platform(ctx);
        let list = format!("registrations {}", self.row.id);
        let page = Page::parse(platform, list.as_bytes(), first, after)?;
        let after = page.after.as_deref().map(Uuid::from_slice).transpose();
        let after = after.map_err(|_| errors::bad_input("after: this is not a cursor of this list."))?;
        let found = people::registrations(
            &platform.store,
            &self.organization,
            self.row.id,
            page.first,
            after.map(RegistrationId),
        );
        let mut rows = found.await.map_err(|fault| errors::internal(&fault))?;
        let more = rows.len() > page.first as usize;
        rows.truncate(page.first as usize);
        let places: Vec<Vec<u8>> = rows.iter().map(|listed| listed.row.id.0.as_bytes().to_vec()).collect();
        let nodes = Registration::list(rows).map_err(|fault| errors::internal(&fault))?;
        let entries = places.into_iter().zip(nodes).collect();
        Ok(RegistrationConnection::new(
            platform,
            list.as_bytes(),
            &page,
            more,
            entries,
        ))
    }
    /// Who received what of one's data at this organization's events, the newest first.
    async fn disclosures(&self, ctx: &Context<'_>, first: i32, after: Option<String>) -> Result<DisclosureConnection> {
        disclosure::of_person(ctx, &self.organization, self.row.id, first, after).await
    }
    /// What one complained of to this organization, the newest first.
    async fn complaints(&self, ctx: &Context<'_>, first: i32, after: Option<String>) -> Result<ComplaintConnection> {
        complaint::of_person(ctx, self.organization.id, self.row.id, first, after).await
    }
}
