-- What the rehearsal gateway knows: it plays somebody else's computer, and nothing but itself reads these tables.
create table rehearsal_act (
	key      text primary key,                       -- the caller's idempotency key
	ref      text not null unique,
	mode     text not null check (mode in ('hosted', 'saved', 'setup')),
	state    text not null,
	amount   integer not null,
	currency text not null,
	customer integer not null,
	text     text not null,
	back     text not null,
	cancel   text not null,
	payment  text not null default '',
	second   text not null default '',                -- a payment that was made twice by mistake
	method   text not null default '',
	code     text not null default '',
	class    text not null default '',
	install  text not null,
	made_at  integer not null,
	done_at  integer                                  -- for what is under way: when it is decided
) strict;

create table rehearsal_method (
	ref       text primary key,
	customer  integer not null,
	label     text not null,
	behaviour text not null,
	month     integer not null,
	year      integer not null
) strict;

create table rehearsal_reversal (
	id      text primary key,                        -- the caller's key for a refund
	kind    text not null,
	payment text not null,
	amount  integer not null,
	currency text not null,
	state   text not null,
	made_at integer not null
) strict;

create table rehearsal_event (
	id     integer primary key,
	body   text not null,
	due_at integer not null,
	sent   integer not null default 0,               -- how often it has been sent
	times  integer not null default 1                -- how often it is to be sent; 0 is lost
) strict;
