create table contact (
	id          integer primary key,
	version     integer not null default 1,
	created_at  integer not null,
	created_by  integer,
	updated_at  integer not null,
	updated_by  integer,
	deleted_at  integer,
	deleted_by  integer,
	place       real not null default 0,
	name        text not null check (name <> ''),
	salutation  text not null default '',
	title       text not null default '',
	department  text not null default '',
	customer    integer references customer (id),
	main        integer not null default 0 check (main in (0, 1)),
	emails      text not null default '[]',
	phones      text not null default '[]',
	owner       integer,
	active      integer not null default 1 check (active in (0, 1)),
	birthday    text not null default '',
	language    text not null default '',
	tags        text not null default '[]',
	description text not null default ''
) strict;

create index contact_created on contact (created_at, id) where deleted_at is null;
create index contact_updated on contact (updated_at, id) where deleted_at is null;
create index contact_name on contact (name collate nocase, id) where deleted_at is null;
create index contact_customer on contact (customer) where deleted_at is null;
create index contact_owner on contact (owner) where deleted_at is null;
create index contact_deleted on contact (deleted_at) where deleted_at is not null;

create virtual table contact_search using fts5 (title, body, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
