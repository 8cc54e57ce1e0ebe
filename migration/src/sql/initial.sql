-- The first schema. {uuid}, {bytes}, {bytewise} and {without_rowid} are filled in per engine (see ../lib.rs).
-- A {bytewise} text is compared byte by byte, whatever the database's language: a prefix is then a range of its index.
-- Instants are microseconds since 1970-01-01 UTC; money is in minor units; texts per locale are JSON objects.

-- The tenant.
create table organization (
    id {uuid} not null,
    slug text not null unique,
    name text not null,
    legal_name text not null,
    country text not null,
    contact_email text not null,
    data_protection_contact text not null,
    default_locale text not null,
    created_at bigint not null,
    revision bigint not null,
    primary key (id)
){without_rowid};

-- The short public key of an organization, carried by codes and tokens.
create table organization_key (
    key text not null,
    organization_id {uuid} not null references organization (id),
    primary key (key)
){without_rowid};

-- Somebody who can sign in to this installation.
create table account (
    id {uuid} not null,
    email text not null,
    email_key text not null unique,
    email_proved_at bigint,
    locale text not null,
    created_at bigint not null,
    erased_at bigint,
    primary key (id)
){without_rowid};

-- A means of signing in; a sign-in link is one that works once.
create table credential (
    id {uuid} not null,
    account_id {uuid} not null references account (id),
    kind text not null check (kind in ('SIGN_IN_LINK', 'PASSWORD', 'TOTP', 'PASSKEY')),
    secret {bytes},
    generation integer not null,
    created_at bigint not null,
    expires_at bigint,
    used_at bigint,
    primary key (id)
){without_rowid};

-- A signed-in session; access tokens name it and it is checked at each request.
create table session (
    id {uuid} not null,
    account_id {uuid} not null references account (id),
    kind text not null check (kind in ('API', 'BROWSER')),
    refresh_generation integer not null,
    created_at bigint not null,
    last_used_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    primary key (id)
){without_rowid};

-- A key that signs access tokens, encrypted.
create table signing_key (
    id {uuid} not null,
    private_key {bytes} not null,
    created_at bigint not null,
    retired_at bigint,
    primary key (id)
){without_rowid};

-- A conference or a webinar.
create table event (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    slug text not null,
    kind text not null check (kind in ('CONFERENCE', 'WEBINAR')),
    status text not null check (status in ('DRAFT', 'PUBLISHED', 'CANCELLED', 'CLOSED', 'ARCHIVED')),
    title text not null,
    description text not null,
    default_locale text not null,
    time_zone text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    starts_local text not null,
    ends_local text not null,
    venue text,
    join_url text,
    currency text not null,
    minimum_age integer,
    consent_age integer not null,
    asks_date_of_birth boolean not null,
    requires_parental_permission boolean not null,
    answers_editable_until bigint,
    order_hold_minutes integer not null,
    transfer_hold_days integer not null,
    contact_email text,
    created_at bigint not null,
    published_at bigint,
    ended_at bigint,
    revision bigint not null,
    primary key (organization_id, id)
){without_rowid};
create unique index event_slug_key on event (organization_id, slug);
create index event_status_starts_at_id_idx on event (organization_id, status, starts_at, id);
-- For the public list, which is the one read across tenants.
create index event_status_starts_at_id_all_idx on event (status, starts_at, id);

-- A role of an account in an organization, or at one event.
create table team_member (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    account_id {uuid} not null references account (id),
    role text not null check (role in ('OWNER', 'MANAGER', 'FINANCE', 'CHECK_IN', 'VIEWER', 'DPO')),
    event_id {uuid},
    created_at bigint not null,
    ends_at bigint,
    removed_at bigint,
    revision bigint not null,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id)
){without_rowid};
create index team_member_account_id_idx on team_member (organization_id, account_id);

