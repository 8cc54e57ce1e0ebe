//! The templates of all messages, checked at compile time: one per message, language and form.

use askama::Template;
use consentry_domain::{PartnerMemberRole, Purpose, Role};

use super::facts::{
    AddressNews, AddressState, Cancelled, CancelledBy, Change, Controller, EventFacts, FieldName, Invited, Moment,
    OfferDecision, Refund, Standing, Transfer,
};
use super::language::Language;
use super::links::{Link, Links};
use super::messages as message;
use super::messages::Message;
use super::transfer_code;

/// What a template may ask beside its message's facts.
pub(super) struct Context<'a> {
    pub(super) language: Language,
    pub(super) controller: &'a Controller,
    pub(super) links: &'a dyn Links,
}

impl Context<'_> {
    fn url(&self, link: &Link) -> askama::Result<String> {
        link.resolve(self.links)
            .ok_or_else(|| askama::Error::custom("a link that is no web address"))
    }

    /// The page where a link to sign in is asked for.
    fn sign_in_page(&self) -> askama::Result<String> {
        self.url(&Link::Page("/sign-in".into()))
    }

    fn span(&self, event: &EventFacts) -> String {
        self.language.span(event)
    }

    fn moment(&self, moment: &Moment) -> String {
        self.language.moment(moment)
    }

    fn due(&self, moment: &Moment) -> String {
        self.language.due(moment)
    }

    fn purpose(&self, purpose: &Purpose) -> &'static str {
        self.language.purpose(*purpose)
    }

    fn purpose_title(&self, purpose: &Purpose) -> &'static str {
        self.language.purpose_title(*purpose)
    }

    fn role(&self, role: &Role) -> &'static str {
        self.language.role(*role)
    }

    fn fields(&self, fields: &[FieldName]) -> String {
        self.language.fields(fields)
    }

    #[expect(clippy::unused_self, reason = "templates ask their context")]
    fn has_transfer_code(&self, transfer: &Transfer) -> bool {
        transfer_code::payload(transfer).is_some()
    }
}

/// Text and HTML of one message, before they are tidied.
pub(super) struct Written {
    pub(super) text: String,
    pub(super) html: String,
}

macro_rules! templates {
    ($($kind:ident: $en_text:tt $en_html:tt $de_text:tt $de_html:tt;)*) => {
        $(#[expect(non_snake_case, reason = "a module per message, named like it")]
        mod $kind {
            use super::*;

            templates!(@one EnglishText $kind $en_text);
            templates!(@one EnglishHtml $kind $en_html);
            templates!(@one GermanText $kind $de_text);
            templates!(@one GermanHtml $kind $de_html);
        })*

        /// Writes a message in the context's language.
        pub(super) fn write(message: &Message, c: &Context<'_>) -> askama::Result<Written> {
            match message {
                $(Message::$kind(m) => Ok(match c.language {
                    Language::English => Written {
                        text: $kind::EnglishText { m, c }.render()?,
                        html: $kind::EnglishHtml { m, c }.render()?,
                    },
                    Language::German => Written {
                        text: $kind::GermanText { m, c }.render()?,
                        html: $kind::GermanHtml { m, c }.render()?,
                    },
                }),)*
            }
        }
    };
    (@one $name:ident $kind:ident $path:tt) => {
        #[derive(Template)]
        #[template(path = $path)]
        pub(super) struct $name<'a> {
            pub(super) m: &'a message::$kind,
            pub(super) c: &'a Context<'a>,
        }
    };
}

templates! {
    Confirmation: "mail/en/confirmation.txt" "mail/en/confirmation.html"
        "mail/de/confirmation.txt" "mail/de/confirmation.html";
    PaymentInstructions: "mail/en/payment_instructions.txt" "mail/en/payment_instructions.html"
        "mail/de/payment_instructions.txt" "mail/de/payment_instructions.html";
    PaymentReminder: "mail/en/payment_reminder.txt" "mail/en/payment_reminder.html"
        "mail/de/payment_reminder.txt" "mail/de/payment_reminder.html";
    Cancellation: "mail/en/cancellation.txt" "mail/en/cancellation.html"
        "mail/de/cancellation.txt" "mail/de/cancellation.html";
    ConsentChanged: "mail/en/consent_changed.txt" "mail/en/consent_changed.html"
        "mail/de/consent_changed.txt" "mail/de/consent_changed.html";
    SignInLink: "mail/en/sign_in_link.txt" "mail/en/sign_in_link.html"
        "mail/de/sign_in_link.txt" "mail/de/sign_in_link.html";
    GuardianRequest: "mail/en/guardian_request.txt" "mail/en/guardian_request.html"
        "mail/de/guardian_request.txt" "mail/de/guardian_request.html";
    DecideForYourself: "mail/en/decide_for_yourself.txt" "mail/en/decide_for_yourself.html"
        "mail/de/decide_for_yourself.txt" "mail/de/decide_for_yourself.html";
    TokenClaim: "mail/en/token_claim.txt" "mail/en/token_claim.html"
        "mail/de/token_claim.txt" "mail/de/token_claim.html";
    AddressChange: "mail/en/address_change.txt" "mail/en/address_change.html"
        "mail/de/address_change.txt" "mail/de/address_change.html";
    AddressNotice: "mail/en/address_notice.txt" "mail/en/address_notice.html"
        "mail/de/address_notice.txt" "mail/de/address_notice.html";
    Erasure: "mail/en/erasure.txt" "mail/en/erasure.html" "mail/de/erasure.txt" "mail/de/erasure.html";
    ComplaintReceived: "mail/en/complaint_received.txt" "mail/en/complaint_received.html"
        "mail/de/complaint_received.txt" "mail/de/complaint_received.html";
    ComplaintAnswered: "mail/en/complaint_answered.txt" "mail/en/complaint_answered.html"
        "mail/de/complaint_answered.txt" "mail/de/complaint_answered.html";
    ComplaintFiled: "mail/en/complaint_filed.txt" "mail/en/complaint_filed.html"
        "mail/de/complaint_filed.txt" "mail/de/complaint_filed.html";
    SignInChanged: "mail/en/sign_in_changed.txt" "mail/en/sign_in_changed.html"
        "mail/de/sign_in_changed.txt" "mail/de/sign_in_changed.html";
    OfferRequested: "mail/en/offer_requested.txt" "mail/en/offer_requested.html"
        "mail/de/offer_requested.txt" "mail/de/offer_requested.html";
    OfferDecided: "mail/en/offer_decided.txt" "mail/en/offer_decided.html"
        "mail/de/offer_decided.txt" "mail/de/offer_decided.html";
    Test: "mail/en/test.txt" "mail/en/test.html" "mail/de/test.txt" "mail/de/test.html";
}
