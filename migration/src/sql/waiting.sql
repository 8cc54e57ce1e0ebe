create index mail_event_id_status_id_idx on mail (organization_id, event_id, status, id);
-- Those that are to be given back.
create index payment_order_id_open_idx on payment (organization_id, order_id) where refund_due is not null;
