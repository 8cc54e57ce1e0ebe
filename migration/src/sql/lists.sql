-- By what a partner's leads are sorted: made of the values in the row, and of nothing else.
alter table lead add column sort_full_name text{bytewise};
alter table lead add column sort_family_name text{bytewise};
alter table lead add column sort_company text{bytewise};
-- A view of an event's roster that a member of staff keeps for themselves.
create table roster_view (
    organization_id {uuid} not null references organization (id),
    event_id {uuid} not null,
    account_id {uuid} not null references account (id),
    name text{bytewise} not null,
    words text,
    query text not null,
    made_at bigint not null,
    primary key (organization_id, event_id, account_id, name),
    foreign key (organization_id, event_id) references event (organization_id, id)
){without_rowid};
