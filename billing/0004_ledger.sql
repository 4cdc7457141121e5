-- The books. Amounts are minor units, days are counted from 1 January 1970 in the host's time zone, times are unix milliseconds.
create table customer (
	id         integer primary key,
	email      text not null unique collate nocase,
	name       text not null,
	company    text not null default '',
	address    text not null default '',             -- lines as on an envelope, without the country
	country    text not null default '',             -- ISO 3166, two letters
	phone      text not null default '',
	tax_id     text not null default '',
	exempt     integer not null default 0 check (exempt in (0, 1)),
	currency   text,                                 -- fixed by the first invoice
	language   text not null default 'en',
	created_at integer not null
) strict;

create table customer_ref (
	customer integer not null references customer (id),
	gateway  text not null,
	ref      text not null,
	primary key (customer, gateway)
) strict, without rowid;

create table method (
	id         integer primary key,
	customer   integer not null references customer (id),
	gateway    text not null,
	payer      text not null default '',             -- the gateway's number of the customer
	ref        text not null,
	label      text not null,
	month      integer not null default 0,
	year       integer not null default 0,
	most       integer not null default 0,           -- the largest amount that it may be charged with; 0 is without end
	usable     integer not null default 1 check (usable in (0, 1)),
	created_at integer not null,
	unique (gateway, ref)
) strict;

