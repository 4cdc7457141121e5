create table session (
	hash       text primary key,                    -- SHA-256 of what the cookie holds
	person     integer not null,
	pending    integer not null default 0 check (pending in (0, 1)), -- the second factor is still to come
	created_at integer not null,                    -- unix milliseconds, as all times here
	seen_at    integer not null,
	ip         text not null,
	agent      text not null
) strict;

create index session_person on session (person);

create table ticket (
	hash       text primary key,                    -- SHA-256 of what the letter's link holds
	kind       text not null,
	person     integer not null,
	expires_at integer not null
) strict;

create table attempt (
	kind text not null,
	who  text not null,
	at   integer not null
) strict;

create index attempt_who on attempt (kind, who, at);
