create table support (                             -- visits of the provider's support, asked for and made
	id         integer primary key,
	operator   text not null,
	reason     text not null check (reason <> ''),
	state      text not null check (state in ('asked', 'allowed', 'refused', 'made')),
	asked_at   integer not null,                   -- unix milliseconds, as all times here
	until      integer not null default 0,         -- how long what was allowed holds
	answered_by integer references staff (id)
) strict;

create index support_state on support (state, operator);
