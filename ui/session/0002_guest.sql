-- A session that somebody else has in a person's name, with a reason and an end.
alter table session add column guest text not null default '';
alter table session add column ends_at integer;
