-- What the host has set in the panel. What the command line or the environment says counts more.
create table host_setting (
	key   text primary key,
	value text not null
) strict;
