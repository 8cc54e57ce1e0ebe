//! What anyone may see and do.

mod address;
mod answer;
mod confirm_address_change;
mod confirm_email;
mod consent_input;
mod document;
mod door;
mod event;
mod events;
mod join;
mod localized;
pub(in crate::graphql) mod node;
mod order;
mod organization;
mod partner;
mod payment;
mod picture;
mod question;
mod session;
mod sign_in;
mod speaker;
mod ticket_type;

pub use address::{AddressInput, PostalAddress};
pub use answer::Answer;
pub use confirm_address_change::ConfirmAddressChangeUserError;
pub use confirm_email::{ConfirmEmailUserError, EmailConfirmation, RegistrationStatus, RegistrationSummary};
pub use consent_input::{
    ConsentDecision, ConsentInput, ConsentIssue, ConsentIssueReason, GuardianInput, OfferedFieldInput,
};
pub use document::{DocumentKind, LegalDocument};
pub use door::RedeemDoorDeviceUserError;
pub use event::{Event, EventKind, EventStatus, Venue};
pub use join::JoinWebinarUserError;
pub use localized::{LocalizedText, LocalizedTextInput, localized};
pub(in crate::graphql) use order::quoted;
pub use order::{
    AnswerInput, DecideAfterOrderingUserError, Order, OrderLine, OrderStatus, OrderedPlace, Payment, PaymentMethod,
    PaymentStatus, PlaceStatus, Quote, QuoteItemInput, RefundDueReason, RegisterUserError,
};
pub use organization::Organization;
pub use partner::{EventPartner, OfferedField, PrivacyNotice, SharingOffer};
pub use payment::{BankTransferInstructions, StartPaymentUserError};
pub(in crate::graphql) use picture::picture_id;
pub use picture::{FoundPicture, Picture, open_picture};
pub use question::{Choice, Question, QuestionKind};
pub use session::{EventSession, EventSessionConnection};
pub(in crate::graphql) use session::{find_session, sessions};
pub use sign_in::{
    RedeemSignInLinkUserError, RefreshSessionUserError, RequestSignInLinkUserError, Session, SessionKind,
    SignInWithPasswordUserError, SignOutUserError,
};
pub use speaker::Speaker;
pub(in crate::graphql) use speaker::{find_speaker, speakers};
pub use ticket_type::{Availability, TicketType};

/// In which colours everybody can read.
pub use consentry_domain::accent;

use async_graphql::{Context, MergedObject, Object, Result};

use crate::graphql::{errors, platform};
use crate::services::events::{self as event_service, Audience};

/// Queries of anyone.
#[derive(MergedObject, Default)]
pub struct PublicQuery(
    EventQuery,
    events::EventsQuery,
    confirm_email::EmailConfirmationQuery,
    order::OrderQuery,
    order::AfterOrderingQuery,
    order::QuoteQuery,
    join::JoinQuery,
    door::DoorQuery,
);

/// The query `event`.
#[derive(Default)]
struct EventQuery;

#[Object]
impl EventQuery {
    /// A published event, by its organization's and its own slug.
    async fn event(&self, ctx: &Context<'_>, organization: String, slug: String) -> Result<Option<Event>> {
        let found = event_service::by_slug(&platform(ctx).store, Audience::Public, &organization, &slug)
            .await
            .map_err(|error| errors::internal(&error.into()))?;
        found
            .map(|(organization, event)| Event::new(event, organization))
            .transpose()
            .map_err(|fault| errors::internal(&fault))
    }
}

/// Mutations of anyone.
#[derive(MergedObject, Default)]
pub struct PublicMutation(
    order::Register,
    order::DecideAfterOrdering,
    confirm_email::ConfirmEmail,
    confirm_address_change::ConfirmAddressChange,
    payment::StartPayment,
    join::JoinWebinar,
    door::RedeemDoorDevice,
    sign_in::RequestSignInLink,
    sign_in::RedeemSignInLink,
    sign_in::SignInWithPassword,
    sign_in::RefreshSession,
    sign_in::SignOut,
);
