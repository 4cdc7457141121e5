create table module (                              -- descriptions of modules, each version as it was uploaded
	id          integer primary key autoincrement, -- never used again: what was read of a row is kept by it
	name        text not null check (name <> ''),
	version     integer not null check (version > 0),
	label       text not null,
	description text not null,                     -- JSON
	uploaded_at integer not null,
	uploaded_by text not null,
	unique (name, version)
) strict;

create trigger module_stays before update on module begin
	select raise(abort, 'an uploaded description is never changed');
end;
