-- What can be sold: more of a plan, seats, set-up fees, coupons, taxes, and the rules for those who do not pay.
create table policy (
	id    integer primary key,
	name  text not null unique check (name <> ''),
	rules text not null                              -- JSON: see Policy
) strict;

insert into policy (id, name, rules) values (1, 'Standard', '{}');

alter table plan add column contact integer not null default 0 check (contact in (0, 1));     -- sold by talking to the host
alter table plan add column gateways text not null default '';                                -- names with commas; empty is all that are on
alter table plan add column records text not null default '{}' check (json_valid(records));   -- JSON: the most records by module
alter table plan add column policy integer not null default 1 references policy (id);
alter table plan add column trial_method integer not null default 0 check (trial_method in (0, 1)); -- a trial begins with a saved method

alter table price add column seat_amount integer check (seat_amount >= 0);                    -- for each seat beyond those of the plan; null: no more can be had
alter table price add column setup_amount integer not null default 0 check (setup_amount >= 0);
alter table price add column inclusive integer not null default 0 check (inclusive in (0, 1)); -- the tax is in the amounts

drop trigger price_stays;
create trigger price_stays before update of plan, currency, interval, amount, seat_amount, setup_amount, inclusive on price begin
	select raise(abort, 'a price never changes: make a new one');
end;

create table coupon (
	id         integer primary key,
	code       text not null unique collate nocase check (code <> ''),
	percent    integer check (percent between 1 and 10000),          -- basis points
	amount     integer check (amount > 0),                           -- minor units
	currency   text check (length(currency) = 3),
	cycles     integer not null default 1 check (cycles >= 0),       -- for how many invoices; 0 is for all
	most       integer check (most > 0),                             -- uses altogether; null is without end
	used       integer not null default 0 check (most is null or used <= most),
	plans      text not null default '',                             -- ids with commas; empty is all
	starts_on  integer,                                              -- days, the last one included
	ends_on    integer,
	active     integer not null default 1 check (active in (0, 1)),
	created_at integer not null,
	check ((percent is null) <> (amount is null)),
	check ((amount is null) = (currency is null))
) strict;

create table tax_rate (
	country text primary key check (length(country) = 2),
	name    text not null default 'VAT',
	rate    integer not null check (rate between 0 and 10000)        -- basis points
) strict;

create table setting (
	name  text primary key,
	value text not null
) strict;