-- The organization's own account at a provider.
create table provider_account (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    kind text not null check (kind in ('STRIPE', 'BANK_TRANSFER', 'SMTP')),
    name text not null,
    config text not null,
    secret {bytes},
    active boolean not null,
    created_at bigint not null,
    revision bigint not null,
    primary key (organization_id, id)
){without_rowid};

-- An account within one organization.
create table person (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    account_id {uuid} references account (id),
    email text,
    created_at bigint not null,
    restricted_at bigint,
    erased_at bigint,
    revision bigint not null,
    primary key (organization_id, id)
){without_rowid};
create unique index person_account_id_key on person (organization_id, account_id);

-- A part of an event's agenda.
create table event_session (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    title text not null,
    description text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    place text,
    revision bigint not null,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id)
){without_rowid};
create index event_session_event_id_starts_at_id_idx on event_session (organization_id, event_id, starts_at, id);

-- One version of a text that attendees acknowledge; never edited.
create table legal_document (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    kind text not null check (kind in ('TERMS', 'PRIVACY_NOTICE', 'CODE_OF_CONDUCT')),
    version integer not null,
    title text not null,
    content text not null,
    content_hash {bytes} not null,
    required boolean not null,
    created_at bigint not null,
    superseded_at bigint,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id)
){without_rowid};
create unique index legal_document_event_id_kind_version_key on legal_document (organization_id, event_id, kind, version);

-- One purchase by one buyer.
create table "order" (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    code text{bytewise} not null,
    status text not null check (status in ('PENDING', 'EXPIRING', 'PAID', 'EXPIRED', 'CANCELLED')),
    buyer_name text,
    buyer_email text,
    buyer_email_key text{bytewise},
    locale text not null,
    currency text not null,
    total_minor bigint not null,
    tax_minor bigint not null,
    secret_generation integer not null,
    created_at bigint not null,
    expires_at bigint,
    paid_at bigint,
    ended_at bigint,
    reminded_at bigint,
    revision bigint not null,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id)
){without_rowid};
create unique index order_code_key on "order" (organization_id, code);
create index order_event_id_id_idx on "order" (organization_id, event_id, id);
create index order_event_id_status_id_idx on "order" (organization_id, event_id, status, id);
create index order_event_id_buyer_email_key_id_idx on "order" (organization_id, event_id, buyer_email_key, id);
create index order_status_expires_at_open_idx on "order" (organization_id, status, expires_at) where status in ('PENDING', 'EXPIRING');

-- What is sold.
create table ticket_type (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    name text not null,
    description text,
    price_minor bigint not null,
    tax_rate integer not null,
    price_includes_tax boolean not null,
    available_from bigint,
    available_until bigint,
    min_per_order integer not null,
    max_per_order integer not null,
    visibility text not null check (visibility in ('PUBLIC', 'HIDDEN')),
    requires_approval boolean not null,
    position integer not null,
    archived_at bigint,
    revision bigint not null,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id),
    check (price_minor >= 0 and tax_rate between 0 and 100000 and min_per_order >= 1 and max_per_order >= min_per_order)
){without_rowid};
create index ticket_type_event_id_position_id_idx on ticket_type (organization_id, event_id, position, id);

