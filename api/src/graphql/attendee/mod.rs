//! What a signed-in person sees and does.

mod account;
mod cancel_registration;
mod complaint;
mod consent;
mod consents;
mod disclosure;
mod export_my_data;
mod guardian;
pub(in crate::graphql) mod node;
mod person;
mod protection;
mod registration;
mod request_erasure;
mod set_consents;
mod update_registration;
mod withdraw_consent;

pub use account::Account;
pub use cancel_registration::CancelRegistrationUserError;
pub use complaint::{Complaint, FileComplaintUserError};
pub use consent::{Consent, ConsentState, Decider};
pub use consents::RegistrationConsents;
pub use disclosure::{Disclosure, DisclosureConnection, DisclosureRecipient, StaffExport};
pub(in crate::graphql) use export_my_data::shown as my_data;
pub use export_my_data::{ExportMyDataUserError, MyData};
pub use guardian::{DecideAsGuardianUserError, GuardianRequest};
pub use person::{Person, RegistrationConnection};
pub use protection::{
    AccountProtection, ConfirmAuthenticatorUserError, PrepareAuthenticatorUserError, RemoveAuthenticatorUserError,
    RenewRecoveryCodesUserError, SetPasswordUserError,
};
pub use registration::{PendingReason, Registration};
pub use request_erasure::RequestErasureUserError;
pub use set_consents::SetConsentsUserError;
pub use update_registration::UpdateRegistrationUserError;
pub use withdraw_consent::{WithdrawAllConsentsUserError, WithdrawConsentUserError};

use async_graphql::MergedObject;

/// Queries of a signed-in person, and of a guardian.
#[derive(MergedObject, Default)]
pub struct AttendeeQuery(account::AccountQuery, guardian::GuardianQuery);

/// Mutations of a signed-in person, and of a guardian.
#[derive(MergedObject, Default)]
pub struct AttendeeMutation(
    set_consents::SetConsents,
    withdraw_consent::WithdrawConsents,
    guardian::DecideAsGuardian,
    cancel_registration::CancelRegistration,
    update_registration::UpdateRegistration,
    export_my_data::ExportMyData,
    request_erasure::RequestErasure,
    complaint::FileComplaint,
    protection::PrepareAuthenticator,
    protection::ConfirmAuthenticator,
    protection::SetPassword,
    protection::RenewRecoveryCodes,
    protection::RemoveAuthenticator,
);
