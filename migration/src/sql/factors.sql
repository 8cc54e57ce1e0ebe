-- How many wrong ones came in a row, and until when nothing is looked at.
alter table credential add column failures integer not null default 0;
alter table credential add column retry_at bigint;
-- The step of the code that was taken last: a code works once.
alter table credential add column last_step bigint;
-- An account's.
create index credential_account_id_kind_idx on credential (account_id, kind);
