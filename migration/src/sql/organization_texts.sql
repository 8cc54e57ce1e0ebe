-- What an organization says of itself above its list of events, and at the foot of its pages and mails: a JSON object from
-- language to text.
alter table organization add column introduction text not null default '{}';
alter table organization add column footer text not null default '{}';