-- One person's place at one event.
create table registration (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    order_id {uuid} not null,
    order_code text{bytewise} not null,
    ticket_type_id {uuid} not null,
    person_id {uuid},
    status text not null check (status in ('PENDING', 'CONFIRMED', 'CANCELLED', 'ERASED')),
    pending_payment boolean not null,
    pending_approval boolean not null,
    pending_guardian boolean not null,
    check_in_code text not null,
    badge_code text not null,
    link_generation integer not null,
    is_buyer boolean not null,
    ordered_name text,
    ordered_email text,
    full_name text,
    given_name text,
    family_name text,
    sort_name {bytes} not null,
    email text,
    email_key text{bytewise},
    email_proved_at bigint,
    new_email text,
    address_generation integer not null default 0,
    phone text,
    company text,
    job_title text,
    city text,
    country text,
    postal_address text,
    social_profile text,
    date_of_birth text,
    of_age_stated_at bigint,
    locale text not null,
    consents_suspended boolean not null,
    restricted_at bigint,
    quarantined_at bigint,
    objected_purposes integer not null,
    opted_out boolean not null,
    consent_revision bigint not null,
    revision bigint not null,
    created_at bigint not null,
    confirmed_at bigint,
    cancelled_at bigint,
    erased_at bigint,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id),
    foreign key (organization_id, order_id) references "order" (organization_id, id),
    foreign key (organization_id, ticket_type_id) references ticket_type (organization_id, id),
    foreign key (organization_id, person_id) references person (organization_id, id)
){without_rowid};
create unique index registration_check_in_code_key on registration (organization_id, check_in_code);
create unique index registration_badge_code_key on registration (organization_id, badge_code);
create index registration_order_id_id_idx on registration (organization_id, order_id, id);
create index registration_person_id_id_idx on registration (organization_id, person_id, id);
create index registration_event_id_sort_name_id_idx on registration (organization_id, event_id, sort_name, id);
create index registration_event_id_created_at_id_idx on registration (organization_id, event_id, created_at, id);
create index registration_event_id_order_code_id_idx on registration (organization_id, event_id, order_code, id);
create index registration_event_id_status_sort_name_id_idx on registration (organization_id, event_id, status, sort_name, id);
create index registration_event_id_status_created_at_id_idx on registration (organization_id, event_id, status, created_at, id);
create index registration_event_id_status_order_code_id_idx on registration (organization_id, event_id, status, order_code, id);
create index registration_event_id_email_key_id_idx on registration (organization_id, event_id, email_key, id);

-- That somebody acknowledged a document, and which bytes.
create table acknowledgement (
    organization_id {uuid} not null references organization (id),
    registration_id {uuid} not null,
    document_id {uuid} not null,
    locale text not null,
    content_hash {bytes} not null,
    at bigint not null,
    primary key (organization_id, registration_id, document_id),
    foreign key (organization_id, registration_id) references registration (organization_id, id),
    foreign key (organization_id, document_id) references legal_document (organization_id, id)
){without_rowid};

-- A number of places shared by ticket types; what is left is kept by conditional updates.
create table quota (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    name text not null,
    size bigint not null,
    available bigint not null,
    revision bigint not null,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id),
    check (available >= 0 and size >= 0)
){without_rowid};
create index quota_event_id_id_idx on quota (organization_id, event_id, id);

-- Which ticket types take places of which quota.
create table quota_ticket_type (
    organization_id {uuid} not null references organization (id),
    quota_id {uuid} not null,
    ticket_type_id {uuid} not null,
    primary key (organization_id, quota_id, ticket_type_id),
    foreign key (organization_id, quota_id) references quota (organization_id, id),
    foreign key (organization_id, ticket_type_id) references ticket_type (organization_id, id)
){without_rowid};
create index quota_ticket_type_ticket_type_id_idx on quota_ticket_type (organization_id, ticket_type_id);

-- How an event stands, counted by the worker so that no read walks its registrations; and how many share what, counted
-- once, after the end, with noise.
create table event_statistics (
    organization_id {uuid} not null references organization (id),
    event_id {uuid} not null,
    counted_at bigint not null,
    counts text not null,
    consents_counted_at bigint,
    consents text,
    primary key (organization_id, event_id),
    foreign key (organization_id, event_id) references event (organization_id, id),
    check ((consents is null) = (consents_counted_at is null))
){without_rowid};

