//! One type per kind of mail: the facts that its text needs, stored as JSON in the mail's row.
//!
//! A message holds no secret (see [`Link`]) and no personal data that its text does not say.

use consentry_domain::MailKind;
use serde::{Deserialize, Serialize};

use super::facts::{
    AddressNews, AddressState, CalendarFacts, Cancelled, CancelledBy, ConsentChange, Controller, EventFacts, Invited,
    Moment, OfferDecision, PartnerAsk, Place, Refund, Standing, Transfer,
};
use super::line::{Line, Lines, PersonName};
use super::links::Link;

/// Confirms an order to its buyer; its link proves the mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// Who is responsible.
    pub controller: Controller,
    /// What for.
    pub event: EventFacts,
    /// Who reads it.
    pub recipient: PersonName,
    /// The order's code.
    pub order_code: Line,
    /// What the order costs, formatted; none where it is free.
    pub total: Option<Line>,
    /// Whether the places are theirs already.
    pub standing: Standing,
    /// Every place of the order.
    pub places: Vec<Place>,
    /// Proves the mailbox; none where it is proved or where the buyer has no place of their own.
    pub confirm: Option<Link>,
    /// Whether partners ask for something that the reader has neither wished to give nor refused: said here, and in no
    /// other mail.
    #[serde(default)]
    pub undecided: bool,
    /// The order's or registration's page.
    pub manage: Link,
    /// The webinar's room, for this reader alone.
    pub join: Option<Link>,
    /// The code of an earlier order with the same address at the same event.
    pub earlier_order: Option<Line>,
    /// For the calendar file; none where the reader attends nothing.
    pub calendar: Option<CalendarFacts>,
}

/// Tells somebody that another person registered them, and that what partners get is theirs to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecideForYourself {
    /// Who is responsible.
    pub controller: Controller,
    /// What for.
    pub event: EventFacts,
    /// Who reads it.
    pub recipient: PersonName,
    /// Who registered them, as the buyer typed it.
    pub buyer: PersonName,
    /// Whether the place is theirs already.
    pub standing: Standing,
    /// Their place.
    pub place: Place,
    /// Proves the mailbox and leads to the decisions.
    pub confirm: Link,
    /// The webinar's room, for this reader alone.
    pub join: Option<Link>,
    /// For the calendar file.
    pub calendar: Option<CalendarFacts>,
    /// What partners ask for at this event.
    pub partners: Vec<PartnerAsk>,
}

/// How to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentInstructions {
    /// Who is responsible.
    pub controller: Controller,
    /// What for.
    pub event: EventFacts,
    /// Who reads it.
    pub recipient: PersonName,
    /// The order's code.
    pub order_code: Line,
    /// How much, formatted.
    pub amount: Line,
    /// Until when.
    pub due: Moment,
    /// Where to, when by bank transfer; otherwise the order's page offers the ways to pay.
    pub transfer: Option<Transfer>,
    /// The order's page, where it is paid.
    pub order: Link,
}

/// Reminds of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentReminder {
    /// Who is responsible.
    pub controller: Controller,
    /// What for.
    pub event: EventFacts,
    /// Who reads it.
    pub recipient: PersonName,
    /// The order's code.
    pub order_code: Line,
    /// How much, formatted.
    pub amount: Line,
    /// Until when.
    pub due: Moment,
    /// Where to, when by bank transfer.
    pub transfer: Option<Transfer>,
    /// The order's page, where it is paid.
    pub order: Link,
}

/// Tells that something was cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// Who is responsible.
    pub controller: Controller,
    /// What for.
    pub event: EventFacts,
    /// Who reads it.
    pub recipient: PersonName,
    /// The order's code.
    pub order_code: Line,
    /// What was cancelled.
    pub what: Cancelled,
    /// By whom.
    pub by: CancelledBy,
    /// What becomes of the money.
    pub refund: Refund,
    /// For the calendar file that takes the entry away.
    pub calendar: Option<CalendarFacts>,
    /// For one that takes away the entry of the event's page, where the event itself is off.
    pub public_calendar: Option<CalendarFacts>,
}

/// Tells what changed in one's consents, partner by partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentChanged {
    /// Who is responsible.
    pub controller: Controller,
    /// What for.
    pub event: EventFacts,
    /// Who reads it.
    pub recipient: PersonName,
    /// What changed.
    pub changes: Vec<ConsentChange>,
    /// The page where it can be changed again.
    pub manage: Link,
}

/// A link to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInLink {
    /// Who is responsible.
    pub controller: Controller,
    /// The link, which works once.
    pub link: Link,
    /// Until when it works.
    pub expires: Moment,
    /// What its reader is invited to; none where they asked for the link themselves.
    pub invited: Option<Invited>,
}

/// Asks a guardian whether a child may attend and what partners may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardianRequest {
    /// Who is responsible.
    pub controller: Controller,
    /// What for.
    pub event: EventFacts,
    /// Who reads it.
    pub guardian: PersonName,
    /// Whom it is about.
    pub child: PersonName,
    /// Whether the place waits for the answer: [`Standing::AwaitsGuardian`] where it does.
    pub standing: Standing,
    /// What the child would share if the guardian permits.
    pub partners: Vec<PartnerAsk>,
    /// The page where the guardian decides.
    pub decide: Link,
}

/// Gives a partner's contact the link by which the partner fetches its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenClaim {
    /// Who issued it.
    pub controller: Controller,
    /// The partner's name.
    pub partner: Line,
    /// The token's name.
    pub token_name: Line,
    /// The titles of the events that it covers.
    pub events: Vec<Line>,
    /// The link, which works once.
    pub claim: Link,
    /// Until when the token works.
    pub expires: Moment,
}

