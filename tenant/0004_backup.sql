-- What is known of backups, so that no list of them has to walk the disk. The folders themselves decide; their names are made_at.
create table backup (
	tenant  integer not null references tenant (id),
	made_at integer not null,                        -- unix milliseconds
	size    integer not null,                        -- bytes; uploads are shared with the tenant as long as it has them
	state   text not null default '',                -- of the tenant's file when it was copied: size and time
	primary key (tenant, made_at)
) strict, without rowid;
