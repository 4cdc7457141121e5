-- The plan that every host begins with.
insert into plan (slug, name, tagline, texts, visibility, position, staff_limit, room_limit, modules, created_at)
values ('starter', 'Starter', 'For a small team that wants its customers in one place.',
	'Leads, customers and contacts' || char(10) || 'Lists, boards and search' || char(10) || 'Your own fields' || char(10) ||
	'Import and export' || char(10) || 'Your own address',
	'public', 1, 3, 1073741824, 'lead,customer,contact', unixepoch() * 1000);

insert into price (plan, currency, interval, amount, created_at)
select id, 'EUR', 'month', 0, unixepoch() * 1000 from plan where slug = 'starter';
