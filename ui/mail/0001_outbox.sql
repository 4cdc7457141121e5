create table outbox (
	id         integer primary key,
	key        text not null unique,               -- a letter that is posted twice is sent once
	recipient  text not null,
	subject    text not null,
	text       text not null,
	state      text not null default 'waiting' check (state in ('waiting', 'sent', 'moved', 'dead')),
	tries      integer not null default 0,
	due_at     integer not null,                   -- unix milliseconds
	created_at integer not null,
	sent_at    integer,
	error      text not null default ''
) strict;

create index outbox_due on outbox (due_at) where state = 'waiting';
