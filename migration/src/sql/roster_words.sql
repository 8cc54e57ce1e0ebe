-- By which words a registration is found in the roster: its texts as they are looked for, and pieces of them, which the
-- index of each engine takes.
create table registration_words (
    number {number},
    organization_id {uuid} not null,
    registration_id {uuid} not null,
    event_id {uuid} not null,
    words text{bytewise} not null,
    pieces text{bytewise} not null,
    unique (organization_id, registration_id),
    foreign key (organization_id, registration_id) references registration (organization_id, id)
);
