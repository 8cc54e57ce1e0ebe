//! Refusals as GraphQL: expected ones are `userErrors` with a code of the mutation's own enum, the others are errors
//! with a stable `extensions.code` and no words of the inside.

use async_graphql::{Error, ErrorExtensions, Interface};

use crate::platform::{Fault, Problem, Refused};

/// An error with a code that clients can rely on.
#[must_use]
pub fn coded(code: &'static str, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}

/// The code of [`bad_input`].
pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";

/// The argument at fault, where there are no `userErrors` to say it.
#[must_use]
pub fn bad_input(message: impl Into<String>) -> Error {
    coded(BAD_USER_INPUT, message)
}

/// Something that should not have happened: logged here, once; the client learns nothing.
#[must_use]
pub fn internal(fault: &Fault) -> Error {
    tracing::error!(%fault, "a request failed inside");
    coded(
        "INTERNAL_SERVER_ERROR",
        "Something went wrong on our side. It has been noted.",
    )
}

/// For queries: what was refused is absent (`Ok(None)`), a fault is an error.
///
/// # Errors
/// A fault, `UNAUTHENTICATED`, or `AUTHENTICATOR_REQUIRED`.
pub fn absent<T>(outcome: Result<T, Refused>) -> Result<Option<T>, Error> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Refused::Problems(_)) => Ok(None),
        Err(Refused::Unauthenticated) => Err(unauthenticated()),
        Err(Refused::AuthenticatorRequired) => Err(authenticator_required()),
        Err(Refused::Fault(fault)) => Err(internal(&fault)),
    }
}

/// For mutations: the problems to put into `userErrors`.
///
/// # Errors
/// A fault, `UNAUTHENTICATED`, or `AUTHENTICATOR_REQUIRED`.
pub fn problems<E: From<Problem>>(refused: Refused) -> Result<Vec<E>, Error> {
    match refused {
        Refused::Problems(problems) => Ok(problems.into_iter().map(E::from).collect()),
        Refused::Unauthenticated => Err(unauthenticated()),
        Refused::AuthenticatorRequired => Err(authenticator_required()),
        Refused::Fault(fault) => Err(internal(&fault)),
    }
}

/// Says at this field that nothing is there: what a right is asked for is not found, whatever the reason.
pub(in crate::graphql) fn at(field: &str, refused: Refused) -> Refused {
    match refused {
        Refused::Problems(_) => Refused::not_found(field),
        other => other,
    }
}

/// Nobody is signed in.
#[must_use]
pub fn unauthenticated() -> Error {
    coded("UNAUTHENTICATED", "Sign in first.")
}

/// The code of [`authenticator_required`].
pub const AUTHENTICATOR_REQUIRED: &str = "AUTHENTICATOR_REQUIRED";

/// The caller has to protect the account first.
#[must_use]
pub fn authenticator_required() -> Error {
    coded(
        AUTHENTICATOR_REQUIRED,
        "This organization asks everybody in its team for an authenticator. Set one up first: prepareAuthenticator, then \
         confirmAuthenticator.",
    )
}

