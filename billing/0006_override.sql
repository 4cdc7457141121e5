-- What the host has agreed with one tenant beside its plan.
create table limit_override (
	tenant     integer not null references tenant (id),
	key        text not null,                      -- staff, room, records:lead, module:lead
	value      integer not null check (value >= -1), -- -1 is without end; of a module 1 is on and 0 off
	until_on   integer,                            -- the last day it counts; null is without end
	reason     text not null check (reason <> ''),
	actor      text not null,
	created_at integer not null,                   -- unix milliseconds
	primary key (tenant, key)
) strict, without rowid;

create index limit_override_until on limit_override (until_on) where until_on is not null;
