-- What the host tells its tenants: a banner in their CRMs, and perhaps a letter to their owners.
create table announcement (
	id           integer primary key,
	kind         text not null check (kind in ('info', 'warn', 'bad')),
	words        text not null check (json_valid(words)),        -- by language
	link         text not null default '',
	starts_at    integer not null default 0,                      -- unix milliseconds, as all times here; 0 is at once
	ends_at      integer not null default 0,                      -- 0 is until somebody ends it
	dismissible  integer not null check (dismissible in (0, 1)),
	admins       integer not null check (admins in (0, 1)),       -- only administrators see it
	plans        text not null check (json_valid(plans)),         -- ids; none is all
	standings    text not null check (json_valid(standings)),     -- open, trialing, or the reason of a hold; none is all
	letter       integer not null check (letter in (0, 1)),
	created_at   integer not null,
	created_by   text not null,
	announced_at integer not null default 0,                      -- 0: still a draft
	ended_at     integer not null default 0,
	letter_after integer not null default 0,                      -- the last tenant whose owner was written to
	letters      integer not null default 0,                      -- how many letters were posted
	letter_done  integer not null default 0
) strict;
