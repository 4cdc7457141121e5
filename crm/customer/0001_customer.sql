create table customer (
	id              integer primary key,
	version         integer not null default 1,
	created_at      integer not null,
	created_by      integer,
	updated_at      integer not null,
	updated_by      integer,
	deleted_at      integer,
	deleted_by      integer,
	place           real not null default 0,
	name            text not null check (name <> ''),
	kind            text not null default 'company',
	vat             text not null default '',
	registration    text not null default '',
	emails          text not null default '[]',
	phones          text not null default '[]',
	website         text not null default '',
	owner           integer,
	grp             integer references choice (id),
	currency        text not null default '',
	language        text not null default '',
	active          integer not null default 1 check (active in (0, 1)),
	is_supplier     integer not null default 0 check (is_supplier in (0, 1)),
	tags            text not null default '[]',
	street          text not null default '',
	city            text not null default '',
	state           text not null default '',
	zip             text not null default '',
	country         text not null default '',
	ship_street     text not null default '',
	ship_city       text not null default '',
	ship_state      text not null default '',
	ship_zip        text not null default '',
	ship_country    text not null default '',
	parent          integer references customer (id),
	description     text not null default ''
) strict;

create index customer_created on customer (created_at, id) where deleted_at is null;
create index customer_updated on customer (updated_at, id) where deleted_at is null;
create index customer_name on customer (name collate nocase, id) where deleted_at is null;
create index customer_owner on customer (owner) where deleted_at is null;
create index customer_deleted on customer (deleted_at) where deleted_at is not null;

create virtual table customer_search using fts5 (title, body, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
