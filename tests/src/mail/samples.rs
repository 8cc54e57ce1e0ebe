//! One example of every message, with and without its optional parts, for the tests of mail.

use consentry::services::mail::facts::*;
use consentry::services::mail::line::{Line, PersonName};
use consentry::services::mail::messages::*;
use consentry::services::mail::{Link, LinkPurpose, Links};
use consentry_domain::text::masked_email;
use consentry_domain::{AttendeeField, EventKind, Instant, OrganizationId, PartnerMemberRole, Purpose, Role};
use uuid::Uuid;

/// Addresses that can be told apart in a snapshot.
pub struct TestLinks;

impl Links for TestLinks {
    fn page(&self, path: &str) -> String {
        format!("https://events.example{path}")
    }

    fn address(&self, purpose: LinkPurpose, _: OrganizationId, id: Uuid, generation: i32) -> String {
        format!("https://events.example/{purpose:?}/{}-{generation}", id.as_u128()).to_lowercase()
    }
}

/// Every text that a person typed, so that a test can replace them all.
#[derive(Clone)]
pub struct Texts {
    /// An event.
    pub title: String,
    /// Where it is.
    pub venue: String,
    /// The reader.
    pub person: String,
    /// Another attendee.
    pub other: String,
    /// A ticket type.
    pub ticket: String,
    /// The organizer.
    pub organization: String,
    /// What the organizer says at the foot; empty for nothing.
    pub footer: String,
    /// The organizer's address.
    pub contact: String,
    /// A partner.
    pub partner: String,
    /// A question of the event.
    pub question: String,
    /// A token's name.
    pub token: String,
    /// An order code, check-in code and reference.
    pub code: String,
    /// A legal name and account holder.
    pub holder: String,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            title: "Rust Days 2027".into(),
            venue: "Old Mill, Mill Lane 3, 12345 Riverton".into(),
            person: "Mina Okafor".into(),
            other: "Jonas Weiß".into(),
            ticket: "Full pass".into(),
            organization: "Riverton Rust Association".into(),
            footer: String::new(),
            contact: "events@rust.example".into(),
            partner: "Ferrous Tools GmbH".into(),
            question: "Which languages do you use?".into(),
            token: "CRM import".into(),
            code: "R7K2QM".into(),
            holder: "Riverton Rust Association e.V.".into(),
        }
    }
}

impl Texts {
    /// Every text the same.
    #[must_use]
    pub fn all(text: &str) -> Self {
        let text = || text.to_owned();
        Self {
            title: text(),
            venue: text(),
            person: text(),
            other: text(),
            ticket: text(),
            organization: text(),
            footer: text(),
            contact: text(),
            partner: text(),
            question: text(),
            token: text(),
            code: text(),
            holder: text(),
        }
    }

    fn controller(&self) -> Controller {
        Controller {
            name: self.organization.as_str().into(),
            legal_name: self.holder.as_str().into(),
            contact_email: self.contact.as_str().into(),
            data_protection_contact: "privacy@rust.example".into(),
            footer: (!self.footer.is_empty()).then(|| self.footer.as_str().into()),
        }
    }

    fn event(&self) -> EventFacts {
        EventFacts {
            title: self.title.as_str().into(),
            kind: EventKind::Conference,
            starts: moment("2027-03-01T09:00", 1_803_888_000_000_000),
            ends: moment("2027-03-03T17:30", 1_804_091_400_000_000),
            venue: Some(self.venue.as_str().into()),
        }
    }

    fn webinar(&self) -> EventFacts {
        EventFacts {
            kind: EventKind::Webinar,
            ends: moment("2027-03-01T10:30", 1_803_893_400_000_000),
            venue: None,
            ..self.event()
        }
    }

    fn person(&self) -> PersonName {
        self.person.as_str().into()
    }

    fn sign_in(&self, invited: Option<Invited>) -> SignInLink {
        SignInLink {
            controller: self.controller(),
            link: link(LinkPurpose::SignIn),
            // With seconds, as moments have them.
            expires: Moment::in_utc(Instant(1_799_144_142_123_456)),
            invited,
        }
    }

    fn place(&self) -> Place {
        Place {
            ticket_type: self.ticket.as_str().into(),
            attendee: Some(self.person()),
            check_in_code: Some(self.code.as_str().into()),
        }
    }

    fn other_place(&self) -> Place {
        Place {
            ticket_type: self.ticket.as_str().into(),
            attendee: Some(self.other.as_str().into()),
            check_in_code: None,
        }
    }

