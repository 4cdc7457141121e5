create table setting (
	key   text primary key,
	value text not null
) strict;

create table choice (                              -- the rows of a list that the tenant edits: lead.status
	id       integer primary key,
	list     text not null,
	label    text not null check (label <> ''),
	hue      integer not null default 0 check (hue between 0 and 11),
	kind     text not null default '',
	position integer not null default 0,
	main     integer not null default 0 check (main in (0, 1)),
	archived integer not null default 0 check (archived in (0, 1))
) strict;

create unique index choice_main on choice (list) where main = 1;

create table field (                               -- what the tenant added to the descriptions, or changed
	id       integer primary key,
	entity   text not null,
	key      text not null,
	label    text not null,
	kind     text not null,
	options  text not null default '[]',
	hint     text not null default '',
	section  text not null default '',
	required integer not null default 0,
	hidden   integer not null default 0,
	position integer not null default 0,
	override integer not null default 0,
	unique (entity, key, override)
) strict;

create table view (
	id     integer primary key,
	entity text not null,
	owner  integer not null,
	name   text not null check (name <> ''),
	shared integer not null default 0 check (shared in (0, 1)),
	query  text not null,
	unique (entity, owner, name)
) strict;

create table activity (                            -- who did what, never changed
	id      integer primary key,
	at      integer not null,
	staff   integer,
	act     text not null,
	entity  text not null default '',
	record  integer not null default 0,
	title   text not null default '',
	changes text not null default '',              -- JSON: field to [old, new], in words
	ip      text not null default ''
) strict;

create index activity_record on activity (entity, record, id);

create table note (
	id         integer primary key,
	entity     text not null,
	record     integer not null,
	author     integer not null,
	body       text not null,
	created_at integer not null,
	edited_at  integer,
	deleted_at integer
) strict;

create index note_record on note (entity, record, id);

create table mention (
	note  integer not null references note (id) on delete cascade,
	staff integer not null,
	seen  integer not null default 0,
	primary key (note, staff)
) strict, without rowid;

create index mention_staff on mention (staff, seen);

create table file (
	id         integer primary key,
	entity     text not null,
	record     integer not null,
	name       text not null,
	size       integer not null check (size >= 0),
	hash       text not null,                      -- its name in the folder of files
	mime       text not null,
	author     integer not null,
	created_at integer not null,
	deleted_at integer
) strict;

create index file_record on file (entity, record, id);

create table twin (                                -- what two records that are one would share
	entity text not null,
	record integer not null,
	kind   text not null,
	value  text not null,
	primary key (kind, value, entity, record)
) strict, without rowid;

create index twin_record on twin (entity, record);

create table import (                              -- a file that is being brought in
	id         integer primary key,
	entity     text not null,
	staff      integer not null,
	name       text not null,
	hash       text not null,                      -- its name in the folder of files
	mapping    text not null default '{}',         -- JSON: column to field
	skip_twins integer not null default 1,
	state      text not null check (state in ('mapping', 'running', 'done', 'failed')),
	total      integer not null default 0,
	done       integer not null default 0,         -- written with each batch, so that it can go on after a stop
	made       integer not null default 0,
	doubles    integer not null default 0,
	errors     text not null default '[]',         -- JSON: [row, reason]
	created_at integer not null,
	updated_at integer not null
) strict;
