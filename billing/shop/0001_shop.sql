-- What the host has put in the place of a built-in text. A key that is absent has the built-in one.
create table site_text (
	key   text primary key,
	value text not null
) strict;

create table signup (
	id              integer primary key,
	token_hash      text not null unique,             -- SHA-256 of what the address of its page holds
	state           text not null default 'details' check (state in ('details', 'email_pending', 'verified', 'done', 'expired')),
	email           text not null collate nocase,
	person          text not null,
	company         text not null,
	name            text not null,                    -- the subdomain
	language        text not null,
	plan            integer not null references plan (id),
	tenant          integer references tenant (id) on delete set null, -- null once its reservation has run out
	terms_version   text not null,                    -- of the terms that were accepted
	ip              text not null,
	code_hash       text not null default '',         -- empty: there is no code that could be typed
	link_hash       text not null default '',
	code_tries      integer not null default 0 check (code_tries between 0 and 5),
	code_expires_at integer not null default 0,       -- unix milliseconds, as all times here
	letters         integer not null default 0,       -- how many were sent
	created_at      integer not null,
	expires_at      integer not null
) strict;

-- Of one address there is at most one registration that is under way.
create index signup_unfinished on signup (email) where state in ('details', 'email_pending', 'verified');
create index signup_tenant on signup (tenant);
create index signup_expires on signup (state, expires_at);
