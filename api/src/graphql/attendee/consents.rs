//! `setConsents`, `withdrawConsent`, `withdrawAllConsents`: their common parts.

use async_graphql::{Context, ID, SimpleObject};

use super::consent::Consent;
use crate::access::{OwnRegistration, attendee_of};
use crate::graphql::public::{ConsentIssue, SharingOffer};
use crate::graphql::{caller, ids, platform};
use crate::platform::Refused;
use crate::services::sharing::{Issue, own};

/// The consents of one registration.
#[derive(SimpleObject, Clone)]
pub struct RegistrationConsents {
    /// Raised by each change; sent back with the next `setConsents`.
    revision: i64,
    /// One for each offer that can be given, and for each other that something is decided about.
    consents: Vec<Consent>,
}

/// The caller's own registration.
pub(super) async fn own(ctx: &Context<'_>, id: &ID) -> Result<OwnRegistration, Refused> {
    let platform = platform(ctx);
    let Some((organization, registration)) = ids::decode(id) else {
        // As for an id that is well-formed and unknown.
        caller(ctx).signed_in().ok_or(Refused::Unauthenticated)?;
        return Err(Refused::not_found(""));
    };
    attendee_of(platform, caller(ctx), organization, registration).await
}

/// How the registration stands now.
pub(super) async fn look(ctx: &Context<'_>, own: &OwnRegistration) -> Result<RegistrationConsents, Refused> {
    let own = own::look(platform(ctx), own).await?;
    let consents = Consent::all(own.consents, own.event, own.organization)?;
    Ok(RegistrationConsents {
        revision: own.revision,
        consents,
    })
}

impl RegistrationConsents {
    /// The issues with the offers as they are now.
    pub(super) fn issues(&self, issues: &[Issue]) -> Vec<ConsentIssue> {
        let offers: Vec<SharingOffer> = self.consents.iter().map(Consent::shown_offer).collect();
        issues.iter().map(|issue| ConsentIssue::new(*issue, &offers)).collect()
    }
}
