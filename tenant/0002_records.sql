-- The most records by module, as JSON; modules not named are without end. Written by billing.
alter table tenant add column records text not null default '{}' check (json_valid(records));
