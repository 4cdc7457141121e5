create table role (
	id    integer primary key,
	name  text not null unique check (name <> ''),
	admin integer not null default 0 check (admin in (0, 1))
) strict;

create table role_right (
	role   integer not null references role (id) on delete cascade,
	entity text not null,
	view   integer not null default 0 check (view between 0 and 3),   -- none, own, team, all
	edit   integer not null default 0 check (edit between 0 and 3),
	remove integer not null default 0 check (remove between 0 and 3),
	make   integer not null default 0 check (make in (0, 1)),
	export integer not null default 0 check (export in (0, 1)),
	import integer not null default 0 check (import in (0, 1)),
	primary key (role, entity)
) strict, without rowid;

create table team (
	id   integer primary key,
	name text not null unique check (name <> '')
) strict;

create table staff (
	id            integer primary key,
	email         text not null collate nocase unique,
	first         text not null check (first <> ''),
	last          text not null default '',
	role          integer not null references role (id),
	team          integer references team (id) on delete set null,
	state         text not null check (state in ('invited', 'active', 'inactive')),
	owner         integer not null default 0 check (owner in (0, 1)),  -- the owner cannot be locked out
	password_hash text not null default '',
	factor        text not null default '',       -- secret of the second factor
	factor_new    text not null default '',       -- one that is being set up
	factor_step   integer not null default 0,     -- the last half minute whose code was used
	language      text not null default '',
	mirror        text not null default '' check (mirror in ('', 'ltr', 'rtl')),
	zone          text not null default '',
	created_at    integer not null,
	last_login_at integer
) strict;

create unique index staff_owner on staff (owner) where owner = 1;

create table recovery (
	staff integer not null references staff (id) on delete cascade,
	hash  text not null,
	primary key (staff, hash)
) strict, without rowid;
