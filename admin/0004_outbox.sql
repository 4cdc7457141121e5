-- The panel lists letters by their state, the newest first.
create index outbox_state on outbox (state, id);
