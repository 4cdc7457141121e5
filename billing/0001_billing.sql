create table plan (
	id          integer primary key,
	slug        text not null unique check (slug <> '' and slug = lower(slug)), -- in addresses: /prices/starter
	name        text not null check (name <> ''),
	tagline     text not null default '',
	texts       text not null default '',           -- what it includes, one feature a line
	visibility  text not null default 'hidden' check (visibility in ('public', 'link', 'hidden', 'retired')),
	position    integer not null default 0,         -- the order on the price page
	staff_limit integer not null default -1 check (staff_limit >= -1), -- below 0 is without end
	room_limit  integer not null default -1 check (room_limit >= -1),  -- bytes of files
	modules     text not null default '*',          -- names with commas between; * is all
	trial_days  integer not null default 0 check (trial_days >= 0),
	highlighted integer not null default 0 check (highlighted in (0, 1)),
	created_at  integer not null                    -- unix milliseconds, as all times here
) strict;

-- A price that somebody has agreed to never changes: a new amount is a new row, and the old one is made inactive.
create table price (
	id         integer primary key,
	plan       integer not null references plan (id),
	currency   text not null check (length(currency) = 3 and currency = upper(currency)), -- ISO 4217
	interval   text not null check (interval in ('month', 'year', 'once')),
	amount     integer not null check (amount >= 0), -- minor units
	active     integer not null default 1 check (active in (0, 1)),
	created_at integer not null
) strict;

create index price_plan on price (plan);
create unique index price_active on price (plan, currency, interval) where active = 1;

create trigger price_stays before update of plan, currency, interval, amount on price begin
	select raise(abort, 'a price never changes: make a new one');
end;
