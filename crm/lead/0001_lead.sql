create table lead (
	id             integer primary key,
	version        integer not null default 1,
	created_at     integer not null,
	created_by     integer,
	updated_at     integer not null,
	updated_by     integer,
	deleted_at     integer,
	deleted_by     integer,
	place          real not null default 0,        -- where its card stands on the board
	name           text not null check (name <> ''),
	title          text not null default '',
	company        text not null default '',
	emails         text not null default '[]',
	phones         text not null default '[]',
	website        text not null default '',
	status         integer not null references choice (id),
	source         integer references choice (id),
	owner          integer,
	value          integer,
	value_currency text not null default '',
	next_follow_up text not null default '',
	next_step      text not null default '',
	last_contact   text not null default '',
	lost_reason    integer references choice (id),
	lost_note      text not null default '',
	is_public      integer not null default 0 check (is_public in (0, 1)),
	tags           text not null default '[]',
	street         text not null default '',
	city           text not null default '',
	state          text not null default '',
	zip            text not null default '',
	country        text not null default '',
	language       text not null default '',
	description    text not null default ''
) strict;

create index lead_created on lead (created_at, id) where deleted_at is null;
create index lead_updated on lead (updated_at, id) where deleted_at is null;
create index lead_name on lead (name collate nocase, id) where deleted_at is null;
create index lead_board on lead (status, place, id) where deleted_at is null;
create index lead_owner on lead (owner) where deleted_at is null;
create index lead_due on lead (next_follow_up) where deleted_at is null and next_follow_up <> '';
create index lead_deleted on lead (deleted_at) where deleted_at is not null;

create virtual table lead_search using fts5 (title, body, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
