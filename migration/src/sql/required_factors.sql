-- Whether a role counts only for whoever has an authenticator.
alter table organization add column authenticator_required boolean not null default false;
