//! Who does what the demo tells of, and by which clock.

use consentry_domain::OrganizationId;

use super::client::Client;
use super::credentials;
use crate::cli::Failure;
use crate::graphql::{self, ApiSchema, ids};
use crate::platform::Platform;

/// The organization's owner, and anyone.
pub(super) struct Scene {
    pub(super) platform: Platform,
    pub(super) schema: ApiSchema,
    pub(super) owner: Client,
    pub(super) anyone: Client,
    pub(super) organization: OrganizationId,
}

impl Scene {
    /// Opens a session of the owner.
    pub(super) async fn open(platform: Platform, organization: OrganizationId) -> Result<Self, Failure> {
        let token = credentials::owner_session(&platform, organization).await?.access_token;
        let schema = graphql::schema(platform.clone());
        Ok(Self {
            owner: Client::with_token(&schema, &platform, &token).await?,
            anyone: Client::anonymous(&schema),
            platform,
            schema,
            organization,
        })
    }

    /// The organization's id, as clients know it.
    pub(super) fn public_id(&self) -> String {
        ids::encode_global(self.organization).to_string()
    }
}
