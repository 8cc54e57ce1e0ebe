-- The version that a lead's consent was given to: offer_version is the one in force, which that consent covers.
alter table lead add column consented_version integer not null default 0;
update lead set consented_version = coalesce((select c.version from consent c where c.organization_id = lead.organization_id
    and c.registration_id = lead.registration_id and c.offer_id = lead.stream_id), offer_version);
