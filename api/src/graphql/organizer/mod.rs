//! What staff see and do.

mod add_picture;
mod audit;
mod check_in;
mod complaints;
mod copy_event;
mod correct_registration;
mod create_event;
mod door_devices;
mod event;
mod mails;
mod managed;
mod mark_order_paid;
pub(in crate::graphql) mod node;
mod orders;
mod partners;
mod protection;
mod provider_account;
mod roster;
mod settle_refund;
mod statistics;
mod team;
mod tokens;
mod update_organization;

pub use add_picture::AddPictureUserError;
pub use check_in::{CheckInUserError, UndoCheckInUserError};
pub use complaints::AnswerComplaintUserError;
pub use copy_event::CopyEventUserError;
pub use correct_registration::CorrectRegistrationUserError;
pub use create_event::CreateEventUserError;
pub use door_devices::{AddDoorDeviceUserError, RemoveDoorDeviceUserError, RenewDoorDeviceLinkUserError};
pub use event::{
    ArchiveEventUserError, ArchiveQuestionUserError, ArchiveTicketTypeUserError, CancelEventUserError,
    CloseEventUserError, CreateEventSessionUserError, CreateLegalDocumentUserError, CreateQuestionUserError,
    CreateQuotaUserError, CreateSpeakerUserError, CreateTicketTypeUserError, ManagedQuestion, ManagedTicketType,
    MoveQuestionUserError, MoveTicketTypeUserError, PublishEventUserError, PublishProblem, Quota,
    RemoveEventSessionUserError, RemoveSpeakerUserError, UpdateEventSessionUserError, UpdateEventUserError,
    UpdateQuestionUserError, UpdateQuotaUserError, UpdateSpeakerUserError, UpdateTicketTypeUserError,
};
pub use mails::{Mail, ResendMailUserError};
pub use managed::{ManagedEvent, ManagedOrganization};
pub use mark_order_paid::MarkOrderPaidUserError;
pub use orders::{CancelOrderUserError, CancelRegistrationAsStaffUserError, ManagedOrder};
pub use partners::{
    AddEventPartnerUserError, ApproveOfferUserError, CreatePartnerUserError, InvitePartnerMemberUserError,
    ManagedEventPartner, ManagedOffer, Partner, RejectOfferUserError, RemovePartnerMemberUserError,
    RequestOfferUserError, ReviseOfferUserError, UpdateEventPartnerUserError, UpdatePartnerMemberUserError,
    UpdatePartnerUserError, WithdrawOfferUserError,
};
pub use protection::{
    ErasePersonUserError, ExportPersonDataUserError, LiftQuarantineUserError, LiftRestrictionUserError,
    QuarantineRegistrationUserError, RestrictPersonUserError,
};
pub use provider_account::{ProviderAccount, SetProviderAccountUserError};
pub use roster::{
    CheckIn, ExportRosterUserError, Lines, RemoveRosterViewUserError, RosterEntry, RosterExport,
    SaveRosterViewUserError, open_export, words_fit,
};
pub use settle_refund::SettleRefundUserError;
pub use team::{InviteTeamMemberUserError, RemoveTeamMemberUserError, TeamMember, UpdateTeamMemberUserError};
pub use tokens::{IssuePartnerTokenUserError, RevokePartnerTokenUserError};
pub use update_organization::UpdateOrganizationUserError;

use async_graphql::{Context, MergedObject, Object, Result};

use crate::graphql::{caller, errors, platform};
use crate::services::organizations;

/// Queries of staff.
#[derive(Default)]
pub struct OrganizerQuery;

#[Object]
impl OrganizerQuery {
    /// The organization's own side, for its team members.
    async fn organization(&self, ctx: &Context<'_>, slug: String) -> Result<Option<ManagedOrganization>> {
        let platform = platform(ctx);
        // Before anything is looked up: who is not signed in learns nothing about which slugs there are.
        caller(ctx).signed_in().ok_or_else(errors::unauthenticated)?;
        let Some(row) = organizations::by_slug(&platform.store, &slug)
            .await
            .map_err(|error| errors::internal(&error.into()))?
        else {
            return Ok(None);
        };
        errors::absent(ManagedOrganization::open(platform, caller(ctx), row).await)
    }

    /// Where the device that asks lets people in; absent for everybody else.
    async fn door(&self, ctx: &Context<'_>) -> Result<Option<check_in::Door>> {
        check_in::door(ctx).await
    }
}

/// Mutations of staff.
#[derive(MergedObject, Default)]
pub struct OrganizerMutation(
    create_event::CreateEvent,
    copy_event::CopyEvent,
    event::EventMutation,
    partners::PartnerMutation,
    provider_account::SetProviderAccount,
    mark_order_paid::MarkOrderPaid,
    settle_refund::SettleRefund,
    tokens::PartnerTokens,
    check_in::CheckInMutation,
    door_devices::DoorDeviceMutation,
    orders::OrderMutation,
    correct_registration::CorrectRegistration,
    protection::ProtectionMutation,
    roster::ExportRoster,
    roster::RosterViewMutation,
    team::TeamMutation,
    mails::ResendMail,
    update_organization::UpdateOrganization,
    add_picture::AddPicture,
    complaints::AnswerComplaint,
);
