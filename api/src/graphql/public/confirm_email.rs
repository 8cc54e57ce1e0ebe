//! `emailConfirmation` and `confirmEmail`: whoever reads a registration's mail proves its address, and says what is
//! shared. Opening the link changes nothing.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use consentry_domain::RegistrationStatus as Stored;
use tokio::sync::OnceCell;

use super::{ConsentInput, ConsentIssue, Event, GuardianInput, SharingOffer, TicketType};
use crate::graphql::attendee::Consent;
use crate::graphql::{errors, ids, platform};
use crate::platform::{Fault, Problems, Refused};
use crate::services::registration::{self as service, Linked};
use crate::services::sharing::view::{self, Standing};
use crate::services::sharing::{Guardian, Said};
use crate::user_errors;

/// Where a registration stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Stored")]
pub enum RegistrationStatus {
    /// Waiting for payment, approval or a parent.
    Pending,
    /// The place is theirs.
    Confirmed,
    /// The place is free again.
    Cancelled,
    /// Emptied of personal data.
    Erased,
}

/// What a registration's link is about: no more than the mail says.
pub struct RegistrationSummary {
    linked: Linked,
    event: Event,
}

impl RegistrationSummary {
    pub(super) fn new(linked: Linked) -> Result<Self, Fault> {
        let event = Event::new(linked.event.clone(), linked.organization.clone())?;
        Ok(Self { linked, event })
    }
}

/// What a registration's link is about: no more than the mail says.
#[Object]
impl RegistrationSummary {
    /// Opaque; of the registration.
    async fn id(&self) -> ID {
        ids::encode(self.linked.registration.organization_id, self.linked.registration.id)
    }
    /// For what.
    async fn event(&self) -> &Event {
        &self.event
    }
    /// With what.
    async fn ticket_type(&self, ctx: &Context<'_>) -> Result<TicketType> {
        let found = self
            .event
            .find_ticket_type(ctx, self.linked.registration.ticket_type_id)
            .await?;
        found.ok_or_else(|| errors::internal(&Fault::Corrupt("a registration of an unknown ticket type".into())))
    }
    /// Where it stands.
    async fn status(&self) -> RegistrationStatus {
        self.linked.registration.status.into()
    }
    /// Whose place it is.
    async fn full_name(&self) -> Option<&str> {
        self.linked.registration.full_name.as_deref()
    }
    /// The address that the link proves.
    async fn email(&self) -> Option<&str> {
        self.linked.registration.email.as_deref()
    }
    /// Whether it is proved already.
    async fn email_proved(&self) -> bool {
        self.linked.registration.email_proved_at.is_some()
    }
    /// Whether the attendee is old enough to decide alone, by the date of birth, so that it need not be asked; absent where
    /// none is known.
    async fn is_of_age(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        let is_of_age = service::is_of_age(platform(ctx), &self.linked).await;
        is_of_age.map_err(|fault| errors::internal(&fault))
    }
}

/// What a registration's link is about, before anything is decided.
pub struct EmailConfirmation {
    registration: RegistrationSummary,
    undecided: OnceCell<Vec<view::Consent>>,
}

impl EmailConfirmation {
    async fn undecided(&self, ctx: &Context<'_>) -> Result<&[view::Consent]> {
        let linked = &self.registration.linked;
        let undecided = self
            .undecided
            .get_or_try_init(|| service::undecided(platform(ctx), linked));
        let undecided = undecided.await.map(Vec::as_slice);
        undecided.map_err(|fault| errors::internal(&fault))
    }
}

/// What a registration's link is about, before anything is decided.
#[Object]
impl EmailConfirmation {
    /// The registration.
    async fn registration(&self) -> &RegistrationSummary {
        &self.registration
    }
    /// What whoever typed the address ticked. Nothing of it is given unless the reader names it.
    async fn requested_consents(&self, ctx: &Context<'_>) -> Result<Vec<Consent>> {
        let all = self.undecided(ctx).await?.iter();
        let requested = all.filter(|consent| consent.standing == Standing::Requested);
        Ok(Consent::of_event(
            requested.cloned().collect(),
            &self.registration.event,
        ))
    }
    /// What else partners ask for and nobody has decided: neither ticked nor refused, or ticked and not taken. None of it
    /// once the address is proved.
    async fn undecided_offers(&self, ctx: &Context<'_>) -> Result<Vec<SharingOffer>> {
        let all = self.undecided(ctx).await?.iter();
        let others = all.filter(|consent| consent.standing != Standing::Requested);
        let event = &self.registration.event;
        Ok(others
            .map(|consent| SharingOffer::new(event.clone(), consent.offer.clone()))
            .collect())
    }
}