    fn asks(&self) -> Vec<PartnerAsk> {
        vec![
            PartnerAsk {
                partner: self.partner.as_str().into(),
                purpose: Purpose::EventFollowUp,
                fields: vec![
                    FieldName::Standard(AttendeeField::FullName),
                    FieldName::Standard(AttendeeField::Email),
                    FieldName::Question(self.question.as_str().into()),
                ],
            },
            PartnerAsk {
                partner: self.organization.as_str().into(),
                purpose: Purpose::SubsequentEditions,
                fields: vec![FieldName::Standard(AttendeeField::Email)],
            },
        ]
    }

    fn offer_requested(&self) -> Message {
        OfferRequested {
            controller: self.controller(),
            event: self.title.as_str().into(),
            ask: self.asks().remove(0),
            page: Link::Page("/manage/riverton/openfest/partners/FQ/offers/Fg".into()),
        }
        .into()
    }

    fn offer_decided(&self, decision: OfferDecision, remark: Option<String>) -> Message {
        OfferDecided {
            controller: self.controller(),
            event: self.title.as_str().into(),
            ask: self.asks().remove(0),
            decision,
            remark: remark.map(Into::into),
            page: Link::Page("/partner/KQ/-/offers/FQ/event-follow-up".into()),
        }
        .into()
    }

    fn transfer(&self) -> Transfer {
        Transfer {
            holder: self.holder.as_str().into(),
            iban: "DE89370400440532013000".into(),
            bic: Some("COBADEFF".into()),
            reference: self.code.as_str().into(),
            amount_minor: 23_800,
            currency: "EUR".into(),
        }
    }

