//! `checkIn` and `undoCheckIn`. Who stands at a door sees who comes in, and no more of the roster.

mod door;
mod own_door;

pub use door::{DoorSnapshot, ExpectedAttendee};
pub(super) use door::{expected, snapshot};
pub use own_door::Door;
pub(super) use own_door::of_caller as door;

use async_graphql::{Context, ID, InputObject, MergedObject, Object, Result, SimpleObject};
use consentry_domain::{CheckInId, RegistrationId};

use super::roster::{CheckIn, at, event_of, of_event, of_part};
use crate::access::rights::CheckInPeople;
use crate::access::{Authorized, EventScope, staff_of_event};
use crate::graphql::public::TicketType;
use crate::graphql::scalars::DateTime;
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::{Code, Fault, Problem, Refused};
use crate::services::roster::check_in::{self as service, Admitted, Doorkeeper, Holder, Scan};
use crate::{mutation, user_errors};

/// The mutations.
#[derive(MergedObject, Default)]
pub struct CheckInMutation(CheckInPerson, UndoCheckIn);

/// Somebody at the door.
#[derive(SimpleObject)]
pub struct Admission {
    /// Opaque; of the registration.
    id: ID,
    /// Whole name.
    full_name: String,
    /// What was bought.
    ticket_type: TicketType,
    /// The passage.
    check_in: CheckIn,
}

/// Somebody at a door.
#[derive(InputObject)]
pub struct CheckInInput {
    /// New for each passage, the same when it is sent again.
    idempotency_key: String,
    /// The event.
    event_id: ID,
    /// The attendee's check-in code; or `registrationId`.
    code: Option<String>,
    /// Whom `expected` found; or `code`.
    registration_id: Option<ID>,
    /// Which door or list; the device's own, or else `main`, where none is named. One can come in once at each.
    list: Option<String>,
    /// With which device; one that has a credential of its own is noted by its name.
    device: Option<String>,
    /// When it was, for a passage that waited on a device without a network: at most 48 hours ago. Now, where it is left
    /// out.
    at: Option<DateTime>,
}

user_errors! {
    /// Why `checkIn` was refused.
    CheckInUserError, CheckInErrorCode {
        /// No registration has this code.
        NotFound,
        /// Its holder is in already; `earlier` says since when.
        AlreadyCheckedIn,
        /// A payment, an approval or a parent's permission is missing.
        NotConfirmed,
        /// The place was cancelled.
        Cancelled,
        /// The code is for another event at which the caller lets people in too.
        WrongEvent,
        /// A value is not one.
        Invalid,
        /// A value is missing.
        Required,
        /// A value is too long.
        TooLong,
        /// The key was used for another passage.
        IdempotencyMismatch,
    }
}

/// What `checkIn` did.
#[derive(SimpleObject, Default)]
pub struct CheckInPayload {
    /// Who came in; absent when it was refused.
    admission: Option<Admission>,
    /// Because of which passage it was refused, when its holder is in already.
    earlier: Option<CheckIn>,
    /// Why it was refused.
    user_errors: Vec<CheckInUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct CheckInPerson;

/// The mutation.
#[Object]
impl CheckInPerson {
    /// Lets somebody in: the holder of a check-in code, or whom `ManagedEvent.expected` found.
    async fn check_in(&self, ctx: &Context<'_>, input: CheckInInput) -> Result<Option<CheckInPayload>> {
        Ok(Some(match run(ctx, input).await {
            Ok(payload) => payload,
            Err(refused) => CheckInPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            },
        }))
    }
}

