-- That an event was called off, and how far its orders have been ended since. What is left is found by their status.
create table event_cancellation (
    organization_id {uuid} not null references organization (id),
    event_id {uuid} not null,
    account_id {uuid} not null,
    total bigint not null,
    done bigint not null,
    waiting bigint not null,
    created_at bigint not null,
    finished_at bigint,
    primary key (organization_id, event_id),
    foreign key (organization_id, event_id) references event (organization_id, id)
){without_rowid};
-- Those that are under way.
create index event_cancellation_created_at_open_idx on event_cancellation (organization_id, created_at) where finished_at is null;
-- How far the last one came who fetched a list. The list itself is nowhere but with them.
create table roster_export_fetch (
    organization_id {uuid} not null references organization (id),
    export_id {uuid} not null,
    fetch_id {uuid} not null,
    state text not null check (state in ('RUNNING', 'DONE', 'BROKEN_OFF')),
    row_count bigint not null,
    started_at bigint not null,
    seen_at bigint not null,
    primary key (organization_id, export_id),
    foreign key (organization_id, export_id) references roster_export (organization_id, id)
){without_rowid};
