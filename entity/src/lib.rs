//! One file per table: its shape and, beside the columns, what they hold of people.
//!
//! No rules here, and no GraphQL type is derived from an entity: the next column would become public.

pub mod catalogue;
pub mod rights;

pub mod account;
pub mod acknowledgement;
pub mod answer;
pub mod audit_entry;
pub mod billing_party;
pub mod check_in;
pub mod complaint;
pub mod consent;
pub mod consent_record;
pub mod contact;
pub mod credential;
pub mod disclosure;
pub mod disclosure_item;
pub mod door_device;
pub mod event;
pub mod event_cancellation;
pub mod event_partner;
pub mod event_session;
pub mod event_statistics;
pub mod guardian_request;
pub mod idempotency_key;
pub mod lead;
pub mod legal_document;
pub mod mail;
pub mod offer_draft;
pub mod offer_version;
pub mod opening;
pub mod order;
pub mod order_line;
pub mod organization;
pub mod organization_key;
pub mod outbox;
pub mod partner;
pub mod partner_token;
pub mod partner_token_scope;
pub mod payment;
pub mod payment_event;
pub mod person;
pub mod picture;
pub mod provider_account;
pub mod question;
pub mod question_choice;
pub mod question_ticket_type;
pub mod quota;
pub mod quota_ticket_type;
pub mod registration;
pub mod registration_words;
pub mod roster_export;
pub mod roster_export_fetch;
pub mod roster_export_item;
pub mod roster_view;
pub mod session;
pub mod session_speaker;
pub mod sharing_offer;
pub mod signing_key;
pub mod speaker;
pub mod stream;
pub mod team_member;
pub mod ticket_type;

/// Every table's entry in the catalogue.
pub const CATALOGUE: &[catalogue::Table] = &[
    account::CATALOGUE,
    acknowledgement::CATALOGUE,
    answer::CATALOGUE,
    audit_entry::CATALOGUE,
    billing_party::CATALOGUE,
    check_in::CATALOGUE,
    complaint::CATALOGUE,
    consent::CATALOGUE,
    consent_record::CATALOGUE,
    contact::CATALOGUE,
    credential::CATALOGUE,
    disclosure::CATALOGUE,
    disclosure_item::CATALOGUE,
    door_device::CATALOGUE,
    event::CATALOGUE,
    event_cancellation::CATALOGUE,
    event_partner::CATALOGUE,
    event_session::CATALOGUE,
    event_statistics::CATALOGUE,
    guardian_request::CATALOGUE,
    idempotency_key::CATALOGUE,
    lead::CATALOGUE,
    legal_document::CATALOGUE,
    mail::CATALOGUE,
    offer_draft::CATALOGUE,
    offer_version::CATALOGUE,
    opening::CATALOGUE,
    order::CATALOGUE,
    order_line::CATALOGUE,
    organization::CATALOGUE,
    organization_key::CATALOGUE,
    outbox::CATALOGUE,
    partner::CATALOGUE,
    partner_token::CATALOGUE,
    partner_token_scope::CATALOGUE,
    payment::CATALOGUE,
    payment_event::CATALOGUE,
    person::CATALOGUE,
    picture::CATALOGUE,
    provider_account::CATALOGUE,
    question::CATALOGUE,
    question_choice::CATALOGUE,
    question_ticket_type::CATALOGUE,
    quota::CATALOGUE,
    quota_ticket_type::CATALOGUE,
    registration::CATALOGUE,
    registration_words::CATALOGUE,
    roster_export::CATALOGUE,
    roster_export_fetch::CATALOGUE,
    roster_export_item::CATALOGUE,
    roster_view::CATALOGUE,
    session::CATALOGUE,
    session_speaker::CATALOGUE,
    sharing_offer::CATALOGUE,
    signing_key::CATALOGUE,
    speaker::CATALOGUE,
    stream::CATALOGUE,
    team_member::CATALOGUE,
    ticket_type::CATALOGUE,
];
