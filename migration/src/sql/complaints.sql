-- What somebody complains of, and what they were answered. About a disclosure, a place, or neither. Its rows are wide, so
-- that it keeps its rowid.
create table complaint (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    person_id {uuid} not null,
    account_id {uuid} references account (id),
    event_id {uuid},
    registration_id {uuid},
    event_partner_id {uuid},
    disclosure_id {uuid},
    roster_export_id {uuid},
    recipient_name text,
    text text not null,
    email text,
    locale text not null,
    state text not null check (state in ('OPEN', 'ANSWERED')),
    opened_at bigint not null,
    due_at bigint not null,
    answered_at bigint,
    answered_by {uuid},
    answer text,
    revision bigint not null,
    primary key (organization_id, id),
    foreign key (organization_id, person_id) references person (organization_id, id),
    foreign key (organization_id, event_id) references event (organization_id, id),
    foreign key (organization_id, registration_id) references registration (organization_id, id),
    foreign key (organization_id, event_partner_id) references event_partner (organization_id, id),
    foreign key (organization_id, disclosure_id) references disclosure (organization_id, id),
    foreign key (organization_id, roster_export_id) references roster_export (organization_id, id),
    check ((state = 'ANSWERED') = (answered_at is not null)),
    check (disclosure_id is null or roster_export_id is null)
);
-- One's own, the newest first; and how many of them are open.
create index complaint_person_id_id_idx on complaint (organization_id, person_id, id);
-- Those to be answered, by their day.
create index complaint_state_due_at_id_idx on complaint (organization_id, state, due_at, id);
create index complaint_registration_id_idx on complaint (organization_id, registration_id);
create index complaint_account_id_idx on complaint (account_id) where account_id is not null;
