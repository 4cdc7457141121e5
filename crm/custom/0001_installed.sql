create table installed (                           -- the custom modules whose tables this file has
	module      text primary key,
	version     integer not null check (version > 0),
	description text not null,                     -- JSON: the tables can be read without the host
	at          integer not null
) strict;
