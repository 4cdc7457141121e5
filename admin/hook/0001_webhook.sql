-- What has happened, for the host's own programs. Rows are written by the triggers below, in the transaction of what they tell
-- of, so none is missing and none tells of what was taken back. Only who has a webhook pays for them. No note, reason or address
-- that a person has typed is in them.
create table happening (
	id     integer primary key autoincrement,        -- never used twice: it is the number by which a receiver knows an event
	at     integer not null default (cast(unixepoch('subsec') * 1000 as integer)), -- unix milliseconds, as all times here
	kind   text not null,
	tenant text not null default '',                 -- its name at that moment
	data   text not null default '{}' check (json_valid(data))
) strict;

create table webhook (
	id         integer primary key autoincrement,
	url        text not null,
	kinds      text not null check (json_valid(kinds)), -- a list; subscription.* is all that begin so
	secret     text not null default '',             -- sealed
	old        text not null default '',             -- the one before, sealed, until old_until
	old_until  integer not null default 0,
	enabled    integer not null default 1 check (enabled in (0, 1)),
	why        text not null default '',             -- it was turned off by itself
	cursor     integer not null,                     -- the last happening that was looked at for it
	since      integer not null,                     -- when it was last turned on
	created_at integer not null
) strict;

create table delivery (
	id         integer primary key autoincrement,    -- the same for every try
	webhook    integer not null references webhook (id) on delete cascade,
	happening  integer not null references happening (id),
	state      text not null default 'waiting' check (state in ('waiting', 'sent', 'dead')),
	tries      integer not null default 0,           -- since it was last asked for
	due_at     integer not null,
	created_at integer not null,
	tried_at   integer not null default 0,
	took       integer not null default 0,           -- milliseconds
	status     integer not null default 0,           -- of the answer; 0 is none
	answer     text not null default '',             -- its first 2 KB
	error      text not null default '',
	unique (webhook, happening)
) strict;

create index delivery_due on delivery (due_at) where state = 'waiting';
create index delivery_tried on delivery (webhook, tried_at);
create index delivery_happening on delivery (happening);

create trigger tell_tenant after update of state on tenant when new.state <> old.state and exists (select 1 from webhook) begin
	insert into happening (kind, tenant) select 'tenant.created', new.name where old.state = 'reserved' and new.state in ('provisioning', 'active');
	insert into happening (kind, tenant) select 'tenant.active', new.name where old.state in ('reserved', 'provisioning', 'provision_failed') and new.state = 'active';
	insert into happening (kind, tenant) select 'tenant.failed', new.name where new.state = 'provision_failed';
	insert into happening (kind, tenant) select 'tenant.archived', new.name where new.state = 'archived';
	insert into happening (kind, tenant) select 'tenant.restored', new.name where old.state = 'archived' and new.state = 'active';
	insert into happening (kind, tenant) select 'tenant.purged', old.name where old.state <> 'reserved' and new.state = 'purged';
end;

create trigger tell_name after update of name on tenant when new.name <> old.name and new.state = 'active' and exists (select 1 from webhook) begin
	insert into happening (kind, tenant, data) values ('tenant.renamed', new.name, json_object('from', old.name));
end;

create trigger tell_hold after insert on hold when new.level <> 'full' and exists (select 1 from webhook) begin
	insert into happening (kind, tenant, data) select 'tenant.suspended', name, json_object('reason', new.reason, 'level', new.level) from tenant where id = new.tenant;
end;

create trigger tell_release after delete on hold when old.level <> 'full' and exists (select 1 from webhook) begin
	insert into happening (kind, tenant, data) select 'tenant.resumed', name, json_object('reason', old.reason) from tenant
		where id = old.tenant and state = 'active' and not exists (select 1 from hold where tenant = old.tenant and level <> 'full');
end;

create trigger tell_subscription after insert on subscription_event when exists (select 1 from webhook) begin
	insert into happening (kind, tenant, data) select 'subscription.' || replace(new.kind, ' ', '_'), t.name,
		json_object('subscription', s.id, 'plan', p.slug, 'state', s.state, 'seats', s.seats, 'monthly_change', new.mrr, 'currency', new.currency)
		from subscription s join tenant t on t.id = s.tenant join plan p on p.id = s.plan where s.id = new.subscription;
end;

create trigger tell_paid after update of state on invoice when new.state = 'paid' and old.state <> 'paid' and exists (select 1 from webhook) begin
	insert into happening (kind, tenant, data) values ('invoice.paid', coalesce((select t.name from subscription s join tenant t on t.id = s.tenant where s.id = new.subscription), ''),
		json_object('invoice', new.id, 'number', new.number, 'kind', new.kind, 'total', new.total, 'tax', new.tax, 'currency', new.currency));
end;

create trigger tell_failed after update of state on payment_attempt when new.state = 'failed' and old.state <> 'failed' and new.invoice is not null and exists (select 1 from webhook) begin
	insert into happening (kind, tenant, data) select 'payment.failed', coalesce((select t.name from subscription s join tenant t on t.id = s.tenant where s.id = i.subscription), ''),
		json_object('invoice', i.id, 'amount', new.amount, 'currency', new.currency, 'gateway', new.gateway, 'why', new.class) from invoice i where i.id = new.invoice;
end;

create trigger tell_payment after insert on payment when new.kind = 'payment' and exists (select 1 from webhook) begin
	insert into happening (kind, tenant, data) select 'payment.received', coalesce((select t.name from subscription s join tenant t on t.id = s.tenant where s.id = i.subscription), ''),
		json_object('invoice', i.id, 'amount', new.amount, 'currency', new.currency, 'gateway', new.gateway) from invoice i where i.id = new.invoice;
end;

create trigger tell_refund after update of state on refund when new.state = 'done' and old.state <> 'done' and exists (select 1 from webhook) begin
	insert into happening (kind, tenant, data) select 'payment.refunded', coalesce((select t.name from subscription s join tenant t on t.id = s.tenant where s.id = i.subscription), ''),
		json_object('invoice', i.id, 'amount', new.amount, 'currency', p.currency, 'gateway', p.gateway) from payment p join invoice i on i.id = p.invoice where p.id = new.payment;
end;
