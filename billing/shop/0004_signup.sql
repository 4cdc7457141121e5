-- Who may register where registration is by invitation.
create table invitation (
	id         integer primary key,
	hash       text not null unique,                   -- SHA-256 of the code
	note       text not null default '',
	plan       integer references plan (id),           -- null: any that is sold
	most       integer not null check (most between 1 and 100000),
	until      integer,                                -- unix milliseconds, as all times here
	created_at integer not null,
	created_by text not null,
	ended_at   integer
) strict;

alter table signup add column invitation integer references invitation (id);
alter table signup add column decision text not null default '' check (decision in ('', 'approved', 'refused'));
alter table signup add column decided_at integer;
alter table signup add column decided_by text not null default '';

create index signup_invitation on signup (invitation) where invitation is not null;

-- What the traps of the form have caught: the newest thousand.
create table signup_trap (
	id      integer primary key,
	at      integer not null,
	why     text not null check (why in ('field', 'quick', 'net')),
	email   text not null,
	person  text not null,
	company text not null,
	name    text not null,
	ip      text not null
) strict;