-- A question of an event's form.
create table question (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    kind text not null check (kind in ('TEXT', 'LONG_TEXT', 'NUMBER', 'CHOICE', 'MULTIPLE_CHOICE', 'YES_NO', 'DATE', 'COUNTRY', 'PHONE', 'URL')),
    label text not null,
    help text,
    sensitivity text not null check (sensitivity in ('ORDINARY', 'HEALTH', 'AGE', 'GUARDIAN', 'PAYMENT', 'TECHNICAL')),
    required boolean not null,
    shareable boolean not null,
    bit integer,
    event_partner_id {uuid},
    purpose text not null,
    retention_days integer,
    position integer not null,
    archived_at bigint,
    revision bigint not null,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id),
    check ((not shareable) or sensitivity = 'ORDINARY'),
    check (bit is null or (shareable and bit between 20 and 62))
){without_rowid};
create index question_event_id_position_id_idx on question (organization_id, event_id, position, id);
create unique index question_event_id_bit_key on question (organization_id, event_id, bit);

-- One choice of a question.
create table question_choice (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    question_id {uuid} not null,
    label text not null,
    position integer not null,
    archived_at bigint,
    primary key (organization_id, id),
    foreign key (organization_id, question_id) references question (organization_id, id)
){without_rowid};
create index question_choice_question_id_position_id_idx on question_choice (organization_id, question_id, position, id);

-- To which ticket types a question belongs; none means all.
create table question_ticket_type (
    organization_id {uuid} not null references organization (id),
    question_id {uuid} not null,
    ticket_type_id {uuid} not null,
    primary key (organization_id, question_id, ticket_type_id),
    foreign key (organization_id, question_id) references question (organization_id, id),
    foreign key (organization_id, ticket_type_id) references ticket_type (organization_id, id)
){without_rowid};

-- Who is billed.
create table billing_party (
    organization_id {uuid} not null references organization (id),
    order_id {uuid} not null,
    company text,
    address text not null,
    vat_id text,
    purchase_order_number text,
    invoice_email text,
    primary key (organization_id, order_id),
    foreign key (organization_id, order_id) references "order" (organization_id, id)
){without_rowid};

-- A line of an order; prices as they were.
create table order_line (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    order_id {uuid} not null,
    ticket_type_id {uuid} not null,
    quantity integer not null,
    unit_price_minor bigint not null,
    tax_rate integer not null,
    price_includes_tax boolean not null,
    net_minor bigint not null,
    tax_minor bigint not null,
    gross_minor bigint not null,
    primary key (organization_id, id),
    foreign key (organization_id, order_id) references "order" (organization_id, id),
    foreign key (organization_id, ticket_type_id) references ticket_type (organization_id, id)
){without_rowid};
create index order_line_order_id_idx on order_line (organization_id, order_id);

-- An answer to a question.
create table answer (
    organization_id {uuid} not null references organization (id),
    registration_id {uuid} not null,
    question_id {uuid} not null,
    value text not null,
    primary key (organization_id, registration_id, question_id),
    foreign key (organization_id, registration_id) references registration (organization_id, id),
    foreign key (organization_id, question_id) references question (organization_id, id)
){without_rowid};

-- One passage at a door.
create table check_in (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    registration_id {uuid} not null,
    list text not null,
    at bigint not null,
    device text,
    account_id {uuid} references account (id),
    undone_at bigint,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id),
    foreign key (organization_id, registration_id) references registration (organization_id, id)
){without_rowid};
create index check_in_registration_id_id_idx on check_in (organization_id, registration_id, id);
create index check_in_event_id_list_open_idx on check_in (organization_id, event_id, list) where undone_at is null;
create unique index check_in_registration_id_list_open_key on check_in (organization_id, registration_id, list) where undone_at is null;

-- A question to a guardian.
create table guardian_request (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    registration_id {uuid} not null,
    guardian_name text,
    guardian_email text,
    generation integer not null,
    status text not null check (status in ('WAITING', 'APPROVED', 'REFUSED')),
    created_at bigint not null,
    decided_at bigint,
    primary key (organization_id, id),
    foreign key (organization_id, registration_id) references registration (organization_id, id)
){without_rowid};
create index guardian_request_registration_id_idx on guardian_request (organization_id, registration_id);

