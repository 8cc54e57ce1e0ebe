-- Somebody who speaks at an event, as its page presents them.
create table speaker (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    event_id {uuid} not null,
    name text not null,
    headline text not null,
    biography text not null,
    website text,
    position integer not null,
    revision bigint not null,
    primary key (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id)
){without_rowid};
create index speaker_event_id_idx on speaker (organization_id, event_id);

-- Who speaks in which part of its agenda.
create table session_speaker (
    organization_id {uuid} not null references organization (id),
    session_id {uuid} not null,
    speaker_id {uuid} not null,
    event_id {uuid} not null,
    primary key (organization_id, session_id, speaker_id),
    foreign key (organization_id, session_id) references event_session (organization_id, id),
    foreign key (organization_id, speaker_id) references speaker (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id)
){without_rowid};
create index session_speaker_speaker_id_idx on session_speaker (organization_id, speaker_id);
create index session_speaker_event_id_idx on session_speaker (organization_id, event_id);
