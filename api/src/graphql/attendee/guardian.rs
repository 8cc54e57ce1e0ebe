//! `guardianRequest` and `decideAsGuardian`: who decides for somebody under age needs no account, only the link.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use consentry_domain::RegistrationStatus as Status;

use super::consent::Consent;
use crate::graphql::public::{ConsentInput, ConsentIssue, Event, RegistrationStatus, SharingOffer};
use crate::graphql::{errors, ids, platform};
use crate::platform::keys::LinkKind;
use crate::platform::{Fault, Refused};
use crate::services::sharing::Wish;
use crate::services::sharing::guardian_link::{self, Asked, Permission};
use crate::user_errors;

/// Where a question to a guardian stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::GuardianRequestStatus")]
pub enum GuardianRequestStatus {
    /// Not answered.
    Waiting,
    /// Permitted.
    Approved,
    /// Refused.
    Refused,
}

/// What a guardian is asked about.
#[derive(Clone)]
pub struct GuardianRequest {
    asked: Asked,
    event: Event,
    consents: Vec<Consent>,
}

impl GuardianRequest {
    fn new(asked: Asked) -> Result<Self, Fault> {
        let event = Event::new(asked.event.clone(), asked.organization.clone())?;
        let consents = Consent::all(asked.consents.clone(), asked.event.clone(), asked.organization.clone())?;
        Ok(Self { asked, event, consents })
    }
}

/// What a guardian is asked about.
#[Object]
impl GuardianRequest {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.asked.request.organization_id, self.asked.request.id)
    }
    /// Where it stands.
    async fn status(&self) -> GuardianRequestStatus {
        self.asked.request.status.into()
    }
    /// The event.
    async fn event(&self) -> Event {
        self.event.clone()
    }
    /// The attendee's name.
    async fn attendee_name(&self) -> Option<&str> {
        self.asked.registration.full_name.as_deref()
    }
    /// Whether the place waits for the guardian's permission.
    async fn place_awaits_permission(&self) -> bool {
        let place = &self.asked.registration;
        place.pending_guardian && place.status == Status::Pending
    }
    /// Where the place stands.
    async fn place_status(&self) -> RegistrationStatus {
        self.asked.registration.status.into()
    }
    /// How the registration stands with every offer.
    async fn consents(&self) -> Vec<Consent> {
        self.consents.clone()
    }
}

/// Whether the child may attend.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Permission")]
pub enum GuardianPermission {
    /// Yes.
    Permit,
    /// No.
    Refuse,
}

/// A guardian's decision.
#[derive(InputObject)]
pub struct DecideAsGuardianInput {
    /// The link's secret.
    secret: String,
    /// Whether the child may attend; only where the place waits for it. Refusing it gives that place up at once.
    permission: Option<GuardianPermission>,
    /// Decisions about the named offers; every other stays as it is.
    #[graphql(default)]
    consents: Vec<ConsentInput>,
}

user_errors! {
    /// Why `decideAsGuardian` was refused.
    DecideAsGuardianUserError, DecideAsGuardianErrorCode {
        /// The secret opens nothing.
        NotFound,
        /// The place was given up.
        WrongState,
    }
}

/// What `decideAsGuardian` decided.
#[derive(SimpleObject, Default)]
pub struct DecideAsGuardianPayload {
    /// How things stand now; absent when it was refused.
    guardian_request: Option<GuardianRequest>,
    /// Decisions that could not be taken; the others were.
    consent_issues: Vec<ConsentIssue>,
    /// Why it was refused.
    user_errors: Vec<DecideAsGuardianUserError>,
}

/// The query `guardianRequest`.
#[derive(Default)]
pub struct GuardianQuery;

#[Object]
impl GuardianQuery {
    /// What the link in a guardian's mail is about, before anything is decided.
    async fn guardian_request(&self, ctx: &Context<'_>, secret: String) -> Result<Option<GuardianRequest>> {
        let asked = errors::absent(guardian_link::open(platform(ctx), &secret).await)?;
        asked
            .map(GuardianRequest::new)
            .transpose()
            .map_err(|fault| errors::internal(&fault))
    }
}

/// The mutation.
#[derive(Default)]
pub struct DecideAsGuardian;

/// The mutation.
#[Object]
impl DecideAsGuardian {
    /// Decides for somebody under age. The link stays good: what is given can be taken back with it.
    async fn decide_as_guardian(
        &self,
        ctx: &Context<'_>,
        input: DecideAsGuardianInput,
    ) -> Result<Option<DecideAsGuardianPayload>> {
        match run(ctx, input).await {
            Ok((request, consent_issues)) => Ok(Some(DecideAsGuardianPayload {
                guardian_request: Some(request),
                consent_issues,
                ..Default::default()
            })),
            Err(refused) => Ok(Some(DecideAsGuardianPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn run(ctx: &Context<'_>, input: DecideAsGuardianInput) -> Result<(GuardianRequest, Vec<ConsentIssue>), Refused> {
    let platform = platform(ctx);
    let link = platform
        .keys
        .open_link(LinkKind::Guardian, &input.secret)
        .ok_or_else(|| Refused::not_found("secret"))?;
    let wishes: Vec<Wish> = input
        .consents
        .iter()
        .map(|consent| consent.wish(link.organization))
        .collect();
    let permission = input.permission.map(Permission::from);
    let (asked, outcome) = guardian_link::answer(platform, &input.secret, permission, &wishes).await?;
    let request = GuardianRequest::new(asked)?;
    let offers: Vec<SharingOffer> = request.consents.iter().map(Consent::shown_offer).collect();
    let issues = outcome
        .issues
        .iter()
        .map(|issue| ConsentIssue::new(*issue, &offers))
        .collect();
    Ok((request, issues))
}