/// Declares a mutation's error type and its enum of codes, a subset of [`crate::platform::Code`].
///
/// A code that the service gives and the enum lacks is a defect: it is logged and shown as the enum's first code.
#[macro_export]
macro_rules! user_errors {
    ($(#[$meta:meta])* $error:ident, $codes:ident { $($(#[$code_meta:meta])* $code:ident),+ $(,)? }) => {
        #[doc = concat!("Why it was refused, in words of `", stringify!($error), "`.")]
        #[derive(async_graphql::Enum, Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $codes {$($(#[$code_meta])* $code),+}

        $(#[$meta])*
        #[derive(async_graphql::SimpleObject, Clone, Debug)]
        pub struct $error {
            /// The input field's path, outermost first; absent when it is about the whole.
            pub field: Option<Vec<String>>,
            /// What is wrong and the way out.
            pub message: String,
            /// The reason, for programs.
            pub code: $codes,
        }

        impl From<$crate::platform::Problem> for $error {
            fn from(problem: $crate::platform::Problem) -> Self {
                let code = match problem.code {
                    $($crate::platform::Code::$code => $codes::$code,)+
                    #[allow(unreachable_patterns, reason = "an enum may list every code")]
                    other => {
                        tracing::error!(?other, mutation = stringify!($error), "a code that the schema does not list");
                        debug_assert!(false, "{} lacks {other:?}", stringify!($codes));
                        [$($codes::$code),+][0]
                    }
                };
                Self { field: (!problem.field.is_empty()).then_some(problem.field), message: problem.message, code }
            }
        }
    };
}

/// Every mutation's errors have these.
#[derive(Interface, Clone)]
#[graphql(
    field(name = "field", ty = "&Option<Vec<String>>", desc = "The input field's path, outermost first."),
    field(name = "message", ty = "&String", desc = "What is wrong and the way out.")
)]
pub enum UserError {
    /// Of `createEvent`.
    CreateEvent(super::organizer::CreateEventUserError),
    /// Of `copyEvent`.
    CopyEvent(super::organizer::CopyEventUserError),
    /// Of `updateEvent`.
    UpdateEvent(super::organizer::UpdateEventUserError),
    /// Of `publishEvent`.
    PublishEvent(super::organizer::PublishEventUserError),
    /// Of `cancelEvent`.
    CancelEvent(super::organizer::CancelEventUserError),
    /// Of `closeEvent`.
    CloseEvent(super::organizer::CloseEventUserError),
    /// Of `archiveEvent`.
    ArchiveEvent(super::organizer::ArchiveEventUserError),
    /// Of `createTicketType`.
    CreateTicketType(super::organizer::CreateTicketTypeUserError),
    /// Of `updateTicketType`.
    UpdateTicketType(super::organizer::UpdateTicketTypeUserError),
    /// Of `archiveTicketType`.
    ArchiveTicketType(super::organizer::ArchiveTicketTypeUserError),
    /// Of `createQuota`.
    CreateQuota(super::organizer::CreateQuotaUserError),
    /// Of `updateQuota`.
    UpdateQuota(super::organizer::UpdateQuotaUserError),
    /// Of `createQuestion`.
    CreateQuestion(super::organizer::CreateQuestionUserError),
    /// Of `updateQuestion`.
    UpdateQuestion(super::organizer::UpdateQuestionUserError),
    /// Of `archiveQuestion`.
    ArchiveQuestion(super::organizer::ArchiveQuestionUserError),
    /// Of `moveQuestion`.
    MoveQuestion(super::organizer::MoveQuestionUserError),
    /// Of `moveTicketType`.
    MoveTicketType(super::organizer::MoveTicketTypeUserError),
    /// Of `createLegalDocument`.
    CreateLegalDocument(super::organizer::CreateLegalDocumentUserError),
    /// Of `createEventSession`.
    CreateEventSession(super::organizer::CreateEventSessionUserError),
    /// Of `updateEventSession`.
    UpdateEventSession(super::organizer::UpdateEventSessionUserError),
    /// Of `removeEventSession`.
    RemoveEventSession(super::organizer::RemoveEventSessionUserError),
    /// Of `createSpeaker`.
    CreateSpeaker(super::organizer::CreateSpeakerUserError),
    /// Of `updateSpeaker`.
    UpdateSpeaker(super::organizer::UpdateSpeakerUserError),
    /// Of `removeSpeaker`.
    RemoveSpeaker(super::organizer::RemoveSpeakerUserError),
    /// Of `register`.
    Register(super::public::RegisterUserError),
    /// Of `checkIn`.
    CheckIn(super::organizer::CheckInUserError),
    /// Of `cancelOrder`.
    CancelOrder(super::organizer::CancelOrderUserError),
    /// Of `cancelRegistrationAsStaff`.
    CancelRegistrationAsStaff(super::organizer::CancelRegistrationAsStaffUserError),
    /// Of `restrictPerson`.
    RestrictPerson(super::organizer::RestrictPersonUserError),
    /// Of `liftRestriction`.
    LiftRestriction(super::organizer::LiftRestrictionUserError),
    /// Of `quarantineRegistration`.
    QuarantineRegistration(super::organizer::QuarantineRegistrationUserError),
    /// Of `liftQuarantine`.
    LiftQuarantine(super::organizer::LiftQuarantineUserError),
    /// Of `exportPersonData`.
    ExportPersonData(super::organizer::ExportPersonDataUserError),
    /// Of `erasePerson`.
    ErasePerson(super::organizer::ErasePersonUserError),
    /// Of `exportRoster`.
    ExportRoster(super::organizer::ExportRosterUserError),
    /// Of `saveRosterView`.
    SaveRosterView(super::organizer::SaveRosterViewUserError),
    /// Of `removeRosterView`.
    RemoveRosterView(super::organizer::RemoveRosterViewUserError),
    /// Of `inviteTeamMember`.
    InviteTeamMember(super::organizer::InviteTeamMemberUserError),
    /// Of `updateTeamMember`.
    UpdateTeamMember(super::organizer::UpdateTeamMemberUserError),
    /// Of `removeTeamMember`.
    RemoveTeamMember(super::organizer::RemoveTeamMemberUserError),
    /// Of `resendMail`.
    ResendMail(super::organizer::ResendMailUserError),
    /// Of `updateOrganization`.
    UpdateOrganization(super::organizer::UpdateOrganizationUserError),
    /// Of `addPicture`.
    AddPicture(super::organizer::AddPictureUserError),
    /// Of `joinWebinar`.
    JoinWebinar(super::public::JoinWebinarUserError),
    /// Of `undoCheckIn`.
    UndoCheckIn(super::organizer::UndoCheckInUserError),
    /// Of `invitePartnerMember`.
    InvitePartnerMember(super::organizer::InvitePartnerMemberUserError),
    /// Of `updatePartnerMember`.
    UpdatePartnerMember(super::organizer::UpdatePartnerMemberUserError),
    /// Of `removePartnerMember`.
    RemovePartnerMember(super::organizer::RemovePartnerMemberUserError),
    /// Of `createPartner`.
    CreatePartner(super::organizer::CreatePartnerUserError),
    /// Of `updatePartner`.
    UpdatePartner(super::organizer::UpdatePartnerUserError),
    /// Of `addEventPartner`.
    AddEventPartner(super::organizer::AddEventPartnerUserError),
    /// Of `updateEventPartner`.
    UpdateEventPartner(super::organizer::UpdateEventPartnerUserError),
    /// Of `requestOffer`.
    RequestOffer(super::organizer::RequestOfferUserError),
    /// Of `reviseOffer`.
    ReviseOffer(super::organizer::ReviseOfferUserError),
    /// Of `approveOffer`.
    ApproveOffer(super::organizer::ApproveOfferUserError),
    /// Of `rejectOffer`.
    RejectOffer(super::organizer::RejectOfferUserError),
    /// Of `withdrawOffer`.
    WithdrawOffer(super::organizer::WithdrawOfferUserError),
    /// Of `setConsents`.
    SetConsents(super::attendee::SetConsentsUserError),
    /// Of `withdrawConsent`.
    WithdrawConsent(super::attendee::WithdrawConsentUserError),
    /// Of `withdrawAllConsents`.
    WithdrawAllConsents(super::attendee::WithdrawAllConsentsUserError),
    /// Of `cancelRegistration`.
    CancelRegistration(super::attendee::CancelRegistrationUserError),
    /// Of `updateRegistration`.
    UpdateRegistration(super::attendee::UpdateRegistrationUserError),
    /// Of `correctRegistration`.
    CorrectRegistration(super::organizer::CorrectRegistrationUserError),
    /// Of `confirmAddressChange`.
    ConfirmAddressChange(super::public::ConfirmAddressChangeUserError),
    /// Of `exportMyData`.
    ExportMyData(super::attendee::ExportMyDataUserError),
    /// Of `fileComplaint`.
    FileComplaint(super::attendee::FileComplaintUserError),
    /// Of `answerComplaint`.
    AnswerComplaint(super::organizer::AnswerComplaintUserError),
    /// Of `requestErasure`.
    RequestErasure(super::attendee::RequestErasureUserError),
    /// Of `decideAsGuardian`.
    DecideAsGuardian(super::attendee::DecideAsGuardianUserError),
    /// Of `confirmEmail`.
    ConfirmEmail(super::public::ConfirmEmailUserError),
    /// Of `decideAfterOrdering`.
    DecideAfterOrdering(super::public::DecideAfterOrderingUserError),
    /// Of `requestSignInLink`.
    RequestSignInLink(super::public::RequestSignInLinkUserError),
    /// Of `redeemSignInLink`.
    RedeemSignInLink(super::public::RedeemSignInLinkUserError),
    /// Of `redeemDoorDevice`.
    RedeemDoorDevice(super::public::RedeemDoorDeviceUserError),
    /// Of `addDoorDevice`.
    AddDoorDevice(super::organizer::AddDoorDeviceUserError),
    /// Of `renewDoorDeviceLink`.
    RenewDoorDeviceLink(super::organizer::RenewDoorDeviceLinkUserError),
    /// Of `removeDoorDevice`.
    RemoveDoorDevice(super::organizer::RemoveDoorDeviceUserError),
    /// Of `refreshSession`.
    RefreshSession(super::public::RefreshSessionUserError),
    /// Of `signInWithPassword`.
    SignInWithPassword(super::public::SignInWithPasswordUserError),
    /// Of `prepareAuthenticator`.
    PrepareAuthenticator(super::attendee::PrepareAuthenticatorUserError),
    /// Of `confirmAuthenticator`.
    ConfirmAuthenticator(super::attendee::ConfirmAuthenticatorUserError),
    /// Of `setPassword`.
    SetPassword(super::attendee::SetPasswordUserError),
    /// Of `renewRecoveryCodes`.
    RenewRecoveryCodes(super::attendee::RenewRecoveryCodesUserError),
    /// Of `removeAuthenticator`.
    RemoveAuthenticator(super::attendee::RemoveAuthenticatorUserError),
    /// Of `signOut`.
    SignOut(super::public::SignOutUserError),
    /// Of `issuePartnerToken`.
    IssuePartnerToken(super::organizer::IssuePartnerTokenUserError),
    /// Of `revokePartnerToken`.
    RevokePartnerToken(super::organizer::RevokePartnerTokenUserError),
    /// Of `claimPartnerToken`.
    ClaimPartnerToken(super::partner::ClaimPartnerTokenUserError),
    /// Of `draftOffer`.
    DraftOffer(super::partner::DraftOfferUserError),
    /// Of `discardOfferDraft`.
    DiscardOfferDraft(super::partner::DiscardOfferDraftUserError),
    /// Of `askForApproval`.
    AskForApproval(super::partner::AskForApprovalUserError),
    /// Of `takeBackOffer`.
    TakeBackOffer(super::partner::TakeBackOfferUserError),
    /// Of `issueOwnToken`.
    IssueOwnToken(super::partner::IssueOwnTokenUserError),
    /// Of `revokeOwnToken`.
    RevokeOwnToken(super::partner::RevokeOwnTokenUserError),
    /// Of `startPayment`.
    StartPayment(super::public::StartPaymentUserError),
    /// Of `markOrderPaid`.
    MarkOrderPaid(super::organizer::MarkOrderPaidUserError),
    /// Of `settleRefund`.
    SettleRefund(super::organizer::SettleRefundUserError),
    /// Of `setProviderAccount`.
    SetProviderAccount(super::organizer::SetProviderAccountUserError),
}
