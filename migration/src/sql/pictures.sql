-- A picture that an organization shows: decoded and written anew when it came. Rows of it are wide, so SQLite keeps them
-- by rowid. Its name stands where it is shown; when it no longer stands anywhere, the row goes.
create table picture (
    organization_id {uuid} not null references organization (id),
    id {uuid} not null,
    name text not null,
    bytes {bytes} not null,
    touched_at bigint not null,
    primary key (organization_id, id),
    unique (organization_id, name)
);
create index picture_touched_at_idx on picture (touched_at);

-- What the organization's pages wear.
alter table organization add column logo text;
alter table organization add column accent_color text;

alter table speaker add column picture text;
create index speaker_picture_idx on speaker (organization_id, picture) where picture is not null;