async fn run(ctx: &Context<'_>, input: CheckInInput) -> Result<CheckInPayload, Refused> {
    let door: Doorkeeper = of_event(ctx, "eventId", &input.event_id).await?;
    let scan = Scan {
        idempotency_key: input.idempotency_key,
        holder: holder(&door, input.code, input.registration_id)?,
        list: input.list,
        device: input.device,
        at: input.at.map(|at| at.0),
    };
    let platform = platform(ctx);
    let problems = match service::check_in(platform, &door, &scan).await {
        Ok(admitted) => {
            let admission = Some(admission(ctx, &door, admitted).await?);
            return Ok(CheckInPayload {
                admission,
                ..Default::default()
            });
        }
        Err(Refused::Problems(problems)) => problems,
        Err(other) => return Err(other),
    };
    let because = |code: Code| problems.iter().any(|problem: &Problem| problem.code == code);
    let mut payload = CheckInPayload::default();
    if because(Code::AlreadyCheckedIn) {
        payload.earlier = service::earlier(&platform.store, &door, &scan)
            .await?
            .map(CheckIn::from);
    }
    if because(Code::WrongEvent) && !is_at_home_there(ctx, &door, &scan).await? {
        return Err(Refused::not_found("code"));
    }
    payload.user_errors = problems.into_iter().map(Into::into).collect();
    Ok(payload)
}

/// Who is meant: by code or by id.
fn holder(door: &Doorkeeper, code: Option<String>, id: Option<ID>) -> Result<Holder, Refused> {
    match (code, id) {
        (Some(code), None) => Ok(Holder::Code(code)),
        (None, Some(id)) => match ids::decode::<RegistrationId>(&id) {
            Some((organization, id)) if organization == door.organization() => Ok(Holder::Registration(id)),
            _ => Err(Refused::not_found("registrationId")),
        },
        (None, None) => {
            let words = "Name who comes in, by code or by registrationId.";
            Err(Refused::because("code", Code::Required, words))
        }
        (Some(_), Some(_)) => {
            let words = "Name who comes in by code or by registrationId, not by both.";
            Err(Refused::because("registrationId", Code::Invalid, words))
        }
    }
}

/// Whether the caller lets people in at the event of this code too; else it does not exist for them.
async fn is_at_home_there(ctx: &Context<'_>, door: &Doorkeeper, scan: &Scan) -> Result<bool, Refused> {
    let platform = platform(ctx);
    let Some(registration) = service::of_holder(&platform.store, door.organization(), &scan.holder).await? else {
        return Ok(false);
    };
    let there: Result<Authorized<EventScope, CheckInPeople>, _> =
        staff_of_event(platform, caller(ctx), door.organization(), registration.event_id).await;
    match there {
        Ok(_) => Ok(true),
        Err(Refused::Fault(fault)) => Err(fault.into()),
        Err(_) => Ok(false),
    }
}

async fn admission(ctx: &Context<'_>, door: &Doorkeeper, admitted: Admitted) -> Result<Admission, Refused> {
    let event = event_of(platform(ctx), door).await?;
    let registration = admitted.registration;
    let found = event.find_ticket_type(ctx, registration.ticket_type_id).await;
    let missing = || Fault::Corrupt("a registration of an unknown ticket type".into());
    Ok(Admission {
        id: ids::encode(registration.organization_id, registration.id),
        full_name: registration.full_name.unwrap_or_default(),
        ticket_type: found.ok().flatten().ok_or_else(missing)?,
        check_in: admitted.check_in.into(),
    })
}

/// A passage to be taken back.
#[derive(InputObject)]
pub struct UndoCheckInInput {
    /// The passage.
    check_in_id: ID,
}

mutation! {
    /// Takes a passage back. One that was taken back stays so.
    UndoCheckIn::undo_check_in(UndoCheckInInput) => undo;
    UndoCheckInPayload {
        /// Whose it was; absent when it was refused.
        admission: Admission
    }
    UndoCheckInUserError, UndoCheckInErrorCode { NotFound }
}

async fn undo(ctx: &Context<'_>, input: UndoCheckInInput) -> Result<Admission, Refused> {
    let (door, id): (Doorkeeper, CheckInId) = of_part(ctx, "checkInId", &input.check_in_id).await?;
    let admitted = service::undo(platform(ctx), &door, id)
        .await
        .map_err(|refused| at("checkInId", refused))?;
    admission(ctx, &door, admitted).await
}
