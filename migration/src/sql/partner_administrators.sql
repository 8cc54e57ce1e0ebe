-- A member of a partner's staff reads, or also asks for it: drafts offers, asks for their approval, issues tokens.
alter table partner_token add column member_role text check (member_role in ('READER', 'ADMINISTRATOR'));
update partner_token set member_role = 'READER' where account_id is not null;

-- What a partner's administrators mean to ask, before they ask for its approval.
create table offer_draft (
    organization_id {uuid} not null references organization (id),
    event_partner_id {uuid} not null,
    purpose text not null check (purpose in ('EVENT_FOLLOW_UP', 'SUBSEQUENT_EDITIONS', 'RELATED_EVENTS', 'PRODUCT_INFORMATION')),
    terms text not null,
    updated_by {uuid} not null,
    updated_at bigint not null,
    revision bigint not null,
    primary key (organization_id, event_partner_id, purpose),
    foreign key (organization_id, event_partner_id) references event_partner (organization_id, id)
){without_rowid};
