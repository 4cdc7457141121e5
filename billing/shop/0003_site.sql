-- The pages of the public site that the host has edited. A page without rows is as it was built in.
create table site_edition (
	id    integer primary key,
	slug  text not null check (slug <> ''),            -- home, terms, privacy, imprint, or a page of the host's own
	state text not null check (state in ('draft', 'published')),
	body  text not null check (json_valid(body)),      -- titles and blocks
	actor text not null,
	at    integer not null                             -- unix milliseconds, as all times here
) strict;

-- The newest draft is the one that is edited; those before it are what undo goes back to.
create index site_edition_page on site_edition (slug, state, id);

create table site_picture (
	hash    text primary key,                          -- SHA-256 of its content
	kind    text not null check (kind in ('image/png', 'image/jpeg')),
	content blob not null,
	width   integer not null,
	height  integer not null,
	at      integer not null
) strict;
