//! The closed sets of words: one enum each, with the text that is stored and sent.

/// Declares a closed set whose members are stored as texts.
macro_rules! vocabulary {
    ($($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),* $(,)? })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "sea-orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum), sea_orm(rs_type = "String", db_type = "Text"))]
        pub enum $name {$(
            $(#[$vmeta])*
            #[serde(rename = $text)]
            #[cfg_attr(feature = "sea-orm", sea_orm(string_value = $text))]
            $variant,
        )*}

        impl $name {
            /// Every member, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stored text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {$(Self::$variant => $text),*}
            }

            /// The member of this text, if there is one.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.as_str() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}

vocabulary! {
    /// What kind of event it is.
    EventKind { /// At a venue.
        Conference = "CONFERENCE", /// Online.
        Webinar = "WEBINAR" }
    /// Where an event stands.
    EventStatus { /// Being prepared; only staff see it.
        Draft = "DRAFT", /// Visible; sells within its sale windows.
        Published = "PUBLISHED", /// Called off.
        Cancelled = "CANCELLED", /// Sells nothing more.
        Closed = "CLOSED", /// Kept for the records.
        Archived = "ARCHIVED" }
    /// Where an order stands.
    OrderStatus { /// Waiting for payment or a decision.
        Pending = "PENDING", /// Its time is over; the provider is being told.
        Expiring = "EXPIRING", /// Paid or free.
        Paid = "PAID", /// Its places are free again.
        Expired = "EXPIRED", /// Cancelled by somebody.
        Cancelled = "CANCELLED" }
    /// Where a registration stands.
    RegistrationStatus { /// Waiting for payment, approval or a parent.
        Pending = "PENDING", /// The place is theirs.
        Confirmed = "CONFIRMED", /// The place is free again.
        Cancelled = "CANCELLED", /// Emptied of personal data.
        Erased = "ERASED" }
    /// Where a payment stands.
    PaymentStatus { /// Begun; nothing known of it yet.
        Created = "CREATED", /// The provider works on it: never pay again meanwhile.
        Processing = "PROCESSING", /// The money is there.
        Confirmed = "CONFIRMED", /// It did not work.
        Failed = "FAILED", /// Given up.
        Cancelled = "CANCELLED" }
    /// How a payment is made.
    PaymentMethod { /// A page of Stripe's.
        StripeCheckout = "STRIPE_CHECKOUT", /// A transfer that staff book by hand.
        BankTransfer = "BANK_TRANSFER" }
    /// Why a confirmed payment is to be given back.
    RefundDueReason { /// The order was paid already.
        SecondPayment = "SECOND_PAYMENT", /// The place was gone.
        PaidAfterExpiry = "PAID_AFTER_EXPIRY", /// It is not what was asked for.
        WrongAmount = "WRONG_AMOUNT" }
    /// Whether a ticket type can be bought now; computed, not stored.
    Availability { /// Yes.
        Available = "AVAILABLE", /// Yes, but not for long.
        FewLeft = "FEW_LEFT", /// All places are taken.
        SoldOut = "SOLD_OUT", /// Its time has not come.
        NotYetOnSale = "NOT_YET_ON_SALE", /// Its time is over.
        SaleEnded = "SALE_ENDED" }
    /// Whether everybody finds a ticket type.
    Visibility { /// In the public list.
        Public = "PUBLIC", /// Only by its id.
        Hidden = "HIDDEN" }
    /// What kind of answer a question wants.
    QuestionKind { /// One line.
        Text = "TEXT", /// Several lines.
        LongText = "LONG_TEXT", /// A decimal number.
        Number = "NUMBER", /// One of its choices.
        Choice = "CHOICE", /// Any of its choices.
        MultipleChoice = "MULTIPLE_CHOICE", /// Yes or no.
        YesNo = "YES_NO", /// A day.
        Date = "DATE", /// ISO 3166-1 alpha-2.
        Country = "COUNTRY", /// E.164, leniently.
        Phone = "PHONE", /// http or https.
        Url = "URL" }
    /// How delicate an answer is; only an ordinary one can be shareable.
    Sensitivity { /// Nothing special.
        Ordinary = "ORDINARY", /// Health, diet or access (Art. 9 GDPR).
        Health = "HEALTH", /// Age or date of birth.
        Age = "AGE", /// About a guardian.
        Guardian = "GUARDIAN", /// About payment.
        Payment = "PAYMENT", /// Addresses of machines.
        Technical = "TECHNICAL" }
    /// What kind of legal document it is.
    DocumentKind { /// Terms.
        Terms = "TERMS", /// Privacy notice.
        PrivacyNotice = "PRIVACY_NOTICE", /// Code of conduct.
        CodeOfConduct = "CODE_OF_CONDUCT" }
    /// A partner's role at an event.
    PartnerRole { /// Hosts the event together with the organization.
        CoSponsor = "CO_SPONSOR", /// Exhibits at it.
        Exhibitor = "EXHIBITOR", /// The organization itself, asking like everybody else.
        Host = "HOST" }
    /// Why a partner wants data.
    Purpose { /// To follow up on this event.
        EventFollowUp = "EVENT_FOLLOW_UP", /// To tell of the next editions.
        SubsequentEditions = "SUBSEQUENT_EDITIONS", /// To tell of related events.
        RelatedEvents = "RELATED_EVENTS", /// To tell of products.
        ProductInformation = "PRODUCT_INFORMATION" }
    /// On what ground in law.
    LegalBasis { /// Art. 6(1)(a) GDPR.
        Consent = "CONSENT" }
    /// Where a version of an offer stands.
    OfferVersionState { /// Asked for.
        Requested = "REQUESTED", /// Shown to attendees.
        Approved = "APPROVED", /// Refused by the organizer.
        Rejected = "REJECTED", /// Taken back.
        Withdrawn = "WITHDRAWN" }
    /// Where a consent stands in storage; "undecided" is the absence of a row or this.
    ConsentState { /// Nothing decided.
        Undecided = "UNDECIDED", /// Ticked before the mailbox was proved.
        Requested = "REQUESTED", /// Asked of the guardian.
        AwaitingGuardian = "AWAITING_GUARDIAN", /// Given.
        Granted = "GRANTED", /// Said no.
        Refused = "REFUSED", /// Taken back.
        Withdrawn = "WITHDRAWN" }
    /// Who decided a consent.
    Decider { /// The attendee.
        Attendee = "ATTENDEE", /// The guardian.
        Guardian = "GUARDIAN" }
    /// How a giver's age was known when a consent was given.
    AgeBasis { /// The giver's statement.
        Stated = "STATED", /// A date of birth.
        DateOfBirth = "DATE_OF_BIRTH", /// A guardian decided.
        Guardian = "GUARDIAN" }
    /// What a consent record records.
    ConsentAction { /// Ticked, not given: the mailbox is not proved, or the guardian is asked.
        Requested = "REQUESTED", /// Given.
        Granted = "GRANTED", /// Said no.
        Refused = "REFUSED", /// Taken back, wholly or in part.
        Withdrawn = "WITHDRAWN", /// Fell back to undecided: it was not affirmed, or its giver was too young.
        Lapsed = "LAPSED", /// Suspended, because the address changed.
        Suspended = "SUSPENDED", /// In force again.
        Resumed = "RESUMED" }
    /// Where a guardian request stands.
    GuardianRequestStatus { /// Not answered.
        Waiting = "WAITING", /// Permitted.
        Approved = "APPROVED", /// Refused.
        Refused = "REFUSED" }
    /// Whether a token works.
    TokenStatus { /// Issued; its holder has not fetched the secret.
        Unclaimed = "UNCLAIMED", /// Works within its time.
        Active = "ACTIVE", /// Taken back.
        Revoked = "REVOKED" }
    /// What a partner's credential may do.
    Capability { /// Read leads.
        Pull = "PULL" }
    /// What a member of a partner's staff is there for.
    PartnerMemberRole { /// Reads what was granted.
        Reader = "READER", /// Also asks for it: drafts offers, asks for their approval, issues tokens.
        Administrator = "ADMINISTRATOR" }
    /// A team member's role.
    Role { /// Everything.
        Owner = "OWNER", /// Everything but money accounts and the team.
        Manager = "MANAGER", /// Orders and payments.
        Finance = "FINANCE", /// Check-in only.
        CheckIn = "CHECK_IN", /// Looks.
        Viewer = "VIEWER", /// Answers for data protection.
        Dpo = "DPO" }
    /// What kind of account at a provider it is.
    ProviderKind { /// Stripe.
        Stripe = "STRIPE", /// A bank account.
        BankTransfer = "BANK_TRANSFER", /// An SMTP server.
        Smtp = "SMTP" }
    /// How somebody signs in.
    CredentialKind { /// A link sent by mail, used once.
        SignInLink = "SIGN_IN_LINK", /// A password (argon2id).
        Password = "PASSWORD", /// A time-based code.
        Totp = "TOTP", /// A passkey.
        Passkey = "PASSKEY", /// A code for the day when the authenticator is lost, used once.
        RecoveryCode = "RECOVERY_CODE" }
    /// Which audience a session belongs to.
    SessionKind { /// Access token with refresh token.
        Api = "API", /// A browser's cookie.
        Browser = "BROWSER" }
    /// Where work in the outbox stands.
    OutboxState { /// To be done.
        Ready = "READY", /// Somebody is at it.
        Leased = "LEASED", /// Done.
        Done = "DONE", /// Given up; an operator can retry it.
        Dead = "DEAD" }
    /// What the work is.
    OutboxKind { /// Deliver a mail.
        Mail = "MAIL", /// Expire a payment at its provider.
        ExpirePayment = "EXPIRE_PAYMENT" }
    /// Where a mail stands.
    MailStatus { /// Waiting.
        Queued = "QUEUED", /// Accepted by the server.
        Sent = "SENT", /// Refused for good.
        Failed = "FAILED" }
    /// What a mail is about.
    MailKind { /// Confirms an order and a place; proves the mailbox.
        Confirmation = "CONFIRMATION", /// How to pay.
        PaymentInstructions = "PAYMENT_INSTRUCTIONS", /// Reminds of a payment.
        PaymentReminder = "PAYMENT_REMINDER", /// Something was cancelled.
        Cancellation = "CANCELLATION", /// Consents changed.
        ConsentChanged = "CONSENT_CHANGED", /// A link to sign in.
        SignInLink = "SIGN_IN_LINK", /// Asks a guardian.
        GuardianRequest = "GUARDIAN_REQUEST", /// Asks somebody whom another registered.
        DecideForYourself = "DECIDE_FOR_YOURSELF", /// A partner's link to fetch its token.
        TokenClaim = "TOKEN_CLAIM", /// Proves a changed address.
        AddressChange = "ADDRESS_CHANGE", /// Tells the address in force so far that another one is named.
        AddressNotice = "ADDRESS_NOTICE", /// A test by an operator.
        Test = "TEST", /// Says that somebody's data is erased.
        Erasure = "ERASURE", /// Acknowledges a complaint to whoever made it.
        ComplaintReceived = "COMPLAINT_RECEIVED", /// Answers a complaint.
        ComplaintAnswered = "COMPLAINT_ANSWERED", /// Tells the data-protection contact that there is a complaint.
        ComplaintFiled = "COMPLAINT_FILED", /// Tells that the way in which somebody signs in was changed.
        SignInChanged = "SIGN_IN_CHANGED", /// Tells those who decide that a partner asks for approval.
        OfferRequested = "OFFER_REQUESTED", /// Tells a partner's administrators what was decided.
        OfferDecided = "OFFER_DECIDED" }
    /// Where a complaint stands.
    ComplaintState { /// Waits for its answer.
        Open = "OPEN", /// Answered.
        Answered = "ANSWERED" }
    /// Who did something.
    ActorKind { /// The person concerned.
        Attendee = "ATTENDEE", /// A team member.
        Staff = "STAFF", /// A partner.
        Partner = "PARTNER", /// A guardian.
        Guardian = "GUARDIAN", /// Nobody signed in.
        Anonymous = "ANONYMOUS", /// A device that lets people in, with a credential of its own.
        Device = "DEVICE", /// The program itself.
        System = "SYSTEM" }
    /// Where an export stands.
    ExportStatus { /// Asked for.
        Queued = "QUEUED", /// Being written.
        Running = "RUNNING", /// To be fetched.
        Ready = "READY", /// Did not work.
        Failed = "FAILED" }
    /// How far somebody came who fetches a list.
    FetchState { /// Lines are being handed out.
        Running = "RUNNING", /// The last line was handed out.
        Done = "DONE", /// It ended before the last line.
        BrokenOff = "BROKEN_OFF" }
    /// What an erasable opening opens.
    OpeningKind { /// A consent record.
        Consent = "CONSENT", /// A disclosure.
        Disclosure = "DISCLOSURE" }
    /// One of the standard fields of an attendee, in the order of their bits (0–19).
    AttendeeField { /// Bit 0.
        FullName = "FULL_NAME", /// Bit 1.
        GivenName = "GIVEN_NAME", /// Bit 2.
        FamilyName = "FAMILY_NAME", /// Bit 3.
        Email = "EMAIL", /// Bit 4.
        Phone = "PHONE", /// Bit 5.
        Company = "COMPANY", /// Bit 6.
        JobTitle = "JOB_TITLE", /// Bit 7.
        City = "CITY", /// Bit 8.
        Country = "COUNTRY", /// Bit 9.
        PostalAddress = "POSTAL_ADDRESS", /// Bit 10.
        SocialProfile = "SOCIAL_PROFILE", /// Bit 11.
        TicketType = "TICKET_TYPE", /// Bit 12.
        Attendance = "ATTENDANCE" }
}
