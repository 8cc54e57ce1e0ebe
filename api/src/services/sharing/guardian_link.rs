//! What a guardian does with the link that was sent: look, permit the place, decide about sharing, and change it later.

use consentry_domain::registration::{PendingReason, PendingReasons, Registration};
use consentry_domain::{GuardianRequestId, GuardianRequestStatus, Instant, RegistrationStatus};
use consentry_entity::{event, guardian_request, organization, registration};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};

use super::view::{self, Consent};
use super::wish::{Answer, Wish};
use super::{Outcome, decide, guardians, leads, offers};
use crate::platform::keys::{Link, LinkKind};
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::registration::cancel::{self, Canceller};
use crate::services::registration::in_hand::InHand;
use crate::transaction;

/// What a guardian is asked about.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The question.
    pub request: guardian_request::Model,
    /// About whom.
    pub registration: registration::Model,
    /// At which event.
    pub event: event::Model,
    /// Run by whom.
    pub organization: organization::Model,
    /// How things stand with every offer.
    pub consents: Vec<Consent>,
}

/// Whether the child may attend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Yes.
    Permit,
    /// No. A place that waits for it is given up at once; any other stays.
    Refuse,
}

/// What the link opens.
///
/// # Errors
/// Not found, where the link is not one of ours, or is void.
pub async fn open(platform: &Platform, secret: &str) -> Result<Asked, Refused> {
    let link = link(platform, secret)?;
    load(platform.store.read(), link, platform.store.now().await?).await
}

/// Decides: about the place, and about the named offers; every other stays as it is.
///
/// # Errors
/// Not found, where the link is not one of ours, or is void; `WRONG_STATE` where a place is to be permitted that was
/// given up.
pub async fn answer(
    platform: &Platform,
    secret: &str,
    permission: Option<Permission>,
    wishes: &[Wish],
) -> Result<(Asked, Outcome), Refused> {
    let link = link(platform, secret)?;
    transaction!(platform.store.writer(), async |tx| {
        let asked = find(tx, link).await?;
        let of = registration::Entity::find_by_id((asked.organization_id, asked.registration_id))
            .one(tx)
            .await?;
        let of = of.ok_or_else(|| Refused::not_found("secret"))?;
        offers::share(tx, asked.organization_id, of.event_id).await?;
        if permission == Some(Permission::Refuse) {
            // What may end is locked in everybody's order: the order, then its registrations.
            InHand::take(tx, asked.organization_id, of.order_id).await?;
        }
        let key = (asked.organization_id, asked.registration_id);
        let locked = registration::Entity::find_by_id(key).lock_exclusive().one(tx).await?;
        let locked = locked.filter(|row| row.status != RegistrationStatus::Erased);
        let mut registration = locked.ok_or_else(|| Refused::not_found("secret"))?;
        let waits = registration.status == RegistrationStatus::Pending && registration.pending_guardian;
        let ends = waits && permission == Some(Permission::Refuse);
        match permission {
            Some(Permission::Permit) if registration.status == RegistrationStatus::Cancelled => {
                let message = "This place was given up. The organizer can say whether there is another one.";
                return Err(Refused::because("permission", Code::WrongState, message));
            }
            Some(Permission::Permit) if waits => permit(tx, &mut registration).await?,
            // Nothing is given for a place that ends here.
            Some(Permission::Refuse) if ends => registration.status = RegistrationStatus::Cancelled,
            _ => {}
        }
        let outcome = decide::as_guardian(tx, &registration, wishes).await?;
        leads::rewrite(tx, registration.organization_id, &[registration.id]).await?;
        if let Some(status) = status(permission, wishes) {
            guardians::answered(tx, &asked, status).await?;
        }
        if ends {
            cancel::end_place(tx, registration.organization_id, registration.id, Canceller::Guardian).await?;
        }
        Ok((load(tx, link, tx.now().await?).await?, outcome))
    })
}

/// How the guardian answered as a whole; nothing where nothing was said.
fn status(permission: Option<Permission>, wishes: &[Wish]) -> Option<GuardianRequestStatus> {
    let gives = wishes.iter().any(|wish| wish.decision == Answer::Grant);
    match permission {
        None if wishes.is_empty() => None,
        Some(Permission::Refuse) => Some(GuardianRequestStatus::Refused),
        Some(Permission::Permit) => Some(GuardianRequestStatus::Approved),
        None if gives => Some(GuardianRequestStatus::Approved),
        None => Some(GuardianRequestStatus::Refused),
    }
}

/// The place no longer waits for the guardian; it is confirmed if it waits for nothing else.
async fn permit(tx: &Tx, registration: &mut registration::Model) -> Result<(), Refused> {
    if registration.status != RegistrationStatus::Pending {
        return Ok(());
    }
    let now = tx.now().await?;
    let reasons = PendingReasons {
        payment: registration.pending_payment,
        approval: registration.pending_approval,
        parental_permission: true,
    };
    let after = Registration::Pending { reasons }.resolve(PendingReason::ParentalPermission, now);
    let after = after.map_err(|error| Fault::Corrupt(error.to_string()))?;
    registration.pending_guardian = false;
    registration.status = after.status();
    registration.confirmed_at = matches!(after, Registration::Confirmed { .. }).then_some(now.0);
    registration.revision += 1;
    sql::execute(
        tx,
        "update registration set pending_guardian = $3, status = $4, confirmed_at = $5, revision = $6 \
         where organization_id = $1 and id = $2",
        [
            registration.organization_id.into(),
            registration.id.into(),
            false.into(),
            registration.status.into(),
            registration.confirmed_at.into(),
            registration.revision.into(),
        ],
    )
    .await?;
    Ok(())
}

fn link(platform: &Platform, secret: &str) -> Result<Link, Refused> {
    platform
        .keys
        .open_link(LinkKind::Guardian, secret)
        .ok_or_else(|| Refused::not_found("secret"))
}

async fn find(connection: &impl ConnectionTrait, link: Link) -> Result<guardian_request::Model, Refused> {
    let key = (link.organization, GuardianRequestId(link.id));
    let found = guardian_request::Entity::find_by_id(key).one(connection).await?;
    let live = found.filter(|row| row.generation == link.generation && row.guardian_email.is_some());
    live.ok_or_else(|| Refused::not_found("secret"))
}

async fn load(connection: &impl ConnectionTrait, link: Link, now: Instant) -> Result<Asked, Refused> {
    let request = find(connection, link).await?;
    let key = (request.organization_id, request.registration_id);
    let found = registration::Entity::find_by_id(key).one(connection).await?;
    let found = found.filter(|row| row.status != RegistrationStatus::Erased);
    let registration = found.ok_or_else(|| Refused::not_found("secret"))?;
    let missing = || Fault::Corrupt("a registration without its event".into());
    let event = event::Entity::find_by_id((key.0, registration.event_id))
        .one(connection)
        .await?
        .ok_or_else(missing)?;
    let organization = organization::Entity::find_by_id(key.0)
        .one(connection)
        .await?
        .ok_or_else(missing)?;
    let consents = view::of_registration(connection, &registration, &event, now).await?;
    Ok(Asked {
        request,
        registration,
        event,
        organization,
        consents,
    })
}
