-- What a plan with a price asks for beside the rest.
alter table signup add column interval text not null default '';
alter table signup add column country text not null default '';
alter table signup add column tax_id text not null default '';
alter table signup add column coupon text not null default '';