-- One for each tenant, for life.
create table subscription (
	id            integer primary key,
	tenant        integer not null unique references tenant (id),
	customer      integer not null references customer (id),
	plan          integer not null references plan (id),
	price         integer references price (id),     -- null: free of charge
	seats         integer not null default 0 check (seats >= 0), -- beyond those of the plan
	state         text not null check (state in ('incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'canceled')),
	anchor        integer not null default 1 check (anchor between 1 and 31), -- the day of the month on which periods begin
	period_start  integer,                           -- days
	period_end    integer,                           -- the first day that is not paid for
	trial_end     integer,
	trial_days    integer not null default 0,        -- before the tenant is active: how long its trial will be
	standing      text not null default '[]' check (json_valid(standing)), -- what is paid for the days to come, for proration
	next_plan     integer references plan (id),      -- from next_on
	next_price    integer references price (id),
	next_seats    integer,
	next_on       integer,
	cancel_at_end integer not null default 0 check (cancel_at_end in (0, 1)),
	cancel_reason text not null default '',
	ended_on      integer,
	gateway       text not null default '',          -- how it is paid
	method        integer references method (id),
	coupon        integer references coupon (id),
	cycles_left   integer,                           -- of the coupon; null is without end
	policy        integer not null default 1 references policy (id),
	closing       integer not null default 0,        -- steps done on the way to archive and purge
	closing_on    integer,                           -- when the last of them was
	version       integer not null default 0,        -- counts cancellations, so that each has its own letter
	created_at    integer not null,
	check (period_end is null or period_end > period_start)
) strict;

create index subscription_state on subscription (state, period_end);
create index subscription_customer on subscription (customer);

create table subscription_event (
	id           integer primary key,
	subscription integer not null references subscription (id),
	at           integer not null,
	kind         text not null,
	mrr          integer not null default 0,         -- by how much the monthly recurring revenue changed
	currency     text not null default '',
	actor        text not null,
	detail       text not null default ''
) strict;

create index subscription_event_of on subscription_event (subscription, id);

create table coupon_use (
	coupon       integer not null references coupon (id),
	customer     integer not null references customer (id),
	subscription integer not null references subscription (id),
	used_at      integer not null,
	primary key (coupon, customer)
) strict, without rowid;

create table series (
	prefix text not null,
	year   integer not null,
	next   integer not null,
	primary key (prefix, year)
) strict, without rowid;

create table invoice (
	id           integer primary key,
	number       text unique,                        -- given when it is issued or paid, without gaps
	kind         text not null check (kind in ('initial', 'renewal', 'change', 'reactivation', 'manual')),
	customer     integer not null references customer (id),
	subscription integer references subscription (id),
	state        text not null check (state in ('open', 'paid', 'void', 'uncollectible')),
	currency     text not null check (length(currency) = 3),
	net          integer not null,
	tax          integer not null,
	discount     integer not null default 0,         -- is in net already
	total        integer not null check (total >= 0),
	paid         integer not null default 0 check (paid >= 0 and paid <= total),
	refunded     integer not null default 0 check (refunded >= 0 and refunded <= total),
	period_start integer,
	period_end   integer,
	effects      text not null default '{}' check (json_valid(effects)), -- what paying it does, in absolute words
	due_on       integer not null,
	promise_on   integer,                            -- the host waits until this day
	void_on      integer,                            -- an offer that ends by itself
	charge_at    integer,                            -- when a saved method is charged next
	charges      integer not null default 0,
	step         integer not null default 0,         -- of the policy, done
	step_on      integer,
	issued_at    integer not null,
	paid_at      integer,
	applied_at   integer,
	seller       text not null,                      -- JSON, as they were when it was issued
	buyer        text not null,
	policy       text not null,
	created_at   integer not null,
	check (total = net + tax),
	check (kind <> 'renewal' or period_end > period_start),
	check (state <> 'paid' or number is not null)
) strict;

create unique index invoice_renewal_once on invoice (subscription, period_start) where kind = 'renewal' and state <> 'void';
create unique index invoice_first_once on invoice (subscription) where kind in ('initial', 'reactivation') and state = 'open';
create unique index invoice_change_once on invoice (subscription) where kind = 'change' and state = 'open';
create index invoice_open on invoice (due_on) where state = 'open';
create index invoice_charge on invoice (charge_at) where state = 'open' and charge_at is not null;
create index invoice_customer on invoice (customer, id);
create index invoice_subscription on invoice (subscription, id);

create table line (
	id        integer primary key,
	invoice   integer not null references invoice (id),
	kind      text not null check (kind in ('plan', 'seats', 'setup', 'credit', 'balance', 'manual')),
	text      text not null,
	quantity  integer not null,
	unit      integer not null,
	amount    integer not null,                      -- as the price says it: with the tax in it if inclusive
	discount  integer not null default 0,
	rate      integer not null default 0,            -- of tax, in basis points
	tax_name  text not null default '',
	reason    text not null default 'standard' check (reason in ('standard', 'reverse_charge', 'exempt', 'out_of_scope')),
	inclusive integer not null default 0,
	net       integer not null,
	tax       integer not null,
	from_day  integer,
	to_day    integer
) strict;

create index line_invoice on line (invoice);

create table credit_note (
	id         integer primary key,
	number     text not null unique,
	invoice    integer not null references invoice (id),
	net        integer not null,
	tax        integer not null,
	reason     text not null,
	created_at integer not null
) strict;

create index credit_note_invoice on credit_note (invoice);

create table payment_attempt (
	id           integer primary key,
	key          text not null unique,               -- the idempotency key at the gateway
	invoice      integer references invoice (id),    -- null: a method is saved and nothing paid
	subscription integer references subscription (id),
	customer     integer not null references customer (id),
	gateway      text not null,
	mode         text not null check (mode in ('hosted', 'saved', 'setup', 'manual')),
	state        text not null check (state in ('created', 'open', 'processing', 'requires_action', 'succeeded', 'failed', 'closed', 'unknown')),
	amount       integer not null,
	currency     text not null,
	method       integer references method (id),
	ref          text,
	ref2         text not null default '',
	url          text not null default '',
	code         text not null default '',
	class        text not null default '',
	expires_at   integer,
	asked_at     integer not null default 0,         -- when the gateway was asked last how it stands
	created_at   integer not null,
	updated_at   integer not null
) strict;

create unique index attempt_one_in_flight on payment_attempt (invoice) where mode <> 'setup' and state in ('created', 'processing', 'unknown');
create unique index attempt_ref on payment_attempt (gateway, ref) where ref is not null;
create index attempt_invoice on payment_attempt (invoice);
create index attempt_under_way on payment_attempt (asked_at) where state in ('created', 'open', 'processing', 'requires_action', 'unknown');

-- Attempts by which money may be moving: none is made beside one of them.
create view moving_attempt as select * from payment_attempt where state in ('created', 'processing', 'unknown');

create table payment (
	id       integer primary key,
	invoice  integer not null references invoice (id),
	attempt  integer references payment_attempt (id),
	kind     text not null default 'payment' check (kind in ('payment', 'chargeback', 'returned')),
	gateway  text not null,                          -- balance: from what the customer had to the good
	ref      text not null,
	amount   integer not null,
	currency text not null,
	fee      integer not null default 0,
	parked   integer not null default 0 check (parked in (0, 1)), -- in another currency than the invoice: a person decides
	at       integer not null,
	unique (gateway, ref, kind)
) strict;

create index payment_invoice on payment (invoice);

create table refund (
	id          integer primary key,
	key         text not null unique,
	payment     integer not null references payment (id),
	ref         text unique,                         -- the gateway's number
	amount      integer not null check (amount > 0),
	state       text not null check (state in ('created', 'pending', 'done', 'refused')),
	reason      text not null,
	actor       text not null,
	credit_note integer references credit_note (id),
	created_at  integer not null
) strict;

create table dispute (
	gateway    text not null,
	ref        text not null,
	payment    integer not null references payment (id),
	amount     integer not null,
	state      text not null check (state in ('pending', 'done', 'refused')),
	created_at integer not null,
	primary key (gateway, ref)
) strict, without rowid;

-- What customers have to the good. Rows are added and never changed.
create table balance (
	id       integer primary key,
	customer integer not null references customer (id),
	currency text not null,
	amount   integer not null,
	kind     text not null check (kind in ('overpayment', 'change', 'gift', 'used', 'returned', 'refunded')),
	ref      text not null,
	note     text not null default '',
	at       integer not null,
	unique (kind, ref)
) strict;

create index balance_customer on balance (customer, currency);
create trigger balance_stays before update on balance begin select raise(abort, 'the balance is only added to'); end;
create trigger balance_remains before delete on balance begin select raise(abort, 'the balance is only added to'); end;

create table event (
	gateway     text not null,
	id          text not null,
	type        text not null,
	said        text not null,                       -- JSON: what we understood
	body        blob,
	state       text not null default 'new' check (state in ('new', 'done', 'ignored', 'foreign', 'unmatched', 'dead')),
	tries       integer not null default 0,
	due_at      integer not null,
	error       text not null default '',
	received_at integer not null,
	primary key (gateway, id)
) strict;

create index event_due on event (due_at) where state = 'new';
create index event_state on event (state, received_at);

create table gateway (
	name       text primary key,
	enabled    integer not null default 0 check (enabled in (0, 1)),
	keys       blob,                                 -- sealed
	tested_at  integer,
	last_event integer,
	position   integer not null default 0
) strict;

create table letter_text (
	kind     text not null,
	language text not null,
	subject  text not null,
	text     text not null,
	primary key (kind, language)
) strict, without rowid;

create table job (
	name     text primary key,
	began_at integer not null,
	took     integer not null default 0,             -- milliseconds
	done     integer not null default 0,             -- subjects in the last run
	failed   integer not null default 0,
	error    text not null default ''
) strict;

-- What the host should look at.
create table alert (
	id         integer primary key,
	key        text not null unique,
	kind       text not null,
	text       text not null,
	link       text not null default '',
	created_at integer not null,
	closed_at  integer
) strict;

create table usage_daily (
	tenant integer not null references tenant (id),
	day    integer not null,
	key    text not null,
	value  integer not null,
	primary key (tenant, day, key)
) strict, without rowid;
