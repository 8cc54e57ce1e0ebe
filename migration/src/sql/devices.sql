-- A device that lets people in at one event. It signs in by a link that works once; the secrets of the link and of its
-- session are derived from the id and the generation.
create table door_device (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    name text not null,
    list text,
    generation integer not null,
    link_expires_at bigint not null,
    made_by {uuid} not null,
    made_at bigint not null,
    ends_at bigint not null,
    opened_at bigint,
    last_seen_at bigint,
    revoked_at bigint,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id)
){without_rowid};
-- Those of an event, the newest first.
create index door_device_event_id_id_idx on door_device (organization_id, event_id, id);