    /// The examples, each with a name for its snapshot.
    #[must_use]
    pub fn messages(&self) -> Vec<(&'static str, Message)> {
        let confirmation = Confirmation {
            controller: self.controller(),
            event: self.event(),
            recipient: self.person(),
            order_code: self.code.as_str().into(),
            total: Some("238.00 EUR".into()),
            standing: Standing::Confirmed,
            places: vec![self.place(), self.other_place()],
            confirm: Some(link(LinkPurpose::Registration)),
            undecided: true,
            manage: link(LinkPurpose::Order),
            join: None,
            earlier_order: Some("Q1W2E3".into()),
            calendar: Some(calendar(3)),
        };
        let reminder = PaymentReminder {
            controller: self.controller(),
            event: self.event(),
            recipient: self.person(),
            order_code: self.code.as_str().into(),
            amount: "238.00 EUR".into(),
            due: moment("2027-02-10T12:00", 1_802_257_200_000_000),
            transfer: Some(self.transfer()),
            order: link(LinkPurpose::Order),
        };
        let instructions = PaymentInstructions {
            controller: self.controller(),
            event: self.event(),
            recipient: self.person(),
            order_code: self.code.as_str().into(),
            amount: "238.00 EUR".into(),
            due: moment("2027-02-10T12:00", 1_802_257_200_000_000),
            transfer: Some(self.transfer()),
            order: link(LinkPurpose::Order),
        };
        let decide = DecideForYourself {
            controller: self.controller(),
            event: self.event(),
            recipient: self.other.as_str().into(),
            buyer: self.person(),
            standing: Standing::Confirmed,
            place: self.place(),
            confirm: link(LinkPurpose::Registration),
            join: None,
            calendar: Some(calendar(3)),
            partners: self.asks(),
        };
        let cancellation = Cancellation {
            controller: self.controller(),
            event: self.event(),
            recipient: self.person(),
            order_code: self.code.as_str().into(),
            what: Cancelled::Order,
            by: CancelledBy::Reader,
            refund: Refund::Due,
            calendar: Some(calendar(4)),
            public_calendar: None,
        };
        let guardian = GuardianRequest {
            controller: self.controller(),
            event: self.event(),
            guardian: self.other.as_str().into(),
            child: self.person(),
            standing: Standing::AwaitsGuardian,
            partners: self.asks(),
            decide: link(LinkPurpose::Guardian),
        };
        let address = AddressChange {
            controller: self.controller(),
            event: self.event(),
            recipient: self.person(),
            state: AddressState::WaitsForProof,
            confirm: link(LinkPurpose::AddressChange),
        };
        let notice = AddressNotice {
            controller: self.controller(),
            event: self.event(),
            recipient: self.person(),
            news: AddressNews::Wished,
            masked: masked_email("ada.lovelace@new.example").into(),
        };
        vec![
            ("confirmation", confirmation.clone().into()),
            (
                "confirmation_free_webinar_waiting",
                Confirmation {
                    event: self.webinar(),
                    total: None,
                    standing: Standing::AwaitsApproval,
                    places: vec![Place {
                        attendee: None,
                        check_in_code: None,
                        ..self.place()
                    }],
                    confirm: None,
                    join: Some(link(LinkPurpose::Join)),
                    earlier_order: None,
                    ..confirmation
                }
                .into(),
            ),
            ("decide_for_yourself", decide.clone().into()),
            (
                "decide_for_yourself_webinar_without_partners",
                DecideForYourself {
                    event: self.webinar(),
                    join: Some(link(LinkPurpose::Join)),
                    place: Place {
                        check_in_code: None,
                        ..self.place()
                    },
                    standing: Standing::AwaitsPayment,
                    partners: Vec::new(),
                    ..decide
                }
                .into(),
            ),
            ("payment_instructions", instructions.clone().into()),
            (
                "payment_instructions_before_a_way_is_chosen",
                PaymentInstructions {
                    transfer: None,
                    ..instructions
                }
                .into(),
            ),
            ("payment_reminder", reminder.clone().into()),
            (
                "payment_reminder_by_card",
                PaymentReminder {
                    transfer: None,
                    ..reminder
                }
                .into(),
            ),
            ("cancellation", cancellation.clone().into()),
            (
                "cancellation_of_the_event",
                Cancellation {
                    what: Cancelled::Event,
                    by: CancelledBy::Organizer,
                    refund: Refund::Undecided,
                    public_calendar: Some(CalendarFacts {
                        uid: "the-page@events.example".into(),
                        ..calendar(4)
                    }),
                    ..cancellation.clone()
                }
                .into(),
            ),
            (
                "cancellation_by_a_parent",
                Cancellation {
                    what: Cancelled::Place,
                    by: CancelledBy::Guardian,
                    refund: Refund::NothingPaid,
                    calendar: None,
                    ..cancellation.clone()
                }
                .into(),
            ),
            (
                "cancellation_of_the_only_place_by_its_attendee",
                Cancellation {
                    by: CancelledBy::Attendee,
                    refund: Refund::NothingPaid,
                    calendar: None,
                    ..cancellation.clone()
                }
                .into(),
            ),
            (
                "cancellation_of_an_unpaid_order",
                Cancellation {
                    what: Cancelled::UnpaidOrder,
                    by: CancelledBy::Time,
                    refund: Refund::NothingPaid,
                    calendar: None,
                    ..cancellation
                }
                .into(),
            ),
            (
                "consent_changed",
                ConsentChanged {
                    controller: self.controller(),
                    event: self.event(),
                    recipient: self.person(),
                    changes: [
                        Change::Given,
                        Change::Refused,
                        Change::Withdrawn,
                        Change::Lapsed,
                        Change::Suspended,
                        Change::Resumed,
                    ]
                    .into_iter()
                    .zip(Purpose::ALL.iter().cycle())
                    .map(|(change, purpose)| ConsentChange {
                        partner: self.partner.as_str().into(),
                        purpose: *purpose,
                        change,
                        fields: AttendeeField::ALL.iter().copied().map(FieldName::Standard).collect(),
                    })
                    .collect(),
                    manage: link(LinkPurpose::Registration),
                }
                .into(),
            ),
            ("sign_in_link", self.sign_in(None).into()),
            (
                "sign_in_link_invited_to_the_team",
                self.sign_in(Some(Invited::Team {
                    role: Role::Manager,
                    event: None,
                }))
                .into(),
            ),
            (
                "sign_in_link_invited_for_an_event",
                self.sign_in(Some(Invited::Team {
                    role: Role::CheckIn,
                    event: Some(self.title.as_str().into()),
                }))
                .into(),
            ),
            (
                "sign_in_link_invited_to_read",
                self.sign_in(Some(Invited::Staff {
                    partner: self.partner.as_str().into(),
                    role: PartnerMemberRole::Reader,
                }))
                .into(),
            ),
            (
                "sign_in_link_invited_to_administer",
                self.sign_in(Some(Invited::Staff {
                    partner: self.partner.as_str().into(),
                    role: PartnerMemberRole::Administrator,
                }))
                .into(),
            ),
            ("guardian_request", guardian.clone().into()),
            (
                "guardian_request_without_partners",
                GuardianRequest {
                    standing: Standing::Confirmed,
                    partners: Vec::new(),
                    ..guardian
                }
                .into(),
            ),
            (
                "token_claim",
                TokenClaim {
                    controller: self.controller(),
                    partner: self.partner.as_str().into(),
                    token_name: self.token.as_str().into(),
                    events: vec![self.title.as_str().into(), "Rust Webinar".into()],
                    claim: link(LinkPurpose::TokenClaim),
                    expires: moment("2027-12-31T23:59", 1_830_293_940_000_000),
                }
                .into(),
            ),
            ("address_change", address.clone().into()),
            (
                "address_change_by_the_organizer",
                AddressChange {
                    state: AddressState::Replaced,
                    ..address
                }
                .into(),
            ),
            ("address_notice", notice.clone().into()),
            (
                "address_notice_of_the_one_in_force",
                AddressNotice {
                    news: AddressNews::TakenOver,
                    ..notice.clone()
                }
                .into(),
            ),
            (
                "address_notice_by_the_organizer",
                AddressNotice {
                    news: AddressNews::Replaced,
                    ..notice
                }
                .into(),
            ),
            (
                "erasure",
                Erasure {
                    controller: self.controller(),
                    complaint_is_open: false,
                }
                .into(),
            ),
            (
                "erasure_with_an_open_complaint",
                Erasure {
                    controller: self.controller(),
                    complaint_is_open: true,
                }
                .into(),
            ),
            (
                "complaint_received",
                ComplaintReceived {
                    controller: self.controller(),
                    about: None,
                    due: Moment::in_utc(Instant(1_803_888_000_000_000)),
                    page: Link::Page("/me/complaints".into()),
                }
                .into(),
            ),
            (
                "complaint_received_about_a_partner",
                ComplaintReceived {
                    controller: self.controller(),
                    about: Some(self.partner.as_str().into()),
                    due: Moment::in_utc(Instant(1_803_888_000_000_000)),
                    page: Link::Page("/me/complaints".into()),
                }
                .into(),
            ),
            (
                "complaint_answered",
                ComplaintAnswered {
                    controller: self.controller(),
                    about: Some(self.partner.as_str().into()),
                    filed: Moment::in_utc(Instant(1_803_888_000_000_000)),
                    // What an officer writes has the lines and addresses that they give it.
                    answer: format!("{}\n\n{}", name(&self.person), name(&self.other)).into(),
                    page: Some(Link::Page("/me/complaints".into())),
                }
                .into(),
            ),
            (
                "complaint_answered_to_somebody_erased",
                ComplaintAnswered {
                    controller: self.controller(),
                    about: None,
                    filed: Moment::in_utc(Instant(1_803_888_000_000_000)),
                    answer: Line::from(self.title.as_str()).as_str().into(),
                    page: None,
                }
                .into(),
            ),
            (
                "complaint_filed",
                ComplaintFiled {
                    controller: self.controller(),
                    due: Moment::in_utc(Instant(1_803_888_000_000_000)),
                    page: Link::Page("/manage/riverton/-/complaints".into()),
                }
                .into(),
            ),
            ("offer_requested", self.offer_requested()),
            ("offer_approved", self.offer_decided(OfferDecision::Approved, None)),
            (
                "offer_sent_back",
                self.offer_decided(
                    OfferDecision::SentBack,
                    Some(format!("{}\n\n{}", name(&self.person), name(&self.other))),
                ),
            ),
            ("offer_taken_back", self.offer_decided(OfferDecision::TakenBack, None)),
            ("offer_ended", self.offer_decided(OfferDecision::Ended, None)),
            (
                "sign_in_changed",
                SignInChanged {
                    controller: self.controller(),
                    what: SignInChange::AuthenticatorSet,
                    at: Moment::in_utc(Instant(1_803_888_000_000_000)),
                    page: Link::Page("/me/security".into()),
                }
                .into(),
            ),
            (
                "sign_in_changed_by_a_recovery_code",
                SignInChanged {
                    controller: self.controller(),
                    what: SignInChange::CodeUsed { left: 9 },
                    at: Moment::in_utc(Instant(1_803_888_000_000_000)),
                    page: Link::Page("/me/security".into()),
                }
                .into(),
            ),
            (
                "test",
                Test {
                    controller: self.controller(),
                    installation: Line::from(self.title.as_str()),
                }
                .into(),
            ),
        ]
    }
}

fn name(text: &str) -> PersonName {
    text.into()
}

fn moment(local: &str, utc: i64) -> Moment {
    Moment {
        local: local.into(),
        utc: Instant(utc),
        zone: "Europe/Berlin".into(),
    }
}

fn calendar(sequence: u32) -> CalendarFacts {
    CalendarFacts {
        uid: "0192f0c1-0000-7000-8000-000000000042@events.example".into(),
        sequence,
        stamp: Instant(1_795_000_000_000_000),
    }
}

/// A link whose secret is derived.
#[must_use]
pub fn link(purpose: LinkPurpose) -> Link {
    Link::Secret {
        purpose,
        organization: OrganizationId(Uuid::from_u128(1)),
        id: Uuid::from_u128(42),
        generation: 7,
    }
}
