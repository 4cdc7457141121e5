create table dismissed (                           -- notices of the provider that somebody has put away
	staff  integer not null references staff (id) on delete cascade,
	notice text not null,
	at     integer not null,                       -- unix milliseconds
	primary key (staff, notice)
) strict, without rowid;
