-- A token can be the seat of a member of the partner's staff: it has no secret, and that account's session opens it.
alter table partner_token add column account_id {uuid} references account (id);
create index partner_token_account_id_idx on partner_token (account_id) where account_id is not null;
