-- When staff said that what was to be given back went back, or that a wrong amount was looked at.
alter table payment add column refund_settled_at bigint check (refund_settled_at is null or refund_due is not null);
-- Those that still wait for it.
drop index payment_order_id_open_idx;
create index payment_order_id_open_idx on payment (organization_id, order_id)
    where refund_due is not null and refund_settled_at is null;