-- A payment of an order.
create table payment (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    order_id {uuid} not null,
    method text not null check (method in ('STRIPE_CHECKOUT', 'BANK_TRANSFER')),
    status text not null check (status in ('CREATED', 'PROCESSING', 'CONFIRMED', 'FAILED', 'CANCELLED')),
    amount_minor bigint not null,
    currency text not null,
    provider_account_id {uuid},
    provider_ref text,
    intent_ref text,
    reference text,
    redirect_url text,
    return_url text,
    failure text,
    refund_due text check (refund_due in ('SECOND_PAYMENT', 'PAID_AFTER_EXPIRY', 'WRONG_AMOUNT')),
    created_at bigint not null,
    confirmed_at bigint,
    expires_at bigint,
    checked_at bigint,
    revision bigint not null,
    primary key (organization_id, id),
    foreign key (organization_id, order_id) references "order" (organization_id, id),
    foreign key (organization_id, provider_account_id) references provider_account (organization_id, id)
){without_rowid};
create index payment_order_id_id_idx on payment (organization_id, order_id, id);
create unique index payment_provider_ref_key on payment (organization_id, provider_ref);
create unique index payment_reference_key on payment (organization_id, reference);
create unique index payment_order_id_open_key on payment (organization_id, order_id) where status in ('CREATED', 'PROCESSING');
create index payment_status_checked_at_open_idx on payment (organization_id, status, checked_at) where status in ('CREATED', 'PROCESSING');

-- A provider's event, once.
create table payment_event (
    organization_id {uuid} not null references organization (id),
    provider_account_id {uuid} not null,
    event_ref text not null,
    kind text not null,
    payment_id {uuid},
    received_at bigint not null,
    outcome text not null,
    primary key (organization_id, provider_account_id, event_ref),
    foreign key (organization_id, provider_account_id) references provider_account (organization_id, id)
){without_rowid};

-- A company with which an organization shares.
create table partner (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    display_name text not null,
    legal_name text not null,
    country text not null,
    contact_email text not null,
    is_organization boolean not null,
    active boolean not null,
    created_at bigint not null,
    revision bigint not null,
    primary key (organization_id, id)
){without_rowid};
create index partner_display_name_id_idx on partner (organization_id, display_name, id);
create unique index partner_is_organization_open_key on partner (organization_id, is_organization) where is_organization;

-- A partner in its role at one event.
create table event_partner (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    partner_id {uuid} not null,
    role text not null check (role in ('CO_SPONSOR', 'EXHIBITOR', 'HOST')),
    notice_url text not null,
    notice_hash {bytes},
    contact_email text not null,
    active boolean not null,
    created_at bigint not null,
    revision bigint not null,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id),
    foreign key (organization_id, partner_id) references partner (organization_id, id)
){without_rowid};
create unique index event_partner_event_id_partner_id_key on event_partner (organization_id, event_id, partner_id);

-- What one event partner asks for one purpose; locked shared by who consents, exclusively by who switches its version.
create table sharing_offer (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    event_partner_id {uuid} not null,
    purpose text not null check (purpose in ('EVENT_FOLLOW_UP', 'SUBSEQUENT_EDITIONS', 'RELATED_EVENTS', 'PRODUCT_INFORMATION')),
    created_at bigint not null,
    revision bigint not null,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id),
    foreign key (organization_id, event_partner_id) references event_partner (organization_id, id)
){without_rowid};
create unique index sharing_offer_event_partner_id_purpose_key on sharing_offer (organization_id, event_partner_id, purpose);
create index sharing_offer_event_id_id_idx on sharing_offer (organization_id, event_id, id);

