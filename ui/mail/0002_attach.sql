-- The name of a document that goes with a letter; it is drawn when the letter is sent.
alter table outbox add column attach text not null default '';
