-- What an operator's programs show instead of a password. It may do what the operator may read.
create table api_token (
	id         integer primary key,
	operator   integer not null,
	name       text not null check (name <> ''),
	hash       text not null unique,                -- SHA-256 of the token
	created_at integer not null,                   -- unix milliseconds, as all times here
	used_at    integer,
	ends_at    integer
) strict;
