//! Mails, as staff see them, and sending one again.

use async_graphql::{Context, Enum, ID, InputObject, Result, SimpleObject};
use consentry_domain::{EventId, Instant, MailId, OrganizationId};

use super::roster::of_part;
use crate::access::rights::{ManageMails, ManageOrders};
use crate::access::{Authorized, EventScope, OrganizationScope, staff_of_event, staff_of_organization};
use crate::connection;
use crate::graphql::connection::Page;
use crate::graphql::scalars::DateTime;
use crate::graphql::{caller, errors, ids, platform};
use crate::mutation;
use crate::platform::Refused;
use crate::services::mail::staff::{self, Envelope, Filter, Keeper};

/// What a mail is about.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::MailKind")]
pub enum MailKind {
    /// Confirms an order and a place; proves the mailbox.
    Confirmation,
    /// How to pay.
    PaymentInstructions,
    /// Reminds of a payment.
    PaymentReminder,
    /// Something was cancelled.
    Cancellation,
    /// Consents changed; not shown to staff.
    ConsentChanged,
    /// A link to sign in; not shown to staff.
    SignInLink,
    /// Asks a guardian.
    GuardianRequest,
    /// Asks somebody whom another registered.
    DecideForYourself,
    /// A partner's link to fetch its token.
    TokenClaim,
    /// Proves a changed address.
    AddressChange,
    /// Tells the address in force so far that another one is named.
    AddressNotice,
    /// A test by an operator; not shown to staff.
    Test,
    /// Says that somebody's data is erased; not shown to staff.
    Erasure,
    /// Acknowledges a complaint; not shown to staff.
    ComplaintReceived,
    /// Answers a complaint; not shown to staff.
    ComplaintAnswered,
    /// Tells the data-protection contact of a complaint; not shown to staff.
    ComplaintFiled,
    /// Tells that the way in which somebody signs in was changed; not shown to staff.
    SignInChanged,
    /// Tells those who decide that a partner asks for approval; not shown to staff.
    OfferRequested,
    /// Tells a partner's administrators what was decided; not shown to staff.
    OfferDecided,
}

/// Where a mail stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::MailStatus")]
pub enum MailStatus {
    /// Waiting.
    Queued,
    /// Accepted by the mail server.
    Sent,
    /// Refused for good.
    Failed,
}

/// A mail that was sent or is to be sent; what it says is its reader's.
#[derive(SimpleObject)]
pub struct Mail {
    /// Opaque.
    id: ID,
    /// What it is about.
    kind: MailKind,
    /// Where it stands.
    status: MailStatus,
    /// Mail address; absent once it is erased.
    to: Option<String>,
    /// In which language it was asked for.
    locale: String,
    /// When it was asked for.
    created_at: DateTime,
    /// When the mail server accepted it.
    sent_at: Option<DateTime>,
    /// Why it was refused for good.
    failure: Option<String>,
    /// The event that it is about.
    event_id: Option<ID>,
    /// The order that it is about.
    order_id: Option<ID>,
    /// The registration that it is about.
    registration_id: Option<ID>,
}

impl From<Envelope> for Mail {
    fn from(row: Envelope) -> Self {
        let organization = row.organization_id;
        Self {
            id: ids::encode(organization, row.id),
            kind: row.kind.into(),
            status: row.status.into(),
            to: row.to_address,
            locale: row.locale,
            created_at: Instant(row.created_at).into(),
            sent_at: row.sent_at.map(|at| Instant(at).into()),
            failure: row.error,
            event_id: row.event_id.map(|id| ids::encode(organization, id)),
            order_id: row.order_id.map(|id| ids::encode(organization, id)),
            registration_id: row.registration_id.map(|id| ids::encode(organization, id)),
        }
    }
}

connection!(MailConnection, MailEdge, Mail);

/// Which mails; everything that is named must hold.
#[derive(InputObject, Default)]
pub struct MailFilter {
    /// Where it stands.
    status: Option<MailStatus>,
    /// The code, whole, of the order that it is about.
    order_code: Option<String>,
}

