-- The orders in which a partner pages through the leads that it is shown.
create index lead_stream_id_sort_full_name_id_idx on lead (organization_id, stream_id, sort_full_name, id) where state = 1;
create index lead_stream_id_sort_family_name_id_idx on lead (organization_id, stream_id, sort_family_name, id) where state = 1;
create index lead_stream_id_sort_company_id_idx on lead (organization_id, stream_id, sort_company, id) where state = 1;
create index lead_stream_id_consented_on_id_idx on lead (organization_id, stream_id, consented_on, id) where state = 1;
-- Whose they are, where an account goes or a role ends.
create index roster_view_account_id_idx on roster_view (account_id);