-- One version of an offer; never edited, only decided.
create table offer_version (
    organization_id {uuid} not null references organization (id),
    offer_id {uuid} not null,
    version integer not null,
    state text not null check (state in ('REQUESTED', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
    legal_basis text not null check (legal_basis in ('CONSENT')),
    field_mask bigint not null,
    text text not null,
    text_hash {bytes} not null,
    notice_url text not null,
    notice_hash {bytes} not null,
    retention_days integer not null,
    starts_at bigint,
    ends_at bigint,
    editorial boolean not null,
    covers_from integer,
    requested_at bigint not null,
    decided_at bigint,
    decided_by {uuid},
    remark text,
    primary key (organization_id, offer_id, version),
    foreign key (organization_id, offer_id) references sharing_offer (organization_id, id)
){without_rowid};
create unique index offer_version_offer_id_open_key on offer_version (organization_id, offer_id) where state = 'REQUESTED';

-- The facts of an offer's leads that its partner may know, and the feed's counter.
create table stream (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    event_partner_id {uuid} not null,
    purpose text not null check (purpose in ('EVENT_FOLLOW_UP', 'SUBSEQUENT_EDITIONS', 'RELATED_EVENTS', 'PRODUCT_INFORMATION')),
    highest bigint not null,
    epoch integer not null,
    active boolean not null,
    version integer,
    field_mask bigint not null,
    starts_at bigint,
    ends_at bigint,
    retention_days integer not null,
    event_ends_at bigint not null,
    facts text not null,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id),
    foreign key (organization_id, event_partner_id) references event_partner (organization_id, id)
){without_rowid};
create index stream_event_partner_id_purpose_idx on stream (organization_id, event_partner_id, purpose);

-- What one registration decided about one offer.
create table consent (
    organization_id {uuid} not null references organization (id),
    registration_id {uuid} not null,
    offer_id {uuid} not null,
    event_id {uuid} not null,
    state text not null check (state in ('UNDECIDED', 'REQUESTED', 'AWAITING_GUARDIAN', 'GRANTED', 'REFUSED', 'WITHDRAWN')),
    version integer not null,
    granted_mask bigint not null,
    decided_at bigint not null,
    decider text not null check (decider in ('ATTENDEE', 'GUARDIAN')),
    age_basis text check (age_basis in ('STATED', 'DATE_OF_BIRTH', 'GUARDIAN')),
    locale text not null,
    consent_record_id {uuid} not null,
    primary key (organization_id, registration_id, offer_id),
    foreign key (organization_id, registration_id) references registration (organization_id, id),
    foreign key (organization_id, offer_id) references sharing_offer (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id)
){without_rowid};
create index consent_offer_id_registration_id_idx on consent (organization_id, offer_id, registration_id);

-- One change of a consent, append-only; its words are in an opening.
create table consent_record (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    registration_id {uuid} not null,
    offer_id {uuid} not null,
    version integer not null,
    action text not null check (action in ('REQUESTED', 'GRANTED', 'REFUSED', 'WITHDRAWN', 'LAPSED', 'SUSPENDED', 'RESUMED')),
    at bigint not null,
    commitment {bytes} not null,
    primary key (organization_id, id)
){without_rowid};
create index consent_record_registration_id_id_idx on consent_record (organization_id, registration_id, id);

-- Salt and canonical bytes behind a commitment; erasing it makes the commitment unreadable.
create table opening (
    organization_id {uuid} not null references organization (id),
    kind text not null check (kind in ('CONSENT', 'DISCLOSURE')),
    id {uuid} not null,
    registration_id {uuid},
    salt {bytes} not null,
    payload {bytes} not null,
    primary key (organization_id, kind, id)
){without_rowid};
create index opening_registration_id_idx on opening (organization_id, registration_id);

-- What one partner may see of one registration for one purpose: only granted values.
create table lead (
    organization_id {uuid} not null references organization (id),
    stream_id {uuid} not null,
    id {uuid} not null,
    registration_id {uuid} not null,
    contact_key {uuid} not null,
    state integer not null,
    mask bigint not null,
    offer_version integer not null,
    consented_on integer not null,
    consent_record_id {uuid} not null,
    revision bigint not null,
    received bigint not null,
    pos bigint,
    full_name text,
    given_name text,
    family_name text,
    email text,
    phone text,
    company text,
    job_title text,
    city text,
    country text,
    postal_address text,
    social_profile text,
    ticket_type_id {uuid},
    attended boolean,
    answers text,
    primary key (organization_id, stream_id, id),
    foreign key (organization_id, stream_id) references stream (organization_id, id),
    check (state in (1, 2, 3)),
    check (attended is null or attended)
){without_rowid};
create index lead_registration_id_idx on lead (organization_id, registration_id);
create unique index lead_stream_id_registration_id_open_key on lead (organization_id, stream_id, registration_id) where state <> 3;
create index lead_stream_id_pos_open_idx on lead (organization_id, stream_id, pos) where pos is not null;
create index lead_stream_id_id_open_idx on lead (organization_id, stream_id, id) where pos is null;

-- The contact key of a registration at one event partner, kept for the registration's life.
create table contact (
    organization_id {uuid} not null references organization (id),
    registration_id {uuid} not null,
    event_partner_id {uuid} not null,
    contact_key {uuid} not null,
    primary key (organization_id, registration_id, event_partner_id),
    foreign key (organization_id, registration_id) references registration (organization_id, id),
    foreign key (organization_id, event_partner_id) references event_partner (organization_id, id)
){without_rowid};

-- An opaque secret held by a partner; only its keyed hash is kept.
create table partner_token (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    partner_id {uuid} not null,
    kid text not null,
    name text not null,
    hash {bytes},
    capabilities text not null,
    networks text,
    claim_generation integer not null,
    created_at bigint not null,
    created_by {uuid},
    claimed_at bigint,
    not_before bigint not null,
    expires_at bigint not null,
    revoked_at bigint,
    last_used_minute bigint,
    revision bigint not null,
    primary key (organization_id, id),
    foreign key (organization_id, partner_id) references partner (organization_id, id)
){without_rowid};
create unique index partner_token_kid_key on partner_token (organization_id, kid);
create index partner_token_partner_id_id_idx on partner_token (organization_id, partner_id, id);

-- At which event partner a token reads which purposes and fields.
create table partner_token_scope (
    organization_id {uuid} not null references organization (id),
    token_id {uuid} not null,
    event_partner_id {uuid} not null,
    purposes integer not null,
    field_mask bigint not null,
    primary key (organization_id, token_id, event_partner_id),
    foreign key (organization_id, token_id) references partner_token (organization_id, id),
    foreign key (organization_id, event_partner_id) references event_partner (organization_id, id)
){without_rowid};

-- The record of one answer with leads: durable before its first byte leaves. Arrays of fixed-width items.
create table disclosure (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    stream_id {uuid} not null,
    at bigint not null,
    token_id {uuid},
    capability text not null check (capability in ('PULL')),
    request_id {uuid} not null,
    recipient_name text not null,
    offer_version integer not null,
    lead_ids {bytes} not null,
    masks {bytes} not null,
    revisions {bytes} not null,
    consent_record_ids {bytes} not null,
    salt {bytes},
    expanded_at bigint,
    primary key (organization_id, id),
    foreign key (organization_id, stream_id) references stream (organization_id, id)
){without_rowid};
create index disclosure_stream_id_id_idx on disclosure (organization_id, stream_id, id);
create index disclosure_id_open_idx on disclosure (organization_id, id) where expanded_at is null;

-- One registration's part of a disclosure, written late and before its attendee reads.
create table disclosure_item (
    organization_id {uuid} not null references organization (id),
    disclosure_id {uuid} not null,
    lead_id {uuid} not null,
    registration_id {uuid} not null,
    stream_id {uuid} not null,
    at bigint not null,
    mask bigint not null,
    offer_version integer not null,
    consent_record_id {uuid} not null,
    recipient_name text not null,
    commitment {bytes} not null,
    primary key (organization_id, disclosure_id, lead_id),
    foreign key (organization_id, disclosure_id) references disclosure (organization_id, id)
){without_rowid};
create index disclosure_item_registration_id_at_disclosure_id_idx on disclosure_item (organization_id, registration_id, at, disclosure_id);

-- A list that staff took away, and what for.
create table roster_export (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    account_id {uuid} not null,
    purpose text not null,
    status text not null check (status in ('QUEUED', 'RUNNING', 'READY', 'FAILED')),
    filter text not null,
    row_count bigint,
    created_at bigint not null,
    finished_at bigint,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id)
){without_rowid};
create index roster_export_event_id_id_idx on roster_export (organization_id, event_id, id);

