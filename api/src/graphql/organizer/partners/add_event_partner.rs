//! `addEventPartner`.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use consentry_domain::PartnerId;

use super::context;
use super::managed::ManagedEventPartner;
use crate::graphql::organizer::roster::of_event;
use crate::graphql::scalars::URL;
use crate::graphql::vocabulary::PartnerRole;
use crate::graphql::{errors, ids, platform};
use crate::platform::Refused;
use crate::services::partners::{self, NewEventPartner};
use crate::user_errors;

/// A partner for an event.
#[derive(InputObject)]
pub struct AddEventPartnerInput {
    /// New for each one, the same when it is sent again.
    idempotency_key: String,
    /// The event.
    event_id: ID,
    /// The partner; absent for `HOST`, which is the organization itself.
    partner_id: Option<ID>,
    /// Its role.
    role: PartnerRole,
    /// Where its privacy notice is.
    notice_url: URL,
    /// The SHA-256 of the notice's file, in hexadecimal. No offer can be requested before it is known.
    notice_sha256: Option<String>,
    /// Whom attendees write to about their data.
    contact_email: String,
}

user_errors! {
    /// Why `addEventPartner` was refused.
    AddEventPartnerUserError, AddEventPartnerErrorCode { Invalid, Required, TooLong, NotFound, Taken, WrongState, IdempotencyMismatch }
}

/// What `addEventPartner` made.
#[derive(SimpleObject, Default)]
pub struct AddEventPartnerPayload {
    /// The partner at the event; absent when it was refused.
    event_partner: Option<ManagedEventPartner>,
    /// Why it was refused.
    user_errors: Vec<AddEventPartnerUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct AddEventPartner;

/// The mutation.
#[Object]
impl AddEventPartner {
    /// Gives a partner a role at an event.
    async fn add_event_partner(
        &self,
        ctx: &Context<'_>,
        input: AddEventPartnerInput,
    ) -> Result<Option<AddEventPartnerPayload>> {
        match run(ctx, input).await {
            Ok(event_partner) => Ok(Some(AddEventPartnerPayload {
                event_partner: Some(event_partner),
                ..Default::default()
            })),
            Err(refused) => Ok(Some(AddEventPartnerPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn run(ctx: &Context<'_>, input: AddEventPartnerInput) -> Result<ManagedEventPartner, Refused> {
    let platform = platform(ctx);
    let authorized = of_event(ctx, "eventId", &input.event_id).await?;
    let organization = authorized.organization();
    let partner = match &input.partner_id {
        Some(id) => {
            let own = ids::own::<PartnerId>(organization, id);
            Some(own.ok_or_else(|| Refused::not_found("partnerId"))?)
        }
        None => None,
    };
    let new = NewEventPartner {
        idempotency_key: input.idempotency_key,
        partner,
        role: input.role.into(),
        notice_url: input.notice_url.0,
        notice_sha256: input.notice_sha256,
        contact_email: input.contact_email,
    };
    let row = partners::add(platform, &authorized, &new).await?;
    context::at_event(ctx, &authorized, row.id).await
}