/// Proves a changed address; sent to the new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressChange {
    /// Who is responsible.
    pub controller: Controller,
    /// What for.
    pub event: EventFacts,
    /// Who reads it.
    pub recipient: PersonName,
    /// What holds until it is proved.
    pub state: AddressState,
    /// Proves the address.
    pub confirm: Link,
}

/// Tells the address that was in force that another one is named, so that nobody loses a place without learning of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressNotice {
    /// Who is responsible.
    pub controller: Controller,
    /// What for.
    pub event: EventFacts,
    /// Who reads it.
    pub recipient: PersonName,
    /// What happened.
    pub news: AddressNews,
    /// The other address, so far that its owner recognises it.
    pub masked: Line,
}

/// A test by an operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    /// Who sent it.
    pub controller: Controller,
    /// The public address of the installation.
    pub installation: Line,
}

/// Tells somebody that their data is erased; the last mail that they get, unless a complaint of theirs is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Who had it.
    pub controller: Controller,
    /// Whether a complaint is still to be answered.
    #[serde(default)]
    pub complaint_is_open: bool,
}

/// Acknowledges a complaint to whoever made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintReceived {
    /// Who is responsible.
    pub controller: Controller,
    /// Who had received something, where the complaint is about that.
    pub about: Option<Line>,
    /// By when it is answered.
    pub due: Moment,
    /// One's complaints.
    pub page: Link,
}

/// Answers a complaint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintAnswered {
    /// Who is responsible.
    pub controller: Controller,
    /// Who had received something, where the complaint is about that.
    pub about: Option<Line>,
    /// When it was made.
    pub filed: Moment,
    /// The answer.
    pub answer: Lines,
    /// One's complaints; none for somebody who is erased.
    pub page: Option<Link>,
}

/// Tells those who answer for data protection that there is a complaint: not whose, and not of what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintFiled {
    /// Who is responsible.
    pub controller: Controller,
    /// By when it is to be answered.
    pub due: Moment,
    /// The page where it is answered.
    pub page: Link,
}

/// What was changed in how somebody signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInChange {
    /// Codes of an authenticator are asked for from now on.
    AuthenticatorSet,
    /// They are not asked for any more, and a password is gone with them.
    AuthenticatorRemoved,
    /// A password was set.
    PasswordSet,
    /// A password was removed.
    PasswordRemoved,
    /// There are new recovery codes, and the earlier ones work no more.
    CodesRenewed,
    /// A recovery code was used.
    CodeUsed {
        /// How many are left.
        left: usize,
    },
}

/// Tells that the way in which somebody signs in was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInChanged {
    /// Who is responsible.
    pub controller: Controller,
    /// What was changed.
    pub what: SignInChange,
    /// When.
    pub at: Moment,
    /// The page where it can be looked at and changed again.
    pub page: Link,
}

impl SignInChanged {
    /// Whether nothing was changed: a recovery code was used.
    #[must_use]
    pub fn is_use(&self) -> bool {
        matches!(self.what, SignInChange::CodeUsed { .. })
    }

    /// Whether every other session of the account ended with it.
    #[must_use]
    pub fn ends_sessions(&self) -> bool {
        !matches!(self.what, SignInChange::CodeUsed { .. } | SignInChange::CodesRenewed)
    }
}

/// Tells those who decide what partners may ask that one asks for approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferRequested {
    /// Who decides.
    pub controller: Controller,
    /// The event's title.
    pub event: Line,
    /// What is asked for.
    pub ask: PartnerAsk,
    /// The page where it is decided, beside what is in force.
    pub page: Link,
}

/// Tells a partner's administrators what the organizer decided about what they ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferDecided {
    /// Who decided.
    pub controller: Controller,
    /// The event's title.
    pub event: Line,
    /// What was asked for.
    pub ask: PartnerAsk,
    /// How it was decided.
    pub decision: OfferDecision,
    /// What the organizer remarked on it.
    pub remark: Option<Lines>,
    /// The page of what the partner asks for.
    pub page: Link,
}

/// Declares the enum of all messages from the kinds of the vocabulary.
macro_rules! messages {
    ($($kind:ident),* $(,)?) => {
        /// What a mail says.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is described at its type")]
        pub enum Message { $($kind($kind)),* }

        $(impl From<$kind> for Message {
            fn from(message: $kind) -> Self {
                Self::$kind(message)
            }
        })*

        impl Message {
            /// Its kind.
            #[must_use]
            pub const fn kind(&self) -> MailKind {
                match self { $(Self::$kind(_) => MailKind::$kind),* }
            }

            /// The text that is stored.
            ///
            /// # Errors
            /// Where a fact cannot be written as JSON.
            pub fn to_data(&self) -> Result<String, serde_json::Error> {
                match self { $(Self::$kind(message) => serde_json::to_string(message)),* }
            }

            /// Reads what [`Message::to_data`] wrote.
            ///
            /// # Errors
            /// Where the text is not that of this kind, for example because it was erased.
            pub fn from_data(kind: MailKind, data: &str) -> Result<Self, serde_json::Error> {
                match kind { $(MailKind::$kind => serde_json::from_str(data).map(Self::$kind)),* }
            }

            /// Who is responsible.
            #[must_use]
            pub const fn controller(&self) -> &Controller {
                match self { $(Self::$kind(message) => &message.controller),* }
            }
        }
    };
}

messages! {
    Confirmation, PaymentInstructions, PaymentReminder, Cancellation, ConsentChanged, SignInLink, GuardianRequest,
    DecideForYourself, TokenClaim, AddressChange, AddressNotice, Test, Erasure, ComplaintReceived, ComplaintAnswered,
    ComplaintFiled, SignInChanged, OfferRequested, OfferDecided,
}
