-- By what a partner's leads are sorted: made of the values in the row, and of nothing else.
alter table lead add column sort_full_name text{bytewise};
alter table lead add column sort_family_name text{bytewise};
alter table lead add column sort_company text{bytewise};
