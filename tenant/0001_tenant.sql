create table tenant (
	id            integer primary key,
	uid           text not null unique,            -- also in its file: a file in the wrong folder is found out
	name          text not null unique,            -- the subdomain
	company       text not null,
	owner_name    text not null,
	owner_email   text not null,
	password_hash text not null default '',        -- of the owner, until the file has it
	state         text not null check (state in ('reserved', 'provisioning', 'provision_failed', 'active', 'archived', 'purged')),
	plan          text not null default '',        -- written by billing, as all up to modules
	level         text not null default 'full' check (level in ('full', 'read_only', 'billing_only', 'blocked')),
	staff_limit   integer not null default -1,     -- below 0 is without end
	room_limit    integer not null default -1,     -- bytes of files
	modules       text not null default '*',       -- names with commas between; * is all
	language      text not null default 'en',
	demo          integer not null default 0,      -- how many example leads it begins with
	damaged       text not null default '',        -- why its file could not be opened
	tries         integer not null default 0,
	due_at        integer not null default 0,      -- when provisioning is tried again
	reserved_to   integer,                         -- unix milliseconds, as all times here
	created_at    integer not null,
	activated_at  integer
) strict;

create index tenant_state on tenant (state, due_at);

create table hold (
	tenant     integer not null references tenant (id),
	reason     text not null check (reason in ('billing_soft', 'billing_hard', 'trial_ended', 'manual', 'abuse', 'quota_storage', 'maintenance', 'legal_lock')),
	level      text not null check (level in ('full', 'read_only', 'billing_only', 'blocked')),
	note       text not null default '',
	created_at integer not null,
	primary key (tenant, reason)
) strict, without rowid;

create table step (
	tenant   integer not null references tenant (id),
	name     text not null,
	state    text not null check (state in ('running', 'done', 'failed')),
	tries    integer not null default 0,
	error    text not null default '',
	began_at integer not null,
	ended_at integer,
	primary key (tenant, name)
) strict, without rowid;

create table blocked_name (
	name text primary key,                         -- a name, or the beginning of names with * behind it
	why  text not null default ''
) strict;

create table audit (
	id     integer primary key,
	at     integer not null,
	actor  text not null,
	act    text not null,
	tenant text not null default '',
	detail text not null default ''
) strict;
