create table operator (
	id            integer primary key,
	email         text not null collate nocase unique,
	name          text not null check (name <> ''),
	password_hash text not null default '',          -- empty until the link was used
	state         text not null default 'active' check (state in ('active', 'inactive')),
	created_at    integer not null,                  -- unix milliseconds
	last_login_at integer
) strict;