-- Whom an export named.
create table roster_export_item (
    organization_id {uuid} not null references organization (id),
    export_id {uuid} not null,
    registration_id {uuid} not null,
    primary key (organization_id, export_id, registration_id),
    foreign key (organization_id, export_id) references roster_export (organization_id, id)
){without_rowid};
create index roster_export_item_registration_id_export_id_idx on roster_export_item (organization_id, registration_id, export_id);

-- Work to be done outside the database.
create table outbox (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    kind text not null check (kind in ('MAIL', 'EXPIRE_PAYMENT')),
    subject_id {uuid} not null,
    state text not null check (state in ('READY', 'LEASED', 'DONE', 'DEAD')),
    attempts integer not null,
    next_at bigint not null,
    leased_until bigint,
    lease {uuid},
    last_error text,
    dedupe_key text not null,
    created_at bigint not null,
    primary key (organization_id, id)
){without_rowid};
create unique index outbox_kind_dedupe_key_key on outbox (organization_id, kind, dedupe_key);
create index outbox_state_next_at_open_idx on outbox (state, next_at) where state in ('READY', 'LEASED');

-- A mail, sent or to be sent.
create table mail (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid},
    order_id {uuid},
    registration_id {uuid},
    kind text not null check (kind in ('CONFIRMATION', 'PAYMENT_INSTRUCTIONS', 'PAYMENT_REMINDER', 'CANCELLATION', 'CONSENT_CHANGED', 'SIGN_IN_LINK', 'GUARDIAN_REQUEST', 'DECIDE_FOR_YOURSELF', 'TOKEN_CLAIM', 'ADDRESS_CHANGE', 'ADDRESS_NOTICE', 'TEST', 'ERASURE')),
    locale text not null,
    to_address text,
    data text not null,
    status text not null check (status in ('QUEUED', 'SENT', 'FAILED')),
    message_id text,
    created_at bigint not null,
    sent_at bigint,
    error text,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id)
){without_rowid};
create index mail_event_id_id_idx on mail (organization_id, event_id, id);
create index mail_registration_id_idx on mail (organization_id, registration_id);
create index mail_order_id_idx on mail (organization_id, order_id);
-- For erasing whoever was written to without a registration.
create index mail_to_address_idx on mail (organization_id, to_address);

-- Who did what; append-only.
create table audit_entry (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    at bigint not null,
    actor text not null check (actor in ('ATTENDEE', 'STAFF', 'PARTNER', 'GUARDIAN', 'ANONYMOUS', 'SYSTEM')),
    account_id {uuid},
    action text not null,
    event_id {uuid},
    subject_kind text not null,
    subject_id {uuid},
    detail text not null,
    request_id {uuid},
    primary key (organization_id, id)
){without_rowid};
create index audit_entry_id_idx on audit_entry (organization_id, id);
create index audit_entry_event_id_id_idx on audit_entry (organization_id, event_id, id);
create index audit_entry_subject_id_id_idx on audit_entry (organization_id, subject_id, id);

-- A request that created something: its keyed hash and what it made.
create table idempotency_key (
    organization_id {uuid} not null references organization (id),
    scope text not null,
    key_hash {bytes} not null,
    request_hash {bytes} not null,
    result_id {uuid} not null,
    created_at bigint not null,
    primary key (organization_id, scope, key_hash)
){without_rowid};
create index idempotency_key_created_at_idx on idempotency_key (created_at);
