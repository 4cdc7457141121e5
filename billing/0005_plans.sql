-- The plans that every host begins with, beside Starter. The host changes them in the panel.
insert into plan (slug, name, tagline, texts, visibility, position, staff_limit, room_limit, modules, highlighted, trial_days, created_at)
values ('pro', 'Pro', 'For a team that lives in its CRM.',
	'Everything in Starter' || char(10) || 'All modules' || char(10) || 'More seats whenever you need them' || char(10) ||
	'Paid by month or by year',
	'public', 2, 10, 5368709120, '*', 1, 0, unixepoch() * 1000);

insert into price (plan, currency, interval, amount, seat_amount, created_at)
select id, 'EUR', 'month', 2900, 300, unixepoch() * 1000 from plan where slug = 'pro';
insert into price (plan, currency, interval, amount, seat_amount, created_at)
select id, 'EUR', 'year', 29000, 3000, unixepoch() * 1000 from plan where slug = 'pro';

insert into plan (slug, name, tagline, texts, visibility, position, staff_limit, room_limit, modules, contact, created_at)
values ('enterprise', 'Enterprise', 'For companies with rules of their own.',
	'Everything in Pro' || char(10) || 'Limits and terms as agreed with you' || char(10) || 'Paid by invoice',
	'public', 3, -1, 53687091200, '*', 1, unixepoch() * 1000);
