-- Names that tenants had before: they lead to the new one, and nobody else gets them until then.
create table alias (
	name   text primary key,
	tenant integer not null references tenant (id),
	until  integer not null                        -- unix milliseconds
) strict, without rowid;

create index alias_tenant on alias (tenant);

alter table tenant add column seen_at integer not null default 0;      -- when somebody of its staff was last there, as of the last look
alter table tenant add column people integer not null default 0;       -- how many of its staff were there in the last 30 days
alter table tenant add column version integer not null default 0;      -- how many migrations its file has run
alter table tenant add column failure text not null default '';        -- why the last migration did not work

create index tenant_created on tenant (created_at, id);
create index tenant_seen on tenant (seen_at, id);
create index tenant_plan on tenant (plan, id);
create index tenant_version on tenant (state, version);
create index audit_tenant on audit (tenant, id);

-- A link that works once, for a tenant's folder as one file.
create table bundle (
	hash       text primary key,                    -- SHA-256 of what the address holds
	tenant     integer not null references tenant (id),
	actor      text not null,
	expires_at integer not null
) strict, without rowid;

-- Each entry of the log vouches for all before it, and none is ever changed.
alter table audit add column hash text not null default '';

create trigger audit_stays before update on audit begin
	select raise(abort, 'the log is never changed');
end;

create trigger audit_keeps before delete on audit begin
	select raise(abort, 'the log is never changed');
end;