/// The query.
#[derive(Default)]
pub struct EmailConfirmationQuery;

#[Object]
impl EmailConfirmationQuery {
    /// What the link in a mail is about; it changes nothing. Absent where the secret opens nothing.
    async fn email_confirmation(&self, ctx: &Context<'_>, secret: String) -> Result<Option<EmailConfirmation>> {
        let look = async {
            let linked = service::linked(platform(ctx), &secret).await?;
            linked.map(RegistrationSummary::new).transpose()
        };
        let registration = look.await.map_err(|fault: Fault| errors::internal(&fault))?;
        Ok(registration.map(|registration| EmailConfirmation {
            registration,
            undecided: OnceCell::new(),
        }))
    }
}

/// What the reader of a registration's mail says.
#[derive(InputObject)]
pub struct ConfirmEmailInput {
    /// The secret of the mail's link.
    secret: String,
    /// Whether the reader is old enough to decide alone; asked when something is to be shared.
    of_age: Option<bool>,
    /// Who decides for the reader otherwise.
    guardian: Option<GuardianInput>,
    /// What is to be shared: named here again, or it is not. Whatever was ticked by whoever typed the address becomes
    /// undecided.
    #[graphql(default)]
    consents: Vec<ConsentInput>,
}

user_errors! {
    /// Why `confirmEmail` was refused.
    ConfirmEmailUserError, ConfirmEmailErrorCode {
        /// It is not what is expected.
        Invalid,
        /// It is missing.
        Required,
        /// It has too many characters.
        TooLong,
        /// The secret opens nothing.
        NotFound,
        /// The address is proved already, and what is named is not what holds.
        WrongState,
    }
}

/// What `confirmEmail` did.
#[derive(SimpleObject, Default)]
pub struct ConfirmEmailPayload {
    /// The registration, its address proved; absent when it was refused.
    registration: Option<RegistrationSummary>,
    /// What could not be given: it blocks nothing.
    consent_issues: Vec<ConsentIssue>,
    /// Why it was refused.
    user_errors: Vec<ConfirmEmailUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct ConfirmEmail;

/// The mutation.
#[Object]
impl ConfirmEmail {
    /// Proves the address of a registration and gives what is named, and nothing else.
    async fn confirm_email(&self, ctx: &Context<'_>, input: ConfirmEmailInput) -> Result<Option<ConfirmEmailPayload>> {
        match confirm(ctx, input).await {
            Ok(payload) => Ok(Some(payload)),
            Err(refused) => {
                let user_errors = errors::problems(refused)?;
                Ok(Some(ConfirmEmailPayload {
                    user_errors,
                    ..Default::default()
                }))
            }
        }
    }
}

async fn confirm(ctx: &Context<'_>, input: ConfirmEmailInput) -> Result<ConfirmEmailPayload, Refused> {
    let platform = platform(ctx);
    let linked = service::linked(platform, &input.secret)
        .await?
        .ok_or_else(|| Refused::not_found("secret"))?;
    let wishes: Vec<_> = input
        .consents
        .iter()
        .map(|consent| consent.wish(linked.organization.id))
        .collect();
    let guardian = match input.guardian.map(Guardian::from) {
        Some(given) => {
            let mut problems = Problems::new();
            let own = linked.registration.email.as_deref().unwrap_or_default();
            let judged = service::judge_guardian("guardian", &given, own, &mut problems);
            problems.none()?;
            judged
        }
        None => None,
    };
    let said = Said::new(input.of_age, guardian.as_ref());
    let confirmed = service::confirm_email(platform, &input.secret, said, &wishes).await?;
    let summary = RegistrationSummary::new(Linked {
        registration: confirmed.registration,
        ..linked
    })?;
    let consent_issues = summary.event.issues(&platform.store, confirmed.issues).await?;
    Ok(ConfirmEmailPayload {
        registration: Some(summary),
        consent_issues,
        user_errors: Vec::new(),
    })
}