/// A page of an event's mails, newest first; absent for who may not see them.
pub(super) async fn of_event(
    ctx: &Context<'_>,
    (organization, event): (OrganizationId, EventId),
    (first, after): (i32, Option<String>),
    filter: MailFilter,
) -> Result<Option<MailConnection>> {
    let filter = Filter {
        status: filter.status.map(Into::into),
        order_code: filter.order_code,
    };
    let wish = serde_json::to_string(&filter).map_err(|error| errors::bad_input(error.to_string()))?;
    let list = format!("mails:{organization}:{event}:{wish}");
    let keeper = errors::absent(staff_of_event(platform(ctx), caller(ctx), organization, event).await)?;
    let keeper: Option<Authorized<EventScope, ManageMails>> = keeper;
    if let Some(keeper) = &keeper {
        let found = page(ctx, Keeper::Event(keeper), &list, &filter, (first, after)).await;
        return found.map(Some);
    }
    if filter.order_code.is_none() {
        return Ok(None);
    }
    let keeper = errors::absent(staff_of_event(platform(ctx), caller(ctx), organization, event).await)?;
    let Some(keeper): Option<Authorized<EventScope, ManageOrders>> = keeper else {
        return Ok(None);
    };
    let found = page(ctx, Keeper::Orders(&keeper), &list, &filter, (first, after)).await;
    found.map(Some)
}

/// A page of all mails of an organization, newest first; absent for who may not see them.
pub(super) async fn of_organization(
    ctx: &Context<'_>,
    organization: OrganizationId,
    first: i32,
    after: Option<String>,
) -> Result<Option<MailConnection>> {
    let keeper = errors::absent(staff_of_organization(platform(ctx), caller(ctx), organization).await)?;
    let Some(keeper): Option<Authorized<OrganizationScope, ManageMails>> = keeper else {
        return Ok(None);
    };
    let list = format!("mails:{organization}");
    let all = Filter::default();
    let found = page(ctx, Keeper::Organization(&keeper), &list, &all, (first, after)).await;
    found.map(Some)
}

async fn page(
    ctx: &Context<'_>,
    keeper: Keeper<'_>,
    list: &str,
    filter: &Filter,
    (first, after): (i32, Option<String>),
) -> Result<MailConnection> {
    let platform = platform(ctx);
    let page = Page::parse(platform, list.as_bytes(), first, after)?;
    let after = page
        .after
        .as_deref()
        .and_then(|place| uuid::Uuid::from_slice(place).ok())
        .map(MailId);
    let found = staff::page(platform, keeper, filter, page.first, after).await;
    let (rows, more) = found.map_err(|fault| errors::internal(&fault))?;
    let entries = rows
        .into_iter()
        .map(|row| (row.id.0.as_bytes().to_vec(), row.into()))
        .collect();
    Ok(MailConnection::new(platform, list.as_bytes(), &page, more, entries))
}

/// A mail to be sent again.
#[derive(InputObject)]
pub struct ResendMailInput {
    /// New for each copy, the same when it is sent again.
    idempotency_key: String,
    /// Which.
    mail_id: ID,
}

mutation! {
    /// Sends a mail again: the same words and links to the same address. At most once a minute, ten times a day, and
    /// not once what it is about has ended or was done. Who manages orders alone sends those that are about an order.
    ResendMail::resend_mail(ResendMailInput) => run;
    ResendMailPayload {
        /// The copy; absent when it was refused.
        mail: Mail
    }
    ResendMailUserError, ResendMailErrorCode { Required, NotFound, WrongState, RateLimited, IdempotencyMismatch }
}

async fn run(ctx: &Context<'_>, input: ResendMailInput) -> Result<Mail, Refused> {
    let platform = platform(ctx);
    let at_event: Result<(Authorized<EventScope, ManageMails>, MailId), Refused> =
        of_part(ctx, "mailId", &input.mail_id).await;
    let key = &input.idempotency_key;
    let copy = match at_event {
        Ok((keeper, id)) => send_again(ctx, Keeper::Event(&keeper), id, key).await?,
        // One that is about no event, or for one who looks after the orders alone.
        Err(Refused::Problems(_)) => {
            let missing = || Refused::not_found("mailId");
            let (organization, id) = ids::decode::<MailId>(&input.mail_id).ok_or_else(missing)?;
            let of_orders: Result<(Authorized<EventScope, ManageOrders>, MailId), Refused> =
                of_part(ctx, "mailId", &input.mail_id).await;
            match of_orders {
                Ok((keeper, id)) => send_again(ctx, Keeper::Orders(&keeper), id, key).await?,
                Err(Refused::Problems(_)) => {
                    let keeper = staff_of_organization(platform, caller(ctx), organization).await;
                    let keeper: Authorized<OrganizationScope, ManageMails> =
                        keeper.map_err(|refused| match refused {
                            Refused::Problems(_) => missing(),
                            other => other,
                        })?;
                    send_again(ctx, Keeper::Organization(&keeper), id, key).await?
                }
                Err(other) => return Err(other),
            }
        }
        Err(other) => return Err(other),
    };
    Ok(copy.into())
}

async fn send_again(ctx: &Context<'_>, keeper: Keeper<'_>, id: MailId, key: &str) -> Result<Envelope, Refused> {
    crate::services::mail::again(platform(ctx), keeper, id, key).await
}
